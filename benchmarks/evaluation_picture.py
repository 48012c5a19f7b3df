"""The picture of an evaluation's page in docs/figures: a document with errors, gold and prediction side by side.

    head -n 14 data/corpus/test.jsonl > few.jsonl
    adwar eval --data few.jsonl --html report.html
    python benchmarks/evaluation_picture.py report.html [--at s0d3]

Needs Playwright and a Chromium (Debian: ``apt-get install chromium``), and Noto fonts to look as it does in the docs.
The page must hold documents that may be shown: those of our own corpus.
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "figures" / "evaluation-page.png"
#: More than this does not belong into the repository.
MOST_BYTES = 200_000
_DOCUMENT = re.compile(r'<details class="doc" id="(s\d+d\d+)" data-kinds="([^"]*)"')


def with_most_kinds(page: str) -> str:
    """The id of the first document whose errors are of the most kinds."""
    found = [(m[1], m[2].split()) for m in _DOCUMENT.finditer(page)]
    if not found:
        raise SystemExit("no documents in this page: make it with 'adwar eval --html'")
    kinds = {"boundary", "role", "missed", "spurious"}
    return max(found, key=lambda one: len(kinds & set(one[1])))[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    parser.add_argument("--at", help="id of the document to show (default: the one with most kinds of errors)")
    parser.add_argument("--size", default="1200,900", help="width,height (default 1200,900)")
    parser.add_argument("-o", "--output", type=Path, default=PICTURE)
    arguments = parser.parse_args()
    at = arguments.at or with_most_kinds(arguments.page.read_text(encoding="utf-8"))
    width, height = (int(number) for number in arguments.size.split(","))
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"], timeout=300_000)
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
        page.set_default_timeout(300_000)
        page.goto(f"file://{arguments.page.resolve()}#{at}")
        page.evaluate(f"document.getElementById('{at}').scrollIntoView()")
        page.evaluate("scrollBy(0, -60)")  # the filters stay at the top
        shot = page.screenshot()
        browser.close()
    if len(shot) > MOST_BYTES:
        raise SystemExit(f"{len(shot)} bytes: too large for the repository; give a smaller --size")
    arguments.output.write_bytes(shot)
    print(f"written: {arguments.output}, {len(shot)} bytes, at #{at}")


if __name__ == "__main__":
    main()
