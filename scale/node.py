"""What runs on a cluster's machines: a labeler that is prepared once and then reads parts. The class of the actors."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from .manifest import Manifest
from .shipping import setup_here, unpacked
from .work import Done, Setup, Task, begin, on_one_thread

READY, LACKS, REFUSED = "ready", "lacks", "refused"


class Reader:
    """One worker on one core."""

    def __init__(self) -> None:
        on_one_thread()
        self.work: Callable[..., Done] | None = None

    def prepare(self, setup: Setup, reads: Manifest, sent: list[Any]) -> tuple[str, str]:
        """Load the model that lies here or, if there is none such, the one in ``sent``: a reference to a `Packed`
        in the cluster's object store, or nothing. Returns (`READY`, `LACKS` or `REFUSED`, the reason)."""
        try:
            if here := setup_here(setup, reads):
                self.work = begin(here)
            elif not sent:
                return LACKS, ""
            else:
                import ray

                with unpacked(setup, lambda: ray.get(sent[0])) as setup:
                    self.work = begin(setup)
        except (ValueError, OSError, ImportError) as error:
            return REFUSED, f"{socket.gethostname()}: {error}"
        return READY, ""

    def read(self, task: Task) -> Done:
        assert self.work is not None
        return self.work(task, lambda index: None)
