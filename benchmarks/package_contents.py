"""What a wheel and a source archive of adwar must hold, and what must not be in them. Pure: names in, faults out.

The lists say on purpose what setuptools is told elsewhere (pyproject.toml, MANIFEST.in): two accounts that must agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

#: The folders of the repository and the packages that they are installed as.
FOLDERS = {
    "adwar": "adwar",
    "adwar/commands": "adwar/commands",
    "data": "adwar/data",
    "data/formats": "adwar/data/formats",
    "model": "adwar/model",
    "train": "adwar/train",
    "eval": "adwar/eval",
    "scale": "adwar/scale",
    "serve": "adwar/serve",
    "report": "adwar/report",
    "configs": "adwar/configs",
}
#: What is not Python and belongs to the wheel, by its place in the repository.
WHEEL_DATA = (
    *(f"model/embedded/{name}" for name in ("model.onnx", "tokenizer.json", "linker.npz", "gate.npz", "gate.json")),
    *(f"model/embedded/{name}" for name in ("adwar.json", "config.json", "checksums.json")),
    *(f"model/embedded/{name}" for name in ("evaluation.json", "README.md")),
    *(f"model/encoder/{name}" for name in ("model.safetensors", "config.json", "tokenizer.json")),
    *(f"model/encoder/{name}" for name in ("tokenizer_config.json", "README.md", "replaced.safetensors")),
    *(f"model/gazetteer_data/{name}.tsv" for name in ("countries", "places")),
    "configs/*.yaml",
    "eval/page.css",
    "eval/page.js",
    "serve/static/*",
    "report/static/*",
    "report/outline/*",
    "data/GUIDELINES.md",
    "data/DATA_CARD.md",
)
#: Data that stays in the repository and the source archive, for training begins there.
LEFT_OUT = ("data/corpus/*", "data/agreement/*", "data/standoff/*")
#: In neither archive, wherever it may come from.
REFUSED = ("*.pyc", "*/__pycache__/*", "*.part", "*/.git/*", "*/.venv/*", ".ci/*", "*/runs/*", "*.egg-link", "token")
#: What a source archive holds beside the folders above.
SOURCE = (
    *("pyproject.toml", "MANIFEST.in", "Makefile", "constraints.txt", "LICENSE", "mkdocs.yml", "Dockerfile"),
    *("README.md", "README.ar.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "examples/article.txt"),
    *("tests/conftest.py", "tests/golden/embedded.json", "benchmarks/package.py", "docs/tutorial.md"),
    *("data/corpus/train.jsonl", "data/corpus/dev.jsonl", "data/corpus/test.jsonl", "data/corpus/markup/tst1.txt"),
    "docs/figures/page-ar.png",
)


def data_files(root: Path) -> Iterator[str]:
    """What in the package folders is not Python, as paths in the repository."""
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            name = file.relative_to(root).as_posix()
            if file.is_file() and file.suffix not in (".py", ".pyc"):
                yield name


def expected(root: Path) -> tuple[set[str], list[str]]:
    """(names a wheel of ``root`` must hold, faults of the lists themselves)."""
    files = list(dict.fromkeys(data_files(root)))
    wanted = {name for name in files if _matches(name, WHEEL_DATA)}
    faults = [f"{p}: no such file in the repository" for p in WHEEL_DATA if not any(fnmatch(n, p) for n in files)]
    faults += [
        f"{name}: neither WHEEL_DATA nor LEFT_OUT of benchmarks/package_contents.py says whether it ships"
        for name in files
        if name not in wanted and not _matches(name, LEFT_OUT)
    ]
    code = {file.relative_to(root).as_posix() for folder in FOLDERS for file in (root / folder).glob("*.py")}
    return {_installed(name) for name in wanted | code}, faults


def wheel_faults(names: Iterable[str], root: Path) -> list[str]:
    """What a wheel that holds ``names`` lacks or has too much, one line each."""
    held = {name for name in names if not name.endswith("/") and ".dist-info/" not in name}
    wanted, faults = expected(root)
    faults += [f"{name}: missing from the wheel" for name in sorted(wanted - held)]
    faults += [f"{name}: does not belong to the wheel" for name in sorted(held - wanted)]
    return faults


def source_faults(names: Iterable[str], root: Path) -> list[str]:
    """The same for a source archive; ``names`` are without the archive's own top folder."""
    held = {name for name in names if not name.endswith("/")}
    code = {file.relative_to(root).as_posix() for folder in FOLDERS for file in (root / folder).glob("*.py")}
    files = {name for name in data_files(root) if _matches(name, WHEEL_DATA)}
    faults = [f"{name}: missing from the source archive" for name in sorted({*SOURCE, *code, *files} - held)]
    return faults + [f"{name}: belongs to no archive" for name in sorted(held) if _matches(name, REFUSED)]


def _installed(name: str) -> str:
    folder = max((f for f in FOLDERS if name.startswith(f"{f}/")), key=len)
    return FOLDERS[folder] + name[len(folder) :]


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
