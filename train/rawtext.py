"""Raw text for pre-training: documents from a folder of ``.txt``/``.xz``, and what must not be trained on taken out.

A file holds one paragraph a line and a blank line between documents. `Contamination` remembers every 8-word run of
the texts that are measured on; a document that shares one is dropped, whatever its spelling of hamza and tashkeel.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from ..model.cleanup import SILENT

RUN = 8
_WORD = re.compile(r"\w+")
_SILENT = re.compile(SILENT)
_FOLD = str.maketrans("أإآ", "ااا")


@dataclass(frozen=True, slots=True)
class RawDocument:
    """``source`` is the file's name without its endings, ``number`` the document's place in it, from 0."""

    source: str
    number: int
    text: str


def files(folder: str | Path) -> list[Path]:
    """The ``.txt``, ``.txt.xz`` files of ``folder`` in a fixed order. Raises FileNotFoundError if there are none."""
    found = sorted(p for p in Path(folder).glob("*") if p.suffix in (".txt", ".xz"))
    if not found:
        raise FileNotFoundError(f"{folder}: no .txt or .txt.xz files; give the folder that holds the raw text")
    return found


def documents(folder: str | Path) -> Iterator[RawDocument]:
    """Every document of every file, blank ones left out."""
    for path in files(folder):
        opened = lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")
        name = path.name.split(".")[0]
        with opened as lines:
            held: list[str] = []
            number = 0
            for line in [*lines, "\n"]:
                if line.strip():
                    held.append(line.rstrip("\n"))
                elif held:
                    yield RawDocument(name, number, "\n".join(held))
                    number += 1
                    held = []


class Contamination:
    """Remembers the 8-word runs of what is measured on, as 8-byte digests."""

    def __init__(self) -> None:
        self.runs: set[bytes] = set()

    @staticmethod
    def _runs(text: str) -> Iterator[bytes]:
        words = [w.translate(_FOLD) for w in _WORD.findall(_SILENT.sub("", text))]
        for at in range(len(words) - RUN + 1):
            yield blake2b(" ".join(words[at : at + RUN]).encode(), digest_size=8).digest()

    def add(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.runs.update(self._runs(text))

    def touches(self, text: str) -> bool:
        return any(run in self.runs for run in self._runs(text))


#: Word stems of attacks, for telling how much of a document is about them (a share, not a decision).
_CONFLICT = re.compile(
    r"(?<!\w)(?:و|ب|ال|بال|وال|ل|لل|ف)?(?:قتل|قتلوا|مقتل|قتلى|قتيل|قتيلا|قتيلاً|جرحى|جريح|مصرع|اغتيال|اغتال|تفجير|تفجيرات"
    r"|انفجار|انفجارات|غارة|غارات|قصف|هجوم|هجمات|هجوما|هجوماً|اشتباكات|اشتباك|مسلحون|مسلحين|مسلح|انتحاري|انتحارية|مفخخة"
    r"|صاروخ|صواريخ|قذائف|قذيفة|كمين|خطف|اختطاف|استهدف|استهدفت|أصيب|إصابة|طعن|رهائن|إرهابي|إرهابية|معارك|مواجهات|شهداء"
    r"|استشهد|استشهاد|مسيرة|عبوة|ناسفة|عبوات|إطلاق)(?!\w)"
)


def conflict_share(text: str) -> float:
    """Attack words per word of ``text``, from 0 to 1: a report of an attack has 0.025 or more."""
    return len(_CONFLICT.findall(text)) / max(1, len(text.split()))
