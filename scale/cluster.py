"""Workers on the machines of a Ray cluster, with the interface of `crew.Crew`: tasks in, finished parts out.

Each worker is a Ray actor with a labeler of its own on one core. The run itself stays where it was started: it cuts the
parts, holds at most two tasks a worker, and writes what comes back; so the parts, and with them going on after a kill,
are those of the local engine. A worker that is lost with its machine is replaced where there is room, and its part read
again (`errand.py`). Ray Data is not used: see docs/scale.md.
"""

from __future__ import annotations

import socket
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from .errand import TRIES, Errand
from .job import reads_with
from .node import LACKS, REFUSED, Reader
from .shipping import pack
from .work import Done, Setup, Task

#: Seconds without a word from the cluster after which it is said that the run waits for it.
SILENCE = 60.0
#: Seconds to wait for the answer of an address.
PATIENCE = 5.0


class _Worker:
    def __init__(self, actor: Any) -> None:
        self.actor = actor
        self.ready = False
        self.errand: Errand | None = None


class Cluster:
    """``size`` workers, or one a core of the cluster if ``size`` is 0. Use as a context. ``address`` is that of the
    cluster's head ("host:port", or "auto" for the one that this machine belongs to); without it Ray looks for one, and
    starts one on this machine if there is none."""

    def __init__(self, size: int, setup: Setup, address: str | None = None) -> None:
        import ray

        self.ray: Any = ray
        if address:
            check_address(address)
        self.size, self.setup, self.address = size, _absolute(setup), address
        self.workers: dict[Any, _Worker] = {}  # by what each is asked for
        self.sent: list[Any] = []
        self.lost_at_start = 0
        self.ours = False

    def __enter__(self) -> Cluster:
        if not self.ray.is_initialized():
            try:
                self.ray.init(address=self.address, logging_level="ERROR", log_to_driver=False)
            except (OSError, RuntimeError, ValueError) as error:
                raise ValueError(f"no Ray cluster at {self.address or 'this machine'}: {_first(error)}") from None
            self.ours = True
        self.reads = reads_with(self.setup)
        self.size = self.size or max(1, int(self.ray.cluster_resources().get("CPU", 1)))
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers.values():
            self._end(worker)
        self.workers = {}
        if self.ours:
            self.ray.shutdown()

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """The tasks' results as they come, in any order; as many tasks as there are workers are held ready."""
        source = iter(tasks)
        waiting = deque(Errand(task) for task in islice(source, self.size))
        free: list[_Worker] = []
        while waiting or any(w.errand for w in self.workers.values()):
            while waiting and free:
                self._give(free.pop(), waiting.popleft())
                waiting.extend(Errand(task) for task in islice(source, 1))  # read while the workers are busy
            for _ in range(min(self.size - len(self.workers) - len(free), len(waiting))):
                self._hire()
            worker, answer = self._hear()
            if worker is None:
                continue
            errand, worker.errand = worker.errand, None
            if answer is None:
                self._end(worker)
                if errand:
                    errand.worker_lost()
                    waiting.appendleft(errand)
            elif errand is None:
                if self._prepared(worker, *answer):
                    free.append(worker)
            else:
                free.append(worker)
                if whole := errand.came(answer):
                    yield whole
                else:
                    waiting.appendleft(errand)
        for worker in free:
            self._end(worker)

    def _hire(self) -> None:
        actor = self.ray.remote(num_cpus=1, max_restarts=0)(Reader).remote()
        self._prepare(_Worker(actor))

    def _prepare(self, worker: _Worker) -> None:
        self.workers[worker.actor.prepare.remote(self.setup, self.reads, self.sent)] = worker

    def _prepared(self, worker: _Worker, state: str, reason: str) -> bool:
        """Whether the worker can be given work; if it lacks the model it is asked again, with the model. Raises
        ValueError if it refuses."""
        if state == REFUSED:
            raise ValueError(reason)
        if state == LACKS:
            self.sent = self.sent or [self.ray.put(pack(self.setup))]
            self._prepare(worker)
            return False
        worker.ready, self.lost_at_start = True, 0
        return True

    def _give(self, worker: _Worker, errand: Errand) -> None:
        worker.errand = errand
        self.workers[worker.actor.read.remote(errand.due())] = worker

    def _hear(self) -> tuple[_Worker | None, Any]:
        """The next worker that answers, and its answer: None if it is lost. (None, None) after `SILENCE`. Raises
        ValueError if workers are lost before they can begin."""
        lost = self.ray.exceptions
        heard, _ = self.ray.wait(list(self.workers), num_returns=1, timeout=SILENCE)
        if not heard:
            if not any(w.ready for w in self.workers.values()):
                print("adwar: waits for a free core in the cluster ('ray status' tells)", file=sys.stderr, flush=True)
            return None, None
        worker = self.workers.pop(heard[0])
        try:
            return worker, self.ray.get(heard[0])
        except (lost.RayActorError, lost.ObjectLostError, lost.OutOfMemoryError, lost.WorkerCrashedError) as error:
            if not worker.ready:
                self.lost_at_start += 1
                if self.lost_at_start > TRIES:
                    raise ValueError(
                        "workers cannot begin on the cluster; adwar must be installed on each of its machines, and "
                        f"where Ray's processes can import it: {_first(error)}"
                    ) from None
            return worker, None

    def _end(self, worker: _Worker) -> None:
        with suppress(Exception):  # it may be gone already, and its cluster with it
            self.ray.kill(worker.actor)


def check_address(address: str) -> None:
    """Raise ValueError if nothing answers at ``address``: Ray itself would try for minutes."""
    if address == "auto":
        return
    host, _, port = address.rpartition(":")
    if "//" in address or not host or not port.isdecimal():
        raise ValueError(
            f"--ray-address {address}: HOST:PORT of the cluster's head is expected, or auto; "
            "start the command on one of the cluster's machines"
        )
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE).close()
    except (OSError, OverflowError) as error:
        raise ValueError(
            f"--ray-address {address}: no Ray cluster answers ({error}); 'ray start --head' begins one and tells "
            "its address"
        ) from None


def _absolute(setup: Setup) -> Setup:
    paths: dict[str, Any] = {
        name: str(Path(path).absolute()) for name in ("model", "gate") if (path := getattr(setup, name))
    }
    return replace(setup, **paths)


def _first(error: BaseException) -> str:
    """The last line of what Ray tells, which names the cause; the ones before are its traceback."""
    return (str(error).strip().splitlines() or [type(error).__name__])[-1].strip()
