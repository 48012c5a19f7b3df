"""The words that say how it is known who attacked: claims (تبنى، أعلن مسؤوليته), accusations (اتهم، حمّل،
يُعتقد), denials (نفى).

``find_cues(tokens)`` -> every cue of a text, negated ones left out ("لم تعلن أي جهة مسؤوليتها" claims nothing).
Whose attack a cue speaks of is `attribution`'s to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .arabic import fold
from .folded import Token, bare, word_at
from .results import ACCUSED, CLAIMED, DENIED


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


def _verbs(stems: str) -> frozenset[str]:
    """Third person of the past (أعلن، أعلنت، أعلنوا) and of the present (يعلن، تعلن، يعلنون) of regular verbs."""
    past = [
        stem + ending for stem in fold(stems).split() for ending in ("", "ت", "وا", "ا", "تا", "ه", "ها", "ته", "تها")
    ]
    bases = [stem.removeprefix("ا") if stem.startswith("ا") else stem for stem in fold(stems).split()]
    return frozenset(past) | {
        person + base + end for base in bases for person in "يت" for end in ("", "ون", "ان", "ه", "ها")
    }


#: Verbs of saying, whose subject speaks for himself.
SAYING = _verbs("أعلن أكد ذكر صرح أوضح أضاف كشف أشار بين") | _set(
    "قال قالت قالوا يقول تقول يقولون قائلا قائلة أفاد أفادت يفيد تفيد نقل نقلت نشر نشرت معلنا معلنة مؤكدا "
    "مؤكدة أعلنوا زعم "
    "زعمت يزعم تزعم ادعى ادعت يدعي تدعي إعلان وأضافت اعترف اعترفت يعترف تعترف أقر أقرت يقر تقر أبلغ أبلغت "
    "بث بثت أصدر أصدرت"
)
_OWNING = _verbs("أعلن أكد") | _set(
    "زعم زعمت يزعم تزعم ادعى ادعت يدعي تدعي إعلان اعترف اعترفت يعترف تعترف أقر أقرت معلنا معلنة تحمل تحملت يتحمل تتحمل"
)
_ADOPTING = _set(
    "تبنى تبنت تبنوا يتبنى تتبنى يتبنون تبنته تبناه تبناها تبنتها تبنيه تبنيها تبنيهم تبني متبنيا متبنية "
    "لتبني بتبني بتبنيها بتبنيه"
)
_HIS_RESPONSIBILITY = frozenset(
    form + whose for form in ("مسووليت", "مسيوليت", "المسووليه", "المسيوليه") for whose in ("ه", "ها", "هم", "هما", "")
) - {"مسووليت", "مسيوليت"} | {"المسووليه", "المسيوليه"}
_RESPONSIBILITY = _HIS_RESPONSIBILITY | _set("مسؤولية مسئولية بالمسؤولية بمسؤولية")
_DENYING = _set("نفى نفت نفوا ينفي تنفي ينفون نافيا نافية نفي نفيه نفيها نفيهم أنكر أنكرت ينكر تنكر نفيا")
#: What is denied, where it is a part in the attack and not somebody's death or a report's detail.
_DENIED_PARTS = tuple(
    fold("مسؤولي مسئولي ضلوع تورط صلت علاق تنفيذ شن استهداف قصف وقوف مشارك قيام استخدام ارتكاب هجوم").split()
)
_DENIED_WORDS = _set("ذلك الاتهامات الاتهام الادعاءات المزاعم اتهامات مزاعم ادعاءات صلة علاقة") | _set(
    "تكون يكون يكونوا"
)
_ACCUSING = _set(
    "اتهم اتهمت اتهموا يتهم تتهم يتهمون اتهام اتهامات اتهامه اتهامها متهما متهمة متهمين المتهم المتهمة "
    "المتهمون المتهمين "
    "متهم متهمون باتهام اتهمه اتهمها"
)
_BLAMING = _set("حمل حملت حملوا يحمل تحمل يحملون محملا محملة تحميل حملته حملها")
_IMPUTING = _set("نسب نسبت نسبه نسبها تنسب ينسب نسبته منسوب منسوبة المنسوب المنسوبة")
_BELIEVING = _set("يعتقد يرجح يشتبه اشتبه المشتبه مشتبه يظن المشتبهين مرجحا ويعتقد المفترض المزعوم للاشتباه الأرجح")
_CONFESSING = _set("اعترف اعترفت اعترفوا يعترف تعترف أقر أقرت يقر تقر معترفا")
_CONFESSED = _set(
    "بالمشاركة بمشاركته بتنفيذ بتنفيذه بتنفيذها بارتكاب بارتكابه بالتورط بتورطه بقتل بقتله بالتخطيط "
    "بالضلوع بضلوعه بإطلاق"
)
_REFUSALS = _set("رفض رفضت يرفض ترفض رافضا رافضة رفضه رفضها")
_NEGATIONS = _set("لم لن لا ما دون بدون عدم ليس ليست وعدم بلا")
_NOBODY = _set("أي أية أحد جهة مجموعة جماعة تنظيم")
_OPENING = _DENYING | _ACCUSING | _BLAMING | _IMPUTING | _BELIEVING | _ADOPTING | _OWNING
#: How many words may lie between the two parts of a cue.
_REACH = 10


class RawCue(NamedTuple):
    """A cue's status and tokens [first, last]; ``passive``: nobody accuses by name (يُعتقد، المشتبه به)."""

    status: str
    first: int
    last: int
    passive: bool = False


def find_cues(tokens: Sequence[Token]) -> list[RawCue]:
    """Every cue of one sentence's ``tokens``, in text order."""
    found = [cue for i in range(len(tokens)) if (cue := _cue(tokens, i)) is not None]
    # "أعلن … تبنيه", "نفى … مسؤوليته": where cues overlap, the one that begins first tells more
    kept: list[RawCue] = []
    for cue in found:
        if not kept or cue.first > kept[-1].last:
            kept.append(cue)
    return kept


def _cue(tokens: Sequence[Token], i: int) -> RawCue | None:
    word = tokens[i].word
    if not bare(word, _OPENING):
        return None
    if bare(word, _DENYING):
        last = _denied(tokens, i)
        return RawCue(DENIED, i, last) if last is not None and not _negated(tokens, i) else None
    if bare(word, _ACCUSING):
        return None if _negated(tokens, i) else RawCue(ACCUSED, i, i, word.removeprefix("ال").startswith("متهم"))
    if bare(word, _BLAMING):
        last = _ahead(tokens, i, _RESPONSIBILITY, 16)
        return RawCue(ACCUSED, i, last) if last is not None and not _negated(tokens, i) else None
    if bare(word, _IMPUTING):
        last = next(
            (k for k in range(i + 1, min(i + 6, len(tokens))) if tokens[k].word.startswith(("الي", "لل"))), None
        )
        return RawCue(ACCUSED, i, last if tokens[last].word == "الي" else i) if last is not None else None
    if bare(word, _BELIEVING):
        return None if _negated(tokens, i) else RawCue(ACCUSED, i, i, True)
    if bare(word, _ADOPTING):
        denied = any(bare(word_at(tokens, k), _DENYING) for k in range(i - 8, i))
        return None if denied or _negated(tokens, i) else RawCue(CLAIMED, i, i)
    if bare(word, _OWNING):
        owned = _HIS_RESPONSIBILITY | _ADOPTING | (_CONFESSED if bare(word, _CONFESSING) else frozenset())
        last = _ahead(tokens, i, owned)
        return RawCue(CLAIMED, i, last) if last is not None and not _negated(tokens, i) else None
    return None


def _ahead(tokens: Sequence[Token], i: int, words: frozenset[str], reach: int = _REACH) -> int | None:
    """The first of ``words`` within reach behind ``tokens[i]``, with no other cue's verb in between."""
    for k in range(i + 1, min(i + 1 + reach, len(tokens))):
        if bare(tokens[k].word, words):
            return None if _negated(tokens, k) else k
        if bare(tokens[k].word, _DENYING) or bare(tokens[k].word, _ACCUSING) or tokens[k].word in ".؛\n":
            return None
    return None


def _denied(tokens: Sequence[Token], i: int) -> int | None:
    for k in range(i + 1, min(i + 1 + _REACH, len(tokens))):
        word = tokens[k].word
        if any(rest in _DENIED_WORDS or rest.startswith(_DENIED_PARTS) for rest in {word, word.removeprefix("ال")}):
            return k
        if word in (".", "؛"):
            return None
    return None


def _negated(tokens: Sequence[Token], i: int) -> bool:
    """لم تعلن, دون أن تتبنى, لم تسارع أي جهة لتبني: a negation right before, or farther off with a "nobody" between."""
    for back in range(1, 8):
        word = word_at(tokens, i - back)
        if not word or word in ("،", ".", "؛"):
            return False
        if bare(word, _REFUSALS) and back <= 3:
            return True
        if bare(word, _NEGATIONS):
            between = [word_at(tokens, k) for k in range(i - back + 1, i)]
            return back <= 2 or any(bare(w, _NOBODY) for w in between)
    return False
