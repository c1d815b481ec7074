"""check --watch: again whenever the file changes, over mistakes in it, and Ctrl-C ends well."""

from __future__ import annotations

import time

import pytest
from click.testing import CliRunner

from verify.cli import watching
from verify.cli.program import cli

TEXT = """
from sympy import Symbol
from derivations.claim import Always, Claim, Expected, Variable
a = Symbol("a", positive=True)
CLAIMS = [Claim("mine", "t", "s", "x", (Variable(a),), (Always("", {relation}),), expected=Expected.SUPPORTED)]
"""


@pytest.fixture
def waits(monkeypatch):
    """What happens at each look at the file that finds nothing new; after the last, Ctrl-C."""
    events = []

    def sleep(_seconds):
        if not events:
            raise KeyboardInterrupt
        events.pop(0)()

    monkeypatch.setattr(watching.time, "sleep", sleep)
    return events


@pytest.mark.slow
def test_a_file_is_checked_again_when_it_changes(tmp_path, waits):
    file = tmp_path / "mine.py"
    file.write_text(TEXT.format(relation="a**2 + 1 >= 2*a"), encoding="utf-8")
    waits += [
        lambda: file.touch(),  # no change
        lambda: file.write_text("this is no Python", encoding="utf-8"),
        lambda: file.unlink(),  # as an editor does before it puts the new one there
        lambda: file.write_text(TEXT.format(relation="a >= 1"), encoding="utf-8"),
    ]
    done = CliRunner().invoke(
        cli, ["check", str(file), "--watch", "--quiet", "--examples", "20"], standalone_mode=False
    )
    assert done.exception is None
    assert done.return_value == 1  # of the last time
    assert done.stderr.count("Watching") == 3
    assert "Error:" in done.stderr
    assert done.stdout.count("PROVED") >= 1
    assert done.stdout.count("REFUTED") >= 1
    assert done.stdout.index("PROVED") < done.stdout.index("REFUTED")


def test_ctrl_c_while_checking_is_an_interruption(tmp_path):
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watching.repeat_on_change(tmp_path / "mine.py", interrupted, cli)
    assert watching.time is time


@pytest.mark.parametrize("other", [["--json"], ["--latex"], ["--claim", "mine", "--smallest"]])
def test_what_it_does_not_go_with(other):
    done = CliRunner().invoke(cli, ["check", "mine.py", "--watch", *other], standalone_mode=False)
    assert "--watch goes with the table" in str(done.exception)
