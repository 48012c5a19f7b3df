"""Mentions exchanged for others of the same form: sound documents, the same things alike, nothing else touched."""

import random

import pytest

from adwar.data.jsonl import read_jsonl
from adwar.data.markup import parse
from adwar.data.schema import check_document, faults
from adwar.data.splits import split_file
from adwar.train.swaps import form_of, forms, swapped


@pytest.mark.parametrize(
    ("role", "text", "expected"),
    [
        ("location", "بالرقة", ("location", "بال", "ه", 1)),
        ("location", "الرقة", ("location", "ال", "ه", 1)),
        ("attacker", "طائرات التحالف الدولي", ("attacker", "", "ات", 3)),
        ("attacker", "المسلحون", ("attacker", "ال", "ون", 1)),
        ("target", "وناشط", ("target", "و", "", 1)),
        ("source", "مصدر طبي في مستشفى المدينة العام", ("source", "", "", 4)),
    ],
)
def test_the_form_keeps_what_agrees(role, text, expected):
    assert form_of(role, text) == expected


PAIRS = [("النظام", "حارم"), ("التحالف", "تدمر"), ("المعارضة", "منبج"), ("الحكومة", "جرابلس"), ("الجيش", "سراقب")]
REPORTS = "===\n".join(
    f"@id: r-{number}\n@event 1: shelling\n---\n{{E1:قصفت}} {{A1:قوات {who}}} بلدة {{L1:{place}}} فقتل {{C1:ثلاثة}} "
    f"{{T1:مدنيين}}، وعادت {{A1:قوات {who}}} إلى {{L1:{place}}}.\n"
    for number, (who, place) in enumerate(PAIRS)
)


def test_swapped_reports_are_sound_and_speak_of_the_same_things_throughout():
    docs = list(parse(REPORTS))
    known = forms(docs)
    assert known["location", "", "", 1] == sorted(["حارم", "تدمر", "منبج", "جرابلس", "سراقب"])
    seen = set()
    for seed in range(40):
        for doc in docs:
            other = swapped(doc, known, random.Random(seed))
            check_document(other)
            (event,) = other.events
            assert len({s.text for s in event.attacker}) == len({s.text for s in event.location}) == 1
            assert event.count[0].text == "ثلاثة" and event.trigger.text == "قصفت" and event.type == "shelling"
            assert other.text == (
                f"قصفت {event.attacker[0].text} بلدة {event.location[0].text} فقتل ثلاثة مدنيين، وعادت "
                f"{event.attacker[0].text} إلى {event.location[0].text}."
            )
            seen.add(event.location[0].text)
    assert seen == set(known["location", "", "", 1])
    assert swapped(docs[0], known, random.Random(1)) == swapped(docs[0], known, random.Random(1))
    assert swapped(docs[0], known, random.Random(1), share=0.0) == docs[0]


def test_what_would_run_together_is_left_alone():
    (doc,) = parse("@id: r\n@event 1: other\n---\n{E1:قتل} {C1:12}{T1:جندي}")
    known = {form_of("target", "جندي"): ["3"]}
    assert swapped(doc, known, random.Random(0), share=1.0) == doc


def test_every_report_of_the_corpus_stays_sound():
    docs = list(read_jsonl(split_file("dev")))
    known = forms(docs)
    changed = [swapped(doc, known, random.Random(number), share=1.0) for number, doc in enumerate(docs)]
    assert not any(any(faults(doc)) for doc in changed)
    assert sum(a != b for a, b in zip(docs, changed, strict=True)) > len(docs) / 2
