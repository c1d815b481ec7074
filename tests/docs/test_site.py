"""The documentation site builds without a warning, its notebook included, and asks nothing of the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from derivations.printing import argument
from verify.catalogue import claims

pytestmark = pytest.mark.slow

pytest.importorskip("myst_nb", reason="the extra 'docs' is not installed")
ROOT = Path(__file__).resolve().parents[2]


class Page(HTMLParser):
    """What a page loads, links to, and can be linked to."""

    def __init__(self, path):
        super().__init__()
        self.loads, self.links, self.ids, self.tags = [], [], set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.ids |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") in ("stylesheet", "preload", "icon"):
            self.loads.append(found["href"])
        elif tag != "a" and found.get("src"):
            self.loads.append(found["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    env = {**os.environ, "PYTHONWARNINGS": "ignore", "JUPYTER_PLATFORM_DIRS": "1"}  # warnings of Jupyter's own
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", str(out / "trees")]
    run = subprocess.run([*command, str(ROOT / "docs"), str(out / "html")], capture_output=True, text=True, env=env)
    assert run.returncode == 0, run.stderr
    return out / "html"


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in site.rglob("*.html")}


def test_every_claim_has_a_page_with_its_formulas(site, pages):
    for name in claims():
        page = pages[site / "claims" / f"{name}.html"]
        assert "math" in page.tags, name
        assert {"what-is-stated", "what-is-given"} < page.ids, name
        assert {f"{used}.html" for used in claims()[name].uses} <= set(page.links), name


def test_claim_pages_say_what_the_claim_says(site):
    text = (site / "claims" / "summary-beta-reduces-collapse.html").read_text(encoding="utf-8")
    assert 'expected verdict <span class="verdict refuted">REFUTED</span>' in text
    assert "True instead:" in text
    assert "a counterexample; what is true is the reverse" in text  # the docstring of its file
    assert "collapse-audit run" in re.sub(r"<[^>]+>", "", text)


def test_why_a_claim_holds_is_the_argument_of_its_script(site):
    text = (site / "claims" / "vae-learnable-bound.html").read_text(encoding="utf-8")
    why = text[text.index('id="why-it-holds"') :]
    reasons = [reason for s in claims()["vae-learnable-bound"].statements for reason in argument.reasons(s.proof)]
    assert why.count('class="reason') == len(reasons) > 20
    assert why.index('class="reason') < why.index('class="argument"')


def test_nothing_is_loaded_from_the_network(site, pages):
    assert len(pages) > len(claims())
    for path, page in pages.items():
        assert not [src for src in page.loads if urlsplit(src).scheme in ("http", "https") or src.startswith("//")], (
            path
        )
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", sheet.read_text(encoding="utf-8")), sheet


def test_every_internal_link_resolves(pages):
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.exists(), f"{path.name}: {link}"
            if parts.fragment and target.suffix == ".html":
                assert unquote(parts.fragment) in pages[target].ids, f"{path.name}: {link}"


def test_the_notebook_was_executed(site):
    text = (site / "tutorial.html").read_text(encoding="utf-8")
    assert "Verdict.REFUTED" in text
    assert "collapsed, lost" in text


def test_pages_have_no_left_over_tex(site):
    for path in (site / "claims").glob("*.html"):
        body = re.sub(r"<(script|style|annotation)\b.*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"\\(frac|left|right|operatorname|sum)\b|\$\$", body), path.name
