"""Names of mentions: the surface without attached letters (بالرقة is الرقة) and without marks at its edges.

What it does: cuts و ف ب ل ك from the first word of a mention where they are attached, by rules over the word lists of
`lexicon`, and turns a lone adjective (روسية) into the state it names. What it leaves out: the rest of the mention,
whose letters belong to its grammar, and any choice between two spellings of one name.
"""

from __future__ import annotations

import re
import unicodedata

from .arabic import MARK_CLASS, fold, strip_letters
from .demonyms import ADJECTIVES
from .lexicon import ATTACHED, HEADS, NO_ARTICLE, REAL, SHORT, STEMS, VERBAL, fold_alif, fold_ends

_WORD = re.compile(rf"(?:[^\W\d_]|[{MARK_CLASS}])+")
_MARK = re.compile(f"[{MARK_CLASS}]")
#: A longer run of letters is no Arabic word; it is left alone.
_LONGEST = 40
_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»", "“": "”", "‘": "’", "<": ">"}
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items()}
#: Marks that close as they open; copy also writes ”so” on both sides.
_QUOTES = frozenset("\"'`´”’")

#: The letter after an attached ب, ل: in words that begin بم, بع, بق the ب is attached unless `lexicon` knows better;
#: in words that begin بر, بو, بي it is the word's own unless the stem is known. Counted, not guessed.
_AFTER_B = frozenset("متأإآحعسبجقفشكخصهغزثضذظ")
_AFTER_L = frozenset("متأإآرصشحظطثذزجخسفقضنهدعبكغ")
#: Endings under which a listed word is still itself; the longer ones only where four letters remain.
_ENDINGS = "ها هم هما نا ه ا ين ان ات اته اتها اتهم ته تها تهم تي تين تان"
_LONG_ENDINGS = "ي يه يا يين يون يان يات ون تا تنا هن كم"
_SHORTEST = [(ending, 3) for ending in _ENDINGS.split()] + [(ending, 4) for ending in _LONG_ENDINGS.split()]


def strip_clitics(text: str) -> str:
    """The surface name of a mention: edge marks off, then the letters attached to its first word.

    The result is a substring of ``text``, but for لل, which gives back the article it swallowed: "للجيش" -> "الجيش".
    A mention of nothing but marks comes back as it is, stripped of blanks. Never raises; linear in the length.
    """
    trimmed = _trim(text)
    match = _WORD.match(trimmed)
    if match is None:
        return trimmed or text.strip()
    letters, places = _letters(match[0])
    cut, article = _attached(letters)
    if cut == len(letters) and match.end() < len(trimmed):
        return _trim(trimmed[match.end() :]) or trimmed  # "و (القوات)", 'ل"داعش"', "بـ12"
    if cut == 0 or cut >= len(letters) or places[cut] == places[cut - 1]:
        return trimmed
    return _trim(("ال" if article else "") + trimmed[places[cut] :]) or trimmed


def naming_form(text: str, role: str, before: str = "") -> str:
    """What a mention is called in a frame: `strip_clitics`, and for an attacker named by an adjective, the state.

    "إسرائيلية" and "الروسي" as ``role`` "attacker" are "إسرائيل" and "روسيا". An adjective in the masculine can be a
    man as well ("أطلق فلسطيني النار"); give the text ``before`` the mention, and it counts as an adjective only
    behind a word for a deed or a weapon (قصف, هجوم, صاروخ) or another adjective.
    """
    name = strip_clitics(text)
    if role != "attacker" or len(name) > _LONGEST or " " in name:
        return name
    word = fold(name)
    state, masculine = _STATES.get(word) or _STATES.get(word.removeprefix("ال")) or ("", False)
    if not state or (masculine and before and not _follows_deed(before)):
        return name
    return state


def _trim(text: str) -> str:
    """``text`` without blanks, bidi marks and punctuation at its edges, save a closer whose opener stays inside."""
    start, end = 0, len(text)
    partners = _partners(text)
    while start < end:
        first, last = start, end - 1
        if (_is_edge(text[first]) or unicodedata.combining(text[first])) and not start < partners.get(first, -1) < last:
            start += 1
        elif _is_edge(text[last]) and not first <= partners.get(last, -1) < last:
            end -= 1
        else:
            break
    return text[start:end]


def _is_edge(char: str) -> bool:
    return char.isspace() or char == "ـ" or unicodedata.category(char)[0] in "PSCZ"


def _partners(text: str) -> dict[int, int]:
    """Index of each bracket and quote -> index of the one that pairs with it."""
    pairs: dict[int, int] = {}
    open_at: dict[str, list[int]] = {}
    for i, char in enumerate(text):
        opener = _CLOSERS.get(char, char)
        waiting = open_at.get(opener) or (open_at.get(char) if char in _QUOTES else None)
        if char not in _PAIRS and waiting and not (char in _QUOTES and _opens(text, i)):
            j = waiting.pop()
            pairs[i], pairs[j] = j, i
        elif char in _PAIRS or char in _QUOTES:
            open_at.setdefault(char, []).append(i)
    return pairs


def _opens(text: str, i: int) -> bool:
    """Does a quote open rather than close, by the blank before it and the letter behind it?"""
    return (i == 0 or text[i - 1].isspace()) and i + 1 < len(text) and not text[i + 1].isspace()


def _letters(word: str) -> tuple[str, list[int]]:
    """The letters of ``word`` without marks, in one form each, and the index in ``word`` of every one."""
    letters: list[str] = []
    places: list[int] = []
    for i, char in enumerate(word):
        if not _MARK.match(char):
            shaped = unicodedata.normalize("NFKC", char).replace("ک", "ك").replace("ی", "ي")
            letters.extend(shaped)
            places.extend([i] * len(shaped))
        if len(letters) > _LONGEST:
            break
    return "".join(letters), places


def _attached(word: str) -> tuple[int, bool]:
    """How many letters are attached to a bare ``word``, and whether the article has to be given back (لل)."""
    if len(word) > _LONGEST or not word:
        return 0, False
    if len(word) == 1:
        return (1 if word in "وفبلك" else 0), False
    latin = next((i for i, char in enumerate(word) if char.isascii()), 0)
    if latin:  # لCNN, والـBBC
        return (latin if set(word[:latin]) <= set("وفبلكا") else 0), False
    joined = 1 if word[0] in "وف" and _is_joined(word) else 0
    cut, article = _preposition(word[joined:])
    return joined + cut, article


def _is_joined(word: str) -> bool:
    """Is the و or ف that ``word`` begins with a conjunction?"""
    if _is_real(word):
        return False
    rest = word[1:]
    if (rest.startswith(("ال", "لل")) and len(rest) > 3) or _is_known(rest):
        return True
    if len(rest) < 3:
        return False
    if word[0] == "ف":
        return rest[0] in "أإ" or _is_verbal(rest) or (rest[0] in "بلك" and rest[1:3] == "ال" and len(rest) > 4)
    return rest[0] not in "يئؤ" or rest.startswith("يا")


def _preposition(word: str) -> tuple[int, bool]:
    """Letters of ب ل ك attached to ``word``: how many to cut, and whether to give back the article."""
    if word[:1] not in ("ب", "ل", "ك") or _is_real(word):
        return 0, False
    rest = word[1:]
    if word.startswith("لل") and len(word) > 3:
        return _with_article(word)
    if rest.startswith("ال") and len(rest) > 3:
        return 1, False
    if word[0] == "ك":  # like a …: seldom, and كا… كن… are rich in names
        return (1 if fold_alif(rest) in HEADS else 0), False
    if _is_known(rest) or _is_verbal(rest):
        return 1, False
    usual = _AFTER_B if word[0] == "ب" else _AFTER_L
    return (1 if rest[:1] in usual and len(rest) > 2 else 0), False


def _with_article(word: str) -> tuple[int, bool]:
    """للجيش is ل + الجيش; للجنة is ل + اللجنة, whose lam was written once; للبنان is ل + لبنان."""
    rest = word[1:]
    if fold_ends(rest) in NO_ARTICLE:
        return 1, False
    return (1, True) if _is_real(rest) else (2, True)


def _is_known(word: str) -> bool:
    """Is ``word`` a stem of the lists, alone or with an ending?"""
    if len(word) < 3:
        return word in SHORT
    return _is_real(word) or any(form in STEMS or form in HEADS for form in _bases(fold_alif(word)))


def _is_real(word: str) -> bool:
    """Does ``word`` begin with a letter of its own, by the list of such words?"""
    folded = fold_ends(word)
    return folded not in ATTACHED and any(form in REAL for form in _bases(folded))


def _is_verbal(word: str) -> bool:
    return word.startswith(VERBAL) and len(word) > 4


def _bases(word: str) -> list[str]:
    """``word`` and what is left of it without an ending (وزارته -> وزارة, وحدات -> وحدة)."""
    found = [word]
    for ending, shortest in _SHORTEST:
        base = word.removesuffix(ending)
        if shortest <= len(base) < len(word):
            found += [base, base + "ه"]
    return found


def _states() -> dict[str, tuple[str, bool]]:
    """Folded form of an adjective -> (state, whether the form is masculine singular and may be a man)."""
    table: dict[str, tuple[str, bool]] = {}
    for adjective, state in ADJECTIVES.items():
        form = fold(adjective)
        table |= dict.fromkeys((form, form + "ا"), (state, True))
        table |= dict.fromkeys((form + "ه", form + "تين", form + "تان"), (state, False))
    return table


_STATES = _states()
#: Words that a masculine adjective qualifies when it names who did the deed.
_DEEDS = frozenset(
    fold(
        "قصف هجوم عدوان استهداف اعتداء تفجير اقتحام توغل كمين إطلاق نار رصاص صاروخ صواريخ مقذوف قذيفة قذائف طيران "
        "سلاح مدفع تحليق اجتياح غزو احتلال تدخل إنزال كوماندوز نيران رد انتقام تصعيد عمل غارات غارة ضربات عملية جيش"
    ).split()
)


def _follows_deed(before: str) -> bool:
    """Does ``before`` end in a word for a deed or a weapon, in what qualifies it (جوي), or in another adjective?"""
    words = re.findall(r"[^\W\d_]+", fold(before[-_LONGEST * 2 :]))[-2:]
    if words and words[-1].removeprefix("ال") in _STATES:  # القصف الروسي [والسوري]
        return True
    return any(rest in _DEEDS or rest.removesuffix("ا") in _DEEDS for word in words for _, rest in strip_letters(word))
