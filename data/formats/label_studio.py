"""Label Studio JSON: a list of tasks with ``data`` and ``annotations``, or ``predictions`` for people to correct.

Lossless: regions of type ``labels`` (a trigger's label is its event's type, a filler's its role) and relations from
the trigger to each filler; id, title and meta stand in ``data``. As predictions, scores may stand beside regions.
Offsets: Label Studio exports code points since its frontend's change 308; older versions, and scripts that work in
the browser, count UTF-16 units: ``utf16=True``. Each region repeats its text, so a wrong choice is refused, not read.
Cannot hold: nothing of ours. Not read: cancelled annotations; regions of other kinds, which are counted. Several
annotations of one task are refused unless one is marked ground truth. The labelling configuration is `CONFIG`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..schema import EVENT_TYPES, ROLES, Document
from ..whole_file import whole_file
from .linked import Arrow, Mark, Scores, events_of, marks_and_arrows
from .offsets import utf16_offsets
from .reading import Reading
from .report import Report, checked, read_text

FROM, TO = "label", "text"
#: For Settings > Labeling Interface > Code.
CONFIG = "\n".join(
    [
        "<View>",
        f'  <Labels name="{FROM}" toName="{TO}">',
        *(f'    <Label value="{label}"/>' for label in (*ROLES, *EVENT_TYPES)),
        "  </Labels>",
        "  <Relations>",
        *(f'    <Relation value="{role}"/>' for role in ROLES),
        "  </Relations>",
        f'  <Text name="{TO}" value="$text" granularity="word"/>',
        "</View>",
    ]
)


def write_label_studio(
    docs: Iterable[Document],
    path: str | Path,
    *,
    utf16: bool = False,
    predictions: bool = False,
    scores: Scores | None = None,
    model_version: str = "adwar",
) -> Report:
    """Write ``docs`` as tasks, whole or not at all: annotated, or with ``predictions`` as pre-annotation whose score
    is the least of its regions' scores."""
    report = Report()
    with whole_file(path) as out:
        for number, doc in enumerate(checked(docs), 1):
            result = _result(doc, utf16, (scores or {}).get(doc.id, {}) if predictions else {})
            found: dict[str, Any] = {"result": result}
            if predictions:
                found["model_version"] = model_version
                given = [r["score"] for r in result if "score" in r]
                found |= {"score": min(given)} if given else {}
            data = {"text": doc.text, "document": doc.id, "title": doc.title, "meta": dict(doc.meta)}
            task = {"id": number, "data": data, "predictions" if predictions else "annotations": [found]}
            out.write(("[\n" if number == 1 else ",\n") + json.dumps(task, ensure_ascii=False))
            report.documents += 1
        out.write("\n]\n" if report.documents else "[]\n")
    return report


def _result(doc: Document, utf16: bool, scores: Mapping[tuple[int, int], float]) -> list[dict[str, Any]]:
    units = utf16_offsets(doc.text) if utf16 else range(len(doc.text) + 1)
    marks, arrows = marks_and_arrows(doc)
    result: list[dict[str, Any]] = []
    for m in marks:
        start, end = m.span.start, m.span.end
        value = {"start": units[start], "end": units[end], "text": m.span.text, "labels": [m.label]}
        region = {"id": m.key, "from_name": FROM, "to_name": TO, "type": "labels", "value": value}
        result.append(region | ({"score": float(scores[start, end])} if (start, end) in scores else {}))
    for a in arrows:
        result.append(
            {"type": "relation", "from_id": a.tail, "to_id": a.head, "direction": "right", "labels": [a.role]}
        )
    return result


def read_label_studio(
    path: str | Path,
    *,
    repair: bool = False,
    report: Report | None = None,
    utf16: bool = False,
    predictions: bool = False,
) -> Iterator[Document]:
    """The documents of ``path``, from their annotations, or with ``predictions`` from the first prediction. Raises
    `DataError` with the line where the task begins and the document."""
    reading = Reading(str(path), repair, report if report is not None else Report())
    for line, task in _tasks(read_text(path), reading):
        yield reading.settle(_document(task, reading, line, utf16, predictions), line)


def _tasks(source: str, reading: Reading) -> Iterator[tuple[int, Any]]:
    """(line, task) of a JSON list, one after the other: `json.loads` would not say where each begins."""
    decoder = json.JSONDecoder()
    position, line, counted = _skip(source, 0), 1, 0
    if source[position : position + 1] != "[":
        raise reading.refuse("a list of tasks is expected; export from Label Studio as JSON", 1)
    position = _skip(source, position + 1)
    if source[position : position + 1] == "]":
        return
    while True:
        line, counted = line + source.count("\n", counted, position), position
        try:
            task, position = decoder.raw_decode(source, position)
        except (ValueError, RecursionError) as error:
            raise reading.refuse(f"not JSON: {error}", line) from None
        yield line, task
        position = _skip(source, position)
        if source[position : position + 1] != ",":
            break
        position = _skip(source, position + 1)
    if source[position : position + 1] != "]" or source[position + 1 :].strip():
        raise reading.refuse("the list of tasks is cut short or goes on behind its end", line)


def _skip(source: str, position: int) -> int:
    while source[position : position + 1] in (" ", "\n", "\r", "\t", "\ufeff"):
        position += 1
    return position


def _document(task: Any, reading: Reading, line: int, utf16: bool, predictions: bool) -> Document:
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise reading.refuse("a task needs 'data' with a 'text'; export as JSON, not JSON-MIN", line)
    name, text = str(data.get("document") or task.get("id") or ""), data["text"]
    if not name:
        raise reading.refuse("neither data.document nor id names the task", line)
    units = utf16_offsets(text) if utf16 else None
    marks, arrows = [], []
    for one in _chosen(task, reading, line, name, predictions):
        kind = one.get("type") if isinstance(one, dict) else None
        try:
            if kind == "relation":
                tail, head = ("to_id", "from_id") if one.get("direction") == "left" else ("from_id", "to_id")
                (role,) = one.get("labels") or ["a relation without label"]
                arrows.append(Arrow(str(one[tail]), str(one[head]), str(role)))
            elif kind == "labels":
                value = one["value"]
                (label,) = value["labels"]
                said = value.get("text")
                if isinstance(said, str) and "\n" not in said:
                    said = said.replace("\\n", "\n") if "\\n" not in text else said  # as the frontend writes them
                place = {"line": line, "document": name, "said": said, "units": units}
                marks.append(
                    Mark(str(one["id"]), str(label), reading.span(text, value["start"], value["end"], **place))
                )
            else:
                reading.report.lost["Label Studio regions of other kinds"] += 1
        except DataError:
            raise
        except (KeyError, TypeError, AttributeError):
            raise reading.refuse(f"a region lacks a part: {str(one)[:80]}", line, name) from None
        except ValueError:
            raise reading.refuse(f"a region must bear one label: {str(one)[:80]}", line, name) from None
    meta, title = data.get("meta") or {}, str(data.get("title") or "")
    if not isinstance(meta, dict):
        raise reading.refuse("data.meta must be an object", line, name)
    return Document(name, text, title, events_of(marks, arrows, reading, line, name), meta)


def _chosen(task: dict[str, Any], reading: Reading, line: int, name: str, predictions: bool) -> list[Any]:
    kind = "predictions" if predictions else "annotations"
    given = task.get(kind)
    listed = given if isinstance(given, list) else []
    found = [one for one in listed if isinstance(one, dict) and not one.get("was_cancelled")]
    if len(found) > 1:
        found = found[:1] if predictions else [one for one in found if one.get("ground_truth")]
        if len(found) != 1:
            raise reading.refuse("several annotations; mark one as ground truth", line, name)
    if not found or not isinstance(found[0].get("result"), list):
        other = "annotate it, or read the predictions" if not predictions else "read the annotations"
        raise reading.refuse(f"no {kind}; {other}", line, name)
    return found[0]["result"]
