"""Verdicts from evidence, their closure over `uses`, and the exit code."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.records.evidence import ClaimResult, Evidence, Planted, StatementResult, Verdict, Witness
from verify.records.verdict import closed, exit_code, summarise, verdict_of, weakest

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
    assert verdict_of(items) is verdict


@given(st.lists(ANY_EVIDENCE, max_size=5), st.randoms(use_true_random=False))
def test_verdict_ignores_order_and_never_comes_from_trials_alone(items: list[Evidence], random: object) -> None:
    verdict = verdict_of(items)
    shuffled = list(items)
    random.shuffle(shuffled)
    assert verdict_of(shuffled) is verdict
    if verdict is PROVED:
        assert any(item.role == "proof" for item in items)
        assert {item.outcome for item in items if item.role == "proof"} == {PROVED}


@given(st.lists(ANY_EVIDENCE, min_size=1, max_size=5), ANY_EVIDENCE)
def test_more_evidence_never_strengthens_a_doubt(items: list[Evidence], more: Evidence) -> None:
    if verdict_of(items) in (REFUTED, VACUOUS, UNDECIDED):
        assert verdict_of([*items, more]) not in (PROVED, SUPPORTED)
    else:
        assert verdict_of([*items, evidence("trial", more.outcome if more.role == "trial" else SUPPORTED)]) in (
            verdict_of(items),
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


def closure(own: dict[str, Verdict], uses: dict[str, tuple[str, ...]]) -> dict[str, Verdict]:
    """What `closed` makes of claims of one sentence each, with these verdicts."""
    results = []
    for name, verdict in own.items():
        one = sentence(verdict, PROVED, given=(f"lemma of {name}",))
        plain = result(verdict, PROVED).model_dump() | {"id": name, "uses": uses.get(name, ()), "given": one.given}
        results.append(ClaimResult(**(plain | {"statements": (one,)})))
    found = closed(results)
    assert all(r.verdict is weakest(r.statements) for r in found)
    for r in found:  # what is given goes along the uses
        assert set(r.given) == {f"lemma of {n}" for n in {r.id} | reachable(r.id, uses) if n in own}
        assert r.given == r.statements[0].given
    return {r.id: r.verdict for r in found}


def sentence(verdict: Verdict, expected: Verdict, **fields: Any) -> StatementResult:
    met = verdict.meets(expected)
    return StatementResult(label="s", kind="k", verdict=verdict, expected=expected, as_expected=met, **fields)


def reachable(name: str, uses: dict[str, tuple[str, ...]]) -> set[str]:
    return {name for used in uses.get(name, ()) for name in {used} | reachable(used, uses)}


@given(audits())
def test_closure_is_the_transitive_definition(audit: tuple) -> None:
    own, uses = audit
    found = closure(own, uses)
    assert list(found) == list(own)
    for name, verdict in own.items():
        used = {own[other] for other in reachable(name, uses)}
        if verdict not in (PROVED, SUPPORTED) or used <= {PROVED}:
            assert found[name] is verdict
        elif used <= {PROVED, SUPPORTED}:
            assert found[name] is SUPPORTED
        else:
            assert found[name] is UNDECIDED


@given(audits())
def test_closing_again_changes_nothing(audit: tuple) -> None:
    own, uses = audit
    found = closure(own, uses)
    assert closure(found, uses) == found


def test_a_circle_is_named() -> None:
    uses = {"a": ("b",), "b": ("c",), "c": ("a",), "d": ()}
    with pytest.raises(ValueError, match=r"circle: (?=.*a)(?=.*b)(?=.*c)"):
        closure(dict.fromkeys("abcd", PROVED), uses)
    with pytest.raises(ValueError, match="circle"):
        closure({"a": PROVED}, {"a": ("a",)})


def test_a_claim_without_a_result_leaves_its_users_undecided() -> None:
    """An interruption left it out."""
    assert closure({"a": PROVED}, {"a": ("nobody",)}) == {"a": UNDECIDED}


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.sampled_from([PROVED, SUPPORTED, REFUTED])), min_size=1))
def test_a_claim_is_its_weakest_sentence(pairs: list[tuple[Verdict, Verdict]]) -> None:
    found = weakest([sentence(*pair) for pair in pairs])
    verdicts = {verdict for verdict, _ in pairs}
    assert found in verdicts
    for strong, weak in ((PROVED, UNDECIDED), (SUPPORTED, UNDECIDED), (UNDECIDED, VACUOUS), (VACUOUS, REFUTED)):
        if weak in verdicts:
            assert found is not strong
    if found is PROVED:  # a measurement of which support is asked does not weaken a proof
        assert all(pair == (SUPPORTED, SUPPORTED) or pair[0] is PROVED for pair in pairs)


def test_a_surprising_sentence_makes_the_claim_unexpected_and_tells_the_exit_code() -> None:
    """One reading undecided, hidden by another that is refuted as expected; one expected to be false that is true."""

    def claim(*statements: StatementResult) -> ClaimResult:
        met = all(s.as_expected for s in statements)
        plain = result(REFUTED, REFUTED).model_dump() | {"statements": statements, "as_expected": met}
        return ClaimResult(**plain)

    refuted = sentence(REFUTED, REFUTED)
    assert exit_code([claim(refuted, sentence(PROVED, PROVED))]) == 0
    assert exit_code([claim(refuted, sentence(UNDECIDED, REFUTED))]) == 3
    assert exit_code([claim(refuted, sentence(PROVED, REFUTED))]) == 1
    with pytest.raises(ValueError, match="as_expected contradicts"):
        ClaimResult(**(result(REFUTED, REFUTED).model_dump() | {"statements": (sentence(UNDECIDED, REFUTED),)}))


SURVIVED = Planted(planted=1, survivors=("sign",))


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([result(PROVED, PROVED), result(PROVED, SUPPORTED), result(REFUTED, REFUTED)], 0),
        ([result(REFUTED, PROVED)], 1),
        ([result(REFUTED, SUPPORTED)], 1),
        ([result(PROVED, REFUTED)], 1),
        ([result(UNDECIDED, REFUTED)], 3),
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
    assert closure(own, {"c": ("a", "b")})["c"] is SUPPORTED
    assert closure(own | {"b": UNDECIDED}, {"c": ("a", "b")})["c"] is UNDECIDED
