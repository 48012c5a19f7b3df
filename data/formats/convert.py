"""From one format to another: the table of formats, which of them a path means, and the conversion itself.

A format is guessed only where suffix and content leave no doubt; otherwise `DataError` asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..jsonl import parse_line, write_jsonl
from ..markup import parse_file, render_all
from ..schema import Document
from ..whole_file import whole_file
from .brat import read_brat, write_brat
from .conll import read_conll, write_conll
from .docbin import read_spacy, write_spacy
from .doccano import read_doccano, write_doccano
from .event_table import write_plover
from .gsr import read_gsr
from .label_studio import read_label_studio, write_label_studio
from .parquet import read_parquet, write_parquet
from .reading import Reading
from .report import Report, checked
from .span_table import read_csv, write_csv


def _read_jsonl(path: str | Path, *, repair: bool = False, report: Report | None = None) -> Iterator[Document]:
    """`read_jsonl`, but every repair is told."""
    reading = Reading(str(path), repair, report if report is not None else Report())
    try:
        lines = Path(path).read_bytes().split(b"\n")
    except OSError as error:
        raise reading.refuse(f"cannot be read: {error.strerror}") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield reading.settle(parse_line(line, file=str(path), number=number), number)


def _write_jsonl(docs: Iterable[Document], path: str | Path) -> Report:
    return Report(write_jsonl(checked(docs), path))


def _read_markup(path: str | Path, *, repair: bool = False, report: Report | None = None) -> Iterator[Document]:
    reading = Reading(str(path), repair, report if report is not None else Report())
    yield from map(reading.settle, parse_file(path))


def _write_markup(docs: Iterable[Document], path: str | Path) -> Report:
    found = list(checked(docs))
    source = render_all(found)
    with whole_file(path) as out:
        out.write(source)
    return Report(len(found))


@dataclass(frozen=True, slots=True)
class Format:
    """``options``: the keywords beyond ``repair`` and ``report`` that its reader and its writer take."""

    read: Callable[..., Iterator[Document]] | None
    write: Callable[..., Report] | None
    suffixes: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


FORMATS = {
    "jsonl": Format(_read_jsonl, _write_jsonl),
    "markup": Format(_read_markup, _write_markup, (".txt",)),
    "brat": Format(read_brat, write_brat),
    "doccano": Format(read_doccano, write_doccano, options=("utf16", "graphemes")),
    "label-studio": Format(read_label_studio, write_label_studio, (".json",), ("utf16", "predictions")),
    "conll": Format(read_conll, write_conll, (".conll", ".iob", ".iob2", ".bio")),
    "csv": Format(read_csv, write_csv, (".csv",)),
    "parquet": Format(read_parquet, write_parquet, (".parquet",)),
    "spacy": Format(read_spacy, write_spacy, (".spacy",)),
    "plover": Format(None, write_plover),
    "gsr": Format(read_gsr, None),
}


def guess_input(path: Path) -> str:
    """The format of what is at ``path``. Raises `DataError` where it cannot be told."""
    if path.is_dir():
        return "brat"
    if path.suffix.lower() == ".jsonl":
        if found := _json_lines(path):
            return found
    elif found := _by_suffix(path):
        return found
    raise DataError(f"which format is it? say --from with one of {_names('read')}", file=str(path))


def guess_output(path: Path, source: str) -> str:
    """The format that the name ``path`` asks for. ``.jsonl`` is our own, unless that is where we come from."""
    if path.suffix.lower() == ".jsonl" and source != "jsonl":
        return "jsonl"
    if found := _by_suffix(path):
        return found
    raise DataError(f"to which format? say --to with one of {_names('write')}", file=str(path))


def _by_suffix(path: Path) -> str | None:
    return next((name for name, f in FORMATS.items() if path.suffix.lower() in f.suffixes), None)


def _names(part: str) -> str:
    return ", ".join(name for name, f in FORMATS.items() if getattr(f, part))


def _json_lines(path: Path) -> str | None:
    """Which kind of JSON Lines the first record is: the keys that only one of them has."""
    try:
        with path.open("rb") as lines:
            record = json.loads(next((line for line in lines if line.strip()), b"null"))
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=str(path)) from None
    except (ValueError, RecursionError):
        return None
    keys = set(record) if isinstance(record, dict) else set()
    kinds = {"jsonl": "events", "doccano": "entities", "gsr": "annotations"}
    found = [name for name, key in kinds.items() if key in keys]
    return found[0] if len(found) == 1 else None


def convert(
    source: str | Path,
    target: str | Path,
    *,
    source_format: str | None = None,
    target_format: str | None = None,
    repair: bool = False,
    **options: Any,
) -> tuple[str, str, Report, Report]:
    """Read ``source``, write ``target``; returns both formats' names and what reading and writing told.

    ``options`` (``utf16``, ``graphemes``, ``predictions``): given, they reach whichever side knows them; on neither
    side, `DataError`.
    """
    source, target = Path(source), Path(target)
    if source.resolve() == target.resolve():
        raise DataError("input and output are the same", file=str(source))
    come = source_format or guess_input(source)
    go = target_format or guess_output(target, come)
    reader, writer = named(come).read, named(go).write
    if reader is None or writer is None:
        problem = f"{come} is written only" if reader is None else f"{go} is read only"
        raise DataError(f"{problem}; see docs/formats.md", file=str(source if reader is None else target))
    given = {name: value for name, value in options.items() if value is not None}
    ours = [{n: v for n, v in given.items() if n in FORMATS[name].options} for name in (come, go)]
    for name in given:
        if not any(name in side for side in ours):
            raise DataError(f"neither {come} nor {go} knows the option {name!r}", file=str(source))
    told = Report()
    if FORMATS[go].options and "predictions" in ours[0] and "predictions" in ours[1]:
        raise DataError("read and write Label Studio's predictions in two steps", file=str(source))
    written = writer(reader(source, repair=repair, report=told, **ours[0]), target, **ours[1])
    return come, go, told, written


def options_of(name: str, given: dict[str, Any], file: str | Path) -> dict[str, Any]:
    """``given``, all of which format ``name`` must know. Raises `DataError`."""
    for option in given:
        if option not in named(name).options:
            raise DataError(f"{name} does not know the option {option!r}", file=str(file))
    return dict(given)


def named(name: str) -> Format:
    """The format of that name. Raises `DataError` with the names there are."""
    if name not in FORMATS:
        raise DataError(f"unknown format {name!r}; one of {', '.join(FORMATS)}")
    return FORMATS[name]
