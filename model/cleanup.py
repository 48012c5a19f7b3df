"""Arabic clean-up that lives inside the fast tokenizer.

What it does: folds what Arabic copy spells in many ways (tashkeel, tatweel, bidi marks, digits of three sets,
hamza on alif) *inside* the `tokenizers` pipeline, so that offsets always index the caller's own text and the
clean-up travels with ``tokenizer.json``. What it leaves out: any change to the caller's text.
"""

from __future__ import annotations

import json

from tokenizers import Regex, normalizers, pre_tokenizers

#: Marks that carry no letter of their own: tashkeel, Quranic signs, tatweel, bidi and zero-width controls.
SILENT = (
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff"
    "\u0640\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]"
)

_DIGITS = {chr(base + d): str(d) for base in (0x0660, 0x06F0) for d in range(10)}
_LETTERS = {"ک": "ك", "ی": "ي", "ﻻ": "لا", "ٱ": "ا"}
_FOLDED = {"أ": "ا", "إ": "ا", "آ": "ا"}


def _replace(table: dict[str, str]) -> list[normalizers.Normalizer]:
    return [normalizers.Replace(old, new) for old, new in table.items()]


def cleanup(*, fold_alif: bool = True, lowercase: bool = True) -> normalizers.Normalizer:
    """The normalizer of our own encoder. ``fold_alif`` writes أ إ آ as ا: real copy drops the hamza at will."""
    steps: list[normalizers.Normalizer] = [
        normalizers.NFKC(),
        normalizers.Replace(Regex(SILENT), ""),
        *_replace(_DIGITS | _LETTERS | (_FOLDED if fold_alif else {})),
    ]
    if lowercase:
        steps.append(normalizers.Lowercase())
    return normalizers.Sequence(steps)


def before_stock(normalizer: normalizers.Normalizer | None) -> normalizers.Normalizer:
    """Our clean-up in front of a published tokenizer's own (AraBERT's vocabulary keeps the hamza: no folding)."""
    steps = [cleanup(fold_alif=False, lowercase=False)]
    return normalizers.Sequence([*steps, normalizer] if normalizer is not None else steps)


def apart(theirs: pre_tokenizers.PreTokenizer | None) -> pre_tokenizers.PreTokenizer:
    """A published tokenizer's pre-tokenizer, and after it a cut wherever one of our words ends, so that no piece ever
    reaches over two of them ("12جنديا", "؛«"): the second would have no piece and could never be marked.
    SentencePiece's mark of a word's beginning stays with what follows it."""
    cut = pre_tokenizers.Split(Regex(r"▁?(?:\p{Nd}+|[^\W\p{Nd}_]+|.)"), "isolated")
    return pre_tokenizers.Sequence([theirs, cut] if theirs is not None else [cut])


def has_cleanup(source: str) -> bool:
    """Whether the clean-up is in the ``tokenizer.json`` whose text is ``source``, as in every one that this project
    wrote. The vocabulary does not tell: a published one may well hold a tatweel."""
    return "\u0640" in json.dumps(json.loads(source).get("normalizer"), ensure_ascii=False)


def pre_tokenizer() -> pre_tokenizers.PreTokenizer:
    """White space, each punctuation mark alone, and digits apart from the letters they are glued to."""
    return pre_tokenizers.Sequence([pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Digits(individual_digits=False)])
