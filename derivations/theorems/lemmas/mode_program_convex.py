"""The mode program is convex in logarithms, for any number of levels, any pattern of fixed and learnable.

Every term is exp(a·x + b) with x = (log s_1, …, log q_1, …), the entropy is linear and the constraint
log s_l ≥ log q_l is linear, so along any direction v

    d²f/dt² (x + tv) = Σ_k term_k · (a_k·v)² ≥ 0,

and every KKT point is a global minimum. Certified for all patterns of one and two levels and for three.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from sympy import S, Symbol, diff, exp, sqrt, symbols

from derivations.claim import THEORY, Always, Certificate, Claim, Domain, Variable
from derivations.notation import beta, eta_dec, eta_enc, theta
from derivations.program.mode_program import Level, Program, vae
from derivations.statements.script import combine, square
from derivations.variables import SCALES, SPECTRUM

t = Symbol("t", real=True)


def chain(learnable: tuple[bool, ...]) -> Program:
    """An L-level program with its own symbols."""
    names = [symbols(f"beta_{l} s_{l} q_{l} sigma_{l}", positive=True) for l in range(1, len(learnable) + 1)]
    return Program(
        tuple(Level(b, None if free else v**2, s, q) for (b, s, q, v), free in zip(names, learnable, strict=True))
    )


def certificate(program: Program) -> Certificate:
    """The second derivative along a direction in the logarithms of the unknowns."""
    directions = {x: Symbol(f"v_{x}", real=True) for x in program.unknowns}
    moved = {x: x * exp(t * v) for x, v in directions.items()}
    second = diff(program.objective.xreplace(moved).expand(force=True), t, 2).xreplace({t: S.Zero})
    terms = []
    for term in program.terms:
        slope = sum(v * x * diff(term, x) / term for x, v in directions.items())
        terms.append(term * slope**2)
    pattern = ", ".join("learnable" if level.learnable else "fixed" for level in program.levels)
    return Certificate(f"second derivative, {pattern}", second, tuple(terms))


def midpoint() -> Any:
    """F at the geometric mean of two points ≤ the mean of its values."""
    program = vae(learnable=True)
    s, q = program.s, program.q
    at = {name: {s: Symbol(f"s_{name}", positive=True), q: Symbol(f"q_{name}", positive=True)} for name in "ab"}
    mean = {x: sqrt(at["a"][x] * at["b"][x]) for x in (s, q)}
    variables = tuple(Variable(v, Domain.POSITIVE) for pair in at.values() for v in pair.values())
    values = [program.objective.subs(pair) for pair in at.values()]
    spread = [at["a"][s], at["b"][s]], [pair[q] / pair[s] for pair in at.values()]
    squares = (square(sqrt(x) - sqrt(y)) for x, y in spread)
    weights = (beta * eta_dec**2 / eta_enc**2, theta**2)
    proof = combine(*zip(weights, squares, strict=True))
    return variables, program.objective.subs(mean) <= sum(values) / 2, proof


VARIABLES, RELATION, PROOF = midpoint()
PATTERNS = [*product((True, False), repeat=1), *product((True, False), repeat=2), (False, True, False)]

CLAIM = Claim(
    id="mode-program-convex",
    title="the mode program is convex in log-variables",
    source=THEORY,
    text="In (log s, log q) the cost of a mode is a sum of exponentials of linear forms plus a linear term.",
    variables=(SPECTRUM, *SCALES, *VARIABLES),
    statements=(Always("midpoint convexity, one level", RELATION, proof=PROOF),),
    proof=tuple(certificate(chain(pattern)) for pattern in PATTERNS),
)
