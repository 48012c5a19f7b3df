"""An uploaded file to reports: the same readers, kinds of file and messages as the command line's."""

from __future__ import annotations

import csv
import re
import tempfile
from datetime import date as Date
from pathlib import Path, PurePosixPath, PureWindowsPath

from ..data.errors import DataError
from ..data.inputs import read_dated
from ..model.dates import report_date
from .settings import ServeSettings

KINDS = (".txt", ".jsonl", ".csv")


def reports_of(
    name: str,
    raw: bytes,
    settings: ServeSettings,
    text_column: str = "text",
    id_column: str = "id",
    date_column: str | None = None,
) -> list[tuple[str, str, Date | None]]:
    """(id, text, own date) of every report in a file ``name`` of bytes ``raw``. Raises `DataError` naming file and
    line for what cannot be read, and for more or longer reports than the settings allow."""
    shown = PureWindowsPath(PurePosixPath(name).name).name or "upload.txt"
    kind = Path(shown).suffix.lower()
    if kind not in KINDS:
        raise DataError(f"unknown kind of file; {', '.join(KINDS)} can be read", file=shown)
    stem = re.sub(r"[^\w\-. ]", "_", Path(shown).stem)[:80] or "upload"
    with tempfile.TemporaryDirectory(prefix="adwar-") as folder:
        path = Path(folder) / f"{stem}{kind}"
        path.write_bytes(raw)
        found: list[tuple[str, str, Date | None]] = []
        try:
            columns = (text_column, id_column, date_column)
            for identity, text, day in read_dated([str(path)], *columns, read_date=report_date):
                _check(identity, text, len(found), settings, shown)
                found.append((identity, text, day))
        except DataError as error:  # tell it with the name that the client knows, and with this service's words
            problem = error.problem.replace("--text-column", "text_column")
            raise DataError(problem, file=shown, line=error.line, document=error.document) from None
        except csv.Error as error:
            raise DataError(f"no CSV: {error}", file=shown) from None
    return found


def _check(identity: str, text: str, before: int, settings: ServeSettings, file: str) -> None:
    if before >= settings.max_reports:
        raise DataError(f"more than {settings.max_reports} reports; divide the file", file=file)
    if len(text) > settings.max_chars:
        problem = f"{len(text)} characters; this service reads at most {settings.max_chars} of one report"
        raise DataError(problem, file=file, document=identity)
    if has_half_pair(identity) or has_half_pair(text):
        raise DataError("holds half a surrogate pair, which is no character", file=file, document=ascii(identity))


def has_half_pair(text: str) -> bool:
    """Whether ``text`` holds a lone surrogate: JSON can smuggle one in by escape, but no UTF-8 answer could hold it."""
    return re.search("[\ud800-\udfff]", text) is not None
