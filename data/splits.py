"""Where the corpus's splits lie: by name from the project's own folder, or any file by path."""

from __future__ import annotations

from pathlib import Path

from .errors import DataError

CORPUS = Path(__file__).resolve().parent / "corpus"
SPLITS = ("train", "dev", "test")


def split_file(name: str) -> Path:
    """The file of split ``name``, or ``name`` itself as a path. Raises `DataError` if there is none."""
    if name in SPLITS:
        file = CORPUS / f"{name}.jsonl"
        if not file.exists():
            raise DataError(
                "the corpus is not here (it is in the repository, not in the wheel): give a file", file=str(file)
            )
        return file
    file = Path(name)
    if not file.exists():
        raise DataError(f"no such file; splits are {', '.join(SPLITS)}", file=name)
    return file
