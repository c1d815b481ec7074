"""What of a claim is a theorem of Coq, and what is not, and why; and the claim's file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from derivations.statements.claim import Always, Claim, Implication, Minimiser
from verify.catalogue import claims
from verify.proof.coq.lemmas import Lemmas
from verify.proof.coq.records import Written
from verify.proof.core.sentence import read_sentence, reader
from verify.proof.core.terms import TRUE, RejectedError
from verify.proof.mode_sentences import sentences_about_modes
from verify.proof.modes import proved_mode
from verify.proof.scripts import proved

__all__ = ["THEORY", "written"]

THEORY = Path(__file__).parent / "theory"
_HEAD = "From CollapseAudit.Exported Require Import Base.\nOpen Scope R_scope.\n"


def written(claim: Claim) -> Written:
    """All that can be written of a claim; nothing is asked of Coq here."""
    lemmas, theorems, missing = Lemmas(), dict[str, tuple[str, str]](), list[tuple[str, str]]()
    for name, title, made in _sentences(claim, lemmas):
        if isinstance(made, str):
            theorems[name] = (title, made)
        else:
            missing.append((title, str(made)))
    rows = tomllib.loads((THEORY / "theorems.toml").read_text(encoding="utf-8"))["theorem"]
    mine = [row for row in rows if row["claim"] == claim.id]
    parts = [f"(** {_comment(claim.id)}: {_comment(claim.title)} *)\n{_HEAD}", *lemmas.lines]
    parts += [f"(** {_comment(title)} *)\n{text}" for title, text in theorems.values()]
    parts += [f"(* Not written: {_comment(title)}. Reason: {_comment(reason)}. *)\n" for title, reason in missing]
    sources = tuple(dict.fromkeys(row["file"] for row in mine))
    if mine:
        modules = [Path(file).stem for file in sources]
        modules += [module.replace("Theorems", "Statements") for module in modules]
        parts.append(
            f"(** For matrices of any size, from the theory. *)\nFrom CollapseAudit Require {' '.join(modules)}.\n"
        )
        parts += [
            f"(** {_comment(row['says'])} *)\nDefinition {row['name']} : {_home(row, 'Statements')}_statement :=\n"
            f"  {_home(row, 'Theorems')}.\n"
            for row in mine
        ]
    names = tuple(row["name"] for row in mine)
    parts += [f"Print Assumptions {name}.\n" for name in (*theorems, *names)]
    return Written(claim.id, "\n".join(parts), tuple(theorems), names, sources, tuple(missing))


def _home(row: dict[str, str], kind: str) -> str:
    return f"{Path(row['file']).stem.replace('Theorems', kind)}.{row['name']}"


def _sentences(claim: Claim, lemmas: Lemmas) -> Iterator[tuple[str, str, str | RejectedError]]:
    """(name, what it says, the theorem or why there is none) of each statement and each step of the proof."""
    for n, statement in enumerate(claim.statements, 1):
        title = f"statement {n}" + (f", {statement.label}" if statement.label else "")
        if isinstance(statement, Minimiser):
            yield from _modes(claim, statement, n, title, lemmas)
        elif isinstance(statement, Always):
            yield f"statement_{n}", title, _always(claim, statement, n, lemmas)
        else:
            kind = type(statement).__name__
            yield f"statement_{n}", title, RejectedError(f"statements of the kind {kind}")
    for n, step in enumerate(claim.proof, 1):
        title = f"step {n} of the proof" + (f", {step.label}" if step.label else "")
        if isinstance(step, Implication):
            yield f"step_{n}_holds", title, _implication(claim, step, n, lemmas)
        else:
            yield f"step_{n}_holds", title, RejectedError(f"steps of the kind {type(step).__name__}")


def _modes(
    claim: Claim, statement: Minimiser, n: int, title: str, lemmas: Lemmas
) -> Iterator[tuple[str, str, str | RejectedError]]:
    """No scalars have a lower 1×1 loss than the formulas."""
    try:
        modes = list(sentences_about_modes(claim, statement))
    except RejectedError as why:
        yield f"statement_{n}", title, why
        return
    missing: dict[str, list[int]] = {}
    for k, mode in enumerate(modes, 1):
        name = f"statement_{n}_mode_{k}"
        try:
            said = lemmas.sentence(name, proved_mode(mode), mode.hypotheses, mode.goal)
        except RejectedError as why:
            missing.setdefault(str(why), []).append(k)
        else:
            yield name, f"{title}: mode sentence {k}", said
    for reason, some in missing.items():
        yield (
            f"statement_{n}",
            f"{title}: of {len(modes)} mode sentences these: {', '.join(map(str, some))}",
            RejectedError(reason),
        )


def _always(claim: Claim, statement: Always, n: int, lemmas: Lemmas) -> str | RejectedError:
    try:
        said = read_sentence(claim, statement)
        theorem = proved(claim, statement, claims())
        return lemmas.sentence(f"statement_{n}", theorem, said.hypotheses, said.conclusion)
    except RejectedError as why:
        return why


def _implication(claim: Claim, step: Implication, n: int, lemmas: Lemmas) -> str | RejectedError:
    try:
        to = reader(claim, {})
        parts = (p for g in map(to, step.given) for p in (g.args if g.head == "and" else (g,)))
        return lemmas.implication(f"step_{n}_holds", frozenset(parts) - {TRUE}, to(step.then))
    except RejectedError as why:
        return why


def _comment(text: str) -> str:
    """A text that neither ends a comment of Coq nor begins a string in it."""
    return re.sub(r"\(\*|\*\)", "·", re.sub(r"\s+", " ", text)).replace('"', "”").rstrip(".")
