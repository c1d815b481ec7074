"""Each kind of statement is one file on either side, found by class."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np
import pytest
from sympy import Symbol

import derivations.statements
from derivations.claim import Claim, Expected, Variable
from derivations.printing.setting import setting_of
from derivations.statements.base import Statement
from tests.verify.checked import judge
from verify.attack.mutations import attack
from verify.catalogue import formulas
from verify.draw.instances import draw
from verify.draw.trial import recorded
from verify.records.evidence import Verdict
from verify.trials import kinds

CLASSES = {
    thing
    for module in pkgutil.iter_modules(derivations.statements.__path__)
    for thing in vars(importlib.import_module(f"derivations.statements.{module.name}")).values()
    if inspect.isclass(thing) and issubclass(thing, Statement) and thing is not Statement
}


def test_every_statement_has_both_sides_and_every_kind_a_statement():
    assert set(kinds.find_kinds()) == CLASSES
    assert len(CLASSES) > 5


@pytest.mark.parametrize("statement", sorted(CLASSES, key=lambda s: s.__name__), ids=lambda s: s.__name__)
def test_a_statement_and_its_kind_are_files_of_one_name(statement):
    stem = statement.__module__.rpartition(".")[2]
    assert type(kinds.find_kinds()[statement]).__module__ == f"verify.trials.{stem}"


x = Symbol("x", positive=True)


@dataclass(frozen=True, eq=False)
class Above(Statement):
    """A kind that this project does not have: `e` exceeds 1."""

    label: str
    e: object
    expected: Expected = Expected.SUPPORTED
    kind = "above one"

    def formulas(self):
        yield self.label, self.e

    def parts(self):
        yield "more than 1 is", (self.e,)

    def lines(self, write):
        yield write.head(self.label, f"more than 1 is {write.inline(self.e)}.")


class _Above(kinds.Kind):
    statement = Above

    def _least(self, batch, statement):
        return batch.evaluate(statement.e)[0][:, 0]

    def checks(self, trial, statement):
        def work():
            least = self._least(draw(trial.claim, 0, 0), statement).min()
            return {"outcome": Verdict.SUPPORTED if least > 1 else Verdict.UNDECIDED, "instances": 64}

        return {"least": lambda: [recorded("least", statement.label, "trial", work)]}

    def breaks(self, one, statement):
        return bool(self._least(one, statement)[0] <= 1)

    def describe(self, one, statement):
        return f"{self._least(one, statement)[0]:g}"

    def places(self, statement):
        yield kinds.Place("e", statement.e, lambda e: replace(statement, e=e))

    def refutes(self, claim, statement, seed, examples):
        return bool(np.any(self._least(draw(claim, 0, 0), statement) <= 1))


@pytest.fixture
def added(monkeypatch):
    """Another file in the room of trials, and nothing else changed."""
    module = ModuleType("verify.trials.above")
    module.KIND = _Above()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    found = list(pkgutil.iter_modules(importlib.import_module("verify.trials").__path__))
    monkeypatch.setattr(kinds.pkgutil, "iter_modules", lambda _: [*found, pkgutil.ModuleInfo(None, "above", False)])
    kinds.find_kinds.cache_clear()
    yield
    kinds.find_kinds.cache_clear()


def test_a_new_kind_is_judged_attacked_and_shown_without_another_change(added):
    claim = Claim("above", "", "", "", (Variable(x),), (Above("squares", x**2 + 2),), expected=Expected.SUPPORTED)
    result = judge(claim, 0, 64)
    assert {e.kind for e in result.evidence} == {"least", "properties"}
    assert result.verdict is Verdict.SUPPORTED
    planted = attack(claim, 0)
    assert planted.refuted >= 1  # a sign flipped
    assert ("squares", "2 + x²") in formulas(claim)
    assert "more than 1 is" in "".join(claim.statements[0].lines(setting_of(claim)))


def test_a_statement_without_a_kind_is_named():
    with pytest.raises(TypeError, match="nothing says how a Above is tried"):
        kinds.kind_of(Above("", x))
