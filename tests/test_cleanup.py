"""The clean-up folds what copy spells in many ways, and offsets still index the caller's text."""

import pytest
from conftest import build_tokenizer

from adwar.data.schema import words
from adwar.model.encoding import Settings, batches, encode_all


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer(["قتل ثلاثة مدنيين في غارة على بلدة حارم احمد الرقة 12 35 100"] * 20, 300)


@pytest.mark.parametrize(
    ("surface", "plain"),
    [
        ("قُتِلَ", "قتل"),
        ("غـــارة", "غارة"),
        ("أحمد", "احمد"),
        ("إحمد", "احمد"),
        ("١٢", "12"),
        ("۱۲", "12"),
        ("\u200fحارم\u200f", "حارم"),
        ("ﻻ", "لا"),
        ("الرقّة", "الرقة"),
    ],
)
def test_spellings_fold(tokenizer, surface, plain):
    assert (
        tokenizer.encode(surface, add_special_tokens=False).ids == tokenizer.encode(plain, add_special_tokens=False).ids
    )


def test_digits_part_from_letters(tokenizer):
    assert tokenizer.encode("12مدنيين", add_special_tokens=False).tokens[0] == "12"
    assert words("12مدنيين") == [(0, 2), (2, 8)]


def test_diacritics_stay_inside_their_word():
    text = "قُتِلَ مَدَنيٌّ."
    assert [text[a:b] for a, b in words(text)] == ["قُتِلَ", "مَدَنيٌّ", "."]


def test_hashtags_and_quotes_stand_alone():
    text = '"داعش" #حلب_الآن'
    assert [text[a:b] for a, b in words(text)] == ['"', "داعش", '"', "#", "حلب", "_", "الآن"]


def test_every_word_that_gives_a_piece_is_kept_once(tokenizer):
    text = "قُتِلَ ثلاثة \u200f مدنيين، في غارة 12جندي " * 30
    encoded = encode_all([text], tokenizer, Settings(32, 8))[0]
    kept = [int(w) for piece in encoded.windows for w in piece.words]
    assert kept == sorted(set(kept))
    silent = [i for i in range(len(encoded.words)) if i not in set(kept)]
    assert {text[slice(*encoded.words[i])] for i in silent} <= {"\u200f"}
    assert all(len(piece.ids) <= 32 for piece in encoded.windows)


def test_batches_hold_each_window_once_within_the_budget():
    sizes = [5, 90, 3, 3, 40, 41, 200, 7]
    groups = batches(sizes, 100)
    assert sorted(i for g in groups for i in g) == list(range(len(sizes)))
    assert all(len(g) == 1 or max(sizes[i] for i in g) * len(g) <= 100 for g in groups)
