"""Reports made up for the tests of the page: every verdict, every field, and texts that would break out of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from verify.catalogue import claims
from verify.records.evidence import AuditReport, ClaimResult, Evidence, Planted, PlantedProofs, Verdict, Witness
from verify.records.verdict import summarise

HOSTILE = """<script>alert(1)</script> & _ % " ' </title><!-- ]]> \\textbf{x} {{ 7 * 7 }} {% x %}"""


def evidence(outcome, check="relation: a < b", **fields):
    refuted = outcome is Verdict.REFUTED
    witness = Witness(index=3, values={"theta": (1.0, 2.0), "beta": "1/3"}, text="at θ_1 = 1") if refuted else None
    given = {
        "kind": check.partition(": ")[0],
        "about": check.partition(": ")[2],
        "role": "proof" if outcome is Verdict.PROVED else "trial",
        "outcome": outcome,
        "instances": 8,
        "residual": None if outcome is Verdict.PROVED else 0.5 if refuted else 1.5e-12,
        "seconds": 0.25,
        "tolerance": None if outcome is Verdict.PROVED else 1e-9,
        "tolerance_reason": "round-off",
        "cited": (),
        "witness": witness,
        "reproduce": "collapse-audit replay x --seed 0 --index 3" if refuted else None,
    }
    return Evidence(**{**given, **fields})


def result(name, verdict, *items, expected=None, **fields):
    given = {
        "id": name,
        "title": f"about {name}",
        "source": "derived here",
        "verdict": verdict,
        "expected": expected or verdict,
        "as_expected": verdict.meets(expected or verdict),
        "uses": (),
        "seconds": 1.5,
        "evidence": items or (evidence(verdict),),
    }
    return ClaimResult(**{**given, **fields})


def report(*results, interrupted=False, **fields):
    given = {"tool_version": "0", "seed": 0, "examples": 10, "environment": {"python": "3"}}
    return AuditReport(**{**given, **fields}, summary=summarise(results, interrupted=interrupted), claims=results)


def catalogue_report():
    """All claims of the catalogue, with invented evidence."""
    found = []
    for claim in claims().values():
        verdict = Verdict(claim.expected)
        items = [evidence(verdict), evidence(Verdict.SUPPORTED, "instances: b", note="z_1 " * 80)]
        if verdict is Verdict.REFUTED:
            items.append(evidence(verdict, "properties: a < b"))
        found.append(
            result(
                claim.id,
                verdict,
                *items,
                title=claim.title,
                source=claim.source,
                uses=claim.uses,
                instead=claim.instead,
                planted=Planted(
                    planted=4, refuted=3, equivalent=1, proofs=PlantedProofs(planted=2, rejected=2, untried=7)
                ),
            )
        )
    return report(*found)


def hostile_report():
    """Every text a file may bring is hostile; and every verdict, a missing lemma, survivors, an opinion, a surprise."""
    bad = result(
        HOSTILE,
        Verdict.REFUTED,
        evidence(
            Verdict.REFUTED,
            HOSTILE,
            note=HOSTILE,
            reproduce=HOSTILE,
            tolerance_reason=HOSTILE,
            witness=Witness(index=1, values={HOSTILE: HOSTILE}, text=HOSTILE),
        ),
        evidence(Verdict.PROVED, cited=(HOSTILE,), note=HOSTILE * 9),
        evidence(Verdict.SUPPORTED, role="opinion", note=HOSTILE),
        expected=Verdict.PROVED,
        title=HOSTILE,
        source=HOSTILE,
        instead=HOSTILE,
        uses=("a b", "missing " + HOSTILE),
        planted=Planted(
            planted=2,
            refuted=1,
            survivors=(HOSTILE,),
            proofs=PlantedProofs(planted=1, survivors=(HOSTILE,), unneeded=(HOSTILE,)),
        ),
    )
    others = [result(name, verdict) for name, verdict in zip(("a b", "a-b", "c", ""), list(Verdict)[1:], strict=True)]
    return report(bad, *others, interrupted=True, tool_version=HOSTILE, environment={HOSTILE: HOSTILE})


@pytest.fixture(scope="session")
def made():
    """The makers of this file; test modules cannot import each other."""
    return SimpleNamespace(
        HOSTILE=HOSTILE,
        evidence=evidence,
        result=result,
        report=report,
        catalogue_report=catalogue_report,
        hostile_report=hostile_report,
    )
