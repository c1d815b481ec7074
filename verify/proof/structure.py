"""A claimed minimiser, exactly: its frames reduce the loss to modes, and no mode has a lower loss.

Three links, none of them numerical. (1) Aligned loss and (2) aligned gradient: in the claimed frames, whatever the
singular values, the loss is the sum of its 1×1 cases, and so is its gradient (identity tests). (3) Mode theorem: on
every mode no ω, λ, σ have a lower 1×1 loss than the claimed ones, a theorem of the core (`modes.py`). With the
alignment lemma (`uses`) that is global optimality.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy as sp

from derivations.algebra.calculus import gradient
from derivations.algebra.nodes import Diagonal, LogDet, SumModes, one_mode
from derivations.notation import d, theta
from derivations.program.hierarchy import Formulas, Hierarchy
from derivations.statements.claim import Minimiser
from verify.draw.trial import Trial, recorded
from verify.proof.identity import same
from verify.proof.mode_sentences import mode_loss, scalars
from verify.proof.modes import solves
from verify.records.evidence import Evidence, Verdict
from verify.store.cache import recalled

__all__ = ["bound", "programs", "prove_structure"]


@lru_cache(maxsize=256)
def bound(statement: Minimiser) -> Any:
    """The derived minimum of the matrix loss: each mode by its program, those beyond the latents at θ²."""
    if isinstance(statement.program, Hierarchy):
        return statement.program.optimum + statement.offset
    return SumModes(statement.program.optimum, 0, d) + SumModes(theta**2, d) + statement.offset


def programs(statement: Minimiser) -> list[Any]:
    """The mode programs that modes of different numbers follow."""
    chain = statement.program
    return [part.program for part in chain.parts] if isinstance(chain, Hierarchy) else [chain]


def prove_structure(trial: Trial, statement: Minimiser) -> list[Evidence]:
    """Evidence of role "proof" for the three links."""
    aligned = _of_depth if isinstance(statement.modes, Formulas) else _links
    links: dict[str, Callable[[], dict[str, Any]]] = {
        "aligned loss": lambda: aligned(trial, statement)[0],
        "aligned gradient": lambda: aligned(trial, statement)[1],
        "mode theorem": lambda: solves(trial.claim, statement),
    }
    return [_link(trial, statement, kind, work) for kind, work in links.items()]


def _link(trial: Trial, statement: Minimiser, kind: str, work: Callable[[], dict[str, Any]]) -> Evidence:
    about = (trial.claim, statement, trial.seed)
    return recorded(kind, statement.label, "proof", lambda: recalled(kind, about, work))


@lru_cache(maxsize=256)
def _links(trial: Trial, statement: Minimiser) -> tuple[dict[str, Any], dict[str, Any]]:
    return _aligned(trial, statement), _gradient(trial, statement)


def _of_depth(trial: Trial, statement: Minimiser) -> tuple[dict[str, Any], dict[str, Any]]:
    """Hierarchies of one depth share loss and frames, and with them these identities, whichever Σ_l are fixed."""
    return _of_model(trial, statement.program.model)


@lru_cache(maxsize=16)
def _of_model(trial: Trial, model: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    whole = Minimiser("", model.loss, model.frames, {}, None, ())
    return _aligned(trial, whole), _gradient(trial, whole)


def _rational(f: Any) -> Any:
    """The loss of a mode without its log σ²."""
    return sum((term for term in sp.Add.make_args(f) if not term.has(sp.log)), sp.S.Zero)


def _aligned(trial: Trial, statement: Minimiser) -> dict[str, Any]:
    """loss(frames) = Σ f(mode i), log det of the diagonals kept as such; a mode ends where its frames do."""
    values = scalars(trial.claim, statement)
    right = SumModes(_rational(mode_loss(trial.claim, statement))) + statement.offset
    for node in statement.loss.atoms(LogDet):
        rows = node.args[0].rows
        right += statement.loss.coeff(node) * LogDet(Diagonal(one_mode(node.args[0], values), rows, rows))
    return same(trial, statement.loss, right, statement.at, framed=True)


def _gradient(trial: Trial, statement: Minimiser) -> dict[str, Any]:
    """∇loss(frames) is the mode gradient in the same frames: zero off the diagonals, whatever ω, λ, σ."""
    f = _rational(mode_loss(trial.claim, statement))
    points, notes = 0, []
    for X, frame in statement.at.items():
        (entry,) = {n.entry for n in sp.preorder_traversal(frame) if isinstance(n, Diagonal)} or {None}
        if entry is None or _has_matrices(frame, statement):
            expected = sp.ZeroMatrix(*X.shape)
        else:
            (mode,) = entry.free_symbols
            slope = sp.cancel(sp.diff(f, mode) / sp.diff(entry, mode))
            nodes = {n: Diagonal(slope, *n.shape) for n in sp.preorder_traversal(frame) if isinstance(n, Diagonal)}
            expected = frame.xreplace(nodes)
            if (weight := statement.loss.coeff(LogDet(X))) != 0:
                expected += weight * sp.Inverse(frame)
        found = same(trial, gradient(statement.loss, X), expected, statement.at, framed=True)
        if found["outcome"] is not Verdict.PROVED:
            return found | {"note": f"∇_{X}: {found['note']}"}
        points += found["instances"]
        notes.append(f"∇_{X}: {found['note']}")
    return {"outcome": Verdict.PROVED, "instances": points, "residual": 0.0, "note": notes[0]}


def _has_matrices(frame: Any, statement: Minimiser) -> bool:
    """Whether a component follows from others (W_1 = −W_2K): its gradient must vanish identically."""
    return any(frame.has(X) for X in statement.at)
