"""The corpus check: every fault of every document, by file, line and document id; nothing stops at the first.

Reads the compiled JSON Lines and the authors' markup. Beyond the schema it looks for near-duplicates (a shared fifth
of the word 8-grams), for openings of five words that occur more than three times, for ids used twice in all files
together, and, when ``train.jsonl`` and ``test.jsonl`` are among the files, for how much of the test world is new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import jsonl, markup
from .errors import DataError
from .overlap import Unseen, folded_words, near_duplicates, repeated_openings, unseen
from .schema import Document, faults
from .splits import SPLITS


@dataclass(frozen=True, slots=True)
class Located:
    """A document and where it stands: ``line`` is its line in a JSON Lines file, its first line in markup."""

    doc: Document
    file: str
    line: int

    def refuse(self, problem: str) -> DataError:
        return DataError(problem, file=self.file, line=self.line, document=self.doc.id)


@dataclass(slots=True)
class Report:
    """What the check found. ``faults`` name file, line and document; ``unseen`` is empty without train and test."""

    documents: int = 0
    files: list[Path] = field(default_factory=list)
    faults: list[DataError] = field(default_factory=list)
    unseen: list[Unseen] = field(default_factory=list)


def corpus_files(names: Sequence[str | Path]) -> list[Path]:
    """The files that ``names`` mean. A folder stands for its JSON Lines (train, dev, test first), or, where it has
    none, for its ``.txt``; its subfolders are not entered. Raises `DataError` for what is no file of ours."""
    files: list[Path] = []
    for path in map(Path, names):
        if path.is_dir():
            inside = sorted(path.glob("*.jsonl"), key=_split_first) or sorted(path.glob("*.txt"))
            if not inside:
                raise DataError("the folder holds no .jsonl and no .txt", file=str(path))
            files += inside
        elif path.suffix not in (".jsonl", ".txt"):
            raise DataError("unknown kind of file; .jsonl and markup in .txt can be read", file=str(path))
        elif not path.exists():
            raise DataError("no such file", file=str(path))
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def _split_first(path: Path) -> tuple[int, str]:
    return (SPLITS.index(path.stem) if path.stem in SPLITS else len(SPLITS), path.name)


def read_documents(path: Path, *, repair: bool = False) -> Iterator[Document]:
    """The documents of one file of either kind; raises `DataError` at the first fault. ``repair``: see `read_jsonl`."""
    return markup.parse_file(path) if path.suffix == ".txt" else jsonl.read_jsonl(path, repair=repair)


def check_files(files: Sequence[Path]) -> Report:
    """Read ``files`` to their ends and list every fault."""
    report = Report(files=list(files))
    sound: list[Located] = []
    seen: dict[str, Located] = {}
    for path in files:
        for found in _read_on(path):
            if isinstance(found, DataError):
                report.faults.append(found)
                continue
            report.documents += 1
            broken = [found.refuse(problem) for problem in faults(found.doc)]
            first = seen.setdefault(found.doc.id, found)
            if first is not found:
                broken.append(found.refuse(f"id already used at {first.file}:{first.line}"))
            report.faults += broken
            sound.append(found)
    report.faults += _likenesses(sound)
    report.unseen = _unseen(sound)
    return report


def _read_on(path: Path) -> Iterator[Located | DataError]:
    """The documents of ``path``, and in the place of each that cannot be read its error."""
    file = str(path)
    try:
        if path.suffix == ".txt":
            numbered = [(first, block) for first, block in markup.blocks(markup.read_source(path))]
            lines = []
        else:
            numbered, lines = [], path.read_bytes().split(b"\n")
    except DataError as error:
        yield error
        return
    except OSError as error:
        yield DataError(f"cannot be read: {error.strerror}", file=file)
        return
    for first, block in numbered:
        try:
            yield Located(markup.parse_block(block, first, file), file, first)
        except DataError as error:
            yield error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield Located(jsonl.parse_line(line, file=file, number=number), file, number)
            except DataError as error:
                yield error


def _likenesses(found: Sequence[Located]) -> Iterator[DataError]:
    texts = [folded_words(one.doc.text) for one in found]
    for likeness in near_duplicates(texts):
        other = found[likeness.earlier]
        yield found[likeness.later].refuse(
            f"near-duplicate: shares {likeness.share:.0%} of its 8-word runs with {other.doc.id!r} "
            f"at {other.file}:{other.line}; rewrite or drop one"
        )
    for opening, numbers in repeated_openings(texts):
        others = ", ".join(found[n].doc.id for n in numbers[:-1])
        yield found[numbers[-1]].refuse(
            f"opening {opening!r} stands {len(numbers)} times, 3 at most (also in {others})"
        )


def _unseen(found: Sequence[Located]) -> list[Unseen]:
    by_name: dict[str, list[Document]] = {"train.jsonl": [], "test.jsonl": []}
    for one in found:
        if (name := Path(one.file).name) in by_name and not any(faults(one.doc)):
            by_name[name].append(one.doc)
    train, test = by_name.values()
    return unseen(train, test) if train and test else []


def lines(report: Report) -> Iterator[str]:
    """``report`` as lines to print."""
    for fault in report.faults:
        yield str(fault)
    for row in report.unseen:
        yield (
            f"unseen in train, {row.role}: {row.share:.1%} of {row.surfaces} distinct mentions, "
            f"{row.word_share:.1%} of their {row.words} distinct words"
        )
    verdict = f"{len(report.faults)} fault{'s' if len(report.faults) != 1 else ''}" if report.faults else "sound"
    yield f"{report.documents} documents in {len(report.files)} files: {verdict}"
