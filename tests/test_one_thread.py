"""The linker's products have one thread, and what the user has set comes back."""

import threading

import pytest
import threadpoolctl
from test_stretches import long_view, pair_linker_of

from adwar.model.one_thread import one_thread
from adwar.model.pair_linker import PairLinker


def threads():
    return {lib["num_threads"] for lib in threadpoolctl.threadpool_info() if lib["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def two_threads():
    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        if threads() != {2}:
            pytest.skip("numpy's library cannot be told its threads")
        yield
        assert threads() == {2}


def test_the_linker_has_one_thread(monkeypatch):
    seen = []
    scores = PairLinker.scores
    monkeypatch.setattr(PairLinker, "scores", lambda *a: seen.append(threads()) or scores(*a))
    pair_linker_of().link(long_view(4))
    assert seen and all(found == {1} for found in seen)


def test_it_is_restored_after_an_error():
    with pytest.raises(ValueError), one_thread():
        raise ValueError
    assert threads() == {2}


def test_a_second_thread_leaves_the_limit_to_the_first():
    """Whichever of the two is done first, and wherever it began."""
    for first_out in (True, False):
        inside, leave = threading.Event(), threading.Event()

        def other(inside=inside, leave=leave):
            with one_thread():
                inside.set()
                leave.wait(20)

        thread = threading.Thread(target=other)
        with one_thread():
            thread.start()
            assert inside.wait(20) and threads() == {1}
            if first_out:
                leave.set()
                thread.join()
                assert threads() == {1}
        assert threads() == {2}
        leave.set()
        thread.join()
        assert threads() == {2}
