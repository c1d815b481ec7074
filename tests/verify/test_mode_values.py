"""What tables of a minimiser say that a mode adds to the loss: it is the 1×1 loss at the row's formulas."""

from __future__ import annotations

import random

import pytest
from sympy import Rational, S, Symbol

from derivations.algebra.nodes import one_mode
from derivations.printing.document import claims_document
from derivations.printing.prose import mode_lines
from derivations.statements.claim import Minimiser
from derivations.statements.minimiser import ADDS
from verify.catalogue import claims
from verify.proof.mode_sentences import scalars

TYPED = {claim.id: s for claim in claims().values() for s in claim.of_kind(Minimiser) if not s.derived}


def difference(name, values, value, seed):
    """The 1×1 loss at a row's formulas, less what the table says, relative to the latter; at random parameters.

    Not only where the row's conditions hold: of the formulas the value is the same everywhere, real or complex.
    """
    claim, statement = claims()[name], TYPED[name]
    entries = scalars(claim, statement)
    loss = (one_mode(statement.loss, entries) - one_mode(S(statement.offset), entries)).xreplace(dict(values))
    draw = random.Random(seed)
    symbols = sorted((loss.free_symbols | value.free_symbols), key=str)
    point = {x: Rational(draw.randint(2, 40), 10) for x in symbols if isinstance(x, Symbol)}
    told, found = (complex(e.subs(point).evalf(30)) for e in (value, loss))
    return abs(told - found) / (1 + abs(told))


def test_every_typed_minimiser_is_looked_at():
    assert len(TYPED) == 7
    assert sum(len(s.rows) for s in TYPED.values()) == 20


@pytest.mark.parametrize("name", TYPED)
def test_a_row_says_what_its_mode_adds_to_the_loss(name):
    for _, values in TYPED[name].rows:
        value = TYPED[name].value(values)
        assert value is not None
        assert max(difference(name, values, value, seed) for seed in range(3)) < 1e-12


@pytest.mark.parametrize("name", ["vae-learnable", "mhvae-fixed"])
def test_a_planted_error_is_noticed(name):
    rows = [values for _, values in TYPED[name].rows]
    told = [TYPED[name].value(values) for values in rows]
    for values, of_another_row in zip(rows, told[1:] + told[:1], strict=True):
        assert max(difference(name, values, of_another_row, seed) for seed in range(3)) > 1e-3


@pytest.mark.parametrize("name", ["cvae-learnable", "mhvae-learnable-top"])
def test_terminal_page_and_latex_have_a_value_for_each_row(name):
    statement = TYPED[name]
    rows = len(statement.rows)
    assert sum(line.startswith("  F of the mode = ") for line in mode_lines(statement)) == rows
    assert sum(lead == ADDS for lead, _ in statement.parts()) == rows
    text = claims_document([claims()[name]], {}, fragment=True)
    assert text.count("F_{i} &=") == (rows if rows > 2 else 1)
