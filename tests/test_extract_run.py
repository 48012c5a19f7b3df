"""Runs of bulk extraction: workers, locks, what is refused and how it is told, and the command."""

import json
import os
import subprocess
import sys

import pytest
import stub_labeler
from stub_labeler import job

from adwar.data.errors import DataError
from adwar.data.lock import Lock, Locked
from adwar.scale.parts import cut
from adwar.scale.progress import Quiet
from adwar.scale.reports import Report
from adwar.scale.run import run


@pytest.fixture
def reports(tmp_path):
    file = tmp_path / "in.jsonl"
    lines = [json.dumps({"id": f"r{n}", "text": stub_labeler.report(n)}, ensure_ascii=False) for n in range(40)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def out(tmp_path):
    return tmp_path / "events.jsonl"


def stop_early(out, reports, **options):
    """A run that is broken off after its second part, as if it had been killed."""
    pieces = []

    class Enough(Exception):
        pass

    class Meter(Quiet):
        def step(self, position, counts):
            pieces.append(position)
            if len(pieces) == 2:
                raise Enough

    with pytest.raises(Enough):
        run(job(out, [reports], **options), Meter())


def test_the_number_of_workers_changes_nothing(reports, tmp_path):
    texts = []
    for workers in (0, 1, 3):
        summary = run(job(tmp_path / f"{workers}.jsonl", [reports], workers=workers))
        assert (summary.documents, summary.frames, summary.failed, summary.now) == (40, 40, 0, 40)
        texts.append((tmp_path / f"{workers}.jsonl").read_bytes())
    assert texts[0] == texts[1] == texts[2] and texts[0]


def test_order_is_kept_and_nothing_is_lost(reports, out):
    run(job(out, [reports], workers=2, all_documents=True))
    ids = list(dict.fromkeys(json.loads(line)["document_id"] for line in out.read_text().splitlines()))
    assert ids == [f"r{n}" for n in range(40)]


def test_a_report_that_kills_its_worker_is_recorded(reports, out):
    lines = reports.read_text(encoding="utf-8").splitlines()
    for number in (9, 12):
        lines[number] = json.dumps({"id": f"r{number}", "text": "مات"})
    reports.write_text("\n".join(lines), encoding="utf-8")
    summary = run(job(out, [reports], workers=2, all_documents=True))
    assert (summary.documents, summary.failed) == (40, 2)
    told = out.with_name("events.jsonl.errors.jsonl").read_text(encoding="utf-8")
    errors = [json.loads(line) for line in told.splitlines()]
    assert [(e["document"], e["line"]) for e in errors] == [("r9", 10), ("r12", 13)]
    assert "the process that read it ended" in errors[0]["reason"]
    statuses = [json.loads(line)["status"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert statuses.count("failed") == 2


def test_a_model_that_will_not_load_is_told(reports, out):
    with pytest.raises(ValueError, match="this model will not load"):
        run(job(out, [reports], labeler=stub_labeler.refused, workers=2))


def test_a_finished_run_is_not_done_again(reports, out):
    first = run(job(out, [reports]))
    again = run(job(out, [reports]))
    assert again.finished_before and again.now == 0
    assert (again.documents, again.frames) == (first.documents, first.frames)
    with pytest.raises(ValueError, match=r"is finished, but mentions: nothing then, .* --restart reads everything"):
        run(job(out, [reports], mentions=str(out.with_name("m.csv"))))
    out.write_text("spoilt")
    with pytest.raises(ValueError, match="was changed since; --restart"):
        run(job(out, [reports]))
    out.unlink()
    with pytest.raises(ValueError, match="is gone; --restart"):
        run(job(out, [reports]))
    assert run(job(out, [reports], restart=True)).now == 40 and out.exists()


def test_an_output_that_stands_is_not_overwritten(reports, out):
    out.write_text("somebody's")
    with pytest.raises(ValueError, match="exists already; choose another name, remove it, or overwrite it"):
        run(job(out, [reports]))
    assert out.read_text() == "somebody's"
    run(job(out, [reports], restart=True))
    assert out.read_text() != "somebody's"


def test_going_on_reads_only_what_is_left(reports, out):
    stop_early(out, reports)
    assert not out.exists()
    summary = run(job(out, [reports]))
    assert summary.documents == 40 and summary.now == 40 - 2 * 8
    run(job(out.with_name("whole.jsonl"), [reports]))
    assert out.read_bytes() == out.with_name("whole.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"min_score": 0.5}, "min score: 0.0 then, 0.5 now"),
        ({"labeler": stub_labeler.slow}, "labeler: stub_labeler.quick then, stub_labeler.slow now"),
        ({"longest": 99}, "longest: 50000 then, 99 now"),
        ({"model": "."}, r"model.adwar.json: [0-9a-f]{12}… then, nothing now"),
    ],
)
def test_other_options_are_refused_with_what_differs(reports, out, change, message):
    stop_early(out, reports)
    with pytest.raises(ValueError, match=message) as told:
        run(job(out, [reports], **change))
    assert "--restart to throw its work away" in str(told.value)
    assert run(job(out, [reports])).now == 24  # refusing harmed nothing


def test_changed_inputs_are_refused(reports, out, tmp_path):
    stop_early(out, reports)
    held = reports.read_bytes()
    reports.write_bytes(held + b'{"text": "x"}\n')
    with pytest.raises(ValueError, match=r"in.jsonl had [\d,]+ bytes and has [\d,]+"):
        run(job(out, [reports]))
    (tmp_path / "more.txt").write_text("x")
    with pytest.raises(ValueError, match=r"inputs.files: 1 then, 2 now"):
        run(job(out, [reports, tmp_path / "more.txt"]))
    reports.write_bytes(held.replace(b'"r3"', b'"R3"'))  # the same size: only the reports tell
    with pytest.raises(DataError, match=r"in.jsonl:1: document 'r0': the reports from here on are not those"):
        run(job(out, [reports]))
    reports.write_bytes(held)
    os.utime(reports, (0, 0))  # when it was written does not matter
    assert run(job(out, [reports])).now == 24
    assert run(job(out, [reports], restart=True)).now == 40


def test_a_damaged_part_is_read_again(reports, out):
    stop_early(out, reports)
    part = out.with_name("events.jsonl.work") / "parts" / "00000000.jsonl.gz"
    part.write_bytes(part.read_bytes()[:5])
    assert run(job(out, [reports])).now == 32


def test_two_runs_on_one_output_are_refused(reports, out, tmp_path):
    stop_early(out, reports)
    code = (
        "import sys, time; from pathlib import Path; from adwar.data.lock import Lock\n"
        "with Lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"
    )
    file = tmp_path / "events.jsonl.work" / "lock"
    other = subprocess.Popen([sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline() == "held\n"
        for restart in (False, True):
            with pytest.raises(Locked, match=rf"another run is at work on this output \(process {other.pid} on "):
                run(job(out, [reports], restart=restart))
    finally:
        other.kill()
        other.wait()
    assert str(other.pid) in file.read_text()  # a dead process's lock is taken over
    assert run(job(out, [reports])).documents == 40


def test_a_lock_is_let_go(tmp_path):
    for _ in range(2):
        with Lock(tmp_path / "lock"), pytest.raises(Locked), Lock(tmp_path / "lock"):
            pass


def test_parts_end_by_number_and_by_size():
    class Items(list):
        position = 7

    items = Items(Report(str(n), "x" * (1000 if n == 3 else 10)) for n in range(10))
    parts = list(cut(items, documents=4, characters=1000))
    assert [[i.id for i in p.items] for p in parts] == [["0", "1", "2", "3"], ["4", "5", "6", "7"], ["8", "9"]]
    parts = list(cut(items, documents=9, characters=1000))
    assert [len(p.items) for p in parts] == [4, 6] and [p.number for p in parts] == [0, 1]
    assert parts[0].digest() == next(cut(items, documents=4)).digest() != parts[1].digest()


def test_nothing_to_read_is_told(out, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no files to read"):
        run(job(out, [tmp_path / "empty"]))


def test_the_command(run_cli, exported, tmp_path, documents):
    file, out = tmp_path / "in.jsonl", tmp_path / "events.jsonl"
    file.write_text("".join(json.dumps({"id": d.id, "text": d.text}) + "\n" for d in documents), encoding="utf-8")
    command = ["extract", file, "-o", out, "--mentions", tmp_path / "m.jsonl", "--model", exported, "--workers", "1"]
    status, told, _ = run_cli(*command)
    assert status == 0 and "documents                     3" in told and "no gate" in told
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    texts = {d.id: d.text for d in documents}
    assert [row["document_id"] for row in found] == ["a-1", "a-1", "a-3"]
    for row in found:
        for part in row["evidence"]:
            assert texts[row["document_id"]][part["start"] : part["end"]] == part["text"]
    assert "finished before" in run_cli(*command)[1]
    assert run_cli(*command, "--quiet", "--restart")[1] == ""


def test_wrong_options_are_told(run_cli, tmp_path, reports):
    out = tmp_path / "x.jsonl"
    for options, message in [
        (["--workers", "0"], "--workers must be 1 or more"),
        (["--min-score", "7"], "from 0 to 1"),
        (["--model", tmp_path / "no"], "no such model folder"),
        (["--gate", tmp_path / "no"], "no such file; 'python -m adwar.train.gate'"),
        (["--gate", reports], "no usable gate"),
        (["-o", tmp_path / "x.xls"], "unknown kind of table"),
    ]:
        status, _, told = run_cli("extract", reports, "-o", out, "--workers", "1", *options)
        assert status == 2 and message in told, told
        assert not out.exists()


def test_all_failed_is_a_failure(run_cli, exported, tmp_path):
    (tmp_path / "a.txt").write_bytes("غارة".encode("cp1256"))
    status, told, _ = run_cli("extract", tmp_path / "a.txt", "-o", tmp_path / "x.csv", "--model", exported)
    assert status == 1 and "x.csv.errors.jsonl" in told


def test_progress_in_a_log_and_in_a_terminal(reports, out, capsys, monkeypatch):
    from adwar.scale import progress

    assert type(progress.meter(quiet=True)) is progress.Quiet
    assert type(progress.meter(quiet=False)) is progress.Lines  # a test's standard error is no terminal
    monkeypatch.setattr(progress, "EVERY", 0.0)
    run(job(out, [reports]), progress.Lines())
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 5 and lines[0].startswith("adwar: 8 documents, ") and lines[0].endswith(" left")
    assert "/s, 100%, 0:00:00 left" in lines[-1]
    assert progress.clock(3723.9) == "1:02:03"
    monkeypatch.setenv("FORCE_COLOR", "1")
    bar = progress.Bar()
    run(job(out, [reports], restart=True), bar)
    assert "40 documents, 40 frames" in capsys.readouterr().err
    assert bar.bar.finished
