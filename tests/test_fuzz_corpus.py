"""What fuzzing found interesting or broken, read again by every target (`benchmarks/fuzz.py all --keep` renews it)."""

import pytest
from fuzz import KEPT, replayed
from fuzz_targets import TARGETS, tried


@pytest.mark.parametrize("target", TARGETS)
def test_kept_inputs_raise_nothing_but_our_own_errors(target):
    if target == "http":
        pytest.importorskip("fastapi", reason="the service is not installed: pip install 'adwar[serve]'")
    inputs = replayed(target)
    assert inputs, f"tests/fuzz_corpus/{target}.txt is missing: python benchmarks/fuzz.py {target} --keep"
    for raw in inputs:
        tried(TARGETS[target], raw)


def test_the_corpus_stays_small():
    assert sum(file.stat().st_size for file in KEPT.iterdir()) < 300_000
