"""The table in docs/reliability.md says what the benchmarks' JSON says, and leaves out what has not run."""

import json

import reliability_figures as figures


def test_the_page_holds_the_figures_of_the_json():
    page = figures.PAGE.read_text(encoding="utf-8")
    assert page.count(figures.BEGIN) == page.count(figures.END) == 1
    for line in figures.table().splitlines():
        if "coverage" not in line:  # made by whoever ran it last
            assert line in page, "old: python benchmarks/reliability_figures.py"


def test_what_has_not_run_has_no_row(tmp_path, monkeypatch):
    monkeypatch.setattr(figures, "FIGURES", tmp_path)
    monkeypatch.setattr(figures, "ROOT", tmp_path)
    assert figures.table() == f"{figures.BEGIN}\n{figures.END}"
    kills = {"extract": {"kills": 7, "lost": 0}, "train": {"kills": 2, "lost": 1}}
    (tmp_path / "kills.json").write_text(json.dumps(kills))
    assert "| 9 kills (extract 7, train 2), 1 lost |" in figures.table()
    tried = {"tried": {"a": "killed", "b": "survived", "c": "hung", "d": "killed"}, "mutants": 4}
    (tmp_path / "mutants.json").write_text(json.dumps({"eval/match.py": tried}))
    assert "| 75.0% of 4 |" in figures.table()
