"""The corpus as a `datasets.Dataset`, with declared features, for whoever works with Hugging Face's tools.

The compiled JSON Lines load directly too, without this package or a network::

    datasets.load_dataset("json", data_files={"train": "train.jsonl"}, features=features())

Without ``features`` that call guesses the types from the data, and guesses wrong where a list happens to be empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from .jsonl import to_record
from .schema import ROLES, TRIGGER, Document

if TYPE_CHECKING:
    from datasets import Dataset, Features

META = ("theatre", "voice", "year")


def features(meta: Sequence[str] = META) -> Features:
    """The columns of a document: those of the JSON Lines, with the keys of ``meta`` as strings."""
    from datasets import Features, Value

    span = {"start": Value("int32"), "end": Value("int32"), "text": Value("string")}
    event = {"type": Value("string"), TRIGGER: span, **{role: [span] for role in ROLES}}
    columns: dict[str, Any] = {"id": Value("string"), "title": Value("string"), "text": Value("string")}
    columns["events"] = [event]
    if meta:  # Arrow has no struct without fields
        columns["meta"] = {key: Value("string") for key in meta}
    return Features(columns)


def to_dataset(docs: Iterable[Document]) -> Dataset:
    """``docs`` as a dataset in their order. Values of ``meta`` become strings; a key that a document lacks is None."""
    from datasets import Dataset

    records = [to_record(doc) for doc in docs]
    keys = sorted({key for record in records for key in record.get("meta", {})})
    for record in records:
        held = record.pop("meta", {})
        if keys:
            record["meta"] = {key: str(held[key]) if key in held else None for key in keys}
    return Dataset.from_list(records, features=features(keys))
