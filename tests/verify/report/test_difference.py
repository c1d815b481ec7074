"""What changed between two audits: each kind of loss is seen, what is no loss is not, and times do not count."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import verify
from verify.cli.program import cli
from verify.errors import InputError
from verify.records.evidence import Planted, Verdict
from verify.report.difference import compare

ALIVE = Planted(planted=1, survivors=("β² for β",))
PROVED, SUPPORTED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.SUPPORTED, Verdict.REFUTED, Verdict.UNDECIDED


def one(made, verdict=PROVED, *items, expected=PROVED, **fields):
    return made.report(made.result("a", verdict, *(items or (made.evidence(verdict),)), expected=expected, **fields))


def test_equal_audits_differ_in_nothing_but_their_times(made):
    slow = one(made, seconds=9.0)
    found = compare(one(made), slow)
    assert (found.changes, found.worse) == ((), False)
    assert found.slower == ("a",)
    assert "Of 1 claim in both none changed. Checks took 1.5 s, and take 9.0 s." in str(found)
    assert compare(slow, one(made)).slower == ()


@pytest.mark.parametrize(
    ("before", "after", "expected", "worse"),
    [
        (PROVED, SUPPORTED, SUPPORTED, True),  # as expected both times, and weaker
        (SUPPORTED, PROVED, SUPPORTED, False),
        (PROVED, REFUTED, PROVED, True),
        (REFUTED, UNDECIDED, REFUTED, True),  # a false statement is no longer refuted
        (UNDECIDED, REFUTED, REFUTED, False),
        (REFUTED, PROVED, REFUTED, True),  # of a false statement a proof is no gain
    ],
)
def test_verdicts(made, before, after, expected, worse):
    same = made.evidence(PROVED, check="identity")  # so that no check is new or lost
    found = compare(one(made, before, same, expected=expected), one(made, after, same, expected=expected))
    (change,) = found.changes
    assert (change.before, change.after, change.worse, found.worse) == (before, after, worse, worse)


def test_evidence_given_and_planted_errors(made):
    first, second = (made.evidence(PROVED, check=f"identity: {name}") for name in ("first", "second"))
    both, fewer = one(made, PROVED, first, second), one(made, PROVED, first)
    assert compare(both, fewer).changes[0].lost == ("identity: second",)
    assert compare(both, fewer).worse
    assert compare(fewer, both).changes[0].new == ("identity: second",)
    assert not compare(fewer, both).worse
    given = one(made, PROVED, first, given=("a lemma",))
    assert compare(fewer, given).changes[0].given == ("a lemma",)
    assert compare(fewer, given).worse
    assert compare(given, fewer).changes[0].proved == ("a lemma",)
    assert not compare(given, fewer).worse
    alive = one(made, PROVED, first, planted=ALIVE)
    assert compare(fewer, alive).changes[0].survivors == ("β² for β",)
    assert compare(fewer, alive).worse
    assert "survives now: β² for β" in str(compare(fewer, alive))


def test_missing_claims_other_settings_and_hostile_names(made):
    name = "x\x1b[2Jy"
    two = made.report(made.result("a", PROVED), made.result(name, PROVED), seed=4)
    found = compare(two, one(made))
    assert (found.missing, found.worse) == ((name,), True)
    assert (compare(one(made), two).added, compare(one(made), two).worse) == ((name,), False)
    assert "\x1b[2J" not in str(found)
    assert "seed: 4 before, 0 after" in str(found)
    with pytest.raises(InputError, match="no claim in common"):
        compare(one(made), made.report(made.result("b", PROVED)))
    with pytest.raises(InputError, match="no claim in common"):
        compare(one(made), made.report())


def test_command_and_function_say_the_same(made, tmp_path):
    for name, found in (("a", one(made)), ("b", one(made, SUPPORTED, expected=SUPPORTED))):
        (tmp_path / f"{name}.json").write_text(found.model_dump_json(), encoding="utf-8")
    a, b = (str(tmp_path / f"{name}.json") for name in "ab")
    done = CliRunner().invoke(cli, ["diff", a, b, "--json"], standalone_mode=False)
    assert (done.exception, done.return_value) == (None, 1)
    assert json.loads(done.stdout) == json.loads(verify.diff(a, b).model_dump_json())
    assert CliRunner().invoke(cli, ["diff", a, a], standalone_mode=False).return_value == 0
    done = CliRunner().invoke(cli, ["diff", a, str(tmp_path / "none.json")], standalone_mode=False)
    assert "none.json is no audit.json" in str(done.exception)
