"""What reading frames in context gives on annotated reports: joins, attributions, dates, tolls, places.

python benchmarks/measure_frames.py reports.jsonl [--gazetteer geonames] [--names FOLDER] [--joins 60]

Works on the annotation's own spans, so that no model's errors come in. ``--joins N`` prints N random joins with
their text, to be judged by eye. Titles serve as a check of tolls: a number killed in the title is compared with
the figure that the rule shows, and with what simpler rules would show. ``--names``: tab-separated files with
columns country, lat, lon, names_ar (parted by |): how far off resolved cities of the same name and country lie.
Prints tables; writes nothing.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import statistics
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from adwar.data.jsonl import read_jsonl
from adwar.data.schema import Document
from adwar.model.context import read_in_context
from adwar.model.count_kinds import KILLED, count_kind
from adwar.model.counts import read_count
from adwar.model.dates import report_date
from adwar.model.entities import ROLES
from adwar.model.frames import RoleSpan, Trigger, build_frame
from adwar.model.gazetteer import Entry, distance_km, load_gazetteer, name_key
from adwar.model.results import EventFrame, LocationMention, Prediction
from adwar.model.sentences import sentences


def read_gold(doc: Document, gazetteer: Any) -> Prediction:
    """The annotated events of ``doc`` as frames, read in context."""
    spots = sentences(doc.text)
    frames = []
    for event in doc.events:
        named = event.trigger
        trigger = Trigger(named.start, named.end, named.text, event.type, 1.0) if named else None
        fillers = [RoleSpan(s.start, s.end, s.text, role, 1.0) for role, s in event.spans()]
        if fillers:
            frames.append(build_frame(doc.text, trigger, fillers, spots, event.type))
    prediction = Prediction(doc.text, (), tuple(frames), 1)
    return read_in_context(prediction, reported=reported(doc), gazetteer=gazetteer)


def reported(doc: Document) -> date | None:
    """The report's date from its meta; 15/07/2016 is taken as the outlets of these collections write it."""
    given = str(doc.meta.get("date") or "")
    swapped = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", given)
    try:
        return report_date("-".join(reversed(swapped.groups())) if swapped else given)
    except ValueError:
        return None


def entities(read: list[tuple[Document, Prediction]]) -> None:
    print("\n**entities**\n\n| role | mentions | entities | joined to another |\n|---|---|---|---|")
    for role in ROLES:
        sizes = [len(e.mentions) for _, p in read for e in p.entities if e.role == role]
        print(f"| {role} | {sum(sizes)} | {len(sizes)} | {sum(sizes) - len(sizes)} |")


def joins(read: list[tuple[Document, Prediction]], number: int, seed: int) -> None:
    found = [(d, e, m) for d, p in read for e in p.entities for m in e.mentions[1:]]
    for doc, entity, mention in random.Random(seed).sample(found, min(number, len(found))):
        near = doc.text[max(0, mention.start - 50) : mention.end + 40].replace("\n", " ")
        print(f"{doc.id} {entity.role}: {mention.text} = {entity.name} | {[m.text for m in entity.mentions]} | {near}")


def attributions(read: list[tuple[Document, Prediction]]) -> None:
    found = Counter(frame.attribution.status for _, p in read for frame in p.frames)
    print("\n**attribution** of frames: " + ", ".join(f"{status} {n}" for status, n in found.most_common()))


def dates(read: list[tuple[Document, Prediction]]) -> None:
    held = [(p.date, frame.date) for _, p in read for frame in p.frames]
    dated = [d for _, d in held if d]
    known = [d for day, d in held if d and day]
    told, resolved = sum(d.statement for d in dated), sum(d.first is not None for d in known)
    print(f"\n**dates**: {sum(len(p.dates) for _, p in read)} in {len(read)} reports; {len(held)} frames, {len(dated)}")
    print(f"with a date, {told} of these of when it was told; of {len(known)} in reports whose own date is known,")
    print(f"{resolved} resolved")


def title_toll(title: str) -> int | None:
    """The number killed that a title states, None if it states none or several."""
    words = title.split()
    found = set()
    for i in range(len(words)):
        before, after = " ".join(words[:i]), " ".join(words[i + 1 :])
        value = read_count(words[i], after, before)
        noun = words[i + 1] if i + 1 < len(words) else ""
        if value and value.value and count_kind(before, noun, after) == KILLED:
            found.add(value.value)
    return found.pop() if len(found) == 1 else None


def tolls(read: list[tuple[Document, Prediction]]) -> None:
    """In how many reports does a frame show the number of the title, by our rule and by simpler ones?"""
    hits: Counter[str] = Counter()
    cases = 0
    for doc, prediction in read:
        wanted = title_toll(doc.title)
        several = [f for f in prediction.frames if len(_figures(f)) > 1]
        if wanted is None or not any(wanted in _figures(f) for f in several):
            continue
        cases += 1
        for frame in [f for f in several if wanted in _figures(f)][:1]:
            figures = _figures(frame)
            shown = frame.killed.value if frame.killed else None
            for rule, value in zip(RULES, (shown, figures[0], figures[-1], max(figures)), strict=True):
                hits[rule] += value == wanted
    shares = ", ".join(f"{rule} {hits[rule]}" for rule in RULES)
    print(f"\n**tolls**: title's number killed in a frame with several figures: {cases}; shown by {shares}")


RULES = ("our rule", "the first", "the last", "the largest")


def _figures(frame: EventFrame) -> list[int]:
    return [c.value for c in frame.count if c.kind == KILLED and c.value is not None]


def places(read: list[tuple[Document, Prediction]], names: str | None) -> None:
    mentions = [m for _, p in read for e in p.entities for m in e.mentions if isinstance(m, LocationMention)]
    placed = [m for m in mentions if m.place]
    kinds = Counter(f"{m.place.relation} a {m.place.kind}" for m in placed if m.place)
    told = ", ".join(f"{kind} {n}" for kind, n in kinds.most_common())
    print(f"\n**places**: {len(mentions)} location mentions, {len(placed)} with a place ({told})")
    if names:
        _distances(placed, names)


def _distances(placed: list[LocationMention], folder: str) -> None:
    known = _names(Path(folder))
    cities = {m.place.id: m for m in placed if m.place and m.place.kind == "city" and m.place.relation == "at"}
    off = []
    for mention in cities.values():
        place = mention.place
        assert place is not None
        spot = Entry("", "city", place.country, place.latitude, place.longitude, 0, "")
        others = known.get((place.country, name_key(mention.name.split(" ", 1)[-1])), [])
        others = others or known.get((place.country, name_key(place.name)), [])
        if others:
            off.append(min(distance_km(spot, other) for other in others))
    near = sum(km <= 25 for km in off)
    print(f"cities: {len(cities)}; a namesake in the list for {len(off)}: median {statistics.median(off):.1f} km off,")
    print(f"{near} of them within 25 km")


def _names(folder: Path) -> dict[tuple[str, str], list[Entry]]:
    known: dict[tuple[str, str], list[Entry]] = {}
    for file in sorted(folder.glob("*.tsv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                entry = Entry("", "city", row["country"], float(row["lat"]), float(row["lon"]), 0, "")
                for name in row["names_ar"].split("|"):
                    known.setdefault((row["country"], name_key(name)), []).append(entry)
    return known


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("files", nargs="+")
    p.add_argument("--gazetteer")
    p.add_argument("--names")
    p.add_argument("--joins", type=int, default=0)
    p.add_argument("--seed", type=int, default=0)
    arguments = p.parse_args()
    gazetteer = load_gazetteer(arguments.gazetteer)
    docs = [doc for file in arguments.files for doc in read_jsonl(Path(file), repair=True)]
    read = [(doc, read_gold(doc, gazetteer)) for doc in docs]
    print(f"{len(docs)} reports, {sum(len(p.frames) for _, p in read)} frames")
    entities(read)
    attributions(read)
    dates(read)
    tolls(read)
    places(read, arguments.names)
    if arguments.joins:
        joins(read, arguments.joins, arguments.seed)


if __name__ == "__main__":
    main()
