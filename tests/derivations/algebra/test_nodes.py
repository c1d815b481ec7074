"""Nodes: each states every fact, a fact that is missing is an error, and a new node is one entry on each side."""

from __future__ import annotations

import importlib
import math
import pkgutil
from dataclasses import fields

import numpy as np
import pytest
import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.algebra import nodes
from derivations.algebra.calculus import gradient
from derivations.algebra.derivative import differentiate
from derivations.algebra.nodes import NO_RULE, NODES, Curvature, LogGap, Node, Scalar, one_mode, stated, written_out
from derivations.claim import Claim, Domain, Variable
from derivations.printing.latex import tex
from derivations.printing.unicode import formula
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import RULES, lower
from verify.proof.curvature import convex
from verify.proof.steps import non_negative
from verify.report.numpy_source import Source

n = sp.Symbol("n", integer=True, positive=True)
X, A = sp.MatrixSymbol("X", n, n), sp.MatrixSymbol("A", n, n)
x, a = sp.Symbol("x", positive=True), sp.Symbol("a", positive=True)


class Entropy(Scalar):
    """A toy: x log x for x > 0."""


ENTROPY = stated(
    derivative=lambda e, D: (sp.log(e.args[0]) + 1) * D(e.args[0]),
    gradient=lambda e, pull, _: [(sp.log(e.args[0]) + 1) * part for part in pull(e.args[0])],
    explicit=lambda e, value: Entropy(value(e.args[0])),
    nonnegative=lambda e: bool((e.args[0] - 1).is_nonnegative),
    curvature=lambda e, walk: Curvature.CONVEX if walk.line(e.args[0]) else None,
    meaning=lambda e: e.args[0] * sp.log(e.args[0]),
    tex=lambda e, p: p.call(r"\operatorname{ent}", e.args[0]),
    unicode=lambda e, p: f"ent({p.show(e.args[0])})",
    wide=True,
)


@pytest.fixture
def entropy(monkeypatch):
    """The toy, entered in the two tables."""
    monkeypatch.setitem(NODES, Entropy, ENTROPY)
    monkeypatch.setitem(RULES, Entropy, lambda b, e: b.visit(e.args[0] * sp.log(e.args[0])))
    return Entropy


def classes():
    modules = [importlib.import_module(f"{nodes.__name__}.{m.name}") for m in pkgutil.iter_modules(nodes.__path__)]
    found = {c for m in modules for c in vars(m).values() if isinstance(c, type) and issubclass(c, Scalar | MatrixExpr)}
    return sorted((c for c in found if c is not Scalar and c.__module__.startswith(nodes.__name__)), key=str)


@pytest.mark.parametrize("kind", classes())
def test_a_node_states_every_fact_and_is_evaluated(kind):
    assert [f.name for f in fields(Node) if getattr(NODES[kind], f.name) is None] == []
    assert kind in RULES


def test_the_nodes_of_the_public_door_are_found():
    import derivations.nodes as door

    public = {c for c in vars(door).values() if isinstance(c, type)}
    assert public <= set(classes())
    assert len(public) == len(door.__all__) - len([f for f in door.__all__ if f.islower()])


def evaluated(e, **values):
    given = {X: np.asarray(values["X"], float)[None]} if "X" in values else {}
    given |= {s: np.array([[float(values[str(s)])]]) for s in (x, a) if str(s) in values}
    return lower(e).run(Float64(), given, {n: 2}, 2)[0][0]


def test_a_new_node_is_derived_printed_lowered_and_evaluated(entropy):
    e = a * entropy(3 * x) + sp.Trace(A) / x
    slope = differentiate(e, x).subs({sp.Trace(A): 0})
    assert sp.simplify(slope - 3 * a * (sp.log(3 * x) + 1)) == 0
    step = 1e-6
    rise = evaluated(a * entropy(3 * x), x=2 + step, a=5) - evaluated(a * entropy(3 * x), x=2 - step, a=5)
    assert evaluated(slope, x=2, a=5)[0] == pytest.approx(rise[0] / (2 * step), rel=1e-7)
    M = [[1.5, 0.2], [0.1, 0.7]]
    assert evaluated(gradient(entropy(sp.Trace(X)), X), X=M) == pytest.approx((math.log(2.2) + 1) * np.eye(2))
    assert formula(2 * entropy(x)) == "2·ent(x)"
    assert tex(entropy(x) / (2 * a)) == r"\frac{1}{2 a} \operatorname{ent}(x)"
    assert one_mode(entropy(sp.Trace(X * X.T)), {X: x}) == entropy(x**2)
    assert Source({}, 1).texts(entropy(x)) == ["(x * np.log(x))"]
    assert written_out(2 + entropy(x)) == 2 + x * sp.log(x)
    assert non_negative(entropy(1 + a), ())
    assert not non_negative(entropy(a), ())
    claim = Claim("toy", "t", "s", "", (Variable(a),), ())
    assert convex(entropy(x) + a, {x: Domain.POSITIVE}, claim)
    assert not convex(-entropy(x), {x: Domain.POSITIVE}, claim)


USES = (lambda e: gradient(e, X), lambda e: differentiate(x * e, x), lambda e: one_mode(e, {}))


@pytest.mark.parametrize("use", USES)
def test_a_node_without_a_row_is_an_error_that_names_it(use):
    class Stray(Scalar):
        """In no table."""

    with pytest.raises(TypeError, match=r"no rule for .* of Stray"):
        use(Stray(sp.Trace(X) * x))
    with pytest.raises(TypeError, match="cannot evaluate Stray"):
        lower(Stray(x))


@pytest.mark.parametrize("kind", [k for k in classes() if NODES[k].derivative is NO_RULE])
def test_a_node_said_to_have_no_derivative_has_none(kind):
    e = kind(x * X, x) if kind.__name__ in ("AlignedTo", "Matching", "Paired", "Reflection") else kind(x * X)
    with pytest.raises(TypeError, match=f"no rule for the derivative of {kind.__name__}"):
        differentiate(e, x)


def test_the_log_gap_is_differentiated_as_what_it_means():
    e = LogGap(x**2 / a) + sp.Trace(A) / x
    assert sp.simplify(differentiate(e, x) - differentiate(written_out(e), x)) == 0
    slope = gradient(LogGap(sp.Trace(X)), X)
    assert evaluated(slope, X=[[3.0, 1.0], [0.0, 1.0]]) == pytest.approx(0.75 * np.eye(2))
