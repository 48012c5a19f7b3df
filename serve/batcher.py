"""Texts of different clients, read together: a bounded queue and one thread that takes batches from it.

A batch is whatever waits when the thread is free, up to a budget of pieces; nobody waits for a batch to fill. What one
text does to the model (an error, a bad character) stays with that text. Leaves out HTTP; `work.py` is between.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date as Date
from functools import partial

from ..model.frames import Prediction
from ..model.labeler import Labeler
from .metrics import Metrics
from .settings import cost_of

log = logging.getLogger("adwar.serve")


class QueueFull(Exception):
    """No room for this text now. ``retry_after`` is the guessed number of seconds until there is."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("the queue is full")
        self.retry_after = retry_after


class Closed(Exception):
    """The service is shutting down and takes nothing new."""


class Unreadable(Exception):
    """The model failed on this text; the log says how, the client only that."""

    def __init__(self) -> None:
        super().__init__("a text could not be read; the service's log says more")


@dataclass(slots=True, eq=False)
class Job:
    """One text that waits. ``cost`` is its share of the queue, in pieces."""

    text: str
    min_score: float
    cost: int
    date: Date | None = None
    future: Future[Prediction] = field(default_factory=Future)


class Batcher:
    """Call `start`, then `submit` from any thread, then `close`, which finishes what was taken."""

    def __init__(
        self,
        labeler: Labeler,
        metrics: Metrics,
        *,
        batch_pieces: int,
        queue_pieces: int,
        max_wait: float = float("inf"),
    ) -> None:
        self.labeler, self.metrics = labeler, metrics
        self.batch_pieces, self.queue_pieces, self.max_wait = batch_pieces, queue_pieces, max_wait
        self._waiting: deque[Job] = deque()
        self._pieces = 0  # of what waits
        self._reading = 0  # of what is being read
        self._rate = 5_000.0  # pieces a second; corrected by every batch
        self._closed = False
        self._changed = threading.Condition(threading.RLock())
        self._thread = threading.Thread(target=self._run, name="adwar-inference", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout: float | None = None) -> bool:
        """Take nothing new, read all that waits, end the thread. False if it did not end within ``timeout``."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def trouble(self) -> str | None:
        """Why no text would be taken now, or None."""
        if self._closed or not self._thread.is_alive():
            return "shutting down" if self._closed else "the inference thread has ended"
        return "the queue is full" if self._pieces >= self.queue_pieces else None

    def _room(self) -> float:
        """Pieces that are read in ``max_wait`` seconds."""
        return self.max_wait * self._rate

    def share(self, part: float) -> float:
        """That ``part`` of the queue, in pieces, by whichever of its limits is the narrower."""
        return part * min(self.queue_pieces, self._room())

    def submit(self, texts: list[str], min_score: float = 0.0, date: Date | None = None) -> list[Future[Prediction]]:
        """A future for each text, in order; all are taken or none. ``date`` is the reports' own. Raises `QueueFull`,
        `Closed`.

        Full is a queue whose pieces are too many, or would take longer than ``max_wait`` seconds with those that are
        being read: who comes now would wait so long before his turn. Where nothing waits one request always may.
        """
        jobs = [Job(text, min_score, cost_of(len(text)), date) for text in texts]
        cost = sum(job.cost for job in jobs)
        with self._changed:
            if self._closed:
                raise Closed
            surplus = max(self._pieces + cost - self.queue_pieces, self._pieces + self._reading - self._room())
            if self._pieces and surplus > 0:
                raise QueueFull(max(1, min(120, round(surplus / self._rate))))
            for job in jobs:
                job.future.add_done_callback(partial(self._forget, job))
            self._waiting.extend(jobs)
            self._count(cost)
            self._changed.notify()
        return [job.future for job in jobs]

    def _forget(self, job: Job, _: Future[Prediction]) -> None:
        """A job that was given up while it waited leaves its place to others."""
        if job.future.cancelled():
            with self._changed:
                if job in self._waiting:
                    self._waiting.remove(job)
                    self._count(-job.cost)

    def _count(self, pieces: int) -> None:
        self._pieces += pieces
        self.metrics.queue_pieces.set(self._pieces)
        self.metrics.queue_texts.set(len(self._waiting))

    def _run(self) -> None:
        while batch := self._take():
            try:
                self._read(batch)
            except BaseException:  # the thread must outlive whatever one batch does
                log.exception("a batch of %d texts failed", len(batch))
                for job in batch:
                    if not job.future.done():
                        job.future.set_exception(Unreadable())

    def _take(self) -> list[Job]:
        """The next batch; empty once the queue is closed and read to its end."""
        batch: list[Job] = []
        with self._changed:
            self._reading = 0
            while not batch:
                while not self._waiting:
                    if self._closed:
                        return []
                    self._changed.wait()
                held = 0
                while self._waiting and (not batch or held + self._waiting[0].cost <= self.batch_pieces):
                    job = self._waiting.popleft()
                    self._pieces -= job.cost
                    if job.future.set_running_or_notify_cancel():
                        batch.append(job)
                        held += job.cost
                self._reading = held
                self._count(0)
        return batch

    def _read(self, batch: list[Job]) -> None:
        began = time.perf_counter()
        try:
            readings = self.labeler.read([job.text for job in batch])
            results = zip(batch, readings, strict=True)
            for job, reading in results:
                self._settle(job, self.labeler.frames_of(reading, job.min_score, job.date))
        except Exception:
            for job in batch:
                if not job.future.done():
                    self._read_alone(job)
        spent = time.perf_counter() - began
        self._rate = 0.8 * self._rate + 0.2 * sum(job.cost for job in batch) / max(spent, 1e-3)
        self.metrics.batch_texts.observe(len(batch))
        self.metrics.batch_seconds.observe(spent)

    def _read_alone(self, job: Job) -> None:
        """One text of a batch that failed, so that its neighbours do not suffer for it."""
        try:
            self._settle(job, self.labeler.predict(job.text, min_score=job.min_score, date=job.date))
        except Exception as error:
            # the text itself stays out of the log
            log.error("a text of %d characters failed: %s", len(job.text), type(error).__name__, exc_info=error)
            self.metrics.failures.inc()
            job.future.set_exception(Unreadable())

    def _settle(self, job: Job, prediction: Prediction) -> None:
        self.metrics.texts.inc()
        self.metrics.characters.inc(len(job.text))
        self.metrics.frames.inc(len(prediction.frames))
        job.future.set_result(prediction)
