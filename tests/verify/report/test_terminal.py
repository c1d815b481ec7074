"""The terminal report: complete at 80 columns, without colour, and with brackets left alone."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from verify.catalogue import describe
from verify.records.evidence import AuditReport, ClaimResult, Evidence, Planted, PlantedProofs, Verdict, Witness
from verify.records.verdict import summarise
from verify.report import terminal
from verify.report.panel import claim_panel

LONG = "summary-complete-collapse-good-reconstruction"
AGAIN = f"collapse-audit replay {LONG} --seed 0 --index 12345"


def evidence(check: str, outcome: Verdict, role: str = "trial", **changes: Any) -> Evidence:
    refuted = outcome is Verdict.REFUTED
    fields = {
        "kind": check.partition(": ")[0],
        "about": check.partition(": ")[2],
        "role": role,
        "outcome": outcome,
        "instances": 400,
        "residual": 0.5,
        "tolerance": 1e-9,
        "tolerance_reason": "10⁴ roundings",
        "cited": (),
        "seconds": 0.1,
        "reproduce": AGAIN if refuted else None,
        "witness": Witness(index=12345, values={}, text="θ = [1, 2]") if refuted else None,
    }
    return Evidence.model_validate(fields | changes)


def result(name: str, verdict: Verdict, expected: Verdict, *items: Evidence, **changes: Any) -> ClaimResult:
    fields = {
        "id": name,
        "title": "t",
        "source": "Summary [1], on complete collapse",
        "verdict": verdict,
        "expected": expected,
        "as_expected": verdict.meets(expected),
        "uses": (),
        "seconds": 1.25,
        "evidence": items,
        "planted": Planted(planted=9, refuted=7, equivalent=2),
    }
    return ClaimResult.model_validate(fields | changes)


PROVED = result(
    "vae-learnable",
    Verdict.PROVED,
    Verdict.PROVED,
    evidence("certificate", Verdict.PROVED, "proof", instances=1),
    evidence("descent", Verdict.SUPPORTED),
    evidence("descent", Verdict.SUPPORTED),
)
REFUTED = result(LONG, Verdict.REFUTED, Verdict.REFUTED, evidence("relation", Verdict.REFUTED))


def rendered(renderable: Any, width: int = 80, color: bool = False) -> str:
    stream = io.StringIO()
    system = "truecolor" if color else None
    console = Console(file=stream, width=width, force_terminal=color, color_system=system, legacy_windows=False)
    console.print(renderable, crop=False)
    return stream.getvalue()


def first_column(table: str) -> str:
    """What the rows show in the column `claim`, glued together."""
    rows = table.splitlines()[3:] if "errors" in table.splitlines()[0] else table.splitlines()[2:]
    return "".join(re.match(r"[a-z-]*", row).group() for row in rows)


@pytest.mark.parametrize("width", [80, 100, 160])
def test_table_fits_and_shows_every_id_whole(width: int) -> None:
    table = rendered(terminal.audit_table([PROVED, REFUTED]), width)
    assert max(map(len, table.splitlines())) <= width
    assert first_column(table) == "vae-learnable" + LONG
    assert "…" not in table
    for column in ("claim", "source", "verdict", "expected", "what was", "tried", "errors", "refuted", "time"):
        assert column in table
    assert "7 of 7" in table
    assert "2 the same" in table


def test_with_room_an_id_is_on_one_line() -> None:
    assert LONG in rendered(terminal.audit_table([REFUTED]), 200)


def test_source_brackets_are_not_markup() -> None:
    assert "[1]" in rendered(terminal.audit_table([PROVED]), 160)


def test_colour_says_nothing_that_is_not_written() -> None:
    table = terminal.audit_table([PROVED, REFUTED, result("a", Verdict.UNDECIDED, Verdict.PROVED)])
    coloured = rendered(table, color=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == rendered(table)
    assert "≠ PROVED" in rendered(table)


def test_what_was_tried_adds_up_by_check() -> None:
    assert terminal.tried(PROVED.evidence) == "certificate, descent ×800"
    assert terminal.tried([]) == "nothing"


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (599, "599 s"), (3600, "60 min")]
)
def test_times_are_short(seconds: float, shown: str) -> None:
    assert shown in rendered(terminal.audit_table([PROVED.model_copy(update={"seconds": seconds})]))


def test_a_refutation_shows_witness_and_a_command_to_copy() -> None:
    text = rendered(terminal.refutations([PROVED, REFUTED]))
    assert "witness: θ = [1, 2]" in text
    assert AGAIN in text
    assert "vae-learnable" not in text


def test_failures_show_evidence_witness_and_command() -> None:
    wrong = result("a", Verdict.REFUTED, Verdict.PROVED, *PROVED.evidence, evidence("relation", Verdict.REFUTED))
    text = rendered(terminal.failure_details([wrong, PROVED, REFUTED]))
    assert "a is REFUTED, expected PROVED" in text
    assert "relation: REFUTED after 400, residual 0.5, tolerance 1e-09 (10⁴ roundings)" in text
    assert "witness: θ = [1, 2]" in text
    assert AGAIN in text
    assert "certificate" not in text
    assert LONG + " is" not in text


def test_failures_show_notes_and_the_link_that_is_no_proof() -> None:
    weak = evidence("proof", Verdict.SUPPORTED, "proof", note="no proof is given")
    text = rendered(terminal.failure_details([result("a", Verdict.SUPPORTED, Verdict.PROVED, weak)]))
    assert "a is SUPPORTED, expected PROVED" in text
    assert "no proof is given" in text


@pytest.mark.parametrize(
    ("used", "why"), [("b", "it uses b, which is REFUTED"), ("c", "it uses c, which is not finished")]
)
def test_failures_name_the_used_claim_that_weakens(used: str, why: str) -> None:
    weakened = result("a", Verdict.UNDECIDED, Verdict.PROVED, *PROVED.evidence, uses=(used,))
    false = result("b", Verdict.REFUTED, Verdict.REFUTED, evidence("relation", Verdict.REFUTED))
    assert why in rendered(terminal.failure_details([weakened, false]))


def test_a_false_claim_that_stands_says_what_was_tried() -> None:
    text = rendered(terminal.failure_details([result("a", Verdict.SUPPORTED, Verdict.REFUTED, *PROVED.evidence[1:])]))
    assert "no check says otherwise; tried: descent ×800" in text


def test_survivors_are_named_even_if_the_verdict_is_right() -> None:
    alive = PROVED.model_copy(update={"planted": Planted(planted=1, survivors=("sign of β",))})
    text = rendered(terminal.failure_details([alive]))
    assert "planted errors that no check refuted" in text
    assert "sign of β" in text
    assert "1 alive" in rendered(terminal.audit_table([alive]))


def test_errors_accepted_in_proofs_are_named() -> None:
    proofs = PlantedProofs(planted=3, rejected=2, survivors=("a weight off",), untried=5)
    alive = PROVED.model_copy(update={"planted": Planted(proofs=proofs)})
    text = rendered(terminal.failure_details([alive]))
    assert "planted proof errors that were accepted" in text
    assert "a weight off" in text
    assert "1 alive" in rendered(terminal.audit_table([alive]))
    report = AuditReport(
        tool_version="0", seed=7, examples=1000, environment={}, claims=(alive,), summary=summarise([alive])
    )
    assert "2 of 3 planted proof errors rejected" in terminal.summary_line(report).plain


@pytest.mark.parametrize("interrupted", [False, True])
def test_summary_line(interrupted: bool) -> None:
    results = (PROVED, REFUTED)
    report = AuditReport(
        tool_version="0",
        seed=7,
        examples=1000,
        environment={},
        claims=results,
        summary=summarise(results, interrupted=interrupted),
    )
    text = terminal.summary_line(report).plain
    assert text.startswith("interrupted: ") == interrupted
    assert "2 of 2 claims as expected (1 PROVED, 1 REFUTED)" in text
    assert "14 of 14 planted errors refuted (4 more say the same as the claim); seed 7, 1000 examples." in text


def test_claim_panel_shows_every_part() -> None:
    claim = {
        "id": LONG,
        "title": "a title",
        "source": "the source",
        "statement": "a statement [β]",
        "expected": "REFUTED",
        "assumptions": ["β > 0"],
        "uses": ["vae-fixed"],
        "used_by": ["cvae-fixed"],
        "instead": "what is true",
        "formulas": [("omega", "θ² − β"), ("sigma", "⎧ 1\n⎩ 0")],
        "proof": ["complete the square"],
    }
    text = rendered(claim_panel(claim))
    assert max(map(len, text.splitlines())) <= 80
    for part in (
        LONG,
        "a title",
        "from the source",
        "a statement [β]",
        "REFUTED",
        "β > 0",
        "vae-fixed",
        "cvae-fixed",
        "what is true",
        "omega: θ² − β",
        "complete the square",
    ):
        assert part in text
    upper, lower = (line.index(piece) for piece in "⎧⎩" for line in text.splitlines() if piece in line)
    assert upper == lower


def test_claim_panel_leaves_out_what_is_empty() -> None:
    empty: dict[str, Any] = {key: [] for key in ("assumptions", "uses", "used_by", "formulas", "proof")}
    words = dict.fromkeys(("id", "title", "source", "statement"), "x") | {"expected": "PROVED"}
    text = rendered(claim_panel(empty | words))
    assert not {"assumptions", "used by", "formulas", "proof", "instead"} & set(re.findall(r"[a-z ]+\b", text))
    assert "expected verdict: PROVED" in text


def test_listing_shows_every_id_whole() -> None:
    claims = [{"id": LONG, "title": "a title " * 6, "source": "source [2]", "expected": "REFUTED", "uses": []}]
    table = rendered(terminal.listing_table(claims))
    assert first_column(table) == LONG
    assert max(map(len, table.splitlines())) <= 80
    assert "source [2]" in table


def test_a_claim_shown_names_the_glossary() -> None:
    text = rendered(claim_panel(describe("vae-learnable")))
    assert "docs/glossary.md" in text
    assert (Path(__file__).parents[3] / "docs" / "glossary.md").exists()


def test_a_refutation_without_a_size_names_no_tolerance() -> None:
    bare = evidence("properties", Verdict.REFUTED, residual=None)
    text = rendered(terminal.refutations([result(LONG, Verdict.REFUTED, Verdict.REFUTED, bare)]))
    assert "properties: REFUTED after 400 " in text
    assert "tolerance" not in text
