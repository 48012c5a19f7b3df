"""From finished parts to the tables: in the order of the reports, each file written beside and renamed at the end."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .parts import Record
from .read import FAILED
from .rows import MENTIONS, Column, event_columns, event_rows, mention_rows
from .tables import DATABASES, Writer, kind_of, open_writer
from .work import tally

EVENTS_TABLE, MENTIONS_TABLE = "events", "mentions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Where the tables go. ``mentions`` may be the same database as ``events``. ``all_documents``: also a row for each
    report without a frame."""

    events: str
    mentions: str | None = None
    all_documents: bool = False

    @property
    def errors(self) -> str:
        return self.events + ".errors.jsonl"

    @property
    def work(self) -> str:
        return self.events + ".work"

    def files(self) -> dict[str, dict[str, tuple[Column, ...]]]:
        """File -> its tables with their columns. Raises ValueError for names that no writer takes."""
        found: dict[str, dict[str, tuple[Column, ...]]] = {self.events: {EVENTS_TABLE: event_columns()}}
        if self.mentions:
            found.setdefault(self.mentions, {})[MENTIONS_TABLE] = MENTIONS
        for path, tables in found.items():
            kind = kind_of(path)
            if len(tables) > 1 and kind not in DATABASES:
                raise ValueError(f"{path}: events and mentions need a file each; only a database holds both")
            if os.path.isdir(path):
                raise ValueError(f"{path}: is a folder; give the name of a file")
            if not Path(path).absolute().parent.is_dir():
                raise ValueError(f"{path}: its folder does not exist; make it first")
        return found

    def own(self) -> list[str]:
        """All that this run writes: never to be read as input."""
        return [self.events, self.errors, self.work, *([self.mentions] if self.mentions else [])]


def beside(path: str) -> Path:
    return Path(path + ".part")


def assemble(records: Iterable[Record], outputs: Outputs) -> dict[str, int]:
    """Write the tables and the file of failures from ``records``; returns the counts of `tally`.

    The table of events is renamed last: where it stands, all stands."""
    files = outputs.files()
    columns = files[outputs.events][EVENTS_TABLE]
    counts: dict[str, int] = {}
    with ExitStack() as held:
        writers: dict[str, Writer] = {}
        for path, tables in files.items():
            writers[path] = open_writer(kind_of(path), beside(path), tables)
        failures = held.enter_context(beside(outputs.errors).open("w", encoding="utf-8", newline="\n"))
        for record in records:
            for key, number in tally([record]).items():
                counts[key] = counts.get(key, 0) + number
            for row in event_rows(record, columns, all_documents=outputs.all_documents):
                writers[outputs.events].write(EVENTS_TABLE, row)
            if outputs.mentions:
                for row in mention_rows(record):
                    writers[outputs.mentions].write(MENTIONS_TABLE, row)
            if record["status"] == FAILED:
                failures.write(json.dumps(_failure(record), ensure_ascii=False) + "\n")
        for writer in writers.values():
            writer.close()
    if counts.get("failed"):
        os.replace(beside(outputs.errors), outputs.errors)
    else:
        beside(outputs.errors).unlink()
        Path(outputs.errors).unlink(missing_ok=True)
    for path in sorted(files, key=lambda path: path == outputs.events):
        os.replace(beside(path), path)
    return counts or tally([])


def _failure(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: record[key] for key in ("document", "file", "line", "reason")}
