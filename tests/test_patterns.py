"""The coverage matrix by pattern: each is found where it is and not where it is not."""

import pytest

from adwar.data.markup import parse
from adwar.data.patterns import _MARKED, SURFACE, WORDING, patterns
from adwar.data.schema import Document

PLAIN = "@id: {0}\n@title: {1}\n{2}\n---\n{3}\n"


def marked(text, *kinds, title=""):
    heads = "\n".join(f"@event {n}: {kind}" for n, kind in enumerate(kinds, 1))
    (doc,) = parse(PLAIN.format("x-1", title, heads, text))
    return doc


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tashkeel beside tanwin", "قُتل رجل"),
        ("tatweel", "المديــنة"),
        ("hashtag", "في #حلب اليوم"),
        ("quotes «»", "حركة «الشباب»"),
        ("quotes “ ”", "حركة “الشباب”"),
        ("Latin letters in brackets", "بلدة ديفا (Diffa) في النيجر"),
        ("digits ٠-٩", "١٢ قتيلا"),
        ("digits ۰-۹", "۱۲ قتيلا"),
        ("digits glued to letters", "12قتيلا"),
        ("no space after a full stop", "انتهى.وقال"),
        ("hamza left out", "وصل الى بغداد"),
        ("dateline", "صنعاء (وكالات) - قصف"),
        ("claim of responsibility", "وتبنى تنظيم"),
        ("denial", "ونفت الوزارة"),
        ("attack that did not happen", "لم يستهدف الطيران"),
        ("threat", "وتوعد بالرد"),
        ("foiled or intercepted", "أحبطت الشرطة"),
        ("toll that rises", "ارتفعت حصيلة القتلى"),
        ("distance", "على بعد 30 كيلومترا"),
        ("date with a month", "في 14 مارس"),
        ("sum of money", "فدية من ألف دولار"),
        ("number of aircraft or missiles", "أطلقت ثلاثة صواريخ"),
        ("total since a war began", "منذ اندلاع الحرب"),
        ("place where the hurt were taken", "نقل الجرحى إلى مستشفى المدينة"),
    ],
)
def test_what_the_text_alone_shows(name, text):
    assert patterns([Document("a", text), Document("b", "كلام عن الطقس في المدينة")])[name] == 1


@pytest.mark.parametrize(
    ("name", "doc"),
    [
        ("adjective as attacker", marked("{E1:غارة} {A1:روسية} على {L1:حارم}", "airstrike")),
        ("adjective as attacker", marked("{E1:غارات} جوية {A1:إسرائيلية} على {L1:حارم}", "airstrike")),
        ("machine as attacker", marked("{E1:قصفت} {A1:طائرات التحالف} {L1:حارم}", "airstrike")),
        ("passive without an attacker", marked("{E1:قُتل} {T1:رجل} في {L1:حارم}", "shooting")),
        ("dual as target", marked("{E1:قتل} {T1:جنديان}", "shooting")),
        ("vague count", marked("{E1:قتل} {C1:عشرات} {T1:الجنود}", "shooting")),
        ("count as a range", marked("{E1:قتل} {C1:بين 10 و15} {T1:جنديا}", "shooting")),
        ("count as a range", marked("{E1:قتل} {C1:10-15} {T1:جنديا}", "shooting")),
        ("count with a modifier", marked("{E1:قتل} {C1:نحو 10} {T1:جنود}", "shooting")),
        ("count in words", marked("{E1:قتل} {C1:عشرة} {T1:جنود}", "shooting")),
        ("two events in a sentence", marked("{E1:قتل} {T1:رجل} {E2:وخطف} {T2:آخر}", "shooting", "kidnapping")),
        ("role two paragraphs from the deed", marked("{E1:انفجار}\nكلام\n{C1:ثلاثة} قتلى", "bombing")),
        ("source before all else", marked("قالت {S1:الشرطة} إن رجلا {E1:قتل}", "shooting")),
        ("source after all else", marked("{E1:قتل} {T1:رجل}، قالت {S1:الشرطة}", "shooting")),
        ("background paragraph at the end", marked("{E1:غارة}\nوتشهد البلاد حربا", "airstrike")),
        ("nominal headline or opening", marked("{E1:غارة}", "airstrike", title="مقتل 12 في غارة")),
        ("place with a distance", marked("{E1:غارة} على {L1:20 كيلومترا شمال بغداد}", "airstrike")),
        ("place with an attached letter", marked("{E1:غارة} {L1:بالرقة}", "airstrike")),
    ],
)
def test_what_hangs_on_the_marks(name, doc):
    assert patterns([doc, Document("b", "كلام عن الطقس في المدينة")])[name] == 1


def test_an_attacker_named_or_a_plural_is_no_such_pattern():
    named = marked("{E1:قتل} {A1:مسلحون} {T1:مدنيين} في {L1:حارم}", "shooting")
    found = patterns([named])
    for name in ("passive without an attacker", "event without an attacker", "dual as target", "adjective as attacker"):
        assert found[name] == 0, name


def test_every_pattern_has_one_name_and_nothing_shows_none():
    names = list(patterns([]))
    assert len(set(names)) == len(SURFACE) + len(WORDING) + len(_MARKED) == len(names)
    assert not any(patterns([Document("b", "كلام عن الطقس")])[n] for n in names if n != "nothing to mark")


def test_stats_print_the_patterns(corpus_files, run_cli):
    status, out, _ = run_cli("data", "stats", corpus_files[0], "--against", corpus_files[1])
    assert status == 0 and "adjective as attacker" in out and "share of documents, hashtag" in out
    assert "shortest" in out and "flashes under 40 words" in out
