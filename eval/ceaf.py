"""CEAF-REE and CEAF-RME: how template-filling papers (MUC-4, MultiMUC) score events, computed on our frames.

An event or frame becomes a `Template`: its type, and for each role a tuple of entities; an entity is a set of
normalised mentions. *Our choice:* inside one template and role, mentions with equal normalised text are one entity,
and all other mentions are entities of their own, since the schema marks no coreference. So every entity of ours holds
one mention, and the two phi-3 variants below give equal figures on our data; they part on templates with coreference.

Sources: Du et al. 2021 (GTT) and Chen et al. 2023 (IterX, RME), as restated in the project's notes on scorers.

**REE** (`ree`): in each document, of all one-to-one maps from predicted to gold templates, some of them unmapped, the
one with the highest micro F1 counts. A pair may be mapped if the predicted type is a substring of the gold type
("attack" in "attack / bombing"; none of our types is part of another, so here: equal types). In a mapped pair a
predicted entity is right if it is a subset of *any* gold entity of its role (not one to one), a gold entity is found
if any predicted one is a subset of it. The type is one more slot, right in every mapped pair. Unmapped templates add
to the denominators. The search is exact while its states stay below `MAX_STATES` (about eight events of one type), and
beyond that the best of several linear matchings, which may fall short of the optimum.

**RME** (`rme`): templates are aligned by Hungarian matching on the sum of phi. Entities agree on (type, role, mention).
- ``phi3-mention``: entities matched one to one on mentions in common; denominators count mentions (released code).
- ``phi3-entity``: the same with entities in the denominators (what the authors' published comparisons rest on).
- ``phi-subset``: predicted entities that share a mention with any gold entity over predicted entities; for recall the
  distinct gold entities hit (the first hit of each predicted entity); templates are aligned on the former.

Ambiguities, settled here: an empty entity would be a subset of anything, so mentions that normalise to nothing are
dropped; of maps with equal F1 the first in sorted order counts, so that roles' figures never hang on input order;
gold types "A / B", which RME splits into copies, do not occur in our schema and are not split; normalisation deletes
ASCII punctuation and English articles only, as MultiMUC does for Arabic (، « and the article ال stay).
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..data.schema import ROLES, Document
from .intervals import add_intervals
from .match import best_matching
from .scores import Score

Entity = frozenset[str]
PHIS = ("phi3-mention", "phi3-entity", "phi-subset")
#: States of the exact search of one document's best map; more than this falls back to matching.
MAX_STATES = 20_000
_DELETE = str.maketrans("", "", string.punctuation)
_ARTICLE = re.compile(r"\b(a|an|the)\b")


@dataclass(frozen=True, slots=True)
class Template:
    """``fillers[role]`` is a tuple of entities, each a non-empty set of normalised mentions."""

    type: str
    fillers: Mapping[str, tuple[Entity, ...]]

    def entities(self) -> list[tuple[str, Entity]]:
        return [(role, entity) for role in sorted(self.fillers) for entity in self.fillers[role]]


def normalise(text: str) -> str:
    """MUC's normal form: lower case, no ASCII punctuation, no English article, single spaces."""
    return " ".join(_ARTICLE.sub(" ", text.lower().translate(_DELETE)).split())


def template(frame: Any) -> Template:
    """The template of an event or frame. A count that a frame reads off its target's own words is no filler."""
    targets = {(m.start, m.end) for m in frame.target}
    fillers: dict[str, tuple[Entity, ...]] = {}
    for role in ROLES:
        mentions = [m for m in getattr(frame, role) if role != "count" or (m.start, m.end) not in targets]
        fillers[role] = tuple(frozenset((name,)) for name in sorted({normalise(m.text) for m in mentions} - {""}))
    return Template(frame.type, fillers)


def score_ceaf(docs: Sequence[Document], frames: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """REE by role, type and micro, and RME by each phi, summed over documents, F1 with 95% intervals; ``frames[i]``
    belongs to ``docs[i]``."""
    slots = (*ROLES, "type")
    by_slot: list[dict[str, Score]] = []
    by_phi: list[dict[str, Score]] = []
    for doc, found in zip(docs, frames, strict=True):
        gold, predicted = [template(e) for e in doc.events], [template(f) for f in found]
        by_slot.append(ree(predicted, gold))
        by_phi.append({phi: rme(predicted, gold, phi) for phi in PHIS})
    whole = {slot: sum((one.get(slot, Score()) for one in by_slot), Score()) for slot in slots}
    entities = {k: s.to_dict() for k, s in [*whole.items(), ("micro", sum(whole.values(), Score()))]}
    mentions = {phi: sum((one[phi] for one in by_phi), Score()).to_dict() for phi in PHIS}
    add_intervals(entities, by_slot)
    add_intervals(mentions, by_phi)
    return {
        "REE": entities,
        "RME": mentions,
        "entities": "mentions of one template and role with equal normalised text",
    }


def ree(predicted: Sequence[Template], gold: Sequence[Template]) -> dict[str, Score]:
    """CEAF-REE of one document: a `Score` for every role and for ``type``, under the best map."""
    predicted, gold = sorted(predicted, key=_order), sorted(gold, key=_order)
    total: dict[str, Score] = {}
    for t in predicted:
        _add(total, {slot: Score(n, 0, 0, 0) for slot, n in _slots(t).items()})
    for t in gold:
        _add(total, {slot: Score(0, n, 0, 0) for slot, n in _slots(t).items()})
    pairs = {(p, g): _hits(a, b) for p, a in enumerate(predicted) for g, b in enumerate(gold) if a.type in b.type}
    whole = {key: sum(hits.values(), Score()) for key, hits in pairs.items()}
    sums = {key: (score.right_predicted, score.right_gold) for key, score in whole.items()}
    size = sum(total.values(), Score())
    for key in _best_map(sums, len(predicted), len(gold), size):
        _add(total, pairs[key])
    return total


def rme(predicted: Sequence[Template], gold: Sequence[Template], phi: str) -> Score:
    """CEAF-RME of one document under one of `PHIS`."""
    predicted, gold = sorted(predicted, key=_order), sorted(gold, key=_order)
    if phi not in PHIS:
        raise ValueError(f"phi {phi!r}: one of {', '.join(PHIS)}")
    of = _phi_subset if phi == "phi-subset" else _phi3
    grid = [[of(p, g) for g in gold] for p in predicted]
    chosen = [grid[p][g] for p, g in best_matching([[float(cell[0]) for cell in row] for row in grid])]

    def size(templates: Sequence[Template]) -> int:
        entities = [entity for t in templates for _, entity in t.entities()]
        return sum(map(len, entities)) if phi == "phi3-mention" else len(entities)

    return Score(size(predicted), size(gold), sum(p for p, _ in chosen), sum(r for _, r in chosen))


def _order(t: Template) -> tuple[str, list[tuple[str, list[str]]]]:
    return t.type, sorted((role, sorted(entity)) for role, entity in t.entities())


def _slots(t: Template) -> dict[str, int]:
    return {"type": 1, **{role: len(entities) for role, entities in t.fillers.items()}}


def _add(total: dict[str, Score], more: Mapping[str, Score]) -> None:
    for slot, score in more.items():
        total[slot] = total.get(slot, Score()) + score


def _hits(predicted: Template, gold: Template) -> dict[str, Score]:
    """What is right in a mapped pair, by slot; the denominators are counted elsewhere."""
    hits = {"type": Score(0, 0, 1, 1)}
    for role in {*predicted.fillers, *gold.fillers}:
        ours, theirs = predicted.fillers.get(role, ()), gold.fillers.get(role, ())
        right = sum(any(p <= g for g in theirs) for p in ours)
        found = sum(any(p <= g for p in ours) for g in theirs)
        hits[role] = Score(0, 0, right, found)
    return hits


def _best_map(
    sums: Mapping[tuple[int, int], tuple[float, float]], rows: int, columns: int, size: Score
) -> list[tuple[int, int]]:
    """Of all one-to-one maps over the allowed pairs, the first with the highest micro F1."""

    def f1(right: tuple[float, float]) -> float:
        return Score(size.predicted, size.gold, *right).f1

    states: dict[tuple[int, float, float], list[tuple[int, int]]] = {(0, 0, 0): []}
    for row in range(rows):
        options = [(g, *sums[row, g]) for g in range(columns) if (row, g) in sums]
        for (used, p, r), pairs in list(states.items()):
            for g, more_p, more_r in options:
                if not used >> g & 1:
                    states.setdefault((used | 1 << g, p + more_p, r + more_r), [*pairs, (row, g)])
        if len(states) > MAX_STATES:
            return _matched_map(sums, rows, columns, size)
    return max(states.items(), key=lambda item: f1(item[0][1:]))[1]


def _matched_map(
    sums: Mapping[tuple[int, int], tuple[float, float]], rows: int, columns: int, size: Score
) -> list[tuple[int, int]]:
    """The best by F1 of the matchings on share·precision + (1 - share)·recall, for eleven shares."""
    best: tuple[float, list[tuple[int, int]]] = (-1.0, [])
    for share in (tenth / 10 for tenth in range(11)):
        weights = [[0.0] * columns for _ in range(rows)]
        for (p, g), (right, found) in sums.items():
            weights[p][g] = share * right / max(size.predicted, 1) + (1 - share) * found / max(size.gold, 1)
        pairs = [pair for pair in best_matching(weights) if pair in sums]
        right, found = sum(sums[k][0] for k in pairs), sum(sums[k][1] for k in pairs)
        f1 = Score(size.predicted, size.gold, right, found).f1
        if f1 > best[0]:
            best = (f1, pairs)
    return best[1]


def _phi3(predicted: Template, gold: Template) -> tuple[int, int]:
    """(shared mentions, the same again) under the best one-to-one matching of entities."""
    if predicted.type != gold.type:
        return 0, 0
    ours, theirs = predicted.entities(), gold.entities()
    weights = [[len(p & g) if a == b else 0 for b, g in theirs] for a, p in ours]
    shared = sum(weights[i][j] for i, j in best_matching(weights))
    return shared, shared


def _phi_subset(predicted: Template, gold: Template) -> tuple[int, int]:
    """(predicted entities that touch a gold one, distinct gold entities touched first)."""
    if predicted.type != gold.type:
        return 0, 0
    theirs = gold.entities()
    first = [next((j for j, (b, g) in enumerate(theirs) if a == b and p & g), None) for a, p in predicted.entities()]
    hits = [j for j in first if j is not None]
    return len(hits), len(set(hits))
