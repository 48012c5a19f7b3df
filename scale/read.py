"""The pure step of bulk extraction: reports in, records out. No files, no processes, no order to keep.

A record is plain Python, ready for JSON: who the report is, what became of it (``status``), and its frames as
`EventFrame.to_dict` tells them, with the words of the sentences they rest on. Whatever fields `EventFrame` has beyond
those known here come along under their own names.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from ..data.schema import ROLES
from ..model.dates import report_date
from ..model.frames import EventFrame, Prediction
from .reports import Item, Report, Unreadable

#: What became of a report: ``read``; ``skipped`` by the gate; ``failed`` with a reason.
READ, SKIPPED, FAILED = "read", "skipped", "failed"
#: Characters of the longest report that is read (some 8,500 words). Linking grows faster than the text: one of this
#: length full of attacks takes a core most of a minute, and a whole book would take hours.
LONGEST = 50_000


class Predicts(Protocol):
    """What is needed of a labeler: `Labeler` is one, a test's stand-in another."""

    def predict_many(
        self, texts: Iterable[str], *, min_score: float = 0.0, chunk: int = 64, dates: Iterable[Any] | None = None
    ) -> Iterator[Prediction]: ...


class Passes(Protocol):
    """What is needed of a gate: `Gate` is one. A report that scores less than ``least`` is not read."""

    @property
    def least(self) -> float: ...

    def score(self, text: str) -> float: ...


def read_items(
    items: Sequence[Item],
    labeler: Predicts,
    *,
    gate: Passes | None = None,
    min_score: float = 0.0,
    longest: int = LONGEST,
    one_by_one: bool = False,
    failed: Mapping[int, str] | None = None,
) -> Iterator[dict[str, Any]]:
    """A record for each of ``items``, in order.

    The texts that pass the gate are predicted together, so that windows of like length share a batch. If that fails,
    each is tried alone, and the one at fault becomes a ``failed`` record with the reason. ``one_by_one`` begins with
    that; ``failed`` (index -> reason) names items not to be tried again.
    """
    failed = dict(failed or {})
    records: list[dict[str, Any]] = []
    for number, item in enumerate(items):
        record = _head(item)
        if isinstance(item, Unreadable):
            failed[number] = item.reason
        elif len(item.text) > longest:
            failed[number] = (
                f"{len(item.text):,} characters, more than the {longest:,} that one report may have; "
                "split it, or raise --max-characters"
            )
        elif gate is not None:
            score = gate.score(item.text)
            record["gate"] = round(max(score, -1e6), 4)
            if score < gate.least:
                record["status"] = SKIPPED
        records.append(record)
    wanted = [n for n, r in enumerate(records) if n not in failed and r["status"] == READ]
    found: Iterable[tuple[int, Prediction | str]] = ()
    if not one_by_one:
        try:
            texts = [items[n].text for n in wanted]  # type: ignore[union-attr]
            days = [_day(items[n]) for n in wanted]
            predictions = list(labeler.predict_many(texts, min_score=min_score, chunk=max(1, len(texts)), dates=days))
            found = list(zip(wanted, predictions, strict=True))
        except Exception:
            one_by_one = True  # the one at fault is found below
    if one_by_one:
        found = ((n, _alone(items[n], labeler, min_score)) for n in wanted)
    read = iter(found)
    for number, record in enumerate(records):
        if number in failed:
            record |= {"status": FAILED, "reason": failed[number]}
        elif record["status"] == READ:
            prediction = next(read)[1]
            record |= _failure(prediction) if isinstance(prediction, str) else _told(prediction)
        yield record


def _head(item: Item) -> dict[str, Any]:
    head: dict[str, Any] = {"document": item.id, "file": item.file, "line": item.line, "status": READ}
    if isinstance(item, Report):
        head |= {"title": item.title, "date": item.date, "characters": len(item.text)}
    return head


def _alone(item: Item, labeler: Predicts, min_score: float) -> Prediction | str:
    assert isinstance(item, Report)
    try:
        return next(iter(labeler.predict_many([item.text], min_score=min_score, chunk=1, dates=[_day(item)])))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _day(item: Item) -> Any:
    """The report's own date, against which its "yesterday" is read; None where it has none or an unreadable one."""
    try:
        return report_date(item.date or None) if isinstance(item, Report) else None
    except ValueError:
        return None


def _failure(reason: str) -> dict[str, Any]:
    return {"status": FAILED, "reason": reason}


def _told(prediction: Prediction) -> dict[str, Any]:
    used = {(role, m.start, m.end) for f in prediction.frames for role in ROLES for m in getattr(f, role)}
    loose = [to_plain(s) for s in prediction.spans if (s.role, s.start, s.end) not in used]
    frames = [_frame(frame, prediction.text) for frame in prediction.frames]
    return {"windows": prediction.windows, "frames": frames, "loose": loose}


def _frame(frame: EventFrame, text: str) -> dict[str, Any]:
    told = {f.name: to_plain(getattr(frame, f.name)) for f in dataclasses.fields(frame)}
    told["sentences"] = [{"start": a, "end": b, "text": text[a:b]} for a, b in frame.sentences]
    return told


def to_plain(value: Any) -> Any:
    """``value`` as JSON holds it: objects by their ``to_dict``, or else their fields; scores to four places."""
    if hasattr(value, "to_dict"):
        return to_plain(value.to_dict())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(held) for held in value]
    if isinstance(value, float):
        return round(float(value), 4)
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
