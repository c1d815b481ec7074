"""Verdicts from evidence, their closure over `uses`, and the exit code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.records.evidence import ClaimResult, Evidence, Planted, Verdict, Witness
from verify.records.verdict import claim_verdict, close_over_uses, exit_code, summarise

PROVED, SUPPORTED, REFUTED, UNDECIDED, VACUOUS = Verdict


def evidence(role: str, outcome: Verdict) -> Evidence:
    witness = Witness(index=0, values={}, text="") if outcome is REFUTED else None
    return Evidence.model_validate(
        {
            "kind": "c",
            "role": role,
            "outcome": outcome,
            "instances": 1,
            "residual": None,
            "tolerance": None,
            "tolerance_reason": "exact",
            "cited": (),
            "witness": witness,
            "reproduce": "again",
            "seconds": 0.0,
        }
    )


def result(verdict: Verdict, expected: Verdict, planted: Planted | None = None) -> ClaimResult:
    return ClaimResult(
        id="a",
        title="",
        source="",
        verdict=verdict,
        expected=expected,
        as_expected=verdict.meets(expected),
        uses=(),
        seconds=0,
        evidence=(),
        planted=planted or Planted(),
    )


PROOF, ATTACK = evidence("proof", PROVED), evidence("trial", SUPPORTED)
ANY_EVIDENCE = st.one_of(
    st.builds(evidence, st.just("proof"), st.sampled_from(Verdict)),
    st.builds(evidence, st.just("trial"), st.sampled_from([v for v in Verdict if v is not PROVED])),
)


@pytest.mark.parametrize(
    ("items", "verdict"),
    [
        ([], VACUOUS),
        ([PROOF], PROVED),
        ([PROOF, ATTACK], PROVED),
        ([ATTACK], SUPPORTED),
        ([PROOF, evidence("proof", SUPPORTED)], SUPPORTED),
        ([PROOF, evidence("trial", UNDECIDED)], UNDECIDED),
        ([PROOF, evidence("trial", UNDECIDED), evidence("trial", VACUOUS)], VACUOUS),
        ([PROOF, evidence("trial", VACUOUS), evidence("trial", REFUTED)], REFUTED),
        ([PROOF, evidence("opinion", UNDECIDED)], PROVED),  # another program's answer changes no verdict
        ([evidence("proof", SUPPORTED), evidence("opinion", SUPPORTED)], SUPPORTED),
        ([evidence("opinion", SUPPORTED)], VACUOUS),
    ],
)
def test_verdict_of_one_claim(items: list[Evidence], verdict: Verdict) -> None:
    assert claim_verdict(items) is verdict


@given(st.lists(ANY_EVIDENCE, max_size=5), st.randoms(use_true_random=False))
def test_verdict_ignores_order_and_never_comes_from_trials_alone(items: list[Evidence], random: object) -> None:
    verdict = claim_verdict(items)
    shuffled = list(items)
    random.shuffle(shuffled)
    assert claim_verdict(shuffled) is verdict
    if verdict is PROVED:
        assert any(item.role == "proof" for item in items)
        assert {item.outcome for item in items if item.role == "proof"} == {PROVED}


@given(st.lists(ANY_EVIDENCE, min_size=1, max_size=5), ANY_EVIDENCE)
def test_more_evidence_never_strengthens_a_doubt(items: list[Evidence], more: Evidence) -> None:
    if claim_verdict(items) in (REFUTED, VACUOUS, UNDECIDED):
        assert claim_verdict([*items, more]) not in (PROVED, SUPPORTED)
    else:
        assert claim_verdict([*items, evidence("trial", more.outcome if more.role == "trial" else SUPPORTED)]) in (
            claim_verdict(items),
            more.outcome,
        )


@st.composite
def audits(draw: st.DrawFn) -> tuple[dict[str, Verdict], dict[str, tuple[str, ...]]]:
    """Own verdicts, and uses without circles: a claim uses earlier ones, listed in any order."""
    own = draw(st.lists(st.sampled_from(Verdict), max_size=7))
    names = [f"c{i}" for i in range(len(own))]
    uses = {n: tuple(draw(st.sets(st.sampled_from(names[:i])))) if i else () for i, n in enumerate(names)}
    order = draw(st.permutations(names))
    return {n: own[names.index(n)] for n in order}, uses


def reachable(name: str, uses: dict[str, tuple[str, ...]]) -> set[str]:
    return {name for used in uses[name] for name in {used} | reachable(used, uses)}


@given(audits())
def test_closure_is_the_transitive_definition(audit: tuple) -> None:
    own, uses = audit
    closed = close_over_uses(own, uses)
    assert list(closed) == list(own)
    for name, verdict in own.items():
        used = {own[other] for other in reachable(name, uses)}
        if verdict not in (PROVED, SUPPORTED) or used <= {PROVED}:
            assert closed[name] is verdict
        elif used <= {PROVED, SUPPORTED}:
            assert closed[name] is SUPPORTED
        else:
            assert closed[name] is UNDECIDED


@given(audits())
def test_closing_again_changes_nothing(audit: tuple) -> None:
    own, uses = audit
    closed = close_over_uses(own, uses)
    assert close_over_uses(closed, uses) == closed


def test_a_circle_is_named() -> None:
    uses = {"a": ("b",), "b": ("c",), "c": ("a",), "d": ()}
    with pytest.raises(ValueError, match=r"circle: (?=.*a)(?=.*b)(?=.*c)"):
        close_over_uses(dict.fromkeys("abcd", PROVED), uses)
    with pytest.raises(ValueError, match="circle"):
        close_over_uses({"a": PROVED}, {"a": ("a",)})


@pytest.mark.parametrize("uses", [{"a": ("nobody",)}, {"nobody": ()}])
def test_an_unknown_claim_is_named(uses: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match="nobody"):
        close_over_uses({"a": PROVED}, uses)


SURVIVED = Planted(planted=1, survivors=("sign",))


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([result(PROVED, PROVED), result(PROVED, SUPPORTED), result(REFUTED, REFUTED)], 0),
        ([result(REFUTED, PROVED)], 1),
        ([result(REFUTED, SUPPORTED)], 1),
        ([result(PROVED, REFUTED)], 1),
        ([result(UNDECIDED, REFUTED)], 1),
        ([result(SUPPORTED, PROVED)], 3),
        ([result(UNDECIDED, SUPPORTED)], 3),
        ([result(VACUOUS, PROVED)], 3),
        ([result(VACUOUS, PROVED), result(REFUTED, PROVED)], 1),
        ([result(PROVED, PROVED, SURVIVED)], 1),
        ([result(UNDECIDED, PROVED, SURVIVED)], 1),
        ([result(PROVED, PROVED, Planted(planted=3, refuted=2, equivalent=1))], 0),
    ],
)
def test_exit_code(results: list[ClaimResult], code: int) -> None:
    assert exit_code(results) == code


@given(st.lists(st.builds(result, st.sampled_from(Verdict), st.sampled_from(Verdict)), max_size=6))
def test_summary_counts_and_zero_means_all_as_expected(results: list[ClaimResult]) -> None:
    summary = summarise(results)
    assert sum(summary.verdicts.values()) == summary.claims == len(results)
    assert (exit_code(results) == 0) == (summary.as_expected == summary.claims)
    assert not summary.interrupted


def test_a_claim_that_uses_a_proved_and_a_supported_one_is_supported() -> None:
    own = {"a": PROVED, "b": SUPPORTED, "c": PROVED}
    assert close_over_uses(own, {"c": ("a", "b")})["c"] is SUPPORTED
    assert close_over_uses(own | {"b": UNDECIDED}, {"c": ("a", "b")})["c"] is UNDECIDED
