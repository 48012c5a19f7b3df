"""The report linker: reads all candidates and spans of a report together; numpy only.

Where the pair linker looks at one deed and one span at a time, this one lets every candidate word, span and sentence
look at all the others (two or three layers of attention, told how far apart two stand and which words they share), and
then says of each candidate whether it names a deed of its own and of which type, of each span whether it fills its
role at all, and of each deed and span how likely they belong together. So a second mention of one attack and the first
of another are told apart by what is told of them, and the type is read off the whole frame and not off one word.

It works on the states of the same encoder pass; its weights lie beside the checkpoint in ``linker.npz`` and are trained
by ``train/report_linker.py``. Several sets of weights (``members``) may lie in one file: their answers are averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..data.schema import EVENT_TYPES, ROLES
from ..data.whole_file import whole_path
from .candidates import SENTENCE, Candidates, candidates
from .certainty import finite
from .frames import RoleSpan, Trigger
from .labels import LABELS
from .link import Group, View, Words, without_trigger
from .one_thread import one_thread
from .stretches import WHOLE, link_in_stretches

HEADS = 4
NUMBERS = ("shared", "least", "sure", "real", "eager")
#: What tells this linker's file from the pair linker's.
MARK = "report_linker"


class ReportLinker:
    """A candidate names a deed from ``sure`` on; a span is kept from ``real`` on, and joins its likeliest deed if it is
    at least ``least`` likely to serve it, and any other that it is at least ``shared`` likely to serve. ``eager`` is
    how much more eagerly (in nats) spans are to be proposed than they are found alone, for this linker to sift."""

    def __init__(
        self,
        members: Sequence[Mapping[str, np.ndarray]],
        shared: float = 0.5,
        least: float = 0.0,
        sure: float = 0.5,
        real: float = 0.5,
        eager: float = 0.0,
    ) -> None:
        if not members:
            raise ValueError("a report linker needs one set of weights or more")
        self.members = [{name: np.asarray(w, dtype=np.float32) for name, w in one.items()} for one in members]
        self.shared, self.least, self.sure, self.real, self.eager = shared, least, sure, real, eager
        try:  # every weight is used once, so that a file that lacks one is refused when it is loaded
            width = self.members[0]["first.weight"].shape[1]
            #: Whether it was fitted with sentences among the items, as older files were not.
            self.sentences = len(self.members[0]["kind.weight"]) > SENTENCE
            for one in self.members:
                answer(one, candidates(probe(width), self.sentences))
        except KeyError as error:
            raise ValueError(f"a report linker without {error}; fit it again") from None

    @classmethod
    def load(cls, file: str | Path) -> ReportLinker:
        with np.load(file, allow_pickle=False) as held:
            count = int(held[MARK])
            members: list[dict[str, np.ndarray]] = [{} for _ in range(count)]
            for name in held.files:
                number, dot, rest = name.partition(".")
                if dot and number.isdecimal() and int(number) < count:
                    members[int(number)][rest] = held[name]
            return cls(members, **{name: finite(float(held[name])) for name in NUMBERS if name in held.files})

    def save(self, file: str | Path) -> None:
        """Weights in half precision: under 2 MB a member at our encoder's width."""
        numbers = {name: np.float32(getattr(self, name)) for name in NUMBERS}
        weights = {f"{n}.{k}": w.astype(np.float16) for n, one in enumerate(self.members) for k, w in one.items()}
        with whole_path(file) as part, part.open("wb") as out:
            np.savez(out, **{MARK: np.int64(len(self.members))}, **numbers, **weights)  # type: ignore[arg-type]

    def link(self, view: View) -> list[Group]:
        return self.link_and_sift(view)[0]

    def link_and_sift(self, view: View) -> tuple[list[Group], dict[RoleSpan, float]]:
        """The groups of ``view``, and those of its spans that are kept, in text order, with the chance that each fills
        its role; one that no candidate was there to judge by is kept."""
        if not view.triggers or not view.spans:
            return (without_trigger(view) if view.spans else []), dict.fromkeys(view.spans, 0.5)
        judged: dict[RoleSpan, tuple[int, float]] = {}

        def link(part: View) -> list[Group]:
            groups, real = self._link(part)
            last = len(part.spans) - 1
            for index, chance in enumerate(real):
                inside = min(index, last - index)  # a stretch tells most of what stands in its middle
                if inside > judged.get(part.spans[index], (-1, 0.0))[0]:
                    judged[part.spans[index]] = (inside, float(chance))
            return groups

        with one_thread():
            whole = len(view.triggers) + len(view.spans) <= WHOLE
            groups = link(view) if whole else link_in_stretches(link, view)
        chances = {span: judged[span][1] if span in judged else max(0.5, self.real) for span in view.spans}
        return groups, {span: chance for span, chance in chances.items() if chance >= self.real}

    def _link(self, view: View) -> tuple[list[Group], np.ndarray]:
        """Groups, and (spans,) the chance that each fills its role; none where no candidate is there."""
        if not view.triggers or not view.spans:
            return [], np.empty(0)
        named, types, chance, real = self.chances(view)
        kept = [i for i in range(len(view.triggers)) if named[i] >= self.sure]
        stay = real >= self.real
        if not kept:
            spans = [int(i) for i in np.flatnonzero(stay)]
            told = without_trigger(replace(view, spans=[view.spans[i] for i in spans]))
            return [replace(g, spans=tuple(spans[i] for i in g.spans)) for g in told], real
        best = chance[kept].argmax(axis=0)
        groups = []
        for row, index in enumerate(kept):
            least = np.where(best == row, self.least, self.shared)
            members = tuple(int(s) for s in np.flatnonzero((chance[index] >= least) & stay))
            groups.append(Group(index, members, EVENT_TYPES[int(types[index].argmax())], float(named[index])))
        return groups, real

    def chances(self, view: View) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """(deeds,) that a candidate names a deed of its own, (deeds, types) of which, (deeds, spans) that a span serves
        it, (spans,) that a span fills its role for any; deeds and spans in the order of ``view``."""
        seen = candidates(view, self.sentences)
        answers = [answer(one, seen) for one in self.members]
        named, types, chance, real = (np.mean([a[part] for a in answers], axis=0) for part in range(4))
        return named, types, chance, real


def answer(w: Mapping[str, np.ndarray], c: Candidates) -> tuple[np.ndarray, ...]:
    """One member's `ReportLinker.chances`."""
    x = linear(w, "first", c.first) + linear(w, "inner", c.inner) + linear(w, "around", c.around)
    x = x + linear(w, "facts", c.facts) + w["kind.weight"][c.kind]
    for number in range(sum(name.endswith(".heads.weight") for name in w)):
        x = layer(w, f"layers.{number}", x, c.pairs)
    x = norm(w, "norm", x)
    deeds, spans = x[c.deeds], x[c.spans]
    named = sigmoid(linear(w, "named.3", relu(linear(w, "named.0", deeds)))[:, 0])
    types = softmax(linear(w, "types.3", relu(linear(w, "types.0", deeds))))
    a, b = np.tanh(linear(w, "deed", deeds)), np.tanh(linear(w, "span", spans))
    size = a.shape[1]
    joined, bias = w["joined.weight"], w["joined.bias"]
    hidden = (a @ joined[:, :size].T)[:, None] + (b @ joined[:, size : 2 * size].T)[None]
    hidden = hidden + (a[:, None] * b[None]) @ joined[:, 2 * size : 3 * size].T
    hidden = hidden + c.pairs[np.ix_(c.deeds, c.spans)] @ joined[:, 3 * size :].T + bias
    real = sigmoid(linear(w, "real.3", relu(linear(w, "real.0", spans)))[:, 0])
    return named, types, sigmoid(linear(w, "serves", relu(hidden))[..., 0]), real


def layer(w: Mapping[str, np.ndarray], name: str, x: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """One pre-norm attention layer over (items, width); ``pairs`` (items, items, features) bias each head."""
    items, width = x.shape
    each = width // HEADS
    mixed = linear(w, f"{name}.mix", norm(w, f"{name}.before", x)).reshape(items, 3, HEADS, each)
    q, k, v = (mixed[:, part].transpose(1, 0, 2) for part in range(3))
    scores = q @ k.transpose(0, 2, 1) / np.float32(np.sqrt(each)) + linear(w, f"{name}.heads", pairs).transpose(2, 0, 1)
    read = (softmax(scores) @ v).transpose(1, 0, 2).reshape(items, width)
    x = x + linear(w, f"{name}.out", read)
    return x + linear(w, f"{name}.down", relu(linear(w, f"{name}.up", norm(w, f"{name}.after", x))))


def linear(w: Mapping[str, np.ndarray], name: str, x: np.ndarray) -> np.ndarray:
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]


def norm(w: Mapping[str, np.ndarray], name: str, x: np.ndarray) -> np.ndarray:
    centred = x - x.mean(axis=-1, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-5))
    return centred / scale * w[f"{name}.weight"] + w[f"{name}.bias"]


def relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -60, 60)))


def softmax(x: np.ndarray) -> np.ndarray:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def probe(width: int) -> View:
    """The least view that uses every weight: one candidate and one span."""
    trigger, span = Trigger(0, 1, "ا", EVENT_TYPES[0], 0.5), RoleSpan(2, 3, "ب", ROLES[0], 0.5)
    words = Words([(0, 1), (2, 3)], np.zeros((2, width), np.float32), np.zeros((2, len(LABELS))))
    return View(
        "ا ب", [span], [trigger], [(0, 3)], words=words, span_words=np.array([[1, 1]]), trigger_words=np.array([0])
    )
