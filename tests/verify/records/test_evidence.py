"""The records: what they refuse, their order, their published schema."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from pydantic import ValidationError as RecordError

from verify.records.evidence import AuditReport, ClaimResult, Evidence, Planted, Verdict, Witness, json_schema
from verify.records.verdict import summarise
from verify.report.html.section import _footnotes, _row

SCHEMA_FILE = Path(__file__).parents[3] / "docs" / "audit.schema.json"
WITNESS = Witness(
    index=3,
    values={"theta": [1.0, 0.5], "U": [["1/3", "0"], ["0", "2"]], "d": 2, "beta": Fraction(1, 4)},
    text="loss 0.5 < claimed 0.75",
)


def evidence(**changes: object) -> Evidence:
    fields: dict = {
        "kind": "descent",
        "role": "trial",
        "outcome": Verdict.SUPPORTED,
        "instances": 400,
        "residual": 1e-12,
        "tolerance": 1e-9,
        "tolerance_reason": "1e4 roundings",
        "cited": ("von Neumann 1937",),
        "witness": None,
        "reproduce": None,
        "seconds": 0.25,
    }
    return Evidence(**fields | changes)


def refutation() -> Evidence:
    command = "collapse-audit replay a-claim --seed 0 --index 3"
    return evidence(outcome=Verdict.REFUTED, witness=WITNESS, reproduce=command)


def result(**changes: object) -> ClaimResult:
    fields: dict = {
        "id": "a-claim",
        "title": "θ shrinks",
        "source": "Theorem 1",
        "verdict": Verdict.REFUTED,
        "expected": Verdict.REFUTED,
        "as_expected": True,
        "uses": ("other",),
        "seconds": 1.5,
        "evidence": (evidence(), refutation()),
        "planted": Planted(planted=3, refuted=1, equivalent=1, survivors=("sign of β",)),
    }
    return ClaimResult(**fields | changes)


def report(*results: ClaimResult) -> AuditReport:
    return AuditReport(
        tool_version="0.1.0",
        seed=0,
        examples=1000,
        environment={"python": "3.11"},
        summary=summarise(results),
        claims=results,
    )


def test_the_published_schema_is_the_generated_one() -> None:
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == json_schema()


def test_the_schema_is_a_valid_schema_in_which_every_property_is_described() -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    for name, record in [*schema["$defs"].items(), ("AuditReport", schema)]:
        assert "enum" in record or record["additionalProperties"] is False, name
        for key, field in record.get("properties", {}).items():
            assert "description" in field or "$ref" in field, (name, key)


def test_a_report_validates_and_survives_the_round_trip() -> None:
    original = report(result())
    text = original.model_dump_json()
    Draft202012Validator(json_schema()).validate(json.loads(text))
    assert AuditReport.model_validate_json(text) == original


def test_the_schema_rejects_unknown_fields_and_verdicts() -> None:
    validator = Draft202012Validator(json_schema())
    document = json.loads(report(result()).model_dump_json())
    with pytest.raises(ValidationError):
        validator.validate(document | {"extra": 1})
    document["claims"][0]["verdict"] = "MAYBE"
    with pytest.raises(ValidationError):
        validator.validate(document)


def test_keys_come_in_the_published_order() -> None:
    assert list(json.loads(result().model_dump_json())) == [
        "id",
        "title",
        "source",
        "verdict",
        "expected",
        "as_expected",
        "statements",
        "given",
        "uses",
        "seconds",
        "evidence",
        "planted",
        "instead",
    ]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, np.float64("nan")])
def test_a_residual_that_is_not_finite_is_absent(bad: float) -> None:
    assert evidence(residual=bad).residual is None


@pytest.mark.parametrize("field", ["tolerance", "seconds"])
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_other_numbers_must_be_finite(field: str, bad: float) -> None:
    with pytest.raises(RecordError):
        evidence(**{field: bad})


@given(st.recursive(st.floats() | st.integers(), lambda inner: st.lists(inner, max_size=3), max_leaves=4))
def test_witness_values_are_always_json(value: object) -> None:
    try:
        witness = Witness(index=0, values={"x": value}, text="")
    except RecordError:
        return  # ragged, or deeper than a stack of matrices
    text = witness.model_dump_json()
    assert json.loads(text, parse_constant=pytest.fail)["values"].keys() == {"x"}
    assert Witness.model_validate_json(text).model_dump_json() == text


def test_witness_values_keep_their_kind() -> None:
    values = {"a": np.eye(2), "b": np.int64(3), "c": Fraction(1, 3), "d": math.inf, "e": True, "f": 2.0}
    kept = Witness(index=0, values=values, text="").values
    assert kept == {"a": ((1.0, 0.0), (0.0, 1.0)), "b": 3, "c": "1/3", "d": "inf", "e": True, "f": 2.0}
    assert [type(kept[name]) for name in "bef"] == [int, bool, float]


def test_a_trial_cannot_prove() -> None:
    with pytest.raises(RecordError, match="cannot prove"):
        evidence(outcome=Verdict.PROVED)
    assert evidence(role="proof", outcome=Verdict.PROVED).outcome is Verdict.PROVED


@pytest.mark.parametrize("missing", ["witness", "reproduce"])
def test_a_refutation_needs_a_witness_and_a_command(missing: str) -> None:
    with pytest.raises(RecordError, match="without a witness"):
        evidence(**{"outcome": Verdict.REFUTED, "witness": WITNESS, "reproduce": "again", missing: None})


@pytest.mark.parametrize(("residual", "by_witness"), [(None, True), (1e-12, True), (1e-9, True), (0.3, False)])
def test_a_residual_that_passes_is_not_what_refutes(residual: float | None, by_witness: bool) -> None:
    refuted = refutation().model_copy(update={"residual": residual, "tolerance": 1e-9})
    assert refuted.decided_by_witness is by_witness
    assert not refuted.model_copy(update={"outcome": Verdict.SUPPORTED}).decided_by_witness
    row = _row(refuted, _footnotes([refuted]))
    assert (row.size == "–") is by_witness
    assert (row.mark == "") is by_witness


def test_what_says_the_same_is_not_in_the_score() -> None:
    assert Planted(planted=9, refuted=7, equivalent=2).score == "7 of 7"
    assert Planted(planted=9, refuted=6, equivalent=2, survivors=("λ",)).score == "6 of 7"
    assert Planted(planted=2, equivalent=2).score == Planted().score == "–"


def test_controls_must_add_up() -> None:
    with pytest.raises(RecordError, match="planted must be"):
        Planted(planted=2, refuted=1)
    assert Planted(planted=2, refuted=1, survivors=("x",)).planted == 2


def test_as_expected_cannot_be_claimed() -> None:
    with pytest.raises(RecordError, match="contradicts"):
        result(as_expected=False)


def test_records_are_frozen_and_closed() -> None:
    with pytest.raises(RecordError, match="frozen"):
        evidence().kind = "other"
    with pytest.raises(RecordError, match="extra"):
        evidence(surprise=1)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("expected", Verdict)
def test_only_a_proof_of_what_was_to_be_supported_exceeds_expectation(verdict: Verdict, expected: Verdict) -> None:
    exceeds = (verdict, expected) == (Verdict.PROVED, Verdict.SUPPORTED)
    assert verdict.meets(expected) == (verdict == expected or exceeds)
