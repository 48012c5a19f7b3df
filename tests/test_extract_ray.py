"""Bulk extraction on a Ray cluster: parts that lose their workers, the model's way there, and a real cluster."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import stub_labeler

from adwar.scale.cluster import check_address
from adwar.scale.errand import TRIES, Errand
from adwar.scale.job import reads_with
from adwar.scale.reports import Report
from adwar.scale.run import run
from adwar.scale.shipping import pack, setup_here, unpacked
from adwar.scale.work import ENDED, Setup, Task, begin, embedded_or

REPORTS, FREE = 96, 40
#: A busy machine takes minutes for what an idle one does in seconds.
LONG = 1200.0


def task_of(*texts):
    return Task(3, "digest", tuple(Report(f"r{n}", text) for n, text in enumerate(texts)))


def carried(errand, work, deadly=()):
    """The result of ``errand`` where a worker is lost whenever it reads one of ``deadly``; and how many were lost."""
    lost = 0
    while True:
        due = errand.due()
        if any(item.text in deadly and index not in due.failed for index, item in enumerate(due.items)):
            lost += 1
            errand.worker_lost()
        elif done := errand.came(work(due)):
            return done, lost


def test_a_part_read_one_by_one_has_the_bytes_of_a_whole_one():
    texts = [stub_labeler.report(n) for n in range(5)] + ["انهار"]
    work = begin(Setup(labeler=stub_labeler.quick))
    slow = Errand(task_of(*texts))
    for _ in range(TRIES):
        slow.worker_lost()
    assert len(slow.due().items) == 1
    assert carried(slow, work) == carried(Errand(task_of(*texts)), work) == (work(task_of(*texts)), 0)


def test_the_report_that_loses_its_workers_is_recorded_and_no_other():
    texts = [stub_labeler.report(0), "a", stub_labeler.report(1), "b"]
    work = begin(Setup(labeler=stub_labeler.quick))
    done, lost = carried(Errand(task_of(*texts)), work, deadly=("a", "b"))
    assert done == work(replace(task_of(*texts), failed={1: ENDED, 3: ENDED}))
    assert done.counts["failed"] == 2 and lost == 3 * TRIES


def test_workers_that_are_lost_without_a_report_are_told():
    errand = Errand(task_of("a"))
    with pytest.raises(ValueError, match="before they read a report"):
        for _ in range(2 * TRIES + 1):
            errand.worker_lost()


def test_the_model_is_used_where_it_lies_and_sent_where_it_does_not(exported, tmp_path):
    setup = Setup(labeler=embedded_or, model=str(exported))
    reads = reads_with(setup)
    assert setup_here(setup, reads) == setup
    elsewhere = replace(setup, model=str(tmp_path / "none"))
    assert setup_here(elsewhere, reads) is None
    with unpacked(elsewhere, lambda: pack(setup)) as found:
        assert setup_here(found, reads) == found
        assert begin(found)(task_of(stub_labeler.report(0))) == begin(setup)(task_of(stub_labeler.report(0)))
    assert not Path(found.model).exists()


def test_the_embedded_gate_is_found_where_adwar_is_installed_elsewhere(tmp_path):
    from adwar.model.loading import EMBEDDED

    setup = Setup(labeler=embedded_or, gate=str(EMBEDDED / "gate.npz"))
    assert setup_here(replace(setup, gate=str(tmp_path / "gate.npz")), reads_with(setup)).gate == setup.gate


def test_another_version_is_refused():
    setup = Setup(labeler=embedded_or)
    with pytest.raises(ValueError, match="is installed there, 9 where"):
        setup_here(setup, reads_with(setup) | {"adwar": "9"})


@pytest.mark.parametrize("address", ["somewhere", "ray://head:10001", ":6379", "head:"])
def test_addresses_that_are_none_are_told(address):
    with pytest.raises(ValueError, match="HOST:PORT"):
        check_address(address)


def test_a_cluster_that_is_not_there_is_told():
    with pytest.raises(ValueError, match="no Ray cluster answers"):
        check_address(f"127.0.0.1:{free_port()}")


def test_missing_ray_is_told(run_cli, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    (tmp_path / "a.txt").write_text("خبر", encoding="utf-8")
    status, _, err = run_cli("extract", tmp_path / "a.txt", "-o", tmp_path / "out.jsonl", "--engine", "ray")
    assert status == 2 and "pip install 'adwar[ray]'" in err and not (tmp_path / "out.jsonl.work").exists()


def test_an_address_without_the_engine_is_told(run_cli, tmp_path):
    status, _, err = run_cli("extract", tmp_path, "-o", tmp_path / "out.jsonl", "--ray-address", "head:6379")
    assert status == 2 and "--engine ray" in err


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def end(process):
    """A process and all below it, with no warning."""
    psutil = pytest.importorskip("psutil")
    with suppress(psutil.NoSuchProcess):
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            with suppress(psutil.NoSuchProcess):
                one.kill()
    process.wait()


def wait_for(condition, what, *alive):
    limit = time.monotonic() + LONG
    while not condition():
        for process in alive:
            assert process.poll() is None, f"ended while waiting for {what}"
        assert time.monotonic() < limit, f"no {what}"
        time.sleep(0.1)


@pytest.fixture
def nodes(tmp_path):
    """(address, folder of the stubs' marks, the processes of two nodes of one core each)."""
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'adwar[ray]'")
    marks = tmp_path / "marks"
    marks.mkdir()
    address = f"127.0.0.1:{free_port()}"
    patient = ("worker_register_timeout_seconds", "raylet_start_wait_time_s", "gcs_server_request_timeout_seconds")
    environment = os.environ | {f"RAY_{name}": str(int(LONG)) for name in patient}
    environment |= {"RAY_health_check_timeout_ms": "60000", "RAY_agent_register_timeout_ms": "600000"}
    environment |= {"RAY_USAGE_STATS_ENABLED": "0"}
    environment |= {"STUB_MARKS": str(marks), "PYTHONPATH": str(Path(stub_labeler.__file__).parent)}
    # the paths of Ray's sockets must be short
    with tempfile.TemporaryDirectory(prefix="r", ignore_cleanup_errors=True) as folder:
        start = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--num-cpus", "1"]
        start += ["--object-store-memory", "80000000", "--node-ip-address", "127.0.0.1"]
        head = [*start, "--head", "--port", address.split(":")[1], "--include-dashboard", "false", "--temp-dir", folder]
        started = []
        for number, command in enumerate((head, [*start, "--address", address])):
            log = (tmp_path / f"node{number}.log").open("wb")
            started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
            wait_for(lambda: answers(address), "head", *started)
        try:
            yield address, marks, started, environment
        finally:
            for process in reversed(started):
                end(process)


def answers(address):
    with suppress(ValueError):
        check_address(address)
        return True
    return False


@pytest.mark.slow
def test_a_driver_and_a_node_are_killed_and_nothing_is_lost(nodes, tmp_path):
    """Two nodes, a worker each, both in the middle of a part: first the driver is killed, then the one that goes on
    loses a node. The tables are those of the local engine."""
    address, marks, (_, second), environment = nodes
    reports, local, out = tmp_path / "in.jsonl", tmp_path / "local", tmp_path / "cluster"
    with reports.open("w", encoding="utf-8") as lines:
        for number in range(REPORTS):
            text = stub_labeler.report(number) + (" قف" if number >= FREE else "") if number != 33 else "انهار"
            lines.write(json.dumps({"id": f"r{number}", "text": text}, ensure_ascii=False) + "\n")
    for folder in (local, out):
        folder.mkdir()
    run(stub_labeler.job(local / "events.jsonl", [reports], mentions=str(local / "mentions.csv")))
    command = [sys.executable, stub_labeler.__file__, "0", "waits", f"2@{address}", str(out / "events.jsonl")]
    command += [str(out / "mentions.csv"), str(reports)]

    def driver_with_two_workers_inside_a_part():
        for mark in marks.iterdir():
            mark.unlink()
        driver = subprocess.Popen(command, env=environment)
        wait_for(lambda: len(list(marks.iterdir())) == 2, "two workers", driver)
        return driver

    driver = driver_with_two_workers_inside_a_part()
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    parts = out / "events.jsonl.work" / "parts"
    assert len(list(parts.glob("*.gz"))) == FREE // 8 and not (out / "events.jsonl").exists()
    driver = driver_with_two_workers_inside_a_part()
    end(second)
    (marks / "go").touch()
    assert driver.wait(timeout=LONG) == 0
    assert {f.name: f.read_bytes() for f in out.iterdir() if f.is_file()} == {
        f.name: f.read_bytes() for f in local.iterdir() if f.is_file()
    }
