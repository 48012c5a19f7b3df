"""A mention as a name: what of it identifies, and what only says of which kind it is, who acts for it, how it is
judged.

"طائرات التحالف الدولي" as attacker is (تحالف, دولي), "تنظيم داعش الإرهابي" is (داعش) of the kind تنظيم, "مسلحون
مجهولون" names nobody. What it leaves out: which mentions go together, which is `entities`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from .arabic import fold
from .entity_words import (
    ADJECTIVE_ENDINGS,
    ADJECTIVE_WORDS,
    ALIASES,
    BREAKS,
    COMMON,
    FORCES,
    KINDS,
    KNOWN,
    MACHINES,
    QUALIFIERS,
    STATE_WORDS,
    STATES,
    bare,
)
from .number_words import NUMBER_WORDS

_WORD = re.compile(r"[^\W_]+")
_CASES = (("ون", "ين"), ("ان", "ين"), ("يا", "ي"))


class Name(NamedTuple):
    """``words``: bare and folded, aliases replaced; ``core``: those that identify; ``kind`` said by a head (تنظيم);
    ``definite``: by article, by idafa or as a proper name; ``naming``: more than a common noun; ``state``: "@" and the
    state where the mention means one as attacker; ``forced``: a head acts for the core (طائرات التحالف)."""

    words: tuple[str, ...]
    core: tuple[str, ...]
    kind: str
    definite: bool
    naming: bool
    state: str
    forced: bool


@lru_cache(maxsize=1 << 14)
def read_name(name: str, role: str) -> Name:
    """The parts of a mention's ``name`` (`names.naming_form`) in ``role``. Never raises; long names are cut."""
    raw = _WORD.findall(fold(name[:300]))[:24]
    while len(raw) > 1 and (raw[0].isdecimal() or raw[0] in NUMBER_WORDS.keys() - _PART_OF):
        raw = raw[1:]  # ثلاثة مسلحين
    if not raw:
        return Name((), (), "", False, False, "", False)
    definite = _is_definite(raw)
    words = _aliased([bare(word) for word in raw])
    words = [STATES.get(word, word) for word in words]
    words = [word for word in words if word not in QUALIFIERS] or words
    kind, core = "", list(words)
    described = all(word.startswith("ال") for word in raw[:2]) and bare(raw[0]) != "عاصمه"  # الجماعة المرتبطة
    while len(core) > 1 and core[0] in KINDS and not described and not _describes(core[1], core[0]):
        kind = kind or KINDS[core[0]]
        core = core[1:]
        if kind == "عاصمه" and len(core) > 1 and core[0].startswith("@"):
            core = core[1:]  # العاصمة السورية دمشق
    forced = False
    if role == "attacker":
        stripped = _without_forces(core)
        forced, core = len(stripped) < len(core), stripped
    if role == "location" and len(core) > 1 and core[-1].startswith("@") and core[0] not in COMMON:
        core = core[:-1]  # مدينة نيس الفرنسية
    state = _state(words, core) if role == "attacker" else ""
    known = KNOWN if kind or role in ("attacker", "source") else KNOWN - _HOMONYMS
    naming = bool(state or kind) or any(word in known or _is_name(word) for word in core)
    return Name(tuple(words), tuple(core), kind, definite or core[0] in known, naming, state, forced)


def stem(word: str) -> str:
    """A bare word with the endings of its cases made one (مسلحون, مسلحين); one and several stay apart (سائق,
    سائقون)."""
    for ending, rest in _CASES:
        if word.endswith(ending) and len(word) > 5:
            return word.removesuffix(ending) + rest
    return word


def _aliased(words: list[str]) -> list[str]:
    """``words`` with each known phrase replaced; a name beside its own alias is said once (حركة المقاومة حماس)."""
    found: list[str] = []
    i = 0
    while i < len(words):
        for phrase, name in ALIASES:
            if tuple(words[i : i + len(phrase)]) == phrase:
                found += [word for word in name if word not in found]
                i += len(phrase)
                break
        else:
            if words[i] not in found or words[i] not in KNOWN:
                found.append(words[i])
            i += 1
    return found


def _is_definite(raw: list[str]) -> bool:
    first = raw[0]
    if first in _PART_OF:
        return False
    if first != bare(first) or (first.startswith("ال") and len(first) > 3):
        return True
    if first not in COMMON and first not in KINDS:
        return True
    if len(raw) == 1:
        return first in KNOWN
    at = 1
    while at < len(raw) - 1 and raw[at] in COMMON:
        at += 1  # قائد قوة التدخل
    second = raw[at]
    if (second.startswith("ال") and len(second) > 3) or second in KNOWN or second in _STATE_NAMES:
        return True
    return first in KINDS and second not in BREAKS and not _describes(second, first)


#: أحد المسلحين is one of many, whoever they are.
_PART_OF = frozenset(fold("أحد إحدى بعض عدد باقي بقية عشرات مئات آلاف معظم غالبية جميع كل عدة").split())
#: Names that are common nouns as well: bases, young people and some Houthis are hit, too.
_HOMONYMS = frozenset(("قاعده", "شباب", "فتح", "حوثي"))
_STATE_NAMES = frozenset(fold(state[1:]) for state in STATES.values())


def _is_adjective(word: str) -> bool:
    return word in ADJECTIVE_WORDS or (word.endswith(ADJECTIVE_ENDINGS) and len(word) > 4 and word not in KNOWN)


def _is_name(word: str) -> bool:
    return word not in COMMON and word not in KINDS and not _is_adjective(word)


def _describes(word: str, kind: str) -> bool:
    """Is ``word`` behind a head of ``kind`` an adjective that agrees with it (مدينة ساحلية, تنظيم إرهابي) and no
    name?"""
    ending = "يه" if kind.endswith(("ه", "ا", "ات")) else "ي"
    agrees = word.endswith(ending) and len(word) > 4
    return word not in KNOWN and (word in ADJECTIVE_WORDS or agrees or word in BREAKS or word in COMMON)


def _without_forces(words: list[str]) -> list[str]:
    """Words behind heads that act for their owner; all of them where no owner is named (الطائرات الحربية)."""
    at = 0
    while at < len(words) - 1 and (words[at] in FORCES or (at and words[at] in ("جو", "من"))):
        at += 1
    rest = words[at:]
    while len(rest) > 1 and rest[0] in KINDS and not _describes(rest[1], rest[0]):
        rest = rest[1:]  # عناصر تنظيم داعش
    owner = [word for word in rest if not _is_adjective(word) or word in ("شرعيه",)]
    return rest if at and owner and rest[0] not in BREAKS else words


def _state(words: list[str], core: list[str]) -> str:
    """The state whose own forces a mention names: إسرائيل, الجيش الإسرائيلي, طائرات روسية, غارة [سورية]."""
    states = {word for word in words if word.startswith("@")}
    rest = [word for word in words if not word.startswith("@")]
    if len(states) != 1 or not all(word in STATE_WORDS or word in MACHINES for word in rest):
        return ""
    return states.pop()
