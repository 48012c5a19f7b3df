"""Fitting the gate: logistic regression on windows of words, with the windows that fool it brought back.

A window that holds a word naming an attack is an example for, any window of a quiet report one against; other windows
of reports with attacks teach nothing. The report's score is its best window's, so after each round the windows of quiet
reports that score highest join the examples against. Sparse rows and L-BFGS: minutes on one core, no other library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..scale.gate import Gate, features, windows
from .gate_data import Example


@dataclass(frozen=True, slots=True, kw_only=True)
class FitConfig:
    """``bits``: 2**bits weights; ``l2``: their penalty; ``hard``: windows brought back of each quiet report;
    ``random``: windows of quiet reports that are there in every round."""

    bits: int = 18
    l2: float = 3.0
    rounds: int = 3
    hard: int = 3
    random: int = 40_000
    steps: int = 40
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Windows:
    """All windows of some examples. ``slots`` of window i are ``slots[edges[i]:edges[i + 1]]``; ``example`` is the
    index of its example; ``label`` 1 for, 0 against, -1 for what teaches nothing."""

    slots: np.ndarray
    edges: np.ndarray
    example: np.ndarray
    label: np.ndarray


def cut_windows(examples: Sequence[Example], bits: int) -> Windows:
    """The windows of ``examples``, in order."""
    slots: list[np.ndarray] = []
    example: list[int] = []
    label: list[int] = []
    for number, one in enumerate(examples):
        owners, found, count = features(one.text, bits)
        if not count:
            continue
        order = np.argsort(owners, kind="stable")
        found = found[order].astype(np.int32)
        edges = np.searchsorted(owners[order], np.arange(count + 1))
        named = [features(one.text[:start], bits)[2] for start in one.triggers]
        for first, last in windows(count):
            slots.append(found[edges[first] : edges[last]])
            example.append(number)
            holds = any(first <= word < last for word in named)
            label.append(1 if holds else (0 if one.attack is False else -1))
    edges = np.concatenate([[0], np.cumsum([len(s) for s in slots])])
    return Windows(np.concatenate(slots), edges, np.array(example), np.array(label))


def fit(held: Windows, config: FitConfig) -> Gate:
    """A gate that lets everything pass, as it will be saved; the threshold is chosen elsewhere."""
    chance = np.random.default_rng(config.seed)
    for_, against = np.flatnonzero(held.label == 1), np.flatnonzero(held.label == 0)
    if not len(for_) or not len(against):
        raise ValueError("the gate needs reports with attacks and quiet ones to learn from")
    always = chance.choice(against, min(len(against), config.random), replace=False)
    values = np.zeros((1 << config.bits) + 1)
    chosen = np.concatenate([for_, always])
    for _ in range(config.rounds):
        values = _regress(held, chosen, values, config)
        chosen = np.unique(np.concatenate([for_, always, _hardest(held, against, values, config.hard)]))
    return Gate(values[:-1].astype(np.float32), float(values[-1]), float("-inf")).rounded()


def _regress(held: Windows, chosen: np.ndarray, start: np.ndarray, config: FitConfig) -> np.ndarray:
    """Weights and bias with the least penalised log-loss on the windows ``chosen``, begun at ``start``."""
    from scipy import sparse
    from scipy.optimize import minimize

    columns = np.concatenate([held.slots[held.edges[i] : held.edges[i + 1]] for i in chosen])
    edges = np.concatenate([[0], np.cumsum(held.edges[chosen + 1] - held.edges[chosen])])
    rows = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, edges), shape=(len(chosen), 1 << config.bits))
    turned = rows.T.tocsr()
    wanted = (held.label[chosen] == 1).astype(float)

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        odds = rows @ values[:-1] + values[-1]
        off = 1 / (1 + np.exp(-np.clip(odds, -50, 50))) - wanted
        total = np.logaddexp(0, np.where(wanted > 0, -odds, odds)).sum()
        penalty = config.l2 / 2 * float(values[:-1] @ values[:-1])
        return total + penalty, np.append(turned @ off + config.l2 * values[:-1], off.sum())

    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": config.steps}).x


def _hardest(held: Windows, against: np.ndarray, values: np.ndarray, most: int) -> np.ndarray:
    """Of each quiet report the ``most`` windows of the highest score."""
    score = np.array([values[held.slots[held.edges[i] : held.edges[i + 1]]].sum() for i in against])
    order = np.lexsort((-score, held.example[against]))
    of = held.example[against][order]
    first = np.flatnonzero(np.concatenate([[True], of[1:] != of[:-1]]))
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    return against[order[rank < most]]
