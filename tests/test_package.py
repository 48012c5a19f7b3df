"""What ships, without building it: the lists of benchmarks/package_contents.py, pyproject.toml and the folders agree.

`make package` builds, installs and measures; here nothing takes longer than reading names.
"""

import re
from pathlib import Path

import pytest
from package_contents import FOLDERS, expected, source_faults, wheel_faults

ROOT = Path(__file__).resolve().parent.parent


def told():
    tomllib = pytest.importorskip("tomllib")
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]


def test_every_folder_with_code_is_a_package():
    packages = {name.replace(".", "/") for name in told()["packages"]}
    assert packages == set(FOLDERS.values())
    mapped = {folder: package.replace(".", "/") for package, folder in told()["package-dir"].items()}
    assert mapped.items() <= FOLDERS.items()
    below = {f.parent.relative_to(ROOT).as_posix() for top in mapped for f in (ROOT / top).rglob("*.py")}
    assert below == set(FOLDERS)


def test_what_setuptools_takes_is_what_is_stated():
    wanted, faults = expected(ROOT)
    assert faults == []
    taken = set()
    for package, patterns in told()["package-data"].items():
        at = package.replace(".", "/")
        folder = ROOT / next(f for f, name in FOLDERS.items() if name == at)
        taken |= {f"{at}/{f.relative_to(folder).as_posix()}" for p in patterns for f in folder.glob(p) if f.is_file()}
    assert taken == {name for name in wanted if not name.endswith(".py")}


def test_what_lacks_and_what_is_too_much_is_told():
    wanted, _ = expected(ROOT)
    assert wheel_faults([*wanted, "adwar-0.1.0.dist-info/METADATA"], ROOT) == []
    held = (wanted - {"adwar/model/embedded/model.onnx"}) | {"tests/conftest.py", "adwar/data/corpus/train.jsonl"}
    assert wheel_faults(held, ROOT) == [
        "adwar/model/embedded/model.onnx: missing from the wheel",
        "adwar/data/corpus/train.jsonl: does not belong to the wheel",
        "tests/conftest.py: does not belong to the wheel",
    ]
    faults = source_faults(["README.md", "adwar/__pycache__/cli.pyc"], ROOT)
    assert "adwar/__pycache__/cli.pyc: belongs to no archive" in faults
    assert (
        "LICENSE: missing from the source archive" in faults
        and "README.md: missing from the source archive" not in faults
    )


def test_manifest_and_stated_source_files_are_there():
    from package_contents import SOURCE

    assert [name for name in SOURCE if not (ROOT / name).is_file()] == []
    grafted = {line.split()[1] for line in (ROOT / "MANIFEST.in").read_text().splitlines() if line.startswith("graft")}
    assert {folder.split("/")[0] for folder in FOLDERS} - {"adwar"} <= grafted


def test_the_lock_holds_the_tested_versions_each_with_its_digest():
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if not line.startswith("#")]
    locked = dict(re.fullmatch(r"(\S+)==(\S+) --hash=sha256:[0-9a-f]{64}", line).groups() for line in lines)
    tested = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE))
    tested = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in tested.items()}
    assert {"numpy", "onnxruntime", "tokenizers", "transformers", "datasets", "seqeval"} <= set(locked)
    assert {name: tested.get(name, version) for name, version in locked.items()} == locked
