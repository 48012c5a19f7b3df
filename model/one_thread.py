"""Small matrix products on one thread, whatever the process is set to.

The linker's products are many and small. Spread over threads they end no sooner, and on a busy machine many times
later, while the idle threads spin. So the limit holds while a linker works and is lifted after; what the user has set
for other work comes back. (It is the library's, not the thread's: products of other threads in that moment have one
thread, too.)
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Held by the thread that has set the limit; only that one can lift it.
_set = threading.Lock()
_libraries: Any = None


@contextmanager
def one_thread() -> Iterator[None]:
    """Matrix products on one thread. A thread that comes while another is inside shares that one's limit as long as it
    lasts and sets none, so that what comes back is always the user's."""
    global _libraries
    if not _set.acquire(blocking=False):
        yield
        return
    try:
        if _libraries is None:
            from threadpoolctl import ThreadpoolController

            _libraries = ThreadpoolController()  # looks through all that is loaded: once
        with _libraries.limit(limits=1, user_api="blas"):
            yield
    finally:
        _set.release()
