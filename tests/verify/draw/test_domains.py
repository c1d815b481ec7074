"""Domains: each has a row in every table, and what is drawn has the facts stated, and no others."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from derivations.domain import FACTS, Domain, Values
from verify.draw.sampling import SAMPLES, Sampler
from verify.draw.strategies import DRAWN
from verify.errors import InputError
from verify.evaluate.field import Field
from verify.minimise.unknowns import MAPS, Unknowns
from verify.proof.residues import RESIDUES

ROWS, SIZE = 256, 3
FEW = settings(max_examples=40, database=None, derandomize=True)


@pytest.mark.parametrize("table", [FACTS, SAMPLES, DRAWN, RESIDUES], ids=["facts", "samples", "drawn", "residues"])
def test_every_domain_has_a_row(table):
    assert set(table) == set(Domain)


def size_of(domain):
    return (SIZE, SIZE) if domain.facts.values is Values.MATRIX else SIZE


def holds(domain):
    """By name of a fact, whether each row of a stack has it."""

    def flat(found):
        return found.reshape(len(found), -1)

    if domain.facts.values is not Values.MATRIX:
        return {"nonnegative": lambda x: (x >= 0).all(1), "positive": lambda x: (x > 0).all(1)}
    eye = np.eye(SIZE)
    return {
        "symmetric": lambda M: flat(np.swapaxes(M, 1, 2) == M).all(1),
        "definite": lambda M: flat(np.isclose(M, np.swapaxes(M, 1, 2))).all(1) & (np.linalg.eigvalsh(M)[:, 0] > 0),
        "diagonal": lambda M: flat(M * (1 - eye) == 0).all(1),
        "orthogonal": lambda M: flat(np.isclose(M @ np.swapaxes(M, 1, 2), eye)).all(1),
    }


@pytest.mark.parametrize("domain", Domain)
def test_samples_have_the_facts_stated_and_no_others(domain):
    shape = size_of(domain) if domain.facts.values is Values.MATRIX else None
    drawn = Sampler(np.random.default_rng(1), ROWS, SIZE).draw(domain, shape, squared=False)
    for name, test in holds(domain).items():
        assert test(drawn).all() == getattr(domain.facts, name), name
    if shape is None:
        assert drawn.shape == (ROWS, 1 if domain.facts.values is Values.ONE else SIZE)
    if domain.facts.values in (Values.EACH, Values.SHARED):
        assert (drawn == drawn[:, :1]).all() == (domain.facts.values is Values.SHARED)


@pytest.mark.parametrize("domain", Domain)
def test_hypothesis_draws_what_has_the_facts_stated_and_no_others(domain):
    strategy = st.composite(lambda draw: np.asarray(DRAWN[domain](draw, size_of(domain)), dtype=float)[None])()
    for name, test in holds(domain).items():
        if getattr(domain.facts, name):
            with pytest.raises(NoSuchExample):
                find(strategy, lambda value, test=test: not test(value).all(), settings=FEW)
        else:
            assert not test(find(strategy, lambda value, test=test: not test(value).all(), settings=FEW)).any()


@pytest.mark.parametrize("domain", [d for d in Domain if d.facts.values is Values.MATRIX])
def test_residues_have_the_facts_that_a_field_knows(domain):
    field = Field()
    M = RESIDUES[domain].draw(16, (SIZE, SIZE), field, np.random.default_rng(2))
    assert (np.swapaxes(M, 1, 2) == M).all() == domain.facts.symmetric
    assert (M * (1 - np.eye(SIZE, dtype=int)) == 0).all() == domain.facts.diagonal
    product = field.matmul(M, np.swapaxes(M, 1, 2))
    assert (product == np.eye(SIZE, dtype=int)).all() == domain.facts.orthogonal


@pytest.mark.parametrize("domain", Domain)
def test_an_unknown_stays_in_its_domain_or_is_refused(domain):
    matrix = domain.facts.values is Values.MATRIX
    X = sp.MatrixSymbol("X", SIZE, SIZE) if matrix else sp.Symbol("x", real=True)
    if domain not in MAPS:
        with pytest.raises(InputError, match=f"X cannot be minimised over a domain {domain.name}".replace("X", str(X))):
            Unknowns({X: domain}, {})
        return
    unknowns = Unknowns({X: domain}, {})
    x = np.random.default_rng(3).normal(size=(ROWS, unknowns.width))
    value = unknowns.values(x)[X]
    for name, test in holds(domain).items():
        if name != "positive" or domain.facts.positive:  # a square is 0 at one point only
            assert test(value).all() == getattr(domain.facts, name), name
