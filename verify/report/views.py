"""What the Python API hands out: a claim, a result, an audit, a derived theorem, shown as text, MathML and TeX.

They are thin: records and claims stay what they are, `report` and `record` have them for programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from derivations.program.derived import Theorem
from derivations.statements.claim import Claim
from verify.records.evidence import AuditReport, ClaimResult, Evidence, Verdict, Witness
from verify.records.shown import as_html, as_text

__all__ = ["Audit", "Derived", "Result", "Statement"]


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
        from verify.report import terminal

        return as_text([terminal.claim_panel(described(self.claim))])

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

    def __str__(self) -> str:
        from derivations.printing import prose

        return prose.as_text(self.theorem)

    def __repr__(self) -> str:
        levels = self.theorem.chain.learnable
        return f"<theorem of {len(levels)} levels, learnable {self.theorem.learnable or 'none'}>"

    def _repr_html_(self) -> str:
        return as_html([str(self)])

    @property
    def latex(self) -> str:
        """An amsthm environment with its label, as a fragment of LaTeX."""
        from derivations.printing.typeset.theorem import as_fragment

        return as_fragment(self.theorem)
