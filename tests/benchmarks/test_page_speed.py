"""The page of a whole audit: when a reader can use it on a machine four times slower, and what it weighs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.figures import spread
from tests.benchmarks.recorder import Recorder

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SLOWER = 4
# When the script has run and the frame after it is drawn; in seconds since the page was asked for.
READY = "new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now() / 1000))))"


@pytest.mark.bench
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: the page was not timed")
def test_a_page_can_be_used_after_two_seconds(tmp_path: Path, figures: Recorder) -> None:
    import verify

    driver: Any = pytest.importorskip("playwright.sync_api")
    page = verify.page(verify.audit(examples=100), tmp_path, plots=False)
    ready = []
    with driver.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(5):
            tab = browser.new_context().new_page()
            tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            tab.goto(page.as_uri())
            ready.append(tab.evaluate(READY))
        elements = tab.evaluate("document.querySelectorAll('*').length")
        browser.close()
    figures.target("the page can be used, processor four times slower", "seconds", spread(ready), most=2)
    figures.target("the page of a whole audit without plots, in MB", "number", page.stat().st_size / 1e6, most=1)
    assert elements < 6_000
