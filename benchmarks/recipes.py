"""Runs the blocks of docs/recipes.md in order and compares what they print with what the page says they print.

python benchmarks/recipes.py            # compare; status 1 if something differs
python benchmarks/recipes.py --write    # write what they print into the page, after a new model or a new recipe
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "recipes.md"
#: A block of code, and right under it perhaps what it prints.
BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", flags=re.S)


def blocks(page: str) -> list[tuple[str, str]]:
    """(code, output as the page has it) of each block, in order."""
    return [(match[1], match[2] or "") for match in BLOCK.finditer(page)]


def outputs(page: str) -> list[str]:
    """What each block prints; all share one namespace, as in one session. An error names the block's first line."""
    held: dict[str, Any] = {"__name__": "recipes"}
    printed = []
    for code, _ in blocks(page):
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                exec(compile(code, PAGE.name, "exec"), held)
        except Exception as error:
            raise RuntimeError(f"{PAGE.name}: the block that begins {code.splitlines()[0]!r}: {error}") from error
        printed.append(out.getvalue())
    return printed


def filled(page: str, printed: list[str]) -> str:
    """``page`` with what its blocks printed under each."""
    texts = iter(printed)

    def one(match: re.Match[str]) -> str:
        text = next(texts)
        return f"```python\n{match[1]}```\n" + (f"\n```text\n{text}```\n" if text else "")

    return BLOCK.sub(one, page)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the outputs into the page")
    page = PAGE.read_text(encoding="utf-8")
    printed = outputs(page)
    if parser.parse_args().write:
        PAGE.write_text(filled(page, printed), encoding="utf-8")
        return 0
    differing = [code for (code, told), text in zip(blocks(page), printed, strict=True) if told != text]
    for code in differing:
        print(f"prints something else: {code.splitlines()[0]}", file=sys.stderr)
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
