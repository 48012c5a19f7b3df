"""What the gate learns from: annotated reports, and raw news that the embedded model has read.

Annotated reports say which words name attacks. Raw news is mostly quiet, which annotated sets are not: a fixed sample
is read once by the embedded model, and what it found is kept as numbers alone (collection, number, triggers, scores),
no word of the text.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..data.rawtext import documents
from ..data.schema import Document
from ..data.standoff import split_title

#: Reports drawn of each collection; of these, shuffled, the first `SIZE` are the sample.
SAMPLE = {
    "ant_multi": 3600,
    "sanad_khaleej": 3200,
    "osac_bbc_cnn": 500,
    "ant_jawhara": 900,
    "arab_newspapers_2012": 400,
    "vulcan": 500,
    "nahla_news": 350,
    "afnd_source6": 350,
    "mayadeen": 100,
    "ahdath": 100,
    "wiki_comparable": 400,
}
SIZE = 6900
#: Words of a report in the sample.
FEWEST, MOST = 30, 700
SEED = 11
#: A frame of the model's is believed from this score on; reports with none but weaker ones teach nothing. (The embedded
#: gate was made when a frame's score was the deed's times the mean of its best fillers.)
BELIEVED = 0.5


@dataclass(frozen=True, slots=True)
class Example:
    """A text, where attacks are named in it, how many role spans it holds, whether it tells of an attack (None: who
    knows), and the highest score of a frame the model found in it (raw news only)."""

    text: str
    triggers: tuple[int, ...]
    spans: int
    attack: bool | None
    frames: tuple[float, ...] = ()


def annotated(docs: Iterable[Document]) -> list[Example]:
    """Examples of annotated documents."""
    return [
        Example(d.text, tuple(t.start for t in d.triggers()), len(d.role_spans()), bool(d.events))
        for d in docs
        if d.text
    ]


def sample(
    raw: str | Path, known: set[tuple[str, int]], sizes: Mapping[str, int] = SAMPLE
) -> list[tuple[str, int, str]]:
    """(collection, number, text) of the sample of ``raw``, in a fixed order; ``known`` ones and collections that
    ``sizes`` does not name are left out."""
    pools: dict[str, list[tuple[int, str]]] = {}
    for doc in documents(raw):
        text = split_title(doc)[1]
        if doc.source in sizes and (doc.source, doc.number) not in known and FEWEST <= len(text.split()) <= MOST:
            pools.setdefault(doc.source, []).append((doc.number, text))
    chance = random.Random(SEED)
    picked = []
    for name, pool in sorted(pools.items()):
        picked += [(name, *one) for one in chance.sample(pool, min(sizes[name], len(pool)))]
    chance.shuffle(picked)
    return picked[:SIZE]


def read_sample(picked: list[tuple[str, int, str]], file: str | Path) -> None:
    """Read the sample with the embedded model and write what it found to ``file``: minutes on an idle machine."""
    from ..model.loading import load

    file = Path(file)
    part = file.with_name(file.name + ".part")
    with part.open("w", encoding="utf-8") as out:
        for (name, number, text), read in zip(
            picked, load().predict_many((text for _, _, text in picked), chunk=128), strict=True
        ):
            frames = [[f.score, f.trigger.start if f.trigger else None, f.sentences] for f in read.frames]
            out.write(json.dumps([name, number, len(text.split()), frames, len(read.spans)]) + "\n")
    os.replace(part, file)


def silver(picked: list[tuple[str, int, str]], file: str | Path) -> Iterator[Example]:
    """Examples of the sample by what `read_sample` wrote: quiet where the model found nothing at all to tell."""
    texts = {(name, number): text for name, number, text in picked}
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        name, number, _, frames, spans = json.loads(line)
        scores = tuple(score for score, _, _ in frames)
        attack = False if not frames else (True if max(scores) >= BELIEVED else None)
        triggers = tuple(
            start if start is not None else sentences[0][0] for score, start, sentences in frames if score >= BELIEVED
        )
        yield Example(texts[name, number], triggers, spans, attack, scores)
