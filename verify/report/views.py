"""What the Python API hands out: a claim, a result, an audit, a derived theorem, shown as text, MathML and TeX.

They are thin: records and claims stay what they are, `report` and `record` have them for programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from derivations.program.derived import Theorem
from derivations.statements.claim import Claim
from verify.catalogue import claims, ids, resolve
from verify.errors import InputError
from verify.records.evidence import AuditReport, ClaimResult, Evidence, Verdict, Witness
from verify.records.shown import as_text

__all__ = ["Audit", "Derived", "Given", "Result", "Statement", "Unwritten", "claim_of"]

_COVERED = 5  # levels: 2⁶ regions take minutes to decide


class Unwritten(InputError):  # noqa: N818 - like `Interrupted`, it carries what is finished
    """The report of a finished audit cannot be written; `audit` has it."""

    def __init__(self, message: str, audit: Audit) -> None:
        super().__init__(message)
        self.audit = audit


@dataclass(frozen=True, eq=False)
class Statement:
    """One claim, to be read: `print` gives Unicode, a notebook MathML; `claim` is the data."""

    claim: Claim

    @property
    def id(self) -> str:
        """The claim's permanent id."""
        return self.claim.id

    def __str__(self) -> str:
        from verify.catalogue import described
        from verify.report.panel import claim_panel

        return as_text([claim_panel(described(self.claim))])

    def __repr__(self) -> str:
        return f"<claim {self.id}: {self.claim.title}>"

    def _repr_html_(self) -> str:
        from verify.report.notebook import claim_html

        return claim_html(self.claim)

    def _repr_latex_(self) -> str:
        from verify.report.notebook import claim_latex

        return claim_latex(self.claim)


@dataclass(frozen=True, eq=False)
class Result:
    """What an audit found on one claim; `record` has every residual, tolerance and witness."""

    record: ClaimResult
    claim: Claim | None = None

    @property
    def verdict(self) -> Verdict:
        """PROVED, SUPPORTED, REFUTED, UNDECIDED or VACUOUS."""
        return self.record.verdict

    @property
    def refutation(self) -> Evidence | None:
        """The evidence that refutes the claim: the smallest counterexample found, if there is one."""
        found = [e for e in self.record.evidence if e.outcome is Verdict.REFUTED]
        return min(found, key=lambda e: e.kind != "properties", default=None)

    @property
    def witness(self) -> Witness | None:
        """Its counterexample: `values` by name, and a `text`."""
        return self.refutation.witness if self.refutation else None

    def __str__(self) -> str:
        from verify.report import terminal

        one = [self.record]
        return as_text([terminal.audit_table(one), terminal.refutations(one), terminal.failure_details(one)])

    def __repr__(self) -> str:
        return f"<{self.record.id}: {self.verdict}>"

    def _repr_html_(self) -> str:
        from verify.report.notebook import result_html

        return result_html(self.record, self.claim)

    def _repr_latex_(self) -> str | None:
        from verify.report.notebook import claim_latex

        return claim_latex(self.claim) if self.claim else None


@dataclass(frozen=True, eq=False)
class Audit:
    """The results of an audit by claim id, those asked for first; `report` is what `audit.json` holds."""

    report: AuditReport
    asked: tuple[str, ...]
    claims: Mapping[str, Claim]
    wanted: int = 0
    """How many claims were to be judged; an interrupted audit has fewer."""

    def __getitem__(self, name: str) -> Result:
        record = next((r for r in self.report.claims if r.id == name), None)
        if record is None:
            raise KeyError(f"{name!r} was not audited; there are {', '.join(r.id for r in self.report.claims)}")
        return Result(record, self.claims.get(name))

    def __iter__(self) -> Iterator[Result]:
        """The results asked for, in that order, then those of the claims they use."""
        rest = [r.id for r in self.report.claims if r.id not in self.asked]
        return (self[name] for name in (*self.asked, *rest))

    def __len__(self) -> int:
        return len(self.report.claims)

    def save(self, folder: str | Path) -> Path:
        """Write audit.json to a folder, whole or not at all, and return its path.

        Raises:
            InputError: it cannot be written.
        """
        from verify.report import json_report

        return json_report.write(self.report, Path(folder))

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """Verdict by claim id."""
        return {result.record.id: result.verdict for result in self}

    @property
    def as_expected(self) -> bool:
        """Whether every verdict is the expected one, and no planted error survived."""
        from verify.records.verdict import exit_code

        return exit_code(self.report.claims) == 0

    def __str__(self) -> str:
        from verify.report.notebook import report_tables

        return as_text(report_tables(self.report))

    def __repr__(self) -> str:
        return f"<audit: {', '.join(f'{n} {v}' for n, v in list(self.verdicts.items())[: max(1, len(self.asked))])}>"

    def _repr_html_(self) -> str:
        from verify.report.notebook import report_html

        return report_html(self.report, [(self[name].record, self.claims.get(name)) for name in self.asked])

    def _repr_latex_(self) -> str | None:
        from verify.report.notebook import claim_latex

        (first, *more) = self.asked or ("",)
        return claim_latex(self.claims[first]) if first in self.claims and not more else None


@dataclass(frozen=True, eq=False)
class Derived:
    """The derived theorem of a hierarchy; `theorem` has its regions, closed forms and conditions in SymPy."""

    theorem: Theorem

    @cached_property
    def claim(self) -> Claim:
        """The same as a claim about the matrix loss, to be audited."""
        from derivations.theorems.hierarchy.chain_general import claim_of

        return claim_of(self.theorem.chain.learnable)

    @cached_property
    def text(self) -> str:
        """The theorem in words, and that its regions leave no hole, where that can be decided in seconds.

        Raises:
            InputError: they do; the derivation is wrong.
        """
        from derivations.printing import prose

        if len(self.theorem.chain.learnable) > _COVERED:
            return prose.as_text(self.theorem)
        program = self.theorem.chain.program
        hole, systems = program.holes
        if hole is not None or program.overlaps:
            raise InputError(f"the derived regions leave a hole or overlap at {hole}; please report this.")
        return prose.as_text(self.theorem, systems)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        levels = self.theorem.chain.learnable
        return f"<theorem of {len(levels)} levels, learnable {self.theorem.learnable or 'none'}>"

    def _repr_html_(self) -> str:
        from verify.report.notebook import theorem_html

        return theorem_html(self.theorem, str(self))

    @property
    def latex(self) -> str:
        """An amsthm environment with its label, as a fragment of LaTeX."""
        from derivations.printing.theorem import as_fragment

        return as_fragment(self.theorem)


Given = str | Claim | Statement | Derived
"""A claim: by its id, or one's own."""


def claim_of(given: object) -> Claim:
    """A claim of the catalogue by its id, or the claim that an object is or has.

    Raises:
        InputError: an unknown id, or something else.
    """
    if isinstance(given, str):
        (known,) = resolve([given], ids())
        return claims()[known]
    found = getattr(given, "claim", given)
    if not isinstance(found, Claim):
        raise InputError(f"a claim is given by its id or as a Claim, not as a {type(given).__name__}.")
    return found
