"""Windows cover every word once, in order, within the limit, with the hand-over in the middle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adwar.model.windows import windows


@given(st.lists(st.integers(1, 9), max_size=80), st.integers(10, 40), st.integers(0, 9))
def test_kept_ranges_cover_every_word_once(sizes, limit, overlap):
    found = windows(sizes, limit, overlap)
    kept = [i for w in found for i in range(w.keep_start, w.keep_end)]
    assert kept == list(range(len(sizes)))
    for w in found:
        assert w.start <= w.keep_start <= w.keep_end <= w.end
        assert sum(sizes[w.start : w.end]) <= limit


def test_hand_over_is_in_the_middle_of_the_overlap():
    first, second = windows([1] * 15, 10, 4)[:2]
    assert (first.start, first.end, second.start) == (0, 10, 6)
    assert first.keep_end == second.keep_start == 8


def test_a_word_longer_than_the_window_gets_one_of_its_own():
    assert [w.start for w in windows([3, 50, 3], 10, 2)] == [0, 1, 2]


def test_no_words_no_windows():
    assert windows([], 10, 2) == []


@pytest.mark.parametrize(("limit", "overlap"), [(10, 10), (10, -1), (0, 0)])
def test_an_overlap_that_never_advances_is_refused(limit, overlap):
    with pytest.raises(ValueError, match="overlap"):
        windows([1, 1], limit, overlap)
