"""The cache of exact checks: it saves work, and nothing that is in it can prove what was not proved."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace

import pytest
import sympy as sp
from click.testing import CliRunner

from derivations.claim import Certificate, Same
from derivations.notation import beta, eta_dec, theta
from derivations.theorems.vae import vae_fixed, vae_learnable
from verify.cli.program import cli
from verify.draw.trial import Trial
from verify.proof.identity import prove_identity
from verify.proof.structure import prove_structure
from verify.records.evidence import Evidence, Verdict
from verify.store import cache, fingerprint
from verify.trials.steps import step

PROVED = {"outcome": Verdict.PROVED, "instances": 3, "note": "by hand"}
CLAIM = vae_learnable.CLAIM
TRUE = Certificate("square", (beta - 1) ** 2, ((beta - 1) ** 2,))
FALSE = Certificate("square", (beta - 1) ** 2 - 1, ((beta - 1) ** 2,))


@pytest.fixture
def place(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv(cache.FOLDER, str(folder))
    return folder


def once(kind="kind", inputs=(1,), record=PROVED):
    """(record, whether work was done)."""
    done = []
    found = cache.recalled(kind, inputs, lambda: done.append(1) or record)
    return found, bool(done)


def entries(place):
    return sorted(place.glob("*.json"))


def test_a_proof_is_done_once_and_said_to_be_remembered(place):
    assert once() == (PROVED, True)
    assert once() == (PROVED | {"cached": True}, False)
    assert once(inputs=(2,)) == (PROVED, True)
    assert once("another kind") == (PROVED, True)


@pytest.mark.parametrize("outcome", [v for v in Verdict if v is not Verdict.PROVED])
def test_nothing_but_proofs_is_kept(place, outcome):
    once(record=PROVED | {"outcome": outcome})
    assert not entries(place)
    once()
    (entry,) = entries(place)
    name = entry.stem
    forged = {"outcome": outcome.value}
    content = {"fingerprint": name, "kind": "kind", "record": forged, "checksum": cache.checksum(name, "kind", forged)}
    entry.write_text(json.dumps(content))
    assert once()[1]


def test_an_entry_for_another_formula_proves_nothing(place):
    """The mortal sin: PROVED for a false formula, from the entry of a true one."""
    trial = Trial(CLAIM, 0, 1)
    assert step(trial, TRUE)[0].outcome is Verdict.PROVED
    (entry,) = entries(place)
    target = place / f"{fingerprint.digest('certificate', FALSE)}.json"
    target.write_bytes(entry.read_bytes())
    found = step(trial, FALSE)[0]
    assert (found.outcome, found.cached) == (Verdict.UNDECIDED, False)
    content = json.loads(entry.read_text())
    target.write_text(json.dumps(content | {"fingerprint": target.stem}))  # … and with its name put right
    assert step(trial, FALSE)[0].outcome is Verdict.UNDECIDED
    assert step(trial, TRUE)[0].cached


def test_a_wrong_minimiser_is_not_proved_by_the_right_ones_entry(place):
    statement = CLAIM.statements[0]
    assert all(e.outcome is Verdict.PROVED for e in prove_structure(Trial(CLAIM, 0, 1), statement))
    assert all(e.cached for e in prove_structure(Trial(CLAIM, 0, 1), statement))
    symbol, formula = next(iter(statement.modes.items()))
    wrong = replace(statement, modes={**statement.modes, symbol: 2 * formula})
    found = prove_structure(Trial(replace(CLAIM, statements=(wrong, *CLAIM.statements[1:])), 0, 1), wrong)
    assert found[-1].outcome is Verdict.UNDECIDED
    assert not any(e.cached for e in found)


def test_every_damaged_byte_is_noticed(place):
    once()
    (entry,) = entries(place)
    whole = entry.read_bytes()
    for k in range(len(whole)):
        for damaged in (whole[:k], whole[:k] + bytes([whole[k] ^ 1]) + whole[k + 1 :]):
            entry.write_bytes(damaged)
            found = cache.read_entry(entry, entry.stem, "kind")
            assert found is None, damaged
    entry.write_bytes(whole)
    assert not once()[1]


@pytest.mark.parametrize(
    "content", ["", "[]", "null", "{" * 5000, "[" * 100_000, '{"fingerprint": NaN}', "0" * (1 << 17)]
)
def test_what_is_no_entry_is_ignored_and_replaced(place, content):
    once()
    (entry,) = entries(place)
    entry.write_text(content)
    assert once()[1]
    assert not once()[1]


def test_a_folder_in_an_entrys_place_is_ignored(place):
    once()
    (entry,) = entries(place)
    entry.unlink()
    entry.mkdir()
    assert once()[1]
    assert once()[1]
    assert not [p for p in place.iterdir() if p.name.startswith(".")]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="POSIX permissions")
def test_a_folder_that_others_may_write_to_is_not_used(place):
    place.mkdir()
    place.chmod(0o777)
    assert once()[1]
    assert once()[1]
    assert not entries(place)


def test_a_cache_that_cannot_be_used_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    for named in (str(tmp_path / "file"), str(tmp_path / "file" / "below"), "x" * 5000, cache.OFF):
        monkeypatch.setenv(cache.FOLDER, named)
        assert once() == (PROVED, True)
        assert once() == (PROVED, True)


def test_it_is_private_and_bounded(place, monkeypatch):
    once()
    if hasattr(os, "getuid"):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    for k in range(9):
        once(inputs=(k,))
    monkeypatch.setattr(cache, "LIMIT", 4)
    cache.usable.cache_clear()
    once(inputs=(8,))  # the newest is still there
    assert len(entries(place)) == 5


def test_fingerprints_tell_apart_what_differs():
    statement = CLAIM.statements[0]
    exponent = replace(statement, loss=statement.loss.xreplace({eta_dec: eta_dec**2}))
    inputs = [
        (CLAIM,),
        (vae_fixed.CLAIM,),
        (CLAIM, 0),
        (CLAIM, 1),
        (CLAIM, True),
        (CLAIM, "1"),
        (CLAIM, (1,)),
        (CLAIM, [1]),
        (statement,),
        (exponent,),
        (sp.Symbol("beta"),),
        (beta,),
        (sp.Symbol("beta", real=True),),
        (theta > 1,),
        (theta >= 1,),
        (TRUE,),
        (FALSE,),
        ("a", "b"),
        ("a\nstr:'b'",),
        ({"a": 1},),
        (),
        (sp.Float(0.1),),
        (sp.Rational(1, 10),),
        (sp.Float(0.1) + sp.Float(1e-17) + sp.Float(2**-55),),
        (Same("a", beta, theta),),
        (Same("a", theta, beta),),
    ]
    found = [fingerprint.digest(*i) for i in inputs]
    assert len(set(found)) == len(found)
    assert found == [fingerprint.digest(*i) for i in inputs]


def test_another_source_or_version_is_another_fingerprint(monkeypatch, tmp_path):
    before = fingerprint.digest(1)
    monkeypatch.setattr(fingerprint, "version", lambda name: "9.9")
    fingerprint.code.cache_clear()
    assert fingerprint.digest(1) != before
    monkeypatch.undo()
    fingerprint.code.cache_clear()
    assert fingerprint.digest(1) == before
    (tmp_path / "module.py").write_text("x = 1\n")
    monkeypatch.setattr(fingerprint.derivations, "__path__", [str(tmp_path)])
    found = []
    for text in ("x = 1\n", "x = 2\n"):
        (tmp_path / "module.py").write_text(text)
        fingerprint.sources.cache_clear()
        fingerprint.code.cache_clear()
        found.append(fingerprint.digest(1))
    fingerprint.sources.cache_clear()
    fingerprint.code.cache_clear()
    assert len({before, *found}) == 3


def test_a_class_from_elsewhere_has_no_fingerprint(place):
    class Mine(sp.Expr):
        """Its name does not say what it does."""

    with pytest.raises(fingerprint.Unnamed):
        fingerprint.digest(Mine(beta) + 1)
    assert once(inputs=(Mine(beta),))[1]
    assert once(inputs=(Mine(beta),))[1]
    assert once(inputs=(sp.Function("f")(beta),))[1]
    assert once(inputs=(sp.Function("f")(beta),))[1]


def test_evidence_from_the_cache_is_decided():
    plain = {
        "kind": "c",
        "role": "proof",
        "instances": 1,
        "residual": None,
        "tolerance": None,
        "tolerance_reason": "",
        "cited": (),
        "witness": None,
        "reproduce": None,
        "seconds": 0.0,
        "cached": True,
    }
    assert Evidence(**plain, outcome=Verdict.PROVED).cached
    with pytest.raises(ValueError, match="nothing undecided"):
        Evidence(**plain, outcome=Verdict.UNDECIDED)


def test_an_identity_depends_on_its_seed(place):
    trial = Trial(CLAIM, 0, 1)
    same = Same("distributive", beta * (theta + 1), beta * theta + beta)
    assert [prove_identity(trial, same).cached for _ in range(2)] == [False, True]
    assert not prove_identity(Trial(CLAIM, 1, 1), same).cached


def test_a_second_audit_says_what_it_remembered(place, tmp_path):
    def audited(*options):
        done = CliRunner().invoke(
            cli,
            [
                "run",
                "lemma-determinant",
                "--jobs",
                "1",
                "--examples",
                "64",
                "--quiet",
                "--out",
                str(tmp_path / "out"),
                *options,
            ],
            standalone_mode=False,
        )
        assert done.return_value == 0, done.output
        (claim,) = json.loads((tmp_path / "out" / "audit.json").read_text())["claims"]
        return claim, done.output

    def plain(claim):
        evidence = [{k: v for k, v in e.items() if k not in ("seconds", "cached")} for e in claim["evidence"]]
        return {k: v for k, v in claim.items() if k != "seconds"} | {"evidence": evidence}

    (cold, said), (warm, repeated) = audited(), audited()
    again, _ = audited("--no-cache")
    os.environ[cache.FOLDER] = str(place)
    assert plain(cold) == plain(warm) == plain(again)
    assert [sum(e["cached"] for e in claim["evidence"]) for claim in (cold, warm, again)] == [
        0,
        len(warm["evidence"]),
        0,
    ]
    assert "from the cache" in repeated
    assert "from the cache" not in said
