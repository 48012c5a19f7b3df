"""Coverage-guided fuzzing of everything that reads what strangers wrote, with atheris (pip install 'adwar[fuzz]').

    python benchmarks/fuzz.py all --seconds 15            # every target for 15 seconds
    python benchmarks/fuzz.py markup --seconds 1800       # one target for half an hour
    python benchmarks/fuzz.py markup crash-1234           # a finding again

A target may raise the project's own errors (`DataError`, `ConfigError`) and nothing else; what it must also keep is
asserted in it. Findings are written to the folder given with --findings. Leaves out the model: no weights are loaded,
so that thousands of inputs a second are tried.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SEEDS = (
    '{"id": "a", "text": "قتل ثلاثة", "events": [{"type": "clash", "trigger": {"start": 0, "end": 3, "text": "قتل"}}]}',
    "@id: a\n@event 1: clash\n---\n{E1:قتل} {C1:ثلاثة}",
    "document,event,type,role,start,end,text\na,,,document,,,قتل\na,1,clash,trigger,0,3,قتل\n",
    "# id = a\nقتل\tB-trigger\t0\t3\nثلاثة\tB-count\t4\t9\n",
    '[{"id": 1, "data": {"text": "قتل"}, "annotations": [{"result": [{"id": "1", "type": "labels", "value": '
    '{"start": 0, "end": 3, "text": "قتل", "labels": ["clash"]}}]}]}]',
    '{"id": 1, "text": "قتل", "entities": [{"id": 1, "label": "clash", "start_offset": 0, "end_offset": 3}], '
    '"relations": []}',
    "T1\tattack 0 3\tقتل\nE1\tattack:T1\nA1\ttype E1 clash\n",
    "ما لا يقل عن ١٢ ألفاً و3 مئات، بين 10 و15 من بضعة عشرات الآلاف",
    "data: {train: [a.jsonl]}\nmodel: {window: 512}\nseeds: [1]",
)


def _jsonl(raw: bytes) -> None:
    from adwar.data.jsonl import parse_line, to_record, widen_to_words
    from adwar.data.schema import faults

    doc = parse_line(raw, file="fuzz", number=1)
    list(faults(doc))
    if not any(faults(widen_to_words(doc))):
        to_record(doc)


def _inputs(raw: bytes) -> None:
    from adwar.data.inputs import read_inputs

    kinds = ("a.txt", "a.jsonl", "a.csv", "a.jsonl.gz")
    file = _file(kinds[raw[0] % 4] if raw else "a.txt", raw[1:])
    for encoding in (None, "cp1256", "utf-16"):
        _quiet(lambda e=encoding: list(read_inputs([str(file)], encoding=e)))
        list(read_inputs([str(file)], encoding=encoding, on_error=lambda error: None))


def _markup(raw: bytes) -> None:
    from adwar.data.markup import parse, render_all

    docs = list(parse(_text(raw), file="fuzz"))
    try:
        source = render_all(docs)
    except ValueError:
        return
    assert list(parse(source)) == docs


def _converters(raw: bytes) -> None:
    from adwar.data.formats import FORMATS

    names = sorted(name for name, held in FORMATS.items() if held.read and name != "brat")
    if raw:
        read = FORMATS[names[raw[0] % len(names)]].read
        file = _file("converted", raw[1:])
        assert read is not None
        _quiet(lambda: list(read(file)))
        _quiet(lambda: list(read(file, repair=True)))


def _brat(raw: bytes) -> None:
    from adwar.data.formats import read_brat

    folder = _file("brat/a.ann", raw).parent
    (folder / "a.txt").write_text("قتل ثلاثة مدنيين\nفي غارة 😀 على حارم", encoding="utf-8")
    _quiet(lambda: list(read_brat(folder)))
    list(read_brat(folder, repair=True))


def _windows(raw: bytes) -> None:
    from adwar.model.windows import windows

    limit = 1 + (raw[0] if raw else 0)
    sizes = list(raw[2:])
    found = windows(sizes, limit, (raw[1] if len(raw) > 1 else 0) % limit)
    assert [n for w in found for n in range(w.keep_start, w.keep_end)] == list(range(len(sizes)))


def _cleanup(raw: bytes) -> None:
    from adwar.data.schema import words
    from adwar.model.arabic import clean, fold, tokens
    from adwar.model.cleanup import cleanup
    from adwar.model.sentences import sentences

    text = _text(raw)
    cleanup().normalize_str(text)
    tokens(fold(text))
    clean(text)
    for spots in (words(text), sentences(text)):
        assert all(a < b for a, b in spots) and all(x[1] <= y[0] for x, y in itertools.pairwise(spots))


def _counts(raw: bytes) -> None:
    from adwar.model.count_kinds import count_kind
    from adwar.model.counts import read_count, read_noun

    before, text, after = ([*_text(raw).split("|", 2), "", ""])[:3]
    found = read_count(text, after=after, before=before)
    if found and found.min is not None and found.max is not None:
        assert found.min <= found.max
    read_noun(text)
    assert count_kind(before, text, after) in ("killed", "wounded", "taken", "destroyed", "casualties")


def _names(raw: bytes) -> None:
    from adwar.model.names import naming_form, strip_clitics

    text = _text(raw)
    name = strip_clitics(text)
    assert name in text or (name.startswith("ال") and name[2:] in text)
    naming_form(text, "attacker", text[::-1])


def _frames(raw: bytes) -> None:
    import json

    from adwar.data.schema import EVENT_TYPES, ROLES, words
    from adwar.model.frames import RoleSpan, Trigger, build_frame
    from adwar.model.link import RuleLinker, View
    from adwar.model.sentences import sentences

    text, picks = _text(raw[8:]), raw[:8]
    spots = words(text)[:40]
    spans, triggers = [], []
    for number, (a, b) in enumerate(spots):
        pick = picks[number % len(picks)]
        if pick % 7 == 6:
            triggers.append(Trigger(a, b, text[a:b], EVENT_TYPES[pick % 10], 0.9))
        elif pick % 7 < 5:
            spans.append(RoleSpan(a, b, text[a:b], ROLES[pick % 7], 0.9))
    lines = sentences(text)
    for group in RuleLinker().link(View(text, spans, triggers, lines)):
        if group.spans:
            trigger = triggers[group.trigger] if group.trigger is not None else None
            frame = build_frame(text, trigger, [spans[i] for i in group.spans], lines, "other")
            json.dumps(frame.to_dict())
            assert all(text[m.start : m.end] == m.text for m in (*frame.target, *frame.count, *frame.attacker))


def _config(raw: bytes) -> None:
    from adwar.train.config import load_config

    head, _, override = _text(raw).partition("\x00")
    file = _file("fuzz.yaml", head.encode("utf-8", "replace"))
    load_config(str(file), [override] if override else [])


TARGETS: dict[str, Callable[[bytes], None]] = {
    "jsonl": _jsonl,
    "inputs": _inputs,
    "markup": _markup,
    "converters": _converters,
    "brat": _brat,
    "windows": _windows,
    "cleanup": _cleanup,
    "counts": _counts,
    "names": _names,
    "frames": _frames,
    "config": _config,
}
_scratch = tempfile.TemporaryDirectory(prefix="fuzz-")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _file(name: str, raw: bytes) -> Path:
    file = Path(_scratch.name) / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(raw)
    return file


def _quiet(call: Callable[[], Any]) -> None:
    from adwar.data.errors import DataError

    with contextlib.suppress(DataError):
        call()


def tried(target: Callable[[bytes], None], raw: bytes) -> None:
    """Run ``target`` on ``raw``: the project's own errors are what it may raise."""
    from adwar.data.errors import DataError
    from adwar.train.config import ConfigError

    try:
        target(raw)
    except (DataError, ConfigError) as error:
        assert str(error)


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzz the readers; see the head of this file.")
    parser.add_argument("target", choices=["all", *TARGETS])
    parser.add_argument("again", nargs="*", help="findings to run again")
    parser.add_argument("--seconds", type=int, default=60, help="how long each target runs (default 60)")
    parser.add_argument("--findings", default="build/fuzz", help="folder for what is found (default build/fuzz)")
    arguments = parser.parse_args()
    if arguments.again:
        for name in arguments.again:
            tried(TARGETS[arguments.target], Path(name).read_bytes())
        print(f"{len(arguments.again)} inputs, nothing raised")
        return 0
    try:
        import atheris
    except ImportError:
        print("skipped: fuzzing needs atheris: pip install 'adwar[fuzz]'", file=sys.stderr)
        return 0
    folder = Path(arguments.findings)
    if arguments.target == "all":
        command = [sys.executable, __file__, "--seconds", str(arguments.seconds), "--findings", str(folder)]
        failed = [name for name in TARGETS if subprocess.run([*command, name]).returncode]
        print(f"findings in: {', '.join(failed)}; see {folder}" if failed else "no findings")
        return 1 if failed else 0
    held = folder / arguments.target
    seeds = held / "corpus"
    seeds.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS):
        for mark in (b"", b"\x00", b"\x01", b"\x02", b"\x03", b"\x04", b"\x05"):
            (seeds / f"seed-{number}-{mark.hex()}").write_bytes(mark + seed.encode())
    target = TARGETS[arguments.target]
    with atheris.instrument_imports(include=["adwar"]):
        for raw in SEEDS:
            tried(target, raw.encode())
    options = [f"-max_total_time={arguments.seconds}", f"-artifact_prefix={held}/", "-timeout=20", "-max_len=4096"]
    atheris.Setup([sys.argv[0], *options, str(seeds)], lambda raw: tried(target, raw))
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
