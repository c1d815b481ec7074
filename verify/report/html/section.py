"""One claim's result as its section of the page shows it: pure functions of the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verify.records.evidence import ClaimResult, Evidence, Verdict
from verify.records.verdict import verdict_of
from verify.report.html.graph import Graph, layout, reached
from verify.report.html.words import number

__all__ = ["Footnote", "Node", "Row", "Section", "Whole", "build_section", "build_whole"]

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
    own: Verdict | None = None
    """What its own evidence says, whatever the claims it uses are."""
    given: bool = False

    @property
    def word(self) -> str:
        """The verdict, and what it owes to others."""
        if self.verdict is None:
            return "not in this report"
        return f"{self.verdict}{', given' if self.given else ''}" + (f", itself {self.own}" if self.weaker else "")

    @property
    def weaker(self) -> bool:
        """Whether it is less than its own evidence says, because of what it uses."""
        return self.own is not self.verdict

    @property
    def classes(self) -> str:
        """How its box is drawn: filled as the whole is, framed as its own evidence."""
        if self.verdict is None or self.own is None:
            return "missing"
        return f"own-{self.own.lower()} {self.verdict.lower()}{' given' if self.given else ''}"


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
    nodes = {name: _node(name, all_results) for name in reached([result.id], uses)}
    notes = _footnotes(result.evidence)
    rows = {
        _ROLES[role]: tuple(_row(e, notes) for e in result.evidence if e.role == role)
        for role in _ROLES
        if any(e.role == role for e in result.evidence)
    }
    return Section(
        result,
        layout([result.id], uses),
        nodes,
        _standing(result, nodes),
        tuple(name for name, one in all_results.items() if result.id in one.uses),
        rows,
        _tally(result.evidence),
        tuple(notes.values()),
        result.given or tuple(dict.fromkeys(c for e in result.evidence for c in e.cited)),
        *_witnesses(result.evidence),
    )


@dataclass(frozen=True)
class Whole:
    """The graph of all claims that use another or are used, less arrows that others imply; the names of the others."""

    graph: Graph
    nodes: Mapping[str, Node]
    alone: tuple[str, ...]


def build_whole(all_results: Mapping[str, ClaimResult]) -> Whole | None:
    """The dependency graph of a report; None if no claim uses another."""
    uses = {name: one.uses for name, one in all_results.items() if one.uses}
    used = {name for names in uses.values() for name in names}
    if not used:
        return None
    graph = layout([name for name in uses if name not in used], _reduced(uses))
    nodes = {box.name: _node(box.name, all_results) for box in graph.boxes}
    return Whole(graph, nodes, tuple(name for name in all_results if name not in nodes))


def _reduced(uses: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Without what a claim uses through another that it uses as well."""
    through = {name: set(reached(list(names), uses)) - set(names) for name, names in uses.items()}
    beyond = {a: {x for b in names for x in through.get(b, set()) | set(uses.get(b, ()))} for a, names in uses.items()}
    return {a: [b for b in names if b not in beyond[a]] for a, names in uses.items()}


def _node(name: str, results: Mapping[str, ClaimResult]) -> Node:
    one = results.get(name)
    if one is None:
        return Node(name, None, ())
    proved = one.verdict is Verdict.PROVED
    return Node(name, one.verdict, one.uses, verdict_of(one.evidence), bool(one.given) and proved)


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
    keys = dict.fromkeys(
        (e.tolerance, e.tolerance_reason) for e in evidence if e.tolerance is not None and not e.decided_by_witness
    )
    return {
        (tolerance, reason): Footnote(_letter(k), number(tolerance), reason)
        for k, (tolerance, reason) in enumerate((t, r) for t, r in keys if t is not None)
    }


def _letter(k: int) -> str:
    return chr(ord("a") + k) if k < 26 else _letter(k // 26 - 1) + _letter(k % 26)


def _row(e: Evidence, notes: Mapping[tuple[float, str], Footnote]) -> Row:
    kind, about = e.kind, e.about
    if e.decided_by_witness:
        return Row(kind, about, e, "–", "")
    if e.tolerance is None:
        return Row(kind, about, e, "exact" if e.residual in (None, 0) else number(e.residual), "")
    if e.residual is None:
        size = f"within {number(e.tolerance)}"
    else:
        size = f"{number(e.residual)} {'≤' if e.residual <= e.tolerance else '>'} {number(e.tolerance)}"
    return Row(kind, about, e, size, notes[e.tolerance, e.tolerance_reason].mark)


def _tally(evidence: Sequence[Evidence]) -> str:
    """How many records say what, as in "4 PROVED, 3 SUPPORTED"."""
    counts = Counter(e.outcome for e in evidence)
    return ", ".join(f"{counts[v]} {v}" for v in Verdict if counts[v]) or "none"
