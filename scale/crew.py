"""Worker processes, each with a labeler of its own on one thread. The parent reads and writes; workers only predict.

A worker gets a task over a pipe of its own and sends the part's bytes back. If the parent dies, the pipe ends and the
worker with it. If a worker dies (too long a report, the kernel short of memory), another takes its place and the task
is tried again; if that one dies, too, the reports are read one by one, and the one that kills is recorded as failed.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from multiprocessing import connection, get_context
from typing import Any

from .work import ENDED, Done, Setup, Task, begin, on_one_thread


def _serve(pipe: Any, setup: Setup) -> None:
    """The worker's life: begin, then tasks until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and ends the pipe
    on_one_thread()
    try:
        try:
            work = begin(setup)
        except (ValueError, OSError, ImportError) as error:
            pipe.send(("refused", str(error)))
            return
        pipe.send(("ready", None))
        while True:
            pipe.send(("done", work(pipe.recv(), lambda index: pipe.send(("at", index)))))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


class _Worker:
    def __init__(self, setup: Setup) -> None:
        context = get_context("spawn")  # nothing of the parent's comes along, the lock least of all
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, setup), daemon=True)
        self.process.start()
        theirs.close()
        self.ready = False
        self.task: Task | None = None
        self.at: int | None = None

    def end(self, patience: float) -> None:
        self.process.join(timeout=patience)
        if self.process.is_alive():
            self.process.kill()  # it holds nothing that is not done again
            self.process.join()


class Crew:
    """``size`` workers, or none: then the work is done in this process. Use as a context."""

    def __init__(self, size: int, setup: Setup) -> None:
        self.size, self.setup = size, setup
        self.workers: list[_Worker] = []

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.pipe.close()
        for worker in self.workers:
            worker.end(0.2 if worker.task else 1.0)
        self.workers = []

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """The tasks' results as they come, in any order; as many tasks as there are workers are held ready."""
        source = iter(tasks)
        if self.size == 0:
            work = None
            for task in source:
                work = work or begin(self.setup)
                yield work(task, lambda index: None)
            return
        waiting = deque(islice(source, self.size))
        deaths: dict[int, int] = {}
        while waiting or any(w.task for w in self.workers):
            for worker in self._idle(len(waiting)):
                if waiting:
                    self._give(worker, waiting.popleft())
                    waiting.extend(islice(source, 1))  # read while the workers are busy
            for worker in self._speaking():
                try:
                    what, told = worker.pipe.recv()
                except (EOFError, OSError):
                    waiting.extendleft(self._bury(worker, deaths))
                    continue
                if what == "refused":
                    raise ValueError(told)
                if what == "ready":
                    worker.ready = True
                elif what == "at":
                    worker.at = told
                else:
                    worker.task = worker.at = None
                    yield told

    def _idle(self, wanted: int) -> list[_Worker]:
        """Workers that are ready and have no task. New ones are started while there is room and ``wanted`` tasks wait
        for more than are free."""
        free = sum(w.task is None for w in self.workers)
        for _ in range(min(self.size - len(self.workers), wanted - free)):
            self.workers.append(_Worker(self.setup))
        return [w for w in self.workers if w.ready and w.task is None]

    def _give(self, worker: _Worker, task: Task) -> None:
        worker.task, worker.at = task, None
        with suppress(BrokenPipeError, ConnectionResetError):  # it is dead, which the end of its pipe will tell
            worker.pipe.send(task)

    def _speaking(self) -> list[_Worker]:
        heard = connection.wait([w.pipe for w in self.workers])
        return [w for w in self.workers if w.pipe in heard]

    def _bury(self, worker: _Worker, deaths: dict[int, int]) -> list[Task]:
        """Drop a dead worker; its task, changed as its deaths demand, is to be done again."""
        worker.process.join()
        code = worker.process.exitcode
        self.workers.remove(worker)
        worker.pipe.close()
        if not worker.ready:
            raise ValueError(f"a worker process ended while it began (exit status {code}); see its message above")
        task = worker.task
        if task is None:
            return []
        deaths[task.number] = deaths.get(task.number, 0) + 1
        if deaths[task.number] == 1:
            return [task]
        if task.careful and worker.at is None:
            raise ValueError(f"worker processes keep ending (exit status {code}) before they read a report")
        failed = dict(task.failed)
        if worker.at is not None:
            failed[worker.at] = ENDED
        return [replace(task, careful=True, failed=failed)]
