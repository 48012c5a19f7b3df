"""The benchmark of speed: resuming, ratios, the page, and one small process of each kind that needs no torch."""

import json

import bench
import bench_children
import bench_goals
import bench_page
import bench_peak
import million
import numpy as np
import pytest
from bench_measures import Measure, Options, child, measures, settings
from bench_texts import mixed, of_length, spread, write

from adwar.model.loading import EMBEDDED

HERE = {"cores": 2, "processor": "a kind", "python": "3"}


def side(**rounds):
    return [dict(zip(rounds, values, strict=True)) for values in zip(*rounds.values(), strict=True)]


@pytest.fixture
def report():
    """Two rounds of some measures, with figures that are easy to divide."""
    sides = {
        "pipeline": {
            "adwar, one process": side(**{"our corpus": [20.0, 40.0], "30 words": [60.0, 80.0]}),
            "adwar, a process a core": side(**{"our corpus": [30.0, 60.0], "30 words": [50.0, 50.0]}),
            "pipeline": side(**{"our corpus": [10.0, 10.0], "30 words": [20.0, 20.0]}),
        },
        "workers": {
            "1 worker": side(seconds=[21.0, 21.0]),
            "2 workers": side(seconds=[12.0, 11.0]),
            "start of 1": side(seconds=[1.0, 1.0]),
            "start of 2": side(seconds=[2.0, 1.0]),
        },
        "length": {
            "30 words": [{"core seconds": 5.0, "seconds": 6.0, "documents": 400.0}],
            "150 words": [{"core seconds": 21.0, "seconds": 22.0, "documents": 400.0}],
            "start": [{"core seconds": 1.0, "seconds": 1.0, "documents": 1.0}],
        },
    }
    return {
        "machine": HERE,
        "measures": {
            name: {"title": name, "settings": settings(name, Options(), HERE), "sides": held, "load": [0.2, 4.5]}
            for name, held in sides.items()
        },
    }


def test_ratios_are_taken_round_by_round_with_our_best_way(report):
    held = report["measures"]
    assert bench_goals.best(held, "our corpus") == "adwar, a process a core"
    assert bench_goals.best(held, "30 words") == "adwar, one process"
    assert bench_goals.against(held, "pipeline").values == (3.0, 6.0)
    assert bench_goals.against(held, "pipeline", way="adwar, one process").values == (2.0, 4.0)
    assert bench_goals.against(held, "pipeline, base dimensions") is None


def test_starts_are_taken_off(report):
    found = bench_goals.sooner(report["measures"], "workers", "1 worker", "2 workers", ("start of 1", "start of 2"))
    assert found.values == (20 / 10.5, 20 / 9.5)
    assert bench_goals.core_ms(report["measures"], "30 words").values == (10.0,)
    assert million.core_ms(report, "150 words") == 50.0 and million.core_ms(report, "2000 words") is None


def test_the_page_says_what_was_measured_and_what_was_not(report, tmp_path, monkeypatch):
    page = tmp_path / "speed.md"
    page.write_text("before\n<!-- bench -->\nof yesterday\n<!-- /bench -->\nafter\n", encoding="utf-8")
    monkeypatch.setattr(bench_page, "PAGE", page)
    monkeypatch.setattr(bench_page, "PLOT", tmp_path / "speed.png")
    assert bench_page.draw(report).stat().st_size > 1000
    told = bench_page.write_page(report).read_text(encoding="utf-8")
    assert told.startswith("before\n") and told.endswith("after\n") and "yesterday" not in told
    assert (
        "| embedded model against the pipeline, same weights, our corpus | 4.50 × (3.75 to 5.25) | 3 × | yes |" in told
    )
    assert "| cold start, start to end of the process | not measured | under 1.0 s |  |" in told
    assert "Measured beside other work" in told and "| 30 words |" in told
    bench_page.write_page({"measures": {}})
    assert "not measured" in page.read_text(encoding="utf-8") and "Measured beside" not in page.read_text("utf-8")


def test_a_stopped_run_goes_on_and_another_begins_anew():
    done = []
    measure = Measure("m", 2, 1, {name: lambda name=name: done.append(name) or {"x": 1.0} for name in "ab"})

    class Killed(Exception):
        pass

    record = bench.unfinished(None, {"documents": 1}, measure)

    def keep():
        if len(done) == 3:
            raise Killed

    with pytest.raises(Killed):
        bench.run("m", measure, record, keep)
    held = json.loads(json.dumps(record))
    again = bench.unfinished(held, {"documents": 1}, measure)
    bench.run("m", measure, again, lambda: None)
    assert done == list("abab") and [len(found) for found in again["sides"].values()] == [2, 2]
    bench.run("m", measure, bench.unfinished(again, {"documents": 1}, measure), lambda: None)
    assert len(done) == 4
    assert bench.unfinished(again, {"documents": 2}, measure)["sides"] == {"a": [], "b": []}


def test_every_measure_has_its_goal(tmp_path):
    todo = measures(tmp_path, Options(raw="somewhere", real="somewhere"))
    assert 20 < sum(measure.minutes for measure in todo.values()) < 60
    held = {}
    for name, measure in todo.items():
        figures = dict.fromkeys(("seconds", "core seconds", "documents", "peak MB", "peak", "48 computed"), 2.0)
        figures |= dict.fromkeys(("48 needed", "our corpus", "real news", "pieces a second", bench_goals._MB), 2.0)
        held[name] = {"sides": {side: [figures] for side in measure.sides}}
    lacking = [goal.title for goal in bench_goals.GOALS if goal.of(held) is None]
    assert lacking == ["… the rest our corpus's quiet reports, made to be hard"]  # measured where there is no raw news


def test_texts_have_the_length_and_the_mixture_asked_for():
    assert all(150 <= len(text.split()) <= 158 for text in of_length(150, 3))  # cut at blanks, not at line ends
    stream = mixed(["خبر هادئ"], 40)
    assert len(stream) == 40 and sum(text != "خبر هادئ" for text in stream) == 2
    assert spread(["a", "b", "c", "d"], 2) == ["a", "c"] and len(spread(["a"], 3)) == 3


def test_arithmetic_is_counted_from_the_config():
    config = {"model_type": "modernbert", "hidden_size": 4, "intermediate_size": 8, "num_hidden_layers": 2}
    config |= {"layer_types": ["full_attention", "sliding_attention"], "local_attention": 4, "id2label": {"0": "O"}}
    weights = 2 * (4 * 12 + 4 * 4 + 4 * 16 + 8 * 4) + 4 * 4 + 4
    assert bench_peak.flops(config, 100) == 2 * weights + 2 * 4 * 100 * 4
    assert bench_peak.flops(config, 100, needed=True) == 2 * weights + 4 * 100 * 4 + 4 * 5 * 4
    with pytest.raises(ValueError, match="deberta"):
        bench_peak.shapes({"model_type": "deberta"})


def test_a_child_reads_and_says_how_fast(tmp_path):
    file = write(tmp_path / "some.jsonl", of_length(20, 6))
    found = child("labeler", "--threads", "1", "--texts", str(file))
    assert list(found) == ["some"] and found["some"] > 0
    assert bench_children.found_in('noise\nresult: {"a": 1}\nmore noise\n') == {"a": 1}


def test_the_export_becomes_a_checkpoint_with_the_same_scores(tmp_path):
    pytest.importorskip("torch")
    from same_weights import as_checkpoint, weights

    out = as_checkpoint(EMBEDDED, tmp_path / "out")  # refuses by itself where scores differ
    from safetensors.numpy import load_file

    held = load_file(out / "model.safetensors")
    assert set(held) <= set(weights(EMBEDDED / "model.onnx"))
    assert np.isfinite(held["classifier.weight"]).all() and held["classifier.weight"].shape == (21, 256)
    assert json.loads((out / "tokenizer_config.json").read_text())["cls_token"] == "[CLS]"
