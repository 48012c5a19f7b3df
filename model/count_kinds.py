"""What a count counts: people killed, wounded or taken, things destroyed, or casualties of a kind left open.

The counted noun decides where it can (قتلى, جريحاً, رهائن, دبابات); for شخصاً, جنود, آخرين the word that governs the
count does: the nearest before it in its sentence, or the verb after it. Words are compared folded and without
attached letters; nothing here reads a sentence's grammar.
"""

from __future__ import annotations

from .arabic import fold, strip_letters, tokens
from .nouns import is_thing

KILLED, WOUNDED, TAKEN, DESTROYED, CASUALTIES = "killed", "wounded", "taken", "destroyed", "casualties"
#: How much of a sentence is read on each side: a governing word stands nearer than this.
_REACH = 600

_NOUNS = {
    KILLED: "قتلى قتيل قتيلا قتيلة قتيلان قتيلين قتيلتان قتيلتين شهداء شهيد شهيدا شهيدة شهيدان شهيدين جثة جثث جثتان "
    "جثتين جثامين جثمان جثمانا وفاة وفيات",
    WOUNDED: "جرحى جريح جريحا جريحة جريحان جريحين مصاب مصابا مصابة مصابون مصابين مصابان إصابة إصابات مجروح مجروحا "
    "مجروحين حالات",
    TAKEN: "رهينة رهائن رهينتين رهينتان مختطف مختطفا مختطفين مختطفون مخطوف مخطوفا مخطوفين مخطوفون محتجز محتجزا "
    "محتجزين محتجزون أسير أسيرا أسرى أسيرين أسيران معتقل معتقلا معتقلين معتقلون",
    CASUALTIES: "ضحية ضحايا مفقود مفقودا مفقودين مفقودون خسائر",
}
#: Verbs in the third person of the past; their endings and their present are made of these.
_VERBS = {
    KILLED: "قتل استشهد ارتقى توفى أعدم اغتال اغتيل ذبح أردى صرع أباد حصد لقى لقي قضى نحر",
    WOUNDED: "أصاب أصيب جرح",
    TAKEN: "خطف اختطف احتجز اعتقل استولى اقتاد سبى أسر أوقف",
    DESTROYED: "دمر تضرر أحرق احترق أعطب نسف هدم حطم تحطم خرب تهدم انهار فخخ",
}
#: Verbal nouns and fixed words that govern a count, beside the nouns above.
_GOVERNORS = {
    KILLED: "مقتل مقتله مقتلهم مصرع مصرعهم مصرعهما مصرعه حتفهم حتفهما حتفه استشهاد ارتقاء إعدام اغتيال تصفية تحييد "
    "هلاك إبادة بحياة حياتهم حياتهما أرواح روح لقوا قضوا ماتوا مات ماتا توفوا فارقوا أودى أودت أودوا وفاتهم القضاء "
    "ضحيته ضحيتها",
    WOUNDED: "بجروح بجراح جراحهم اختناق اختناقا جروح",
    TAKEN: "اختطاف احتجاز اعتقال استيلاء توقيف ضبط القبض",
    DESTROYED: "تدمير إحراق حرق إعطاب هدم تخريب تضرر أضرار أضرارا دمار نسف احتراق تحطيم تهديم انهيار",
}
#: A new clause begins at these; a governing word across one yields to a verb after the count.
_CLAUSE = frozenset(fold("إن أن بأن فإن وأن وإن أنه إنه فيما بينما حيث إذ لكن كما عندما حين بعدما").split())
_COMMAS = frozenset('،,؛;()"«»“”–—')
_STOPS = frozenset(".!?؟:\n…")


def _forms_of(verb: str) -> set[str]:
    past = {verb + ending for ending in ("", "ت", "وا", "ا", "تا", "ن", "تهم", "هم", "ها", "ته", "تها")}
    stem = verb.removeprefix("ا") if verb.startswith("ا") and len(verb) == 4 else verb
    return past | {person + stem + ending for person in "يت" for ending in ("", "ون", "وا", "ان", "هم", "ها")}


def _tables() -> tuple[dict[str, str], dict[str, str]]:
    nouns = {fold(word): kind for kind, words in _NOUNS.items() for word in words.split()}
    governors = {form: kind for kind, verbs in _VERBS.items() for v in fold(verbs).split() for form in _forms_of(v)}
    governors |= {fold(word): kind for kind, words in _GOVERNORS.items() for word in words.split()}
    return nouns, governors | nouns


_COUNTED, _GOVERNING = _tables()
#: "أسرة", family, is written like a form of أسر.
_GOVERNING.pop("اسره", None)
#: What lists some of those counted, with counts of their own: "60 مدنياً بينهم 12 طفلاً قتلوا".
_AMONG = frozenset(fold("بينهم بينها منهم منها").split())
#: Words behind a count that close it: what follows them begins the next.
_CLOSING = frozenset(fold("حتفهم مصرعهم مصرعهما حتفهما مصرعه حتفه بجروح بجراح").split())


def governing_kind(word: str) -> str | None:
    """The kind that a folded ``word`` gives the count it governs, None if it governs none."""
    return next((_GOVERNING[rest] for _, rest in strip_letters(word) if rest in _GOVERNING), None)


def _noun_words(noun: str, after: str) -> list[str]:
    """The words of the counted noun; of "من القتلى والجرحى" behind the span where the caller found none."""
    words = [w for w in tokens(fold(noun[:_REACH])) if w.isalpha()]
    words = words[1:] if words[:1] == ["من"] else words
    behind = tokens(fold(after[:_REACH].split("\n")[0]))[: len(words) + 3]
    behind = behind[1:] if behind[:1] == ["من"] else behind
    if behind[: len(words)] == words and behind and behind[0].isalpha():
        return behind  # the noun and what follows it: [القتلى] والجرحى
    return words


def _counted_kind(words: list[str]) -> str | None:
    if not words:
        return None
    kind = next((_COUNTED[rest] for _, rest in strip_letters(words[0]) if rest in _COUNTED), None)
    if kind in (KILLED, WOUNDED) and len(words) > 1:  # 70 قتيل وجريح
        second = next((_COUNTED[rest] for joined, rest in strip_letters(words[1]) if joined and rest in _COUNTED), kind)
        return kind if second == kind else CASUALTIES
    return kind


def _before(text: str) -> tuple[str | None, bool]:
    """(kind, whether it stands in the count's own clause) of the nearest governing word before the count."""
    same_clause = True
    words = tokens(_last_sentence(text))
    for i in range(len(words) - 1, -1, -1):
        if words[i] in _COMMAS or words[i] in _CLAUSE:
            same_clause = False
        kind = governing_kind(words[i])
        if kind is not None:
            return _paired(words, i, kind), same_clause
    return None, False


def _paired(words: list[str], i: int, kind: str) -> str:
    """مقتل وإصابة عشرين, القتلى والجرحى: two of a sort side by side leave the count's kind open.

    "لقوا حتفهم وأصيب 40", "قتلوا وجرح 40" and "12 قتيلاً وأصيب 40" are no pair: there the first word closes a count
    of its own.
    """
    at = i - 1 if words[i].startswith("و") else i - 2 if i > 1 and words[i - 1] in ("و", "او") else -1
    closed = words[at] in _CLOSING or (words[at].endswith("وا") and not words[i].endswith("وا"))
    if at < 0 or closed or (_is_counted(words[at]) and not _is_counted(words[i])):
        return kind
    return kind if governing_kind(words[at]) in (None, kind) else CASUALTIES


def _is_counted(word: str) -> bool:
    return any(rest in _COUNTED and rest != "اصابه" for _, rest in strip_letters(word))


def _last_sentence(text: str) -> str:
    folded = fold(text[-_REACH:].rstrip())
    for i in range(len(folded) - 1, -1, -1):
        between_digits = 0 < i < len(folded) - 1 and folded[i - 1].isdecimal() and folded[i + 1].isdecimal()
        if folded[i] in _STOPS and not between_digits:
            return folded[i + 1 :]
    return folded


def _after(text: str) -> str | None:
    """The kind of the verb that the counted people are subject of (قتلوا, لقوا مصرعهم, أصيبوا بجروح)."""
    words = tokens(fold(text[:_REACH].split("\n")[0]))
    listed = False
    for i, word in enumerate(words):
        listed = listed or word in _AMONG
        if word in _STOPS or word in _CLAUSE or (word[0].isdecimal() and not listed):
            return None
        kind = _GOVERNING.get(word)
        if kind is None:
            if word.startswith("و") and governing_kind(word) is not None:
                return None  # the next clause: "… وأصيب ثلاثون"
            continue
        if i and words[i - 1] == "بين" and len(words) > i + 1:  # بين قتيل وجريح
            return _paired(words, i + 1, governing_kind(words[i + 1]) or kind)
        return kind
    return None


def count_kind(before: str, noun: str, after: str = "") -> str:
    """The kind of a count: one of "killed", "wounded", "taken", "destroyed", "casualties" (when nothing says).

    ``before`` is the sentence up to the count's span (what precedes its last full stop is not read), ``noun`` the
    counted noun ("" if it has none), ``after`` the text behind the span. Never raises; reads 600 characters a side.
    """
    words = _noun_words(noun, after)
    counted = _counted_kind(words)
    if counted is not None:
        return counted
    earlier, same_clause = _before(before)
    later = _after(after)
    kind = earlier if earlier and (same_clause or not later) else later
    if words and is_thing(words[0]):
        return TAKEN if kind == TAKEN else DESTROYED
    if later == CASUALTIES:
        return CASUALTIES
    return kind or CASUALTIES
