"""What the page of an events table costs, with invented rows, and its pictures for the docs.

python benchmarks/events_page.py --events 100000
python benchmarks/events_page.py --pictures report.html     # into docs/figures; needs Playwright and a Chromium
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))


def measure(number: int) -> None:
    from event_rows import many, write_table

    from adwar.report.page import events_page

    with tempfile.TemporaryDirectory() as folder:
        table = write_table(Path(folder) / "events.jsonl", many(number))
        start, begun = time.process_time(), time.time()
        html, told = events_page(str(table))
        spent, clock = time.process_time() - start, time.time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{told.events:,} events: {spent:.1f} s of processor time ({clock:.1f} s by the clock), "
        f"{len(html.encode('utf-8')) / 1e6:.1f} MB, {peak:,.0f} MB of memory at most"
    )


def pictures(page: Path, folder: Path = Path("docs/figures")) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        desk = browser.new_context(viewport={"width": 1280, "height": 1300}).new_page()
        desk.goto(page.absolute().as_uri())
        desk.wait_for_selector("table.events")
        desk.screenshot(path=folder / "events-page.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, metavar="N")
    parser.add_argument("--pictures", type=Path, metavar="PAGE")
    arguments = parser.parse_args()
    if arguments.events:
        measure(arguments.events)
    if arguments.pictures:
        pictures(arguments.pictures)


if __name__ == "__main__":
    main()
