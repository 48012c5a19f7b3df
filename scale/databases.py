"""Databases written a row at a time: SQLite (in Python) and DuckDB (if installed). Several tables may share a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from .rows import Column
from .tables import GROUP, Row, as_json


class SQLite:
    """Lists and records are JSON text, flags 1 and 0. ``document_id`` is indexed."""

    KINDS = {"integer": "INTEGER", "real": "REAL", "flag": "INTEGER"}  # noqa: RUF012

    def __init__(self, path: Path, tables: Mapping[str, Sequence[Column]]) -> None:
        import sqlite3

        path.unlink(missing_ok=True)
        self.tables = tables
        self.held: dict[str, list[list[Any]]] = {table: [] for table in tables}
        self.base = sqlite3.connect(path, isolation_level=None)
        # nobody sees the file before it is whole and renamed: a journal would guard nothing
        self.base.execute("PRAGMA journal_mode = OFF")
        self.base.execute("PRAGMA synchronous = OFF")
        for table, columns in tables.items():
            told = ", ".join(f'"{c.name}" {self.KINDS.get(str(c.kind), "TEXT")}' for c in columns)
            self.base.execute(f'CREATE TABLE "{table}" ({told})')

    def write(self, table: str, row: Row) -> None:
        held = self.held[table]
        held.append([_plain(row[column.name]) for column in self.tables[table]])
        if len(held) == GROUP:
            self._flush(table)

    def _flush(self, table: str) -> None:
        marks = ", ".join("?" * len(self.tables[table]))
        self.base.execute("BEGIN")
        self.base.executemany(f'INSERT INTO "{table}" VALUES ({marks})', self.held[table])
        self.base.execute("COMMIT")
        self.held[table] = []

    def close(self) -> None:
        for table in self.tables:
            self._flush(table)
            self.base.execute(f'CREATE INDEX "{table}_document" ON "{table}" ("document_id")')
        self.base.close()


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return as_json(value)
    return int(value) if isinstance(value, bool) else value


class DuckDB:
    """Lists and records are nested columns. Rows are gathered as JSON Lines beside and read in by DuckDB itself, which
    keeps memory flat."""

    KINDS = {"integer": "BIGINT", "real": "DOUBLE", "flag": "BOOLEAN", "texts": "VARCHAR[]"}  # noqa: RUF012

    def __init__(self, path: Path, tables: Mapping[str, Sequence[Column]]) -> None:
        self.path, self.tables = path, tables
        for file in (path, path.with_name(path.name + ".wal")):  # what a killed run left
            file.unlink(missing_ok=True)
        self.beside = {table: path.with_name(f"{path.name}.{table}.jsonl") for table in tables}
        self.outs: dict[str, IO[str]] = {
            table: file.open("w", encoding="utf-8", newline="\n") for table, file in self.beside.items()
        }

    def write(self, table: str, row: Row) -> None:
        self.outs[table].write(json.dumps(row, ensure_ascii=False) + "\n")

    def close(self) -> None:
        import duckdb

        with duckdb.connect(str(self.path)) as base:
            for table, columns in self.tables.items():
                self.outs[table].close()
                kinds = ", ".join(f'"{c.name}" {duck_type(c.kind)}' for c in columns)
                base.execute(f'CREATE TABLE "{table}" ({kinds})')
                if self.beside[table].stat().st_size:
                    told = ", ".join(f"'{c.name}': '{duck_type(c.kind)}'" for c in columns)
                    base.execute(
                        f'INSERT INTO "{table}" SELECT * FROM read_json(?, columns = {{{told}}}, '
                        "format = 'newline_delimited', maximum_object_size = 268435456)",
                        [str(self.beside[table])],
                    )
                self.beside[table].unlink()


def duck_type(kind: Any) -> str:
    """DuckDB's name for a column's kind."""
    if isinstance(kind, tuple):
        return "STRUCT(" + ", ".join(f'"{c.name}" {duck_type(c.kind)}' for c in kind) + ")[]"
    return DuckDB.KINDS.get(kind, "VARCHAR")
