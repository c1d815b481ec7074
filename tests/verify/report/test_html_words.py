"""Prose, numbers and anchors of the page."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.records.evidence import Verdict
from verify.report.html.words import anchors, family, models, number, prose, value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ω_i² = βη_dec²", "ω<sub>i</sub>² = βη<sub>dec</sub>²"),
        ("W_lM_{l−1}W_l", "W<sub>l</sub>M<sub>l−1</sub>W<sub>l</sub>"),
        ("F_CVAE = F_VAE(z)", "F<sub>CVAE</sub> = F<sub>VAE</sub>(z)"),
        ("∇_U: ≤ 10^-603", "∇<sub>U</sub>: ≤ 10<sup>−603</sup>"),
        ("(a)^(2/3)", "(a)<sup>2/3</sup>"),
        ("eta_dec = 1, my_name, a__b", "eta_dec = 1, my_name, a__b"),
        ("x_<b> & y", "x_&lt;b&gt; &amp; y"),
        ("a^{<i>}", "a<sup>&lt;i&gt;</sup>"),
    ],
)
def test_prose(text, shown):
    assert str(prose(text)) == shown


@given(st.text(alphabet="aβ_^{}()<>&12- ", max_size=30))
def test_prose_never_lets_a_tag_through(text):
    shown = str(prose(text))
    for tag in ("<sub>", "</sub>", "<sup>", "</sup>"):
        shown = shown.replace(tag, "")
    assert not set(shown) & set("<>")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0.0, "0"),
        (1.37e-15, "1.4 × 10⁻¹⁵"),
        (1e-9, "10⁻⁹"),
        (9.96e-7, "10⁻⁶"),
        (0.5, "0.5"),
        (1000.0, "1000"),
        (-2e-5, "−2 × 10⁻⁵"),
        (1.2345e7, "1.2 × 10⁷"),
        (5e-324, "4.9 × 10⁻³²⁴"),
    ],
)
def test_number(value, shown):
    assert number(value) == shown


@given(st.lists(st.text(max_size=6), unique=True, max_size=8))
def test_anchors_are_distinct_and_plain(names):
    found = anchors(names)
    assert len(set(found.values())) == len(names)
    assert all(a.isascii() and not set(a) & set(" \"'<>&#%/\t\n") for a in found.values())


def test_anchors_of_ids_are_stable():
    assert anchors(["vae-learnable", "a b", "a-b"]) == {
        "vae-learnable": "claim-vae-learnable",
        "a b": "claim-a-b",
        "a-b": "claim-a-b-2",
    }


def test_value():
    assert value(((1.0, 0.25), (2, "1/3"))) == "[[1, 0.25], [2, 1/3]]"
    assert value(True) == "True"


@pytest.mark.slow
def test_a_long_chain_of_uses_is_no_trouble(made):
    names = [f"c-{k}" for k in range(sys.getrecursionlimit() + 100)]  # a call for each would be too deep
    chain = [made.result(a, Verdict.PROVED, uses=(b,)) for a, b in pairwise([*names, "vae-x"])]
    assert models([*chain, made.result("vae-x", Verdict.PROVED)])["c-0"] == ("VAE",)


def test_family():
    assert family("arXiv 2306.05023, Theorem 5") == "arXiv 2306.05023"
    assert family("derived here; Lucas et al. 2019") == "derived here"
    assert family("") == "no source"


def test_models(made):
    found = models(
        [
            made.result("mhvae-fixed", Verdict.PROVED),
            made.result("cvae-x", Verdict.PROVED, title="a CVAE is the VAE of"),
            made.result("summary-a", Verdict.PROVED, title="t", uses=("summary-b", "cvae-x", "gone")),
            made.result("summary-b", Verdict.PROVED, title="t", uses=("summary-a",)),
            made.result("x", Verdict.PROVED, title="VAEs", source="here"),
        ]
    )
    assert found == {
        "mhvae-fixed": ("MHVAE and deeper",),
        "cvae-x": ("CVAE",),
        "summary-a": ("CVAE",),
        "summary-b": ("CVAE",),
        "x": ("VAE",),
    }
