"""A report to read, and one that cannot be read: what passes between the readers, the workers and the tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Report:
    """One report. ``file`` and ``line`` say where it came from (``line`` 0: the whole file is one report)."""

    id: str
    text: str
    title: str = ""
    date: str = ""
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that gave no report, with the reason; it takes a report's place, so that nothing goes uncounted."""

    id: str
    reason: str
    file: str = ""
    line: int = 0


Item = Report | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The keys or columns that hold a report's parts. A dot goes one object deeper in JSON (``meta.date``)."""

    text: str = "text"
    id: str = "id"
    title: str = "title"
    date: str = "date"


def whole(text: str) -> str:
    """``text`` with each half of a surrogate pair as U+FFFD: no file could hold it; offsets stay as they are."""
    return text if text.isascii() else _LONE.sub("\ufffd", text)
