"""The table of measured encoders: kept, gone on from, and written into the page; no encoder is run."""

import json
import sys

import encoders
import encoders_page
import pytest


def row(name, pieces, seconds=1.25):
    encoder = encoders.ENCODERS[name]
    return {
        "encoder": encoder.hub,
        "model_type": encoder.model_type,
        "parameters": 11.5e6,
        "pieces a step": pieces,
        "processor seconds a step": seconds,
        "peak memory in GiB": 1.1,
        "export in MB": 23.0,
    }


@pytest.fixture
def measure(monkeypatch, tmp_path):
    """Calls the command with a stand-in for the measurement; returns what was measured."""
    done = []

    def stand_in(name, pieces):
        done.append((name, pieces))
        if name == "marbert":
            raise KeyboardInterrupt
        return row(name, pieces)

    monkeypatch.setattr(encoders, "measured", stand_in)

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["encoders.py", *words, "-o", str(tmp_path / "encoders.json")])
        done.clear()
        encoders.main()
        return list(done)

    call.done = done
    return call


def test_a_stopped_run_goes_on_encoder_by_encoder(measure, tmp_path, capsys):
    with pytest.raises(KeyboardInterrupt):
        measure("camelbert-msa", "asafaya-mini", "marbert", "arbert", "--pieces", "512")
    held = json.loads((tmp_path / "encoders.json").read_text())
    assert list(held) == ["asafaya-mini, 512 pieces", "camelbert-msa, 512 pieces"]  # in the order of the page
    assert measure("camelbert-msa", "arbert", "--pieces", "512") == [("arbert", 512)]
    assert "measured already" in capsys.readouterr().out
    assert measure("asafaya-mini") == [("asafaya-mini", 2048)]  # other pieces are another row
    assert len(json.loads((tmp_path / "encoders.json").read_text())) == 4
    assert measure("asafaya-mini", "--again") == [("asafaya-mini", 2048)]


def test_the_page_is_written_from_the_file(tmp_path):
    file, page = tmp_path / "encoders.json", tmp_path / "page.md"
    page.write_text("before\n<!-- measured -->\nold\n<!-- /measured -->\nafter\n")
    encoders_page.keep(file, {"asafaya-mini, 512 pieces": row("asafaya-mini", 512)}, list(encoders.ENCODERS))
    encoders_page.write_page(file, page, of=15)
    told = page.read_text()
    assert "Measured: 1 of the 15 encoders below." in told and "old" not in told and told.endswith("after\n")
    assert "| asafaya/bert-mini-arabic | bert | 12M | 512 | 1.2 | 1.1 GiB | 23 MB |" in told


def test_what_cannot_be_written_is_told(tmp_path):
    with pytest.raises(SystemExit, match="nothing measured yet"):
        encoders_page.write_page(tmp_path / "none.json", of=1)
    (tmp_path / "list.json").write_text("[]")
    with pytest.raises(SystemExit, match="not measured encoders"):
        encoders_page.held(tmp_path / "list.json")
    bare = tmp_path / "bare.md"
    bare.write_text("no place")
    encoders_page.keep(tmp_path / "e.json", {"asafaya-mini, 9 pieces": row("asafaya-mini", 9)}, [])
    with pytest.raises(ValueError, match="no place between"):
        encoders_page.write_page(tmp_path / "e.json", bare, of=1)
    assert bare.read_text() == "no place"


def test_the_page_shows_what_the_file_holds():
    page = encoders_page.PAGE.read_text(encoding="utf-8")
    assert encoders_page.section(encoders_page.held(encoders_page.FIGURES), len(encoders.ENCODERS)) in page
    assert all(f"| {encoder.hub} | {encoder.model_type} | {encoder.vocab_size:,} |" in page for encoder in (
        encoders.ENCODERS.values()))  # fmt: skip
