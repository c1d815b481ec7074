"""The explorer: what is written, and in headless Chromium that its formulas are Python's (skipped, and said so)."""

from __future__ import annotations

import json
import shlex
import shutil

import html5lib
import numpy as np
import pytest
import sympy as sp
from click.testing import CliRunner

import verify
from derivations.notation import at_level, beta, eta_dec, eta_enc, sigma, theta
from derivations.program.hierarchy import build_hierarchy
from derivations.program.level_rates import rates
from derivations.program.mode_program import by_cases
from verify.cli.program import cli
from verify.errors import InputError
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.report.html import explorer

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NEEDED = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: the page was not tried in a browser")
SETTINGS = 1000
ROUNDING = 1e-9  # of 1 + the value: logarithms and squares of numbers from 1e-3 to 1e3 differ by some 1e-13
HOSTILE = """<script>alert(1)<!-- ' " & {{ 7 * 7 }}.npy"""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder with outputs of seven columns, their signs, and inputs."""
    folder = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(5)
    y = rng.normal(size=(80, 7)) * np.geomspace(4.0, 0.1, 7)
    np.save(folder / "y.npy", y)
    np.save(folder / "b.npy", (y[:, :4] + rng.normal(size=(80, 4)) > 0).astype(int))
    np.save(folder / "x.npy", y[:, :2] + rng.normal(size=(80, 2)))
    return folder


def read(page):
    """The page's tree, its text, and the numbers that it carries."""
    text = page.read_text(encoding="utf-8")
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    return tree, text, json.loads(tree.find(".//main").get("data-explorer"))


def test_the_page_is_light_loads_nothing_and_has_the_spectrum(data, tmp_path):
    page = verify.explore(data / "y.npy", out=tmp_path / "new" / "page.html")
    tree, text, carried = read(page)
    assert len(text.encode()) <= 300_000
    assert len(tree.findall(".//script")) == 1
    policy = tree.find(".//meta[@http-equiv]").get("content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not [e for e in tree.iter() if isinstance(e.tag, str) and (e.get("src") or (e.get("style")))]
    best = verify.predict(str(data / "y.npy"), latent=7)
    assert carried["spectra"]["gaussian"]["values"] == pytest.approx([one.theta for one in best.latents], rel=1e-12)
    assert carried["levels"] == 4
    again = verify.explore(data / "y.npy", out=page)  # its own page is replaced
    assert again.read_text(encoding="utf-8") == text


def test_hostile_names_stay_text(data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(data / "y.npy", tmp_path / HOSTILE)
    tree, _, carried = read(verify.explore(HOSTILE, out="page.html"))
    assert len(tree.findall(".//script")) == 1
    assert carried["output"] == HOSTILE
    assert HOSTILE in "".join(tree.find(".//h1").itertext())


def test_a_conditional_model_has_one_level_and_what_its_input_leaves(data, tmp_path):
    y, x = str(data / "y.npy"), str(data / "x.npy")
    _, _, carried = read(verify.explore(y, x, out=tmp_path / "page.html"))
    best = verify.predict(y, x, latent=7)
    assert carried["levels"] == 1
    assert carried["spectra"]["gaussian"]["values"] == pytest.approx([one.theta for one in best.latents], rel=1e-12)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"likelihoods": ["bernuli"]}, "bernuli"),
        ({"likelihoods": "bernoulli"}, "list of names"),
        ({"likelihoods": ["bernoulli"]}, "column 1"),  # values that no Bernoulli variable has
        ({"likelihoods": ["negative-binomial"]}, "dispersion"),
        ({"dispersion": 2}, "dispersion"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(data, tmp_path, given, named):
    with pytest.raises(InputError, match=named):
        verify.explore(str(data / "y.npy"), out=tmp_path / "page.html", **given)
    assert not (tmp_path / "page.html").exists()


def test_a_file_of_someone_else_is_not_replaced(data, tmp_path):
    target = tmp_path / "mine.html"
    target.write_text("mine", encoding="utf-8")
    command = ["explore", "--output", str(data / "y.npy"), "--out", str(target)]
    done = CliRunner().invoke(cli, command, standalone_mode=False)
    assert "--force" in str(done.exception)
    assert target.read_text(encoding="utf-8") == "mine"
    done = CliRunner().invoke(cli, [*command, "--force"], standalone_mode=False)
    assert done.stdout == f"Written to {target}.\n"
    assert read(target)[2]["levels"] == 4


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@pytest.fixture
def opened(browser):
    """Open a page's file; what it asks for and complains about is collected."""
    contexts = []

    def open_(file, address="", **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.seen = []
        page.on("request", lambda request: page.seen.append(request.url))
        page.on("console", lambda message: page.seen.append(message.text))
        page.on("pageerror", lambda error: page.seen.append(str(error)))
        page.goto(file.as_uri() + address)
        return page

    yield open_
    for context in contexts:
        context.close()


def drawn(rng):
    """A setting of 1 to 4 levels, every number within 1 1/2 decades of 1."""
    levels = int(rng.integers(1, 5))
    number = lambda: float(10 ** rng.uniform(-1.5, 1.5))  # noqa: E731
    state = {"likelihood": "gaussian", "levels": levels, "latent": int(rng.integers(1, 8))}
    state |= {"eta_dec": number(), "eta_enc": number()}
    weights = [number() for _ in range(levels)]
    for l, weight in enumerate(sorted(weights) if rng.random() < 0.7 else weights, 1):
        state |= {f"beta_{l}": weight, f"sigma_{l}": number(), f"fixed_{l}": bool(rng.random() < 0.5)}
    return state


def expected(pattern, settings, values):
    """For each setting of this pattern: (whether there is a minimum, active per level, rate per level, distortion)."""
    program, L = build_hierarchy(pattern).program, len(pattern)
    names = {beta: at_level(beta, 1), sigma: at_level(sigma, 1)} if L == 1 else {}
    regions = program.regions
    on = [by_cases([(sp.S(int(r.active[l])), sp.And(*r.conditions)) for r in regions]) for l in range(L)]
    bounded = sp.Piecewise((1, sp.And(*program.bounded)), (0, True))
    arrays = {theta: np.tile(values, (len(settings), 1))}
    for symbol in (eta_dec, eta_enc, *(at_level(x, l) for x in (beta, sigma) for l in range(1, L + 1))):
        arrays[symbol] = np.array([[s[str(symbol)]] for s in settings])

    def run(*expressions):
        plan = lower(*(sp.S(e).xreplace(names) for e in expressions))
        shape = (len(settings), len(values))
        return [np.broadcast_to(x, shape) for x in plan.run(Float64(), arrays, {}, len(values))]

    arrays |= dict(zip(program.unknowns, run(*program.solution.values()), strict=True))
    found = run(bounded, *on, *rates(program), program.terms[0])
    for k, s in enumerate(settings):
        d = s["latent"]
        sums = [float(x[k, :d].sum()) for x in found[1:]]
        yield bool(found[0][k, 0]), sums[:L], sums[L : 2 * L], sums[-1] + float(np.square(values[d:]).sum())


@pytest.fixture(scope="module")
def settled(data, tmp_path_factory):
    """A page's file, `SETTINGS` settings, and what Python says of each."""
    file = verify.explore(data / "y.npy", out=tmp_path_factory.mktemp("settled") / "page.html")
    values = np.array(read(file)[2]["spectra"]["gaussian"]["values"])
    rng = np.random.default_rng(0)
    settings = [drawn(rng) for _ in range(SETTINGS)]
    by_pattern = {}
    for s in settings:
        by_pattern.setdefault(tuple(not s[f"fixed_{l}"] for l in range(1, s["levels"] + 1)), []).append(s)
    assert len(by_pattern) == 2 + 4 + 8 + 16
    same = [s for of in by_pattern.values() for s in of]
    return file, same, [one for pattern, of in by_pattern.items() for one in expected(pattern, of, values)]


def worst(page, settings, mine):
    """The largest discrepancy between the page and Python, relative to 1 + the value."""
    largest = 0.0
    theirs = page.evaluate("settings => settings.map((s) => explorer.outcome(s))", settings)
    for seen, (bounded, active, parts, distortion) in zip(theirs, mine, strict=True):
        assert seen["bounded"] == bounded
        if bounded:
            left, right = np.array([*seen["rates"], seen["distortion"]]), np.array([*parts, distortion])
            largest = max(largest, float((abs(left - right) / (1 + abs(right))).max()))
            assert seen["active"] == active
    return largest


@NEEDED
@pytest.mark.slow
def test_formulas_are_pythons_at_random_settings_and_a_planted_error_is_seen(
    settled, data, tmp_path, opened, monkeypatch
):
    file, settings, mine = settled
    assert worst(opened(file), settings, mine) <= ROUNDING
    good = explorer.formulas()
    wrong = good.replace("Math.log(sigma_3)", "Math.log(sigma_2)")
    assert wrong != good
    monkeypatch.setattr(explorer, "formulas", lambda levels: wrong)
    assert worst(opened(verify.explore(data / "y.npy", out=tmp_path / "wrong.html")), settings, mine) > 1e-3


@NEEDED
@pytest.mark.slow
def test_the_command_shown_gives_what_the_page_shows(data, tmp_path, opened, monkeypatch):
    monkeypatch.chdir(data)
    page = opened(verify.explore("y.npy", out=tmp_path / "page.html"))
    bits = opened(verify.explore("b.npy", out=tmp_path / "bits.html", likelihoods=["bernoulli"]))
    rng = np.random.default_rng(2)
    for k in range(16):
        state = {**drawn(rng), "levels": 1, "likelihood": ("gaussian", "bernoulli")[k % 2]}
        where = (page, bits)[k % 2]
        state["latent"] = min(state["latent"], 4)
        shown = where.evaluate("s => ({ ...explorer.outcome(s), command: explorer.command(s) })", state)
        name, *words = shlex.split(shown["command"])
        assert name == "collapse-audit"
        done = CliRunner().invoke(cli, [*words, "--json"], standalone_mode=False)
        assert done.exception is None, done.exception
        said = json.loads(done.stdout)
        if state["likelihood"] == "gaussian":
            assert shown["active"] == [said["active"]]
            assert shown["rate"] == pytest.approx(said["rate"], rel=ROUNDING, abs=ROUNDING)
            assert shown["distortion"] == pytest.approx(said["distortion"], rel=ROUNDING)
        else:
            assert (shown["active"], shown["stable"]) == ([said["estimate"]], said["stable"])
            assert shown["edges"][0] == pytest.approx(said["threshold"], rel=ROUNDING)
    assert page.evaluate("explorer.command({ ...explorer.initial(), levels: 2, fixed_1: true })") == (
        "collapse-audit derive --levels 2 --learnable 2 --fixed 1"
    )


@NEEDED
def test_sliders_fields_and_address_work_by_keyboard(data, tmp_path, opened):
    file = verify.explore(data / "b.npy", out=tmp_path / "page.html", likelihoods=["bernoulli"])
    page = opened(file)
    page.locator("#latent").focus()
    for key in ("Home", "ArrowRight"):
        page.keyboard.press(key)
    page.wait_for_timeout(100)
    assert "of 2 latents" in page.locator("#verdict").inner_text()
    page.get_by_label("Levels").select_option("3")
    page.get_by_label("σ2 fixed").check()
    page.locator("#beta_3-number").fill("0.125")
    page.locator("#beta_1-number").fill("no number")
    page.wait_for_timeout(100)
    assert page.locator("#beta_1-number").get_attribute("aria-invalid") == "true"
    said, address = page.locator("#result").inner_text(), page.evaluate("location.hash")
    assert "beta_3=0.125" in address
    again = opened(file, address)
    assert again.locator("#result").inner_text() == said
    assert again.locator("#fixed_2").is_checked()
    unbounded = opened(file, "#?levels=2&beta_1=4&beta_2=1")
    assert unbounded.locator("#verdict").inner_text() == "There is no minimum here."
    other = opened(file, "#?likelihood=bernoulli&latent=3&levels=9&beta_1=-1&x=nothing")
    assert "collapse" in other.locator("#verdict").inner_text()
    for each in (page, again, unbounded, other):
        assert each.seen == [each.url.partition("#")[0]]


@NEEDED
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_has_a_name_and_fits_a_phone(data, tmp_path, opened, scheme):
    file = verify.explore(data / "y.npy", out=tmp_path / "page.html")
    page = opened(file, "#?levels=4&fixed_1=true", viewport={"width": 320, "height": 640}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    nameless = """[...document.querySelectorAll("input, select, button, svg[role=img]")].filter((e) =>
        !(e.labels?.[0]?.textContent ?? e.getAttribute("aria-label") ?? e.textContent).trim()).map((e) => e.id)"""
    assert page.evaluate(nameless) == []
    assert page.locator("svg[role=img]:visible").count() == 3
    assert page.seen == [page.url.partition("#")[0]]
