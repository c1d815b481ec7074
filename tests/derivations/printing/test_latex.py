"""Expressions as TeX: the paper's notation, and every formula of the catalogue in a form that TeX and MathML accept."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
import sympy as sp
from latex2mathml.converter import convert
from sympy import And, Basic, Identity, Min, Or, Piecewise, Rational, Symbol, Trace, exp, log, sqrt, symbols

from derivations.algebra import nodes
from derivations.models.vae import loss
from derivations.nodes import (
    AlignedTo,
    Diagonal,
    Eigenvalue,
    LogDet,
    LogGap,
    Matching,
    Paired,
    Reflection,
    SumModes,
    ZeroRows,
    count,
    square,
)
from derivations.notation import (
    MODES,
    B,
    D,
    R,
    T,
    U,
    V,
    Z,
    at_level,
    beta,
    d,
    eta_dec,
    eta_enc,
    index,
    omega,
    sigma,
    theta,
    water_level,
)
from derivations.printing import forms
from derivations.printing.document import claims_document
from derivations.printing.latex import tex
from derivations.printing.scalars import Scalars
from derivations.statements.paper import PAPER
from verify.catalogue import claims


@pytest.fixture(scope="module")
def catalogue(expressions) -> dict[Basic, str]:
    found = dict.fromkeys(e for claim in claims().values() for e in expressions(claim))
    return {e: tex(e) for e in found}


active = theta**2 > water_level
beta_1, sigma_1 = at_level(beta, 1), at_level(sigma, 1)


@pytest.mark.parametrize(
    ("e", "expected"),
    [
        (eta_dec, r"\eta_{\mathrm{dec}}"),
        (Symbol("beta_1'"), r"\beta_{1}'"),
        (Symbol("v_q_1"), "v_{q_{1}}"),
        (Symbol("x1"), "x_{1}"),
        (Symbol("gain"), r"\mathrm{gain}"),
        (Symbol("η"), r"\eta"),
        (Symbol("a%b"), r"\text{a\%b}"),
        (theta**2, r"\theta_{i}^{2}"),
        (sigma_1, r"\sigma_{1,i}"),
        (theta**2 - water_level, r"\theta_{i}^{2} - \beta \eta_{\mathrm{dec}}^{2}"),
        (-beta / 2, r"-\frac{\beta}{2}"),
        (sqrt(beta_1) * sqrt(eta_dec) / 2, r"\frac{\sqrt{\beta_{1} \eta_{\mathrm{dec}}}}{2}"),
        (beta ** Rational(-2, 3), r"\frac{1}{\beta^{2/3}}"),
        (log(theta**2 / beta) / 2, r"\frac{1}{2} \log\left(\frac{\theta_{i}^{2}}{\beta}\right)"),
        (LogGap(beta), r"\beta - 1 - \log(\beta)"),
        (2 * beta * LogGap(beta), r"2 \beta (\beta - 1 - \log(\beta))"),
        (square(U * V - Z), r"\lVert U V - Z \rVert_{F}^{2}"),
        (Trace(U * T * U.T), r"\operatorname{tr}(U T U^{\top})"),
        (LogDet(V * V.T + Identity(d)), r"\log\det(V V^{\top} + I)"),
        (R * Diagonal(omega, D, d) * T.T, r"R \operatorname{diag}(\omega_{i}) T^{\top}"),
        (-2 * (U * V).T, r"-2 V^{\top} U^{\top}"),
        (Trace(B) * square(V), r"\lVert V \rVert_{F}^{2} \operatorname{tr}(B)"),
        (SumModes(theta**2, 0, d), r"\sum_{i=1}^{d} \theta_{i}^{2}"),
        (SumModes(theta**2, d), r"\sum_{i > d} \theta_{i}^{2}"),
        (SumModes(theta + beta), r"\sum_{i} (\beta + \theta_{i})"),
        (count(active, 0, d), r"\#\{i \le d : \theta_{i}^{2} > \beta \eta_{\mathrm{dec}}^{2}\}"),
        (Eigenvalue(B) > beta, r"\operatorname{eig}_{i}(B) > \beta"),
        (SumModes(Eigenvalue(B), 0, 1), r"\operatorname{eig}_{1}(B)"),
        (Paired(B, 1 / sigma), r"\sum_{i} \operatorname{eig}_{i}(B) \frac{1}{\sigma_{i}}"),
        (Matching(theta * sigma, d), r"\max_{\pi} \sum_{i=1}^{d} \sigma_{i} \theta_{\pi(i)}"),
        (AlignedTo(B, sigma), r"Q_{B} \operatorname{diag}(\sigma_{i}) Q_{B}^{\top}"),
        (Reflection(d, 0), r"\mathcal{H}_{d,0}"),
        (ZeroRows(U.T), r"\#\{i : (U^{\top})_{i\cdot} = 0\}"),
        (Min(beta, eta_dec), r"\min(\beta, \eta_{\mathrm{dec}})"),
        (Piecewise((water_level, active), (theta**2, True)), r"\min(\theta_{i}^{2}, \beta \eta_{\mathrm{dec}}^{2})"),
        (Piecewise((theta - beta, theta > beta), (0, True)), r"(\theta_{i} - \beta)_{+}"),
        (nodes.indicator(active), r"\mathbf{1}[\theta_{i}^{2} > \beta \eta_{\mathrm{dec}}^{2}]"),
        (Or(And(theta > 1, beta > 2), index <= d), r"i \le d \text{ or } (\theta_{i} > 1 \text{ and } \beta > 2)"),
        (beta < theta, r"\theta_{i} > \beta"),
    ],
)
def test_the_papers_notation(e, expected):
    assert tex(e) == expected


def test_a_positive_part_that_would_divide_by_zero_stays_a_case_distinction():
    above = sqrt(theta**2 - water_level)
    e = Piecewise((eta_enc * above / theta, active), (0, True))  # θ = 0 is collapsed: 0, not 0/0
    assert tex(e).startswith(r"\begin{cases} \frac{\eta_{\mathrm{enc}}")
    assert r"\\ 0 & \text{otherwise} \end{cases}" in tex(e)
    assert r"_{+}" in tex(Piecewise((above / eta_enc, active), (0, True)))


def test_the_loss_reads_as_in_the_paper():
    assert tex(loss) == (
        r"\lVert U V - Z \rVert_{F}^{2} + \operatorname{tr}(U \Sigma U^{\top}) + "
        r"\frac{\beta \eta_{\mathrm{dec}}^{2}}{\eta_{\mathrm{enc}}^{2}} (\lVert V \rVert_{F}^{2} + "
        r"\operatorname{tr}(\Sigma)) - \beta \eta_{\mathrm{dec}}^{2} \log\det(\Sigma)"
    )


def test_what_has_one_value_for_all_modes_bears_no_index():
    assert tex(sigma_1 * theta, MODES - {sigma_1}) == r"\sigma_{1} \theta_{i}"


@pytest.mark.slow
def test_every_formula_of_the_catalogue_prints_balanced_and_without_names_of_classes(catalogue):
    assert len(catalogue) > 900
    names = [name for name in nodes.__all__ if name[0].isupper()]
    for text in catalogue.values():
        plain = text.replace(r"\{", "").replace(r"\}", "")
        assert plain.count("{") == plain.count("}")
        assert text.count(r"\left") == text.count(r"\right")
        assert text.count(r"\begin{cases}") == text.count(r"\end{cases}")
        assert not [name for name in names if name in text]
        assert text.isascii()


@pytest.mark.slow
def test_every_formula_becomes_mathml(catalogue):
    for text in sorted(set(catalogue.values()), key=len)[:300]:
        assert ElementTree.fromstring(convert(text)).tag.endswith("math")


@pytest.mark.slow
def test_what_is_printed_says_what_is_meant(catalogue, says_the_same):
    # The proof core alone reads sums over all modes and roots of matrices: nothing evaluates them.
    read = [e for e in catalogue if not e.has(exp, sp.oo) and all(p.exp.is_Integer for p in e.atoms(sp.MatPow))]
    formulas = {e: catalogue[e] for e in read if len(catalogue[e]) < 1500}
    assert len(formulas) > 750
    assert [text for e, text in formulas.items() if not says_the_same(e, text)] == []


@pytest.mark.parametrize(
    "planted",
    [
        (Scalars, "_needs_mul_brackets", lambda *_, **__: False),
        (forms, "least", lambda e: ("min", e.args[0].cond.args) if len(e.args) == 2 and e.args[1].expr != 0 else None),
        (forms, "positive_part", lambda e: e.args[0].expr if len(e.args) == 2 else None),
        (forms, "flat_product", lambda M: (sp.S.One, M.as_coeff_matrices()[1])),
        (forms, "root", lambda M: M if isinstance(M, sp.MatMul) else None),
        (forms, "fraction_parts", lambda factors, parts=forms.fraction_parts: parts(factors)[::-1]),
    ],
    ids=lambda planted: planted[1],
)
def test_a_printer_that_says_something_else_is_caught(planted, says_the_same, monkeypatch):
    samples = [
        loss,
        2 * U * V,
        Trace(U * T),
        LogGap(beta) * beta,
        theta / beta,
        Piecewise((theta, theta > beta), (beta, True)),
        Piecewise((theta - beta, theta > beta), (0, True)),
    ]
    assert all(says_the_same(e, tex(e)) for e in samples)
    monkeypatch.setattr(*planted)
    texts = [tex(e) for e in samples]
    monkeypatch.undo()
    assert not all(says_the_same(e, text) for e, text in zip(samples, texts, strict=True))


@pytest.mark.parametrize(
    "name", ["x_{1}", "a}b", r"\input{x}", "50%", "a#b", "~", "^", "naïve", "x y", "𝔘", "<script>"]
)
def test_no_name_reaches_the_page_unescaped(name):
    text = tex(Symbol(name) ** 2)
    assert text.replace("ï", "i").isascii()  # letters with accents every TeX can set
    assert r"\input" not in text.replace(r"\textbackslash{}input", "")
    assert text.endswith("^{2}")


def test_user_symbols_keep_their_own_meaning():
    x, y = symbols("x y", positive=True)
    assert tex(x**2 / y + 1) == r"\frac{x^{2}}{y} + 1"


def test_a_document_says_what_is_audited_and_what_a_summary_is():
    chosen = [claims()["cvae-learnable"], claims()["summary-low-beta-risks-collapse"]]
    text = claims_document(chosen, {}, fragment=False)
    for part in (PAPER.title, *PAPER.authors, PAPER.venue, PAPER.url):
        assert part in text
    assert text.count("informal summary of the paper") == 1
    assert "summary" not in claims_document(chosen[:1], {}, fragment=False)
    assert PAPER.title not in claims_document([claims()["lemma-alignment"]], {}, fragment=False)
