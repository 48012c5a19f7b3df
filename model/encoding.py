"""From text to model input: words, their pieces, windows. Offsets always index the caller's text.

Words come from the text itself (`data.schema.words`), so they are the same for every encoder; pieces come from the
fast tokenizer with its clean-up inside; a piece belongs to the word in which its offset starts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from ..data.schema import words
from .windows import Window, windows

_BLANK = frozenset(" \t\n\r\u00a0\u202f\u3000" + "".join(map(chr, range(0x2000, 0x200B))))


@dataclass(frozen=True, slots=True)
class Settings:
    """How texts become windows. ``window`` counts pieces with the two special ones; ids are the tokenizer's."""

    window: int = 512
    overlap: int = 128
    cls_id: int = 2
    sep_id: int = 3
    pad_id: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """One window ready for the model: piece ids with the special ones, and for each kept word its first piece."""

    ids: np.ndarray
    words: np.ndarray
    firsts: np.ndarray


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text with its words (offsets) and its windows. Words that give no piece are in no window."""

    text: str
    words: list[tuple[int, int]]
    windows: list[Piece]


def load_tokenizer(folder: str | Path) -> Tokenizer:
    """``tokenizer.json`` of a checkpoint folder, with no padding and no truncation of its own."""
    tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def encode_all(texts: list[str], tokenizer: Tokenizer, settings: Settings) -> list[Encoded]:
    """`Encoded` for each text, in order. Lone surrogates, which no tokenizer takes, are read as U+FFFD."""
    safe = [
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _odd(text) else text for text in texts
    ]
    for number, text in enumerate(safe):
        if len(text) != len(texts[number]):  # a pair of lone surrogates became one character: keep the offsets
            safe[number] = "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in texts[number])
    encodings = tokenizer.encode_batch(safe, add_special_tokens=False)
    return [
        _encode(text, encoding.ids, encoding.offsets, settings) for text, encoding in zip(texts, encodings, strict=True)
    ]


def _odd(text: str) -> bool:
    return any(0xD800 <= ord(c) < 0xE000 for c in text) if not text.isascii() else False


def _encode(text: str, ids: list[int], offsets: list[tuple[int, int]], settings: Settings) -> Encoded:
    spots = words(text)
    starts = [start for start, _ in spots]
    groups: list[list[int]] = []
    owners: list[int] = []
    for number, (start, _) in zip(ids, offsets, strict=True):
        while start < len(text) and text[start] in _BLANK:
            start += 1  # SentencePiece counts the blank before a word as part of its first piece
        owner = bisect_right(starts, start) - 1
        if owner < 0 or start >= spots[owner][1]:
            continue  # a control character that Python calls white space and the tokenizer does not
        if owners and owner <= owners[-1]:
            groups[-1].append(number)
        else:
            owners.append(owner)
            groups.append([number])
    room = settings.window - 2
    sizes = [min(len(group), room) for group in groups]
    pieces = [_piece(w, groups, owners, sizes, settings) for w in windows(sizes, room, settings.overlap)]
    return Encoded(text, spots, pieces)


def _piece(window: Window, groups: list[list[int]], owners: list[int], sizes: list[int], settings: Settings) -> Piece:
    ids = [settings.cls_id]
    kept: list[int] = []
    firsts: list[int] = []
    for unit in range(window.start, window.end):
        if window.keep_start <= unit < window.keep_end:
            kept.append(owners[unit])
            firsts.append(len(ids))
        ids.extend(groups[unit][: sizes[unit]])
    ids.append(settings.sep_id)
    return Piece(np.array(ids, dtype=np.int64), np.array(kept, dtype=np.int64), np.array(firsts, dtype=np.int64))


def batches(lengths: Iterable[int], budget: int) -> list[list[int]]:
    """Indices grouped so that longest × members stays within ``budget`` pieces; longest first, each index once."""
    sizes = list(lengths)
    order = sorted(range(len(sizes)), key=lambda i: -sizes[i])
    groups: list[list[int]] = []
    for index in order:
        if groups and sizes[groups[-1][0]] * (len(groups[-1]) + 1) <= budget:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups
