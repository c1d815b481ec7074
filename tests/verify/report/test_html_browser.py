"""The page in headless Chromium, offline: what a reader sees and can do. Skipped, and said so, where there is none."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from verify.catalogue import claims
from verify.report import html
from verify.report.html.plots import drawings

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NEEDED = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: the page was not tried in a browser")
pytestmark = [NEEDED, pytest.mark.slow]  # a browser is started


class Visit:
    """One page and everything it asked for or complained about."""

    def __init__(self, context, url):
        self.page = context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(url)

    def rows(self):
        return self.page.locator("section.claim:visible").evaluate_all("all => all.map(s => s.id)")

    def unfold(self, inside=""):
        """Open everything, or everything in one place; what a fold holds is made then."""
        for parts in (".fold", "details"):  # a fold makes its details
            self.page.evaluate(
                "where => { document.querySelectorAll(where).forEach(d => { d.open = true; });"
                " return new Promise(done => setTimeout(done, 50)); }",
                f"{inside} {parts}",
            )

    def field(self, name):
        return self.page.locator(f"#filter [name={name}]")

    def hash(self):
        return self.page.evaluate("location.hash")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)  # each launch has a new, empty profile
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def url(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("page")
    drawn = dict(drawings(["gradient-flow-escape", "chain-boundedness"]))
    return html.write(made.catalogue_report(), folder, claims(), drawn).as_uri()


@pytest.fixture(scope="module")
def hostile_url(tmp_path_factory, made):
    return html.write(made.hostile_report(), tmp_path_factory.mktemp("hostile"), claims()).as_uri()


@pytest.fixture
def visit(chromium, url):
    contexts = []

    def open_(address="", *, where=url, **options):
        contexts.append(chromium.new_context(**{"viewport": {"width": 1200, "height": 900}, **options}))
        return Visit(contexts[-1], where + address)

    yield open_
    for context in contexts:
        context.close()


def test_nothing_is_asked_for_but_the_file_and_nothing_is_complained_about(visit, url, hostile_url):
    for where in (url, hostile_url):
        seen = visit(where=where)
        for form in ("print", "screen"):
            seen.page.emulate_media(media=form)
        seen.field("text").fill("vae")
        seen.unfold()
        assert seen.requests == [where]
        assert seen.complaints == []
        assert seen.page.locator("script:not([type])").count() == 1


def test_filters(visit):
    seen = visit()
    everything = seen.rows()
    assert len(everything) == len(claims())
    count = seen.page.locator("#count")
    assert count.get_attribute("aria-live") == "polite"

    seen.page.get_by_role("checkbox", name="REFUTED").check()
    refuted = [f"claim-{c.id}" for c in claims().values() if c.expected == "REFUTED"]
    assert sorted(seen.rows()) == sorted(refuted)  # the page begins with the paper's
    assert count.inner_text() == f"{len(refuted)} of {len(everything)} claims shown"
    seen.page.get_by_role("checkbox", name="SUPPORTED").check()
    supported = [f"claim-{c.id}" for c in claims().values() if c.expected == "SUPPORTED"]
    assert set(seen.rows()) == {*refuted, *supported}

    seen.page.get_by_role("button", name="Clear").click()
    # not wait_for_function: it polls by eval, which the page's own policy forbids from the second poll on
    seen.page.locator("section.claim[hidden]").first.wait_for(state="detached")
    assert seen.rows() == everything
    assert seen.hash() == ""

    seen.field("source").select_option("Summary of arXiv 2306.05023")
    summary = [f"claim-{c.id}" for c in claims().values() if c.source.startswith("Summary")]
    assert seen.rows() == summary
    seen.field("model").select_option("CVAE")
    assert "claim-summary-correlation-cause" in seen.rows()
    assert set(seen.rows()) < set(summary)
    seen.field("text").fill("Constant OUTPUTS")
    assert seen.rows() == ["claim-summary-collapse-constant-outputs"]
    seen.field("text").fill("no such words")
    assert seen.rows() == []
    assert "clear the filter" in count.inner_text()


@pytest.mark.parametrize(
    ("text", "name"), [("Theorem 3", "mhvae-learnable-top"), ("2", "cvae-learnable"), ("theorem5", "mhvae-fixed")]
)
def test_the_papers_numbers_are_found(visit, text, name):
    seen = visit()
    first = seen.page.locator("#paper tbody th a").all_inner_texts()[:3]
    assert first == ["Theorem 2", "Theorem 3", "Theorem 5"]
    seen.field("text").fill(text)
    assert seen.rows() == [f"claim-{name}"]


def test_the_filter_is_in_the_address(visit):
    seen = visit("#?verdict=REFUTED&model=CVAE")
    assert seen.page.get_by_role("checkbox", name="REFUTED").is_checked()
    assert seen.field("model").input_value() == "CVAE"
    few = seen.rows()
    assert 0 < len(few) < 7
    seen.field("text").fill("a & b=ç")
    assert seen.hash() == "#?verdict=REFUTED&model=CVAE&text=a+%26+b%3D%C3%A7"
    again = visit(seen.hash())
    assert again.field("text").input_value() == "a & b=ç"
    seen.field("text").fill("")
    assert seen.rows() == few


def test_anchors_and_boxes_of_the_graph_lead_to_their_claims(visit):
    seen = visit("#claim-vae-learnable")
    top = "id => document.getElementById(id).getBoundingClientRect().top"
    assert abs(seen.page.evaluate(top, "claim-vae-learnable")) < 60
    seen.unfold("#claim-vae-learnable")
    box = seen.page.locator("#claim-vae-learnable .graph a", has_text="lemma-whitening")
    assert box.get_attribute("aria-label") == "lemma-whitening: PROVED"
    box.click()
    assert seen.hash() == "#claim-lemma-whitening"
    assert abs(seen.page.evaluate(top, "claim-lemma-whitening")) < 60


def test_a_link_into_what_a_filter_hides_shows_it(visit):
    seen = visit("#?verdict=REFUTED")
    target = seen.page.locator("#claim-vae-learnable")
    assert not target.is_visible()
    seen.page.evaluate("location.hash = '#claim-vae-learnable'")
    target.wait_for(state="visible")
    assert abs(target.bounding_box()["y"]) < 60
    within = seen.page.locator("#claim-mode-program-convex-a")  # a footnote in a closed part of a hidden claim
    seen.page.evaluate("location.hash = '#claim-mode-program-convex-a'")
    within.wait_for(state="visible")


def test_formulas_have_size_and_no_error_is_shown(visit):
    seen = visit()
    seen.unfold()
    flat = seen.page.locator("math").evaluate_all(
        "all => all.filter(m => { const b = m.getBoundingClientRect(); return b.width < 2 || b.height < 5; })"
        ".map(m => m.outerHTML)"
    )
    assert flat == []
    assert seen.page.locator("math").count() > 800
    wrong = seen.page.locator("math merror, math [mathcolor]").count()
    assert wrong == 0
    empty = seen.page.locator("math mi, math mn, math mo").evaluate_all(
        "all => all.filter(m => m.textContent.trim() && m.getBoundingClientRect().width === 0).length"
    )
    assert empty == 0


def test_braces_span_their_cases_and_fractions_are_stacked(visit):
    seen = visit("#claim-mhvae-top-zero-columns")
    spans = seen.page.locator("#claim-mhvae-top-zero-columns mo:text-is('{') + mtable").evaluate_all(
        "all => all.map(t => t.previousElementSibling.getBoundingClientRect().height"
        " / t.getBoundingClientRect().height)"
    )
    assert len(spans) >= 2
    assert all(0.8 < share < 1.5 for share in spans)
    stacked = seen.page.locator("#claim-mhvae-top-zero-columns mfrac").evaluate_all(
        "all => all.map(f => f.children[1].getBoundingClientRect().bottom"
        " - f.children[0].getBoundingClientRect().bottom)"
    )
    assert len(stacked) > 5
    assert min(stacked) > 0
    left = seen.page.locator("#claim-mhvae-top-zero-columns mtable").first.evaluate(
        "t => [...t.querySelectorAll('mtr > mtd:first-child')]"
        ".map(c => c.firstElementChild.getBoundingClientRect().left)"
    )
    assert max(left) - min(left) < 6


@pytest.mark.parametrize("width", [320, 390, 768, 1200])
def test_the_page_never_scrolls_sideways(visit, hostile_url, width, url):
    for where in (url, hostile_url):
        seen = visit(where=where, viewport={"width": width, "height": 700})
        seen.unfold()
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        wide = seen.page.evaluate(
            "[...document.querySelectorAll('main > *, main > * > :not(.scroll)')]"
            ".filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 200))"
        )
        assert wide == []


CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = {};
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || !e.checkVisibility()) continue;
    const svg = e.namespaceURI.endsWith("svg");
    if (svg && !e.closest(".node")) continue;  // a title, or a plot, whose text is drawn as outlines
    const style = getComputedStyle(e);
    const back = svg ? rgb(getComputedStyle(e.closest(".node").querySelector("rect")).fill) : behind(e);
    const [high, low] = [light(rgb(svg ? style.fill : style.color)), light(back)].sort((a, b) => b - a);
    const key = `${e.localName}.${e.className.baseVal ?? e.className} in ${e.parentElement.className}`;
    found[key] = Math.min(found[key] ?? 99, (high + 0.05) / (low + 0.05));
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(visit, hostile_url, scheme, url):
    for where in (url, hostile_url):
        seen = visit(where=where, color_scheme=scheme)
        seen.unfold()
        ratios = seen.page.evaluate(CONTRAST)
        assert len(ratios) > 25
        assert {key: ratio for key, ratio in ratios.items() if ratio < 4.5} == {}
        paper = seen.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]")
        assert (int(paper) < 60) == (scheme == "dark")


def test_the_keyboard_reaches_everything_in_order_and_focus_is_seen(visit):
    seen = visit()
    described = """() => {
      const e = document.activeElement, s = getComputedStyle(e), chip = e.parentElement.querySelector(".badge");
      const mark = e.name === "verdict" ? getComputedStyle(chip) : s;
      return [e.name || e.className || e.localName, mark.outlineStyle !== "none" && parseFloat(mark.outlineWidth) >= 2];
    }"""
    order = []
    stated = seen.page.locator("#paper a, #paper .scroll, header.page a, header.page button").count()
    for _ in range(14 + stated):
        seen.page.keyboard.press("Tab")
        order.append(seen.page.evaluate(described))
    assert all(visible for _, visible in order), order
    names = [name for name, _ in order]
    assert names[:2] == ["skip", "a"]  # the paper's link
    at = names.index("verdict")
    assert names[at - 1] == "summary"  # the graph's
    assert names[at : at + 7] == ["verdict", "verdict", "verdict", "source", "model", "text", "button"]
    assert names[at + 7 : at + 9] == ["summary", "summary"]  # the claims

    seen.page.keyboard.press("Escape")
    seen.page.locator(".about summary").focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.locator(".about[open]").count() == 1
    seen.page.get_by_role("checkbox", name="REFUTED").focus()
    seen.page.keyboard.press("Space")
    assert len(seen.rows()) == sum(c.expected == "REFUTED" for c in claims().values())
    seen.page.locator("a.skip").focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "claims"
    seen.page.get_by_role("checkbox", name="REFUTED").focus()
    seen.page.keyboard.press("Space")
    seen.unfold("#claim-vae-learnable")
    box = seen.page.locator("#claim-vae-learnable .graph a").first
    box.focus()
    assert box.locator("rect").evaluate("r => getComputedStyle(r).strokeWidth") == "4px"


def test_what_scrolls_can_be_focused_and_nothing_else_takes_a_tab_stop(visit):
    described = """() => {
      return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(
        [...document.querySelectorAll(".formula, .reason")].map((f) =>
          [f.scrollWidth > f.clientWidth + 1, f.tabIndex, f.getAttribute("aria-label") ?? ""])))));
    }"""
    counts = []
    for width in (390, 1200):
        seen = visit(viewport={"width": width, "height": 700})
        seen.unfold()
        found = seen.page.evaluate(described)
        assert all((index == 0 and label != "") == scrolls for scrolls, index, label in found)
        counts.append(sum(scrolls for scrolls, _, _ in found))
    assert counts[0] > counts[1]


def test_a_phone_shows_where_a_claim_is_from(visit):
    for width in (390, 1200):
        row = visit(viewport={"width": width, "height": 700}).page.locator("#claim-cvae-learnable summary")
        assert row.get_by_text("arXiv 2306.05023, Theorem 2").locator("visible=true").count() == 1


def test_print_is_the_summary_alone(visit):
    seen = visit()
    seen.unfold("#claim-vae-learnable")
    seen.page.emulate_media(media="print")
    assert not seen.page.locator("main").is_visible()
    assert seen.page.get_by_text("How it was made").is_visible()
    assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    pages = re.findall(rb"/Type\s*/Page\b", seen.page.pdf())
    assert len(pages) == 1


def test_without_javascript_everything_is_there_in_words(visit):
    seen = visit(java_script_enabled=False)
    assert not seen.page.locator("#filter").is_visible()
    assert not seen.page.locator("button.copy").first.is_visible()
    assert seen.page.get_by_text("Without JavaScript formulas are shown as text").is_visible()
    assert seen.page.locator("section.claim:visible").count() == len(claims())
    seen.page.locator("#claim-vae-learnable summary").first.click()
    body = seen.page.locator("#claim-vae-learnable .body")
    assert "is least at U = R·diag(ω)·Tᵀ" in body.inner_text().replace("\n", " ")
    assert "It uses elbo-vae" in body.inner_text()
    seen.page.locator("#graph summary").first.click()
    assert seen.page.locator("#graph li", has_text="cvae-learnable").first.is_visible()


NORMAL = """() => {
  const shown = (e) => {
    const kids = [];
    for (const c of e.childNodes) {
      if (c.nodeType === 1) kids.push(shown(c));
      else if (c.nodeType === 3 && c.data.trim()) kids.push(c.data.replace(/\\s+/g, " ").trim());
    }
    const own = [...e.attributes].filter((a) => !["open", "xmlns", "tabindex", "role", "aria-label"].includes(a.name));
    return [e.namespaceURI, e.localName, own.map((a) => [a.name, a.value]).sort(), kids];
  };
  return [...document.querySelectorAll("section.claim")].map((s) =>
    [s.id, JSON.stringify(shown(s.querySelector(".body") ?? s.querySelector(".fold > div:last-child")).slice(3))]);
}"""


@pytest.mark.slow
def test_what_a_fold_makes_is_what_is_printed(visit, url, hostile_url, made, tmp_path):
    for where, report in ((url, made.catalogue_report()), (hostile_url, made.hostile_report())):
        drawn = dict(drawings(["gradient-flow-escape", "chain-boundedness"])) if where is url else {}
        (tmp_path / "full.html").write_text(html.render_page(report, claims(), drawn, full=True))
        seen, printed = visit(where=where), visit(where=(tmp_path / "full.html").as_uri())
        seen.unfold()
        assert seen.page.evaluate(NORMAL) == printed.page.evaluate(NORMAL)
        printed.page.emulate_media(media="print")
        assert printed.page.evaluate(
            "[...document.querySelectorAll('details .evidence')].every(t => t.getBoundingClientRect().height > 50)"
        )


def test_evidence_is_searched_and_what_is_found_is_opened(visit):
    seen = visit()
    everything = len(seen.rows())
    seen.field("text").fill("properties round-off")  # a check, and the reason of a tolerance
    refuted = sorted(f"claim-{c.id}" for c in claims().values() if c.expected == "REFUTED")
    assert sorted(seen.rows()) == refuted
    seen.page.locator(f"#{refuted[0]} summary").first.click()
    seen.page.locator(f"#{refuted[0]} .evidence").wait_for(state="visible")
    seen.field("text").fill("the logarithm lies below its tangent")  # a step of an argument
    assert 0 < len(seen.rows()) < everything


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit, url, hostile_url, scheme):
    """On the whole page, with the graph and a claim of each sort open; inside formulas axe has nothing to look for."""
    axe = Path(pytest.importorskip("axe_playwright_python").__file__).with_name("axe.min.js")
    opened = "gradient-flow-escape vae-learnable-bound summary-beta-reduces-collapse lemma-alignment cvae-learnable"
    for where, width in ((url, 1200 if scheme == "light" else 390), (hostile_url, 390)):
        seen = visit(where=where, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
        for place in ("#graph", *(f"#claim-{name}" for name in opened.split())) if where is url else ("",):
            seen.unfold(place)
        seen.page.add_script_tag(path=axe)
        found = seen.page.evaluate("axe.run({exclude: [['math']]}, {resultTypes: ['violations']})")
        serious = [
            (v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"])
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert len(found["passes"]) > 20
        assert serious == []


def test_plots_are_drawn_in_their_colours(visit):
    seen = visit("#claim-gradient-flow-escape")
    seen.unfold("#claim-gradient-flow-escape")
    plot = seen.page.locator("#claim-gradient-flow-escape .plot svg")
    box = plot.bounding_box()
    assert box["width"] > 300
    assert box["height"] > 200
    strokes = plot.locator("path").evaluate_all("all => [...new Set(all.map(p => getComputedStyle(p).stroke))]")
    assert len(strokes) > 3


def test_commands_can_be_copied(visit, chromium):
    seen = visit("#claim-summary-beta-reduces-collapse", permissions=["clipboard-read", "clipboard-write"])
    command = seen.page.locator("#claim-summary-beta-reduces-collapse .command").first
    command.locator("button").click()
    command.locator("button:text-is('Copied')").wait_for()
    assert seen.page.evaluate("navigator.clipboard.readText()") == command.locator("code").inner_text()


def test_the_tolerance_has_its_reason(visit):
    seen = visit("#claim-summary-beta-reduces-collapse")
    seen.unfold("#claim-summary-beta-reduces-collapse")
    seen.page.locator("#claim-summary-beta-reduces-collapse .mark").first.click()
    assert seen.page.locator(seen.hash()).inner_text() == "[a] 10⁻⁹: round-off"
