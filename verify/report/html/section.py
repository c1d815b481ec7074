"""One claim's result as its section of the page shows it: pure functions of the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verify.records.evidence import ClaimResult, Evidence, Verdict
from verify.records.verdict import verdict_of
from verify.report.html.graph import Graph, layout, reached
from verify.report.html.words import number

__all__ = ["Footnote", "Node", "Row", "Section", "build_section"]

_ROLES = {
    "proof": "links of the proof: exact, none of them rests on sampling",
    "trial": "trials: numerical attacks, which can refute or support, never prove",
    "opinion": "second opinions of other programs: shown, and part of no verdict",
}


@dataclass(frozen=True)
class Footnote:
    """A tolerance and why it is that."""

    mark: str
    tolerance: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One record of evidence; `size` is the residual against the tolerance, `mark` the footnote with its reason."""

    kind: str
    about: str
    record: Evidence
    size: str
    mark: str


@dataclass(frozen=True)
class Node:
    """A claim in a proof: its verdict, or that the report lacks it."""

    name: str
    verdict: Verdict | None
    uses: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """Everything the template needs about one claim besides its formulas."""

    result: ClaimResult
    graph: Graph
    nodes: Mapping[str, Node]
    standing: str
    used_by: tuple[str, ...]
    rows: Mapping[str, tuple[Row, ...]]
    tally: str
    footnotes: tuple[Footnote, ...]
    cited: tuple[str, ...]
    witnesses: tuple[Evidence, ...]
    more_witnesses: tuple[Evidence, ...]


def build_section(result: ClaimResult, all_results: Mapping[str, ClaimResult]) -> Section:
    """What a reader is shown of a claim, given all results of the report."""
    uses = {name: one.uses for name, one in all_results.items()}
    nodes = {
        name: Node(name, all_results[name].verdict if name in all_results else None, uses.get(name, ()))
        for name in reached(result.id, uses)
    }
    notes = _footnotes(result.evidence)
    rows = {
        _ROLES[role]: tuple(_row(e, notes) for e in result.evidence if e.role == role)
        for role in _ROLES
        if any(e.role == role for e in result.evidence)
    }
    return Section(
        result,
        layout(result.id, uses),
        nodes,
        _standing(result, nodes),
        tuple(name for name, one in all_results.items() if result.id in one.uses),
        rows,
        _tally(result.evidence),
        tuple(notes.values()),
        result.given or tuple(dict.fromkeys(c for e in result.evidence for c in e.cited)),
        *_witnesses(result.evidence),
    )


def _witnesses(evidence: Sequence[Evidence]) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    """One for each statement, the shrunk one if there is; and the others."""
    first: dict[str, Evidence] = {}
    for e in sorted((e for e in evidence if e.witness), key=lambda e: e.kind != "properties"):
        first.setdefault(e.about, e)
    chosen = tuple(e for e in evidence if any(e is one for one in first.values()))
    return chosen, tuple(e for e in evidence if e.witness and not any(e is one for one in chosen))


def _standing(result: ClaimResult, nodes: Mapping[str, Node]) -> str:
    """How the verdict depends on the claims used, in a sentence."""
    own, used = verdict_of(result.evidence), [node for node in nodes.values() if node.name != result.id]
    weak = [n for n in used if n.verdict is not Verdict.PROVED]
    if not used:
        return "It uses no other claim; its verdict is that of its own evidence."
    count = f"the {len(used)} claims" if len(used) > 1 else "the one claim"
    if not weak:
        return f"Its own evidence says {own}; {count} it rests on, directly or through others, " + (
            "are all PROVED." if len(used) > 1 else "is PROVED."
        )
    said = ", ".join(f"{n.name} ({n.verdict or 'not in this report'})" for n in weak)
    return f"Its own evidence says {own}; of {count} it rests on these are not PROVED: {said}."


def _footnotes(evidence: Sequence[Evidence]) -> dict[tuple[float, str], Footnote]:
    """One for each tolerance with its reason, marked a, b, c, …"""
    keys = dict.fromkeys((e.tolerance, e.tolerance_reason) for e in evidence if e.tolerance is not None)
    return {
        (tolerance, reason): Footnote(_letter(k), number(tolerance), reason)
        for k, (tolerance, reason) in enumerate((t, r) for t, r in keys if t is not None)
    }


def _letter(k: int) -> str:
    return chr(ord("a") + k) if k < 26 else _letter(k // 26 - 1) + _letter(k % 26)


def _row(e: Evidence, notes: Mapping[tuple[float, str], Footnote]) -> Row:
    kind, about = e.kind, e.about
    if e.tolerance is None:
        return Row(kind, about, e, "exact" if e.residual in (None, 0) else number(e.residual), "")
    if e.residual is None:
        if e.outcome is Verdict.REFUTED:  # its witness decides, not a size
            return Row(kind, about, e, "–", "")
        size = f"within {number(e.tolerance)}"
    else:
        size = f"{number(e.residual)} {'≤' if e.residual <= e.tolerance else '>'} {number(e.tolerance)}"
    return Row(kind, about, e, size, notes[e.tolerance, e.tolerance_reason].mark)


def _tally(evidence: Sequence[Evidence]) -> str:
    """How many records say what, as in "4 PROVED, 3 SUPPORTED"."""
    counts = Counter(e.outcome for e in evidence)
    return ", ".join(f"{counts[v]} {v}" for v in Verdict if counts[v]) or "none"
