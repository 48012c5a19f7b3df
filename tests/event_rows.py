"""Rows as `adwar extract` writes them, made by hand: what a test says of an event, all else as in a real row."""

from __future__ import annotations

import random

from adwar.scale.rows import event_columns
from adwar.scale.tables import kind_of, open_writer

NAMES = [column.name for column in event_columns()]
TEXT = "قتل 12 مدنيا في غارة روسية على حلب وفق المرصد."
PARTS = (("count", "12"), ("target", "مدنيا"), ("trigger", "غارة"), ("attacker", "روسية"), ("location", "حلب"))


def event_row(document="r-1", frame=1, *, text=TEXT, parts=(*PARTS, ("source", "المرصد")), at=0, **changes):
    """A row whose report begins ``at`` characters before its only sentence, ``text``; ``parts`` are (role, words)."""
    evidence = [
        {"role": role, "text": words, "name": words, "start": at + text.index(words), "score": 0.9}
        | {"end": at + text.index(words) + len(words)}
        for role, words in parts
    ]
    row = dict.fromkeys(NAMES) | {
        **{"document_id": document, "document_title": "عنوان", "document_date": "2017-09-06", "status": "frame"},
        **{"frame": frame, "type": "airstrike", "trigger": "غارة", "attribution": "asserted", "date": "2017-09-05"},
        **{"attacker": ["روسيا"], "target": ["مدنيا"], "location": ["حلب"], "source": ["المرصد"]},
        **{"country": "SY", "latitude": 36.2, "longitude": 37.2, "killed": 12, "killed_min": 12, "killed_max": 12},
        "counts": [
            {"value": 12, "min": 12, "max": 12, "approximate": False, "kind": "killed", "text": words}
            for role, words in parts
            if role == "count"
        ],
        "score": 0.75,
        "sentences": [{"start": at, "end": at + len(text), "text": text}],
        "evidence": evidence,
    }
    return row | changes


def toll(value, low, high):
    return {"killed": value, "killed_min": low, "killed_max": high}


def many(number, seed=7):
    """Rows of ``number`` invented events, from a few words and places."""
    draw = random.Random(seed)
    for n in range(number):
        killed = draw.randrange(40)
        yield event_row(
            f"r-{n // 2}",
            n % 2 + 1,
            attacker=[f"فصيل {draw.randrange(200)}"],
            target=[f"هدف {draw.randrange(500)}"],
            date=f"20{draw.randrange(12, 18)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}",
            latitude=draw.uniform(12, 37),
            longitude=draw.uniform(35, 48),
            score=draw.random(),
            **toll(killed, killed, killed),
        )


def write_table(path, rows, columns=None):
    """``rows`` as a table of events of the kind that the name's ending says."""
    writer = open_writer(kind_of(str(path)), path, {"events": columns or event_columns()})
    for row in rows:
        writer.write("events", row)
    writer.close()
    return path
