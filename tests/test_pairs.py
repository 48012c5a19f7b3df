"""What the pair head is trained on."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from adwar.data.schema import ROLES, Document, Event, Span
from adwar.model.encoding import Settings, encode_all, load_tokenizer
from adwar.model.labels import FIRST_TRIGGER, LABELS
from adwar.train.features import window_links
from adwar.train.pairs import window_pairs

TEXT = "قتل مسلحون جنديين في بغداد. وكان هجوم سابق قد أثار قلق الحكومة."
RNG = np.random.default_rng(0)


def span(text: str) -> Span:
    start = TEXT.index(text)
    return Span(start, start + len(text), text)


DOC = Document("d", TEXT, "", (Event("shooting", span("قتل"), attacker=(span("مسلحون"),), location=(span("بغداد"),)),))


@pytest.fixture
def links(tokenizer_folder):
    encoded = encode_all([TEXT], load_tokenizer(tokenizer_folder), Settings())[0]
    return window_links(DOC, encoded, encoded.windows[0]), encoded


def chances(encoded, **words: tuple[str, float]) -> np.ndarray:
    piece = encoded.windows[0]
    table = np.zeros((len(piece.ids), len(LABELS)))
    table[:, 0] = 0.5
    for text, (label, chance) in words.items():
        word = next(i for i, (a, b) in enumerate(encoded.words) if TEXT[a:b].startswith(text))
        table[piece.firsts[list(piece.words).index(word)], LABELS.index(label)] = chance
    return table


def test_gold_pairs_only_when_nothing_is_doubtful(links):
    link, _ = links
    pairs = window_pairs(link, None, 8, RNG)
    assert pairs.gold.tolist() == [[1.0, 1.0]]
    assert pairs.features.shape[:2] == (1, 2)


def test_a_word_wrongly_taken_for_a_deed_owns_nothing(links):
    link, encoded = links
    table = chances(encoded, هجوم=(LABELS[FIRST_TRIGGER], 0.4), الحكومة=("B-attacker", 0.9))
    for seed in range(8):  # whether it stands among the gold ones or alone
        pairs = window_pairs(link, table, 8, np.random.default_rng(seed))
        assert pairs.gold.shape == (2, 3)
        assert pairs.gold.sum() == 2
        row = list(pairs.triggers).index(link.triggers[0])
        assert pairs.gold[row].tolist() == [1.0, 1.0, 0.0]
        assert pairs.features[row, 2, ROLES.index("attacker")] == 1


def test_gold_words_are_never_doubtful_and_the_likeliest_come_first(links):
    link, encoded = links
    table = chances(
        encoded, قتل=(LABELS[FIRST_TRIGGER], 0.9), هجوم=(LABELS[FIRST_TRIGGER], 0.2), قلق=(LABELS[FIRST_TRIGGER], 0.1)
    )
    pairs = window_pairs(link, table, 1, RNG)
    assert len(pairs.triggers) == 2
    assert pairs.gold.sum() == 2


def test_a_window_without_gold_still_teaches_silence(tokenizer_folder):
    encoded = encode_all([TEXT], load_tokenizer(tokenizer_folder), Settings())[0]
    link = window_links(Document("d", TEXT), encoded, encoded.windows[0])
    table = chances(encoded, هجوم=(LABELS[FIRST_TRIGGER], 0.4), الحكومة=("B-attacker", 0.9))
    pairs = window_pairs(link, table, 8, RNG)
    assert pairs.gold.tolist() == [[0.0]]
