"""The documents that the speed benchmarks read: of a given length, conflict reports, streams of mostly quiet news."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from adwar.data.jsonl import read_jsonl
from adwar.data.splits import CORPUS

#: The share of a mixed stream that tells of attacks.
CONFLICT = 0.05


def of_length(words: int, number: int) -> list[str]:
    """``number`` reports of about ``words`` words, cut or joined from the conflict reports of our test split."""
    flow = " ".join(conflict()).split(" ")
    flow = flow * (words * number // len(flow) + 1)
    return [" ".join(flow[n * words : (n + 1) * words]) for n in range(number)]


def conflict(real: str | Path | None = None) -> list[str]:
    """Reports with attacks: of our test split, or of every .jsonl file in the folder ``real``."""
    files = sorted(Path(real).glob("*.jsonl")) if real else [CORPUS / "test.jsonl"]
    texts = [doc.text for file in files for doc in read_jsonl(file, repair=True) if doc.events]
    if not texts:
        raise SystemExit(f"{real}: no .jsonl file with a report that tells of an attack")
    return texts


def spread(texts: Sequence[str], number: int) -> list[str]:
    """``number`` of ``texts``, evenly drawn; over again where there are fewer."""
    return [texts[(n * max(1, len(texts) // number)) % len(texts)] for n in range(number)]


def mixed(quiet: Sequence[str], number: int) -> list[str]:
    """``number`` reports, `CONFLICT` of them attacks, the others ``quiet``."""
    attacks, every = conflict(), round(1 / CONFLICT)
    return [attacks[n // every % len(attacks)] if n % every == 0 else quiet[n % len(quiet)] for n in range(number)]


def raw_news(raw: str) -> list[str]:
    """The fourth of the gate's sample of raw news that it did not learn from."""
    from adwar.train.gate import known_reports
    from adwar.train.gate_data import sample

    texts = [text for _, _, text in sample(raw, known_reports())[::4]]
    if not texts:
        raise SystemExit(f"{raw}: none of the collections that the gate's sample is drawn from")
    return texts


def our_quiet() -> list[str]:
    """The reports of our test split that tell of no attack; harder to tell from attacks than other news."""
    return [doc.text for doc in read_jsonl(CORPUS / "test.jsonl") if not doc.events]


def without_frames(texts: Iterable[str], number: int) -> list[str]:
    """The first ``number`` of ``texts`` in which the embedded model finds no attack."""
    from adwar.model.loading import load

    return list(_quiet(load().predict_many(texts), number))


def _quiet(predictions: Iterable[object], number: int) -> Iterator[str]:
    found = 0
    for prediction in predictions:
        if not prediction.frames:  # type: ignore[attr-defined]
            yield prediction.text  # type: ignore[attr-defined]
            found += 1
        if found == number:
            return


def write(file: Path, texts: Iterable[str]) -> Path:
    """``texts`` as JSON Lines."""
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
    return file


def read(file: str | Path) -> list[str]:
    return [json.loads(line)["text"] for line in Path(file).read_text(encoding="utf-8").splitlines()]
