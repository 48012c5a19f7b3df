"""How well Arabic dates are read: our grammar and the `dateparser` library on the same invented phrases.

    pip install dateparser; python benchmarks/compare_dates.py

Each row of ``date_phrases.tsv`` is a sentence, the date in it and the day or days it means in a report of Sunday, 17
September 2017. "found": the date's span is found in the sentence, exactly and overlapping; "right": the day is. A day
within the right days counts for dateparser, which knows no intervals; rows that name no day are right if nothing is
said. Prints the table that docs/dates.md shows.
"""

from __future__ import annotations

import csv
import datetime
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from adwar.model.dates import find_dates

PHRASES = Path(__file__).with_name("date_phrases.tsv")
REPORTED = datetime.date(2017, 9, 17)


class Row(NamedTuple):
    kind: str
    sentence: str
    span: str
    value: str


def rows() -> list[Row]:
    with PHRASES.open(encoding="utf-8", newline="") as lines:
        return [Row(r["kind"], r["sentence"], r["span"], r["value"]) for r in csv.DictReader(lines, delimiter="\t")]


def ours(row: Row) -> tuple[bool, bool, bool]:
    """(span exact, span overlapping, day right) for a sentence read by adwar."""
    found = [mention for mention, _ in find_dates(row.sentence, REPORTED)]
    if row.span == "-":
        return not found, not found, not found
    exact = [mention for mention in found if mention.text == row.span]
    value = exact[0].value if exact else None
    return bool(exact), any(_meet(m.text, row.span) for m in found), bool(exact) and value == _value(row)


def theirs(row: Row) -> tuple[bool, bool, bool]:
    """The same for dateparser: its search for the spans; its parser, given the span itself, for the day."""
    import dateparser
    from dateparser.search import search_dates

    settings = {
        "RELATIVE_BASE": datetime.datetime(2017, 9, 17, 12),
        "PREFER_DATES_FROM": "past",
        "DATE_ORDER": "DMY",
    }
    found = [text for text, _ in search_dates(row.sentence, languages=["ar"], settings=settings) or []]
    if row.span == "-":
        return not found, not found, not found
    day = dateparser.parse(row.span, languages=["ar"], settings=settings)
    value = _value(row)
    if value is None or day is None:
        right = value is None and day is None
    else:
        first, _, last = value.partition("/")
        right = first <= day.date().isoformat() <= (last or first)
    return row.span in found, any(_meet(text, row.span) for text in found), right


def _value(row: Row) -> str | None:
    return None if row.value == "-" else row.value


def _meet(a: str, b: str) -> bool:
    return a in b or b in a or bool(set(a.split()) & set(b.split()))


def main() -> None:
    try:
        import dateparser

        readers = {"adwar": ours, f"dateparser {dateparser.__version__}": theirs}
    except ImportError:
        readers = {"adwar": ours}
    print("| kind | phrases | " + " | ".join(f"{name}: found exactly | overlapping | right" for name in readers) + " |")
    print("|---" * (2 + 3 * len(readers)) + "|")
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows():
        kinds[row.kind].append(row)
    for kind, held in [*kinds.items(), ("all", rows())]:
        cells = []
        for read in readers.values():
            results = [read(row) for row in held]
            cells += [str(sum(result[i] for result in results)) for i in range(3)]
        print(f"| {kind} | {len(held)} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
