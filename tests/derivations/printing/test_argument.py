"""Every step of a script has its sentence, and says what it is about."""

from __future__ import annotations

import inspect
import re

import pytest
from sympy import MatrixSymbol, Symbol

from derivations.printing.argument import SENTENCES, reasons
from derivations.printing.unicode import formula
from derivations.statements import script
from derivations.statements.script import Script, by_cases, combine, have, over_modes, supposing, tangent
from verify.catalogue import claims

x, y = Symbol("x", positive=True), Symbol("y", positive=True)
M = MatrixSymbol("M", 3, 3)
SCRIPTS = [(c.id, s.proof) for c in claims().values() for s in c.statements if s.proof is not None]


def said(proof):
    return ["  " * r.depth + "".join(p if isinstance(p, str) else formula(p) for p in r.pieces) for r in reasons(proof)]


@pytest.mark.parametrize("name", sorted(set(script.__all__) - {"Script"}))
def test_every_step_has_a_sentence(name):
    make = getattr(script, name)
    kinds = inspect.signature(make).parameters.values()
    given = [by_cases() if "Script" in str(p.annotation) else M for p in kinds if p.kind is not p.VAR_POSITIONAL]
    made = (
        make(*given)
        if name not in ("by_cases", "supposing")
        else make(then=by_cases())
        if name == "supposing"
        else make()
    )
    (head, *_) = reasons(made)
    assert head.depth == 0
    assert SENTENCES[made.rule].partition("{")[0] in "".join(map(str, head.pieces))


def test_what_a_step_rests_on_stands_below_it():
    proof = supposing(have(x > y, combine((x, tangent(y)))), then=over_modes(None, by_cases(on=(x > 1, y > 2))))
    assert said(proof) == [
        "it is known that",
        "  x > y, because",
        "    add, equations with any weight, inequalities with weights ≥ 0",
        "      x times: the logarithm lies below its tangent: x − 1 − log x ≥ 0 at x = y",
        "  all traces and sums are written as sums over the modes; then mode by mode",
        "    case by case of x > 1, y > 2",
    ]


def test_every_script_of_the_catalogue_is_said_whole():
    """No step is lost, and no name of a claim or a lemma."""
    assert len(SCRIPTS) > 60
    for name, proof in SCRIPTS:
        steps = list(_steps(proof))
        lines = said(proof)
        assert len(lines) == len(steps), name
        for step, line in zip(steps, lines, strict=True):
            assert not re.search(r"[{}]", re.sub(r"Σ_\{[^}]*\}", "", line)), line
            for word in step.arguments:
                if isinstance(word, str):
                    assert word in line


def _steps(one):
    if isinstance(one, Script):
        yield one
    inside = one.arguments if isinstance(one, Script) else one if isinstance(one, tuple) else ()
    for part in inside:
        yield from _steps(part)
