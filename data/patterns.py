"""How many documents show each pattern of real copy: the coverage matrix by what is written, not by who wrote it.

`patterns` counts documents, not occurrences. What the text alone shows is found by the expressions below, what hangs on
the marks (an attacker that is an adjective, a dual as target, a deed without a doer) by the functions of `_MARKED`.
Arabic without vowels leaves some patterns to a guess: a passive is only counted where the marks name no attacker, and a
background paragraph is a last one that opens as such paragraphs do. The figures compare sets; none of them is exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

from .schema import Document, Event, Span

_NUMERAL = r"(?:\d[\d.,٫٬]*|ثلاث(?:ة)?|أربع(?:ة)?|خمس(?:ة)?|ست(?:ة)?|سبع(?:ة)?|ثماني(?:ة)?|تسع(?:ة)?|عشر(?:ة)?|عدة)"
_MONTH = (
    "يناير|فبراير|مارس|أبريل|ابريل|نيسان|مايو|أيار|ايار|يونيو|حزيران|يوليو|تموز|أغسطس|اغسطس|آب|سبتمبر|أيلول|ايلول"
    "|أكتوبر|اكتوبر|نوفمبر|ديسمبر|جانفي|فيفري|أفريل|جوان|جويلية|أوت|كانون|شباط|آذار|تشرين"
)
_VERB = "ستهدف|قصف|تعرض|قع|شن|هاجم"
_DEED = "غار(?:ة|ات)|ضرب(?:ة|ات)|قصف|هجوم|هجمات|هجومين|غارتين|غارتان|عدوان|صاروخ|طائر(?:ة|ات)|مسير(?:ة|ات)|مدفعي(?:ة)?"
_NOUN_FIRST = (
    "مقتل|إصابة|اصابة|سقوط|استشهاد|مصرع|انفجار|تفجير|تفجيرات|هجوم|هجمات|غارة|غارات|قصف|اشتباكات|اغتيال|خطف|اختطاف"
    "|قتيل|قتيلان|قتلى|جرحى|شهيد|شهداء|ضحايا|إعدام|طعن|كمين|عشرات|مئات"
)

#: Name and expression; a document shows the pattern where its text (or title) matches once.
SURFACE: dict[str, str] = {
    "tashkeel beside tanwin": "[\u064c-\u0650\u0652\u0670]|\u0651",
    "tatweel": "ـ",
    "hashtag": r"#\w",
    "quotes «»": "[«»]",
    'quotes "': '"',
    "quotes “ ”": "[“”]",
    "Latin letters in brackets": r"\([A-Za-z][^()]{0,40}\)",
    "digits 0-9": "[0-9]",
    "digits ٠-٩": "[٠-٩]",
    "digits ۰-۹": "[۰-۹]",
    "digits glued to letters": r"(?<!\w)[ء-ي]+\d|\d[ء-ي]",
    "no space after a full stop": r"[ء-ي]\.[ء-ي]",
    "hamza left out": r"(?<!\w)(?:و)?(?:الى|ان|او|اكد|اعلن|امس|اصيب|اصابة|اطلاق|اسفر|انباء|الامن)(?!\w)",
    "ى for ي": r"(?<!\w)(?:و)?(?:فى|التى|الذى|مصرى|اسرائيلى|إسرائيلى)(?!\w)",
}
WORDING: dict[str, str] = {
    "dateline": r"\A[^\n.،]{2,40}?(?: ?\([^)\n]{2,30}\))? ?[-–—:/] ",
    "claim of responsibility": r"(?<!\w)[وف]?(?:تبنّ?ى|تبنّ?ت|يتبنّ?|تتبنّ?|مسؤوليت|مسئوليت)",
    "denial": r"(?<!\w)[وف]?(?:نفى|نفت|نفوا|ينفي|تنفي|نفي|النفي)(?!\w)",
    "accusation": r"(?<!\w)[وف]?(?:اتهم|تتهم|يتهم|حمّل|حمل(?=\w* مسؤولية))",
    "attack that did not happen": rf"(?<!\w)(?:لم|دون أن) [يت](?:{_VERB})(?!\w)",
    "threat": r"(?<!\w)[وفب]?(?:هدّ?د|تهدّ?د|يهدّ?د|توعّ?د|تتوعّ?د|تهديد)",
    "foiled or intercepted": r"(?<!\w)[وفبل]?(?:أحبط|احبط|إحباط|احباط|أفشل|إفشال|اعترض|تعترض|يعترض|إسقاط|أسقط)",
    "toll that rises": r"(?<!\w)(?:ارتف(?:ع|اع)ت? (?:عدد|حصيلة|الحصيلة)|حصيلة (?:سابقة|أولية|جديدة|نهائية|أخيرة))",
    "retaliation": r"(?<!\w)[و]?(?:رد[اًّ]{1,3} على|ردّاً على|انتقام)",
    "distance": rf"{_NUMERAL} (?:كيلومتر|كلم|كم|متر|أمتار|ميل)",
    "age": r"\((?:\d{1,2}) (?:عام|سنة)|(?:يبلغ|تبلغ|عمره|عمرها|البالغ\w*) (?:من العمر )?\w+",
    "date with a month": rf"\d{{1,2}} (?:من )?(?:شهر )?(?:{_MONTH})",
    "sum of money": r"(?:دولار|دينار|ريال|ليرة|يورو|جنيه|شيكل|روبية)",
    "number of aircraft or missiles": (
        rf"{_NUMERAL} (?:من )?(?:طائر|مقاتل|مروحي|صواريخ|صاروخ|قذائف|قذيفة|مسيّ?ر|غار)"
    ),
    "total since a war began": r"(?<!\w)منذ (?:بدء|بداية|اندلاع|انطلاق|مطلع|اندلعت|بدأت)",
    "several statements against each other": (
        r"(?<!\w)(?:في المقابل|بالمقابل|من جانبه\w*|من جهته\w*|على العكس|في حين قال|بينما قال|فيما قال)"
    ),
    "place where the hurt were taken": r"(?<!\w)(?:نُ?قل|[أا]سعف)\w* \D{0,40}(?:مستشفى|مشفى)",
}  # fmt: skip

_ADJECTIVE = re.compile(r"(?:ال)?\w{2,}ي(?:ّ)?(?:ة|ا|اً|ان|ين|تان|تين|ات)?")
_MACHINE = re.compile(r"طائر|مسيّ?ر|مروحي|مقاتلات|زورق|زوارق|بارج|دباب|مدفعي|راجم|طيران|آلي(?:ة|ات)")
_SOUND = "قتيل|جريح|شخص|جندي|طفل|طفلت|رجل|امرأت|شرطي|شقيق|ضابط|فرد|عامل|شاب|منزل|سيارت|آليت|فتات|شهيد|مدني|مسلح|عنصر"
_DUAL = re.compile(
    rf"[وبلف]?(?:ال|لل)?(?:(?:{_SOUND})ان|(?:قتيل|جريح|شخص|جندي|طفل|طفلت|رجل|امرأت|ضابط|منزل|سيارت|شقيق)ين)"
)
_VAGUE = re.compile(r"عشرات|مئات|آلاف|الاف|عدة|عدد|عديد|بضع")
_RANGE = re.compile(r"(?<!\w)[وبل]?(?:بين|ما بين) |\d ?[-–] ?\d|\d إلى \d|(?<!\w)من \w+ إلى ")
_MODIFIER = re.compile(r"نحو|أكثر|اكثر|حوالي|قرابة|زهاء|ما لا يقل|أقل|اقل|ما يقرب|ما يزيد|على الأقل|على الاقل")
_PASSIVE = re.compile(
    r"[وف]?(?:قُ?تلت?|قتلوا|أُ?صيبت?|اصيبت?|أصيبوا|جُ?رح|اغتيلت?|خُ?طفت?|اختُ?طفت?|استُ?هدفت?|قُ?صفت?|أُ?عدم|ذُ?بح|طُ?عن"
    r"|أُ?حرقت?|احرقت?|هوجمت?|تعرضت?|نُ?هبت?|دُ?مرت?|ضُ?ربت?|عُ?ثر)"
)
_BACKGROUND = re.compile(
    r"(?:وكان|وكانت|وتشهد|ويشهد|وشهدت|وشهد|يُ?ذكر|ويُ?ذكر|ومنذ|وسبق|وتجدر|تجدر|يشار|ويشار|وتعد|ويعد|وتقاتل|ويقاتل|وتخوض"
    r"|وغالبا|وتتكرر|وتأتي|ويأتي|وجاء|ولا تزال|وتنشط|وينشط|ودأبت|واندلع|وتسيطر|ويسيطر)"
)


def _before(doc: Document, span: Span, room: int = 24) -> str:
    return doc.text[max(0, span.start - room) : span.start]


def _all(doc: Document, role: str) -> Iterable[Span]:
    return (span for name, span in doc.role_spans() if name == role)


def _adjective_attacker(doc: Document) -> bool:
    return any(
        _ADJECTIVE.fullmatch(span.text) and re.search(rf"(?<!\w)\w{{0,4}}(?:{_DEED})(?: \w+)? $", _before(doc, span))
        for span in _all(doc, "attacker")
    )


def _without_attacker(event: Event) -> bool:
    return not event.attacker


def _passive(doc: Document) -> bool:
    return any(_without_attacker(e) and _PASSIVE.fullmatch(e.trigger.text) for e in doc.events if e.trigger)


def _count_like(found: re.Pattern[str]) -> Callable[[Document], bool]:
    return lambda doc: any(found.search(span.text) for span in _all(doc, "count"))


def _place(found: str) -> Callable[[Document], bool]:
    return lambda doc: any(re.search(found, span.text) for span in _all(doc, "location"))


def _far(doc: Document) -> bool:
    """A role two paragraphs or more from the deed's word."""
    return any(
        doc.text.count("\n", min(s.start, e.trigger.start), max(s.start, e.trigger.start)) >= 2
        for e in doc.events
        if e.trigger
        for _, s in e.spans()
    )


def _one_sentence(doc: Document) -> bool:
    """Two deeds with nothing but one sentence around them."""
    at = sorted({e.trigger.start for e in doc.events if e.trigger})
    return any(not re.search(r"[.!؟\n]", doc.text[a:b]) for a, b in pairwise(at))


def _source_at(which: int) -> Callable[[Document], bool]:
    def test(doc: Document) -> bool:
        spans = sorted((s.start, role) for role, s in doc.role_spans())
        return bool(spans) and spans[which][1] == "source"

    return test


def _background(doc: Document) -> bool:
    paragraphs = doc.text.rstrip().split("\n")
    return len(paragraphs) > 1 and bool(_BACKGROUND.match(paragraphs[-1].lstrip()))


_MARKED: dict[str, Callable[[Document], bool]] = {
    "nothing to mark": lambda doc: not doc.events,
    "five events or more": lambda doc: len(doc.events) >= 5,
    "nominal headline or opening": lambda doc: bool(re.match(rf"(?:{_NOUN_FIRST})(?!\w)", doc.title or doc.text)),
    "event without an attacker": lambda doc: any(map(_without_attacker, doc.events)),
    "passive without an attacker": _passive,
    "adjective as attacker": _adjective_attacker,
    "machine as attacker": lambda doc: any(_MACHINE.search(s.text) for s in _all(doc, "attacker")),
    "two events in a sentence": _one_sentence,
    "role two paragraphs from the deed": _far,
    "source before all else": _source_at(0),
    "source after all else": _source_at(-1),
    "background paragraph at the end": _background,
    "direct speech of four words or more": lambda doc: bool(re.search(r'["«“]\S+(?: \S+){3,}["»”]', doc.text)),
    "count in words": lambda doc: any(not re.search(r"\d", s.text) for s in _all(doc, "count")),
    "count as a range": _count_like(_RANGE),
    "count with a modifier": _count_like(_MODIFIER),
    "vague count": _count_like(_VAGUE),
    "dual as target": lambda doc: any(_DUAL.match(s.text) for s in _all(doc, "target")),
    "place as a chain of four words or more": _place(r"\A\S+(?:\s+\S+){3}"),
    "place with a direction": _place("شمال|جنوب|شرق|غرب"),
    "place with a distance": _place(r"كيلومتر|كلم|كم(?!\w)|متر"),
    "place with an attached letter": _place(r"\A[وبلف](?:ال|لل)?\w{3,}"),
}  # fmt: skip


def patterns(docs: Iterable[Document]) -> dict[str, int]:
    """How many of ``docs`` show each pattern at least once, by the pattern's name in a fixed order."""
    docs = list(docs)
    found = {name: sum(bool(re.search(e, d.text)) for d in docs) for name, e in {**SURFACE, **WORDING}.items()}
    return found | {name: sum(map(test, docs)) for name, test in _MARKED.items()}
