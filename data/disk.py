"""A full or forbidden disk, told by the libraries that write for us.

torch, safetensors, tokenizers and databases write files from C++ and Rust and raise errors of their own for what the
system said; `of_the_disk` gives it back as the OSError that it was. What it leaves out:
reading, where the reader knows the file.
"""

from __future__ import annotations

import errno
import os
import re

#: What a full disk, a quota and a limit on a file's size are to the system.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: What else writing meets. Other numbers below an error of another kind are no disk's, and their traceback is wanted.
_WRITING = (*FULL, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
_NUMBER = re.compile(r"\b(?:os error |code: |errno )(\d+)")
#: What says only that it could not, and no number.
_WRITER = re.compile(
    r"PytorchStreamWriter failed|inline_container.*unexpected pos|iostream error|file write failed|"
    r"database or disk is full|disk I/O error|No space left on device|File too large|"
    r"\d+ requested and \d+ written"
)


def of_the_disk(error: BaseException) -> OSError | None:
    """The system's error behind ``error``: one it rose from, or the one its words name; None if it is no such thing."""
    seen: set[int] = set()
    rest: list[BaseException | None] = [error]
    while rest:
        one = rest.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, OSError) and (one.errno in _WRITING or (one is error and one.errno is not None)):
            return one
        rest += [one.__cause__, one.__context__]
    said = str(error)
    if (found := _NUMBER.search(said)) and int(found[1]) in _WRITING:
        return OSError(int(found[1]), os.strerror(int(found[1])))
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if _WRITER.search(said) else None
