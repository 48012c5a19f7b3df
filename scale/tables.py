"""Tables written a row at a time: JSON Lines, CSV, Parquet here; `databases.py` has SQLite and DuckDB.

The name's ending chooses. A writer writes to the file it is given and knows nothing of renaming; rows are dicts with
exactly the table's columns. The same rows give the same bytes (of a DuckDB file: the same tables).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, Protocol

from .rows import Column

#: Rows held before they are written: a Parquet row group.
GROUP = 5000
#: A cell that begins with one of these is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ONE_TABLE = (".parquet", ".jsonl", ".csv")
DATABASES = (".sqlite", ".sqlite3", ".db", ".duckdb")

Row = Mapping[str, Any]


class Writer(Protocol):
    """``write`` takes rows of one of the tables it was made for; ``close`` finishes the file."""

    def write(self, table: str, row: Row) -> None: ...

    def close(self) -> None: ...


def kind_of(path: str) -> str:
    """The ending that chooses the writer. Raises ValueError for one that none knows or whose package is missing."""
    kind = PurePath(path).suffix.lower()
    if kind not in (*ONE_TABLE, *DATABASES):
        raise ValueError(f"{path}: unknown kind of table; the name must end in {', '.join((*ONE_TABLE, *DATABASES))}")
    package = {".parquet": "pyarrow", ".duckdb": "duckdb"}.get(kind)
    if package:
        try:
            __import__(package)
        except ImportError:
            raise ValueError(
                f"{path}: needs {package}: pip install 'adwar[bulk]', or choose .jsonl, .csv or .sqlite"
            ) from None
    return kind


def open_writer(kind: str, path: Path, tables: Mapping[str, Sequence[Column]]) -> Writer:
    """The writer of ``kind`` (see `kind_of`) for a new file at ``path`` with ``tables`` (name -> columns)."""
    if kind in DATABASES:
        from .databases import DuckDB, SQLite

        return DuckDB(path, tables) if kind == ".duckdb" else SQLite(path, tables)
    ((_, columns),) = tables.items()
    kinds: dict[str, Callable[[Path, Sequence[Column]], Writer]]
    kinds = {".jsonl": JsonLines, ".csv": Csv, ".parquet": Parquet}
    return kinds[kind](path, columns)


class JsonLines:
    """One object a line; lists and records as they are."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self.out = path.open("w", encoding="utf-8", newline="\n")

    def write(self, table: str, row: Row) -> None:
        self.out.write(json.dumps(row, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self.out.close()


class Csv:
    """Comma-separated, UTF-8 with a byte order mark (spreadsheets need it for Arabic), one row a line where no cell
    holds a line break. Lists of names are joined by " | ", records are JSON, flags 1 and 0."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.out = path.open("w", encoding="utf-8-sig", newline="")
        self.rows = csv.writer(self.out, lineterminator="\n")
        self.rows.writerow([column.name for column in columns])

    def write(self, table: str, row: Row) -> None:
        self.rows.writerow([_cell(row[column.name], column) for column in self.columns])

    def close(self) -> None:
        self.out.close()


def _cell(value: Any, column: Column) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if column.kind == "texts":
        value = " | ".join(value)
    elif isinstance(value, list):
        value = as_json(value)
    return defused(value) if isinstance(value, str) else value


def defused(cell: str) -> str:
    """``cell``, with an apostrophe in front if a spreadsheet would take it for a formula."""
    return "'" + cell if cell.startswith(FORMULA) else cell


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Parquet:
    """Nested columns as they are: lists of text, lists of records. Row groups of `GROUP` rows, packed with zstd."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        import pyarrow
        from pyarrow import parquet

        self.schema = pyarrow.schema([(column.name, arrow_type(column.kind)) for column in columns])
        self.out = parquet.ParquetWriter(path, self.schema, compression="zstd")
        self.held: list[Row] = []

    def write(self, table: str, row: Row) -> None:
        self.held.append(row)
        if len(self.held) == GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow

        self.out.write_table(pyarrow.Table.from_pylist(self.held, schema=self.schema))
        self.held = []

    def close(self) -> None:
        if self.held:
            self._flush()
        self.out.close()


def arrow_type(kind: Any) -> Any:
    """The Arrow type of a column's kind."""
    import pyarrow

    if isinstance(kind, tuple):
        return pyarrow.list_(pyarrow.struct([(column.name, arrow_type(column.kind)) for column in kind]))
    text = pyarrow.string()
    kinds = {"integer": pyarrow.int64(), "real": pyarrow.float64(), "flag": pyarrow.bool_()}
    return kinds.get(kind, pyarrow.list_(text) if kind == "texts" else text)
