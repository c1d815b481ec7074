"""`pytest --collapse-audit FILE.py`: each claim × check of the file as a test item.

A paper's repository keeps its claims green in its own CI; JUnit output, -k and --maxfail work by themselves. Nothing of
this project but the option is loaded unless it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from derivations.statements.claim import Claim
    from verify.records.evidence import Evidence, Planted

__all__ = ["pytest_addoption", "pytest_collection_modifyitems"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of an audit."""
    group = parser.getgroup("collapse-audit", "audit of claims (collapse-audit)")
    group.addoption(
        "--collapse-audit", action="append", default=[], metavar="FILE.py", help="audit the claims of FILE.py"
    )
    group.addoption("--collapse-audit-seed", type=int, default=0, metavar="SEED", help="seed of every random draw")
    group.addoption("--collapse-audit-examples", type=int, default=1000, metavar="N", help="instances per claim")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Append the items of every file named, before any plugin selects among them."""
    for name in config.getoption("--collapse-audit"):
        file = AuditFile.from_parent(session, path=Path(name).resolve())
        items.extend(file.collect())


class Refuted(Exception):  # noqa: N818 - a failing check, shown without a traceback
    """What a failing item says."""


class AuditFile(pytest.File):
    """A user's file of claims."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each check of each statement, each proof step, the controls and the verdict of each claim."""
        from verify.errors import InputError
        from verify.user.file_audit import chosen

        try:
            found = chosen(self.path, ())
        except InputError as error:
            raise pytest.UsageError(str(error)) from None
        for claim in found:
            for name, check in _Audited(claim, self.path, self.config).items():
                yield AuditItem.from_parent(self, name=f"{claim.id}::{name}", check=check)


class _Audited:
    """A claim under trial, each part of it judged once however many items ask."""

    def __init__(self, claim: Claim, path: Path, config: pytest.Config) -> None:
        from verify.draw.trial import Trial
        from verify.engine.judgement import checks, of_claim

        seed, examples = config.getoption("--collapse-audit-seed"), config.getoption("--collapse-audit-examples")
        self.trial = Trial(claim, seed, examples, str(path))
        self.statements = [checks(self.trial, statement) for statement in claim.statements]
        self.steps = of_claim(self.trial)
        self.done: dict[Any, Any] = {}
        self.controls: Planted | None = None

    def once(self, run: Callable[[], Any]) -> Any:
        """What a check says, remembered."""
        if run not in self.done:
            self.done[run] = run()
        return self.done[run]

    def items(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """(name, what to run) for every item, in order."""
        from derivations.statements.claim import Expected

        claim = self.trial.claim
        false = claim.expected is Expected.REFUTED
        for k, (statement, parts) in enumerate(zip(claim.statements, self.statements, strict=True), 1):
            # What the checks say of a false statement is for the verdict to judge.
            refutable = false and (len(claim.statements) == 1 or statement.expected is Expected.REFUTED)
            for name, run in parts.items():
                yield f"{statement.label or f'statement {k}'}: {name}", partial(self._passes, run, refutable)
        for name, run in self.steps.items():
            yield name, partial(self._passes, run, false)
        yield "negative controls", self._controlled
        yield "verdict", self._as_expected

    def _passes(self, run: Callable[[], list[Evidence]], false: bool) -> None:
        from verify.records.evidence import Verdict

        evidence = self.once(run)
        if not false:
            _raise([e for e in evidence if e.outcome not in (Verdict.PROVED, Verdict.SUPPORTED)])

    def _planted(self) -> Planted:
        from verify.engine.judgement import controls

        if self.controls is None:
            self.controls = controls(self.trial)
        return self.controls

    def _controlled(self) -> None:
        if survivors := self._planted().survivors:
            raise Refuted("planted errors that no check refuted: " + "; ".join(survivors))
        if accepted := self._planted().proofs.survivors:
            raise Refuted("planted proof errors that were accepted: " + "; ".join(accepted))

    def _as_expected(self) -> None:
        from verify.engine.judgement import concluded

        found = [tuple(e for run in parts.values() for e in self.once(run)) for parts in self.statements]
        steps = [e for run in self.steps.values() for e in self.once(run)]
        result = concluded(self.trial.claim, found, steps, self._planted())
        if not result.as_expected:
            raise Refuted(f"{result.id} is {result.verdict}, expected {result.expected}")


def _raise(bad: list[Evidence]) -> None:
    if bad:
        said = []
        for e in bad:
            said.append(f"{e.check}: {e.outcome}. {e.witness.text if e.witness else e.note}")
            said += [f"  {e.reproduce}"] if e.reproduce else []
        raise Refuted("\n".join(said))


class AuditItem(pytest.Item):
    """One check."""

    def __init__(self, *, check: Callable[[], None], **rest: Any) -> None:
        super().__init__(**rest)
        self._check = check

    def runtest(self) -> None:
        """Run it."""
        self._check()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A failing check's own words; a traceback only for an error of this project."""
        return str(excinfo.value) if isinstance(excinfo.value, Refuted) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the item is from."""
        return self.path, 0, self.name
