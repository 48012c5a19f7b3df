"""A part that is read where a machine may vanish: whole, once more whole, and then report by report.

It knows of no cluster: it says which reports are to be read next, and hears that they were, or that the worker that
had them is gone. So the one report that ends its worker is found and recorded as failed, and a machine that is lost
costs nothing but the time to read again.
"""

from __future__ import annotations

from .parts import decode, encode
from .work import ENDED, Done, Record, Task, tally

#: Workers lost on a whole part before its reports are read one by one, and on one report before it is given up: a
#: machine may be lost by chance, twice in the same place is the report.
TRIES = 2


class Errand:
    """One part on its way."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.lost = 0
        self.one_by_one = False
        self.records: list[Record] = []

    def due(self) -> Task:
        """What is to be read next."""
        if not self.one_by_one:
            return self.task
        item = self.task.items[len(self.records)]
        given_up = {0: ENDED} if self.lost >= TRIES else {}
        return Task(self.task.number, self.task.digest, (item,), careful=True, failed=given_up)

    def came(self, done: Done) -> Done | None:
        """What was due was read: the whole part's result, or None while reports of it are left."""
        if not self.one_by_one:
            return done
        self.records += decode(done.data)
        self.lost = 0
        if len(self.records) < len(self.task.items):
            return None
        return Done(self.task.number, encode(self.task.digest, self.records), tally(self.records))

    def worker_lost(self) -> None:
        """The worker that read what was due is gone. Raises ValueError if that cannot be the report's doing."""
        self.lost += 1
        if not self.one_by_one and self.lost >= TRIES:
            self.one_by_one, self.lost = True, 0
        elif self.lost > TRIES:
            raise ValueError("workers keep ending before they read a report; see the cluster's logs ('ray status')")
