"""A user's file of claims, written and checked: what the tests of `check` share."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from verify.cli.program import cli
from verify.engine import shards
from verify.records.evidence import AuditReport

HEAD = """
from sympy import *
from derivations.claim import *
from derivations.nodes import LogDet, square
x, y, z = symbols("x y z", real=True)
a, b = symbols("a b", positive=True)
p = Symbol("p", positive=True)
u = Symbol("u", nonnegative=True)
n = Symbol("n", integer=True, positive=True)
S = MatrixSymbol("S", n, n)
P = MatrixSymbol("P", n, n)
A, B = Variable(a), Variable(b)
def claim(*statements, variables=(A, B), id="mine", **rest):
    return Claim(id, "title", "source", "text", variables, statements, **rest)
"""


class _Written:
    """written(text) → the path of a file that holds HEAD and the text; `lines` is how long HEAD is."""

    lines = HEAD.count("\n")

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, text):
        path = self.folder / "mine.py"
        path.write_text(HEAD + text, encoding="utf-8")
        return path


@pytest.fixture(scope="module")
def small_shards():
    """Shards of 512 instances, so that an audit of a thousand has several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "BLOCKS", 8)
        yield


@pytest.fixture
def written(tmp_path):
    return _Written(tmp_path)


@pytest.fixture
def audited(written):
    def check(text):
        """(exit code, {claim id: result}) of a check."""
        done = CliRunner().invoke(cli, ["check", str(written(text)), "--json"], standalone_mode=False)
        assert done.exception is None, done.exception
        report = AuditReport.model_validate_json(done.stdout)
        return done.return_value, {result.id: result for result in report.claims}

    return check
