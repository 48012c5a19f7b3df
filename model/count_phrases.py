"""The words around a number that bound it (نحو, أكثر من, على الأقل), and those that stand for one (عشرات, بضعة).

Tables of folded phrases and the three functions that look them up. Reading the number itself is `number_words`.
"""

from __future__ import annotations

from typing import NamedTuple

from .arabic import fold, strip_letters
from .number_words import SCALES, TEN, Word

ABOUT, MORE, LESS, AT_LEAST, AT_MOST, BETWEEN = "about", "more", "less", "at least", "at most", "between"


def _phrases(table: dict[str, str]) -> dict[tuple[str, ...], str]:
    return {tuple(fold(phrase).split()): bound for bound, row in table.items() for phrase in row.split(",")}


#: Phrases that end where the number begins.
_BEFORE = _phrases(
    {
        ABOUT: "نحو,نحوا من,حوالي,حوالى,حول,قرابة,زهاء,يقارب,تقارب,قارب,يقرب من,تقرب من,يناهز,تناهز,ناهز,في حدود,بحدود,"
        "تقريبا,تقريب,قريبا من,قريب من,على وجه التقريب,يقدر,تقدر,قدر,يقدر عددهم,يقدر عددها,ما يوازي,يعادل",
        MORE: "أكثر من,أزيد من,أكبر من,أعلى من,يزيد على,يزيد عن,تزيد على,تزيد عن,زاد على,زاد عن,يزيد عددهم عن,"
        "يزيد عددهم على,يربو على,يربو عن,تربو على,ينوف على,ينوف عن,يفوق,تفوق,فاق,يفوق عددهم,تجاوز,تجاوزت,يتجاوز,تتجاوز,"
        "يتجاوز عددهم,تجاوز عددهم,تعدى,تعدت,يتعدى,تتعدى,تخطى,تخطت,يتخطى,تتخطى,فوق,تجاوز عدد القتلى,تجاوز عدد الجرحى,"
        "تجاوز عدد الضحايا,تجاوز عدد المصابين,تجاوز عدد الشهداء,نيف",
        LESS: "أقل من,أدنى من,يقل عن,تقل عن,قل عن,يقل عن عن,دون",
        AT_LEAST: "على الأقل,على أقل تقدير,كحد أدنى,بحد أدنى",
        AT_MOST: "يصل إلى,تصل إلى,يصل عددهم إلى,يصل عددها إلى,حتى,لغاية,كحد أقصى,بحد أقصى,أقصاه,على الأكثر",
        BETWEEN: "بين",
        "": "من بين",  # among, not between
    }
)
#: Phrases behind the number, in its clause.
_AFTER = _phrases(
    {
        ABOUT: "تقريبا,تقريب,على وجه التقريب,بالتقريب",
        MORE: "ونيف,ونيفا",
        AT_LEAST: "على الأقل,على أقل تقدير,كحد أدنى,بحد أدنى,أو أكثر,أو يزيد,أو يزيدون,فأكثر,فما فوق,"
        "فما فوقها,وما فوق,فصاعدا",
        AT_MOST: "على الأكثر,على أكثر تقدير,كحد أقصى,بحد أقصى,أو أقل,فأقل,فما دون",
    }
)
_LONGEST = max(map(len, _BEFORE))
_NEGATIONS = frozenset(fold("لا لم لن ليس ليست").split())
_NEGATED = {MORE: AT_MOST, LESS: AT_LEAST}
#: Words that may stand between a bounding phrase and the number, or between two phrases.
_FILLERS = frozenset(fold("ما عتبة حاجز سقف يتراوح تتراوح تراوح عددهم عددها عدد عدده").split())
_MAY_BE_GLUED = frozenset(fold("يقل تقل يزيد تزيد يتجاوز تتجاوز يتعدى يقارب يقرب يناهز بين يربو يفوق يصل").split())

#: Words that end the clause in which a bound still belongs to the number before them.
STOPS = frozenset(
    fold("في بعد قبل خلال إثر جراء عندما حين حيث فيما بينما بينهم بينها بينهما منهم منها وبينهم وبينها إن أن").split()
) | frozenset(fold("الذين التي الذي اللذين اللذان وفق حسب بحسب وفقا عند أثناء لدى لكن").split())
ORDINALS = frozenset(
    ending
    for word in fold("أول أولى ثاني ثانية ثالث رابع خامس سادس سابع ثامن تاسع عاشر حادي حادية").split()
    for ending in (word, word + "ه", word + "ا")
)
#: Fractions of a whole: they count nobody.
PARTS = frozenset(fold("نصف نصفهم نصفها ثلث ثلثهم ثلثها ثلثا ثلثي ثلثين ربع ربعهم ربعها أرباع أخماس خمسا").split())

_VAGUE_SCALES = {
    "عشرات": 10,
    "ميات": 100,
    "مايات": 100,
    "الاف": 1_000,
    "الوف": 1_000,
    "ملايين": 10**6,
    "مليارات": 10**9,
}
_FEW = {"بضع": 3, "بضعه": 3, "عده": 2}
_SOME = frozenset(
    fold(
        "عدد عددا عديد عديدة عديدون عديدين أعداد أعدادا كثير كثيرا كثيرة كثيرون كثيرين كثر بعض بعضا قليل قليلا قليلة "
        "قليلون قليلين قلة حفنة جملة رقم"
    ).split()
)


class Vague(NamedTuple):
    """The bounds of a word that stands for a number; ``most`` None: open. ``eats_number``: بضعة عشر, no plain ten."""

    least: int
    most: int | None
    eats_number: bool = False


def unglue(found: list[str]) -> list[str]:
    """Tokens with ما and لا parted from the verb they are written to ("مالايقل عن" -> ما لا يقل عن)."""
    parted: list[str] = []
    for token in found:
        for particle in ("ما", "لا"):
            rest = token.removeprefix(particle)
            if rest != token and (rest in _MAY_BE_GLUED or rest == "لا" or rest.removeprefix("لا") in _MAY_BE_GLUED):
                parted.append(particle)
                token = rest
        parted.append(token)
    return parted


def bounds_before(words: list[Word]) -> frozenset[str]:
    """The bounds that the last of ``words`` put on a number that begins right after them."""
    texts = [word.text for word in words]
    found: set[str] = set()
    end = len(texts)
    while end:
        if texts[end - 1] in _FILLERS:
            end -= 1
            continue
        size = next((n for n in range(min(_LONGEST, end), 0, -1) if _matches(texts, end - n, end)), 0)
        if not size:
            break
        bound = _BEFORE[_without_letters(texts, end - size, end)]
        end -= size
        if end and bound in _NEGATED and any(rest in _NEGATIONS for _, rest in strip_letters(texts[end - 1])):
            bound = _NEGATED[bound]
            end -= 1
        found.add(bound)
    return frozenset(found - {""})


def bounds_after(words: list[Word]) -> frozenset[str]:
    """The bounds that phrases anywhere in ``words``, the clause behind a number, put on it."""
    texts = [word.text for word in words]
    return frozenset(
        bound
        for i in range(len(texts))
        for phrase, bound in _AFTER.items()
        if tuple(texts[i : i + len(phrase)]) == phrase
    )


def _matches(texts: list[str], start: int, end: int) -> bool:
    return _without_letters(texts, start, end) in _BEFORE


def _without_letters(texts: list[str], start: int, end: int) -> tuple[str, ...]:
    """``texts[start:end]`` with letters taken off the first word if that makes a known phrase (بأكثر من, ونحو)."""
    tail = tuple(texts[start + 1 : end])
    for _, rest in strip_letters(texts[start]):
        # ليصل إلى says "to reach", an exact figure; يصل إلى says "up to".
        if (rest, *tail) in _BEFORE and not (texts[start].startswith("ل") and rest in ("يصل", "تصل")):
            return (rest, *tail)
    return (texts[start], *tail)


def vague(words: list[Word]) -> Vague | None:
    """The first word, or pair of words, of ``words`` that stands for a number without being one.

    عشرات is 20 to 99, مئات 200 to 999, آلاف 2,000 to 9,999 (more would be عشرات الآلاف), بضعة 3 to 9; عدة, عدد, العديد
    and their like are 2 at least.
    """
    for i, word in enumerate(words):
        following = words[i + 1] if i + 1 < len(words) else None
        scale = _reading(word, _VAGUE_SCALES)
        if scale is not None:
            return _scaled(2, scale, following)
        few = _reading(word, _FEW)
        if few is not None:
            return _few(few, following, words[i + 2] if i + 2 < len(words) else None)
        if any(rest in _SOME for _, rest in strip_letters(word.text)):
            return Vague(2, None)
    return None


def _few(few: int, following: Word | None, last: Word | None) -> Vague:
    if following is not None and following.kind == TEN and not following.joined:
        return Vague(10 + few, 19, eats_number=True)  # بضعة عشر
    scale = _reading(following, _VAGUE_SCALES) if following is not None else None
    if scale is not None:
        return _scaled(few, scale, last)
    return Vague(few, 9 if few == 3 else None)


def _scaled(least: int, scale: int, following: Word | None) -> Vague:
    """عشرات is 20 to 99; عشرات الآلاف 20,000 to 99,999."""
    by = following.value if following is not None and following.kind == SCALES and following.value > scale else 1
    return Vague(least * scale * by, 10 * scale * by - 1)


def _reading(word: Word | None, table: dict[str, int]) -> int | None:
    if word is None:
        return None
    return next((table[rest] for _, rest in strip_letters(word.text) if rest in table), None)
