"""The pictures of the page in docs/figures: an Arabic desktop with the editor open, and an English phone.

    python benchmarks/page_pictures.py

Needs Playwright and a Chromium (Debian: ``apt-get install chromium``), and Noto fonts to look as they do in the docs.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path("docs/figures")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_for(url: str) -> None:
    for _ in range(600):
        try:
            urlopen(url)
            return
        except URLError:
            time.sleep(0.1)
    raise SystemExit("the service did not start")


def opened(browser: Browser, url: str, **options: object) -> Page:
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    page.goto(url)
    page.click("#sample")
    page.wait_for_selector("#text mark")
    return page


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    service = subprocess.Popen([sys.executable, "-m", "adwar", "serve", "--port", str(port), "--no-access-log"])
    try:
        wait_for(url + "ready")
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = opened(browser, url, viewport={"width": 1200, "height": 820}, locale="ar")
            page.click("#text mark.is-target >> nth=2")
            page.evaluate("scrollTo(0, 150)")
            page.screenshot(path=FOLDER / "page-ar.png")
            page = opened(browser, url, viewport={"width": 390, "height": 844}, locale="en", device_scale_factor=1.5)
            page.locator("#result").scroll_into_view_if_needed()
            page.evaluate("document.getElementById('result').scrollIntoView()")
            page.screenshot(path=FOLDER / "page-phone-en.png")
            browser.close()
    finally:
        service.terminate()
        service.wait()


if __name__ == "__main__":
    main()
