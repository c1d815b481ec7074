"""The theory that Coq checks: nothing assumed, each theorem has its statement's type, and a planted error is found.

What needs the built theory uses the folder that COLLAPSE_AUDIT_THEORY names, a copy of it with its .vo files (.ci/run
makes it, and docs/machine-checked.md says how); a sample of small files is built where there is Coq.
Otherwise these tests skip.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from verify.catalogue import ids

ROOT = Path(__file__).resolve().parents[4]
THEORY = ROOT / "verify" / "proof" / "coq" / "theory"
PAGE = ROOT / "docs" / "machine-checked.md"
FILES = sorted(THEORY.rglob("*.v"))
TABLE = tomllib.loads((THEORY / "theorems.toml").read_text(encoding="utf-8"))["theorem"]
NAMES = {row["name"] for row in TABLE}
COMMENT = re.compile(r"\(\*.*?\*\)", re.DOTALL)
UNPROVED = re.compile(
    r"\b(Axioms?|Admitted|admit|give_up|Parameters?|Conjecture|Abort)\b"
    r"|\b(bypass_check|Unset Guard Checking|Unset Universe)"
)
OF_SECTIONS = re.compile(r"^\s*(Hypothesis|Hypotheses|Variables?|Context)\b")
# The axioms of Coq's real numbers and of the choice operator of MathComp's bridge to them; nothing of ours.
REALS = {
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "Classical_Prop.classic",
    "Epsilon.epsilon_statement",
    "FunctionalExtensionality.functional_extensionality_dep",
}  # fmt: skip - read as a list


def assumed(text):
    """What a file takes for granted: commands that assume or give up, and hypotheses outside sections."""
    depth, found = 0, []
    for line in COMMENT.sub("", text).splitlines():
        depth += bool(re.match(r"\s*Section\b", line))
        depth -= bool(re.match(r"\s*End\b", line))
        if UNPROVED.search(line) or (depth == 0 and OF_SECTIONS.match(line)):
            found.append(line.strip())
    return found


def coqc(folder, file, seconds=120):
    command = ["coqc", "-w", "none", "-Q", ".", "CollapseAudit", file]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False)


def printed(text):
    """What Assumptions.v printed: theorem → the axioms it rests on."""
    parts = re.split(r"^(\w+) : \1_statement\s+: \1_statement$", text, flags=re.MULTILINE)
    return {name: axioms(said) for name, said in zip(parts[1::2], parts[2::2], strict=True)}


def axioms(said):
    if said.strip() == "Closed under the global context":
        return set()
    assert said.strip().startswith("Axioms:"), said
    return set(re.findall(r"^([\w.]+)(?= :|$)", said.split("Axioms:")[1], flags=re.MULTILINE))


def unwelcome(found):
    """Theorems that rest on more than theorems.toml says, or of which nothing was printed."""
    allowed = {row["name"]: REALS if row["assumptions"] == "reals" else set() for row in TABLE}
    return sorted(name for name in NAMES if name not in found or found[name] - allowed[name])


@pytest.fixture(scope="module")
def theory(tmp_path_factory):
    """A copy of the built theory that a test may spoil."""
    if "COLLAPSE_AUDIT_THEORY" not in os.environ:
        pytest.skip("COLLAPSE_AUDIT_THEORY names no folder with the built theory (docs/machine-checked.md)")
    copy = tmp_path_factory.mktemp("built") / "theory"
    shutil.copytree(os.environ["COLLAPSE_AUDIT_THEORY"], copy)
    return copy


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_files_are_short_and_say_what_they_prove(file):
    text = file.read_text(encoding="utf-8")
    assert text.startswith("(** ")
    assert len(text.splitlines()) <= 250


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_nothing_is_assumed(file):
    assert assumed(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "Axiom cheat : False.",
        "Admitted.",
        "  admit.",
        "Parameter x : nat.",
        "Conjecture c : False.",
        "Hypothesis h : False.",
    ],
)
def test_what_is_assumed_is_found(line):
    assert assumed(f"(** A file. *)\nSection S.\nHypothesis fine : True.\nEnd S.\n{line}\n") == [line.strip()]


def test_the_project_lists_every_file():
    listed = [line for line in (THEORY / "_CoqProject").read_text(encoding="utf-8").splitlines() if line.endswith(".v")]
    assert listed == [path.relative_to(THEORY).as_posix() for path in FILES]


def test_each_theorem_has_its_statement_s_type_and_is_in_the_table():
    proved, stated = {}, set()
    for path in sorted((THEORY / "theorems").glob("*.v")):
        text = COMMENT.sub("", path.read_text(encoding="utf-8"))
        for name, kind in re.findall(r"^Theorem (\w+) : ([^\n]+)\.$", text, flags=re.MULTILINE):
            assert kind == f"{name}_statement"
            proved[name] = path.relative_to(THEORY).as_posix()
    for path in sorted((THEORY / "statements").glob("*.v")):
        stated |= set(
            re.findall(r"^Definition (\w+)_statement : Prop :=", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        )
    assert proved == {row["name"]: row["file"] for row in TABLE}
    assert stated == NAMES
    shown = re.findall(
        r"^Check \((\w+) : \1_statement\)\.\nPrint Assumptions \1\.$",
        (THEORY / "Assumptions.v").read_text(),
        re.MULTILINE,
    )
    assert sorted(shown) == sorted(NAMES)


def test_claims_of_the_table_are_claims_of_the_catalogue():
    assert {row["claim"] for row in TABLE} - {""} <= set(ids())
    assert {row["level"] for row in TABLE} <= {"mode", "matrix", "minimisers"}
    assert {row["assumptions"] for row in TABLE} <= {"none", "reals"}


def table_of_the_page():
    """The rows of docs/machine-checked.md, claims in the order of the table."""
    rows = ["| claim | mode level | matrix level | every minimiser | assumptions |", "|---|---|---|---|---|"]
    for claim in dict.fromkeys(row["claim"] for row in TABLE):
        mine = [row for row in TABLE if row["claim"] == claim]
        cells = [
            " ".join(f"`{row['name']}`: {row['says']}." for row in mine if row["level"] == level)
            for level in ("mode", "matrix", "minimisers")
        ]
        rests = "Coq's reals" if any(row["assumptions"] == "reals" for row in mine) else "none"
        rows.append(f"| {claim or '(what these rest on)'} | {' | '.join(cells)} | {rests} |")
    return "\n".join(rows)


def test_the_page_shows_the_table():
    assert table_of_the_page() in PAGE.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_sample_is_accepted_by_coq(tmp_path):
    if shutil.which("coqc") is None:
        pytest.skip("coqc is not installed (docs/machine-checked.md says how)")
    shutil.copytree(THEORY, tmp_path / "theory")
    small = ["matrices/Matching.v", "mhvae/BottomModes.v", "mhvae/FixedModes.v", "mhvae/TopModes.v"]
    chosen = random.Random(0).choice(small)
    needed = ["mhvae/Monomials.v", "mhvae/ModeBounds.v"] if chosen.startswith("mhvae") else []
    for file in [*needed, chosen]:
        done = coqc(tmp_path / "theory", file)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_theorems_rest_on_what_the_table_says(theory):
    done = coqc(theory, "Assumptions.v")
    assert done.returncode == 0, done.stderr
    found = printed(done.stdout)
    assert unwelcome(found) == []
    assert {row["name"] for row in TABLE if row["assumptions"] == "reals"} == {
        name for name, rests in found.items() if rests
    }


def spoilt(theory, tmp_path, file, old, new):
    """A copy of the built theory with one text changed."""
    copy = tmp_path / "theory"
    shutil.copytree(theory, copy)
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    return copy


@pytest.mark.slow
def test_a_planted_axiom_is_found(theory, tmp_path):
    proof = "Proof. exact: completed_square. Qed."
    copy = spoilt(theory, tmp_path, "theorems/LemmaTheorems.v", proof, "Proof. exact: cheat. Qed.")
    text = (copy / "theorems/LemmaTheorems.v").read_text(encoding="utf-8")
    planted = text.replace(
        "Theorem lemma_complete_square", "Axiom cheat : lemma_complete_square_statement.\nTheorem lemma_complete_square"
    )
    (copy / "theorems/LemmaTheorems.v").write_text(planted, encoding="utf-8")
    assert coqc(copy, "theorems/LemmaTheorems.v").returncode == 0  # Coq itself has nothing against an axiom
    assert unwelcome(printed(coqc(copy, "Assumptions.v").stdout)) == ["lemma_complete_square"]
    assert assumed(planted) != []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\\sum_(i < n) p i / q i <= \\tr", "\\sum_(i < n) p i / q i < \\tr"),
        ("decreasing p -> decreasing q ->", "decreasing p ->"),
        ("= \\det Sigma * \\det (1%:M + V^T", "= \\det (1%:M + V^T"),
    ],
)
def test_the_proof_of_a_changed_statement_is_rejected(theory, tmp_path, old, new):
    copy = spoilt(theory, tmp_path, "statements/LemmaStatements.v", old, new)
    assert coqc(copy, "statements/LemmaStatements.v").returncode == 0  # the statement itself makes sense
    assert coqc(copy, "theorems/LemmaTheorems.v").returncode != 0


if __name__ == "__main__":
    print(table_of_the_page())  # noqa: T201 - the table of docs/machine-checked.md, after theorems.toml has changed
