"""What raw text may be trained on: documents that share words with what is measured on are kept out.

`Contamination` remembers every 8-word run of the texts that are measured on; a document that shares one is dropped,
whatever its spelling of hamza and tashkeel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from ..model.cleanup import SILENT

RUN = 8
_WORD = re.compile(r"\w+")
_SILENT = re.compile(SILENT)
_FOLD = str.maketrans("أإآ", "ااا")


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
