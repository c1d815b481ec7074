"""Sentences as TeX: formulas found in them, hostile text disarmed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derivations.printing.words import prose_tex
from verify.catalogue import claims


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("linear VAE, learnable Σ: the minimisers", r"linear VAE, learnable $\Sigma$: the minimisers"),
        ("θ_i² > βη_dec², else 0", r"$\theta_{i}^{2} > \beta \eta_{\mathrm{dec}}^{2}$, else 0"),
        ("the count (d − k)₊ of a x", r"the count $( d - k )_{+}$ of a $x$"),
        ("√(β_1β_2)c or √βc", r"$\sqrt{\beta_{1} \beta_{2}} c$ or $\sqrt{\beta} c$"),
        ("E‖Az‖² = tr(AB)", r"$E \lVert A z \rVert^{2} = \operatorname{tr} ( A B )$"),
        ("Σ_{i≤d} p_i, Σ fixed", r"$\sum_{i \le d} p_{i}$, $\Sigma$ fixed"),
        ("A CVAE is the VAE of y − CA⁺x", r"A CVAE is the VAE of $y - C A^{+} x$"),
        ("“both” (a) for ŷ", r"``both'' (a) for $\hat{y}$"),
        ("Cover & Thomas, 50% of it", r"Cover \& Thomas, 50\% of it"),
        ("my_var and a#b", r"my\_var and a\#b"),
        (r"\input{x} $\alpha$", r"\textbackslash{}input\{x\} \$\textbackslash{}alpha\$"),
        ("<script>alert(1)</script>", r"\textless{}script\textgreater{}alert(1)\textless{}/script\textgreater{}"),
        ("naïve 漢", "naïve [U+6F22]"),
    ],
)
def test_formulas_are_found_and_text_is_escaped(text, expected):
    assert prose_tex(text) == expected


COMMANDS = ("input", "write", "def", "catcode", "csname", "immediate", "begin", "end", "let", "read", "openin")


def check_harmless(text: str) -> None:
    out = prose_tex(text)
    assert not any(f"\\{name}" in out for name in COMMANDS)
    bare = out.replace("\\\\", "").replace(r"\$", "").replace(r"\{", "").replace(r"\}", "")
    assert bare.count("$") % 2 == 0
    assert bare.count("{") == bare.count("}")
    assert "%" not in bare.replace(r"\%", "")
    assert "#" not in bare.replace(r"\#", "")
    assert "&" not in bare.replace(r"\&", "")


@pytest.mark.slow
@given(st.text(max_size=60))
def test_no_text_gives_tex_a_command(text):
    check_harmless(text)


@given(st.text(alphabet="\\{}$&#_^~%<>()[]‖√ΣΣβθ_i²₊ᵀ½ xX'\"*|=−\n", max_size=40))
def test_no_text_of_signs_does_either(text):
    check_harmless(text)


def test_the_catalogues_sentences_hold_no_foreign_character():
    for claim in claims().values():
        for text in (claim.title, claim.text, claim.instead, claim.source, *(v.note for v in claim.variables)):
            assert prose_tex(text).isascii(), text
