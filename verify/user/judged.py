"""A user's claims judged in processes of their own, which may be stopped: by the clock, far above what a check takes.

What a check finds comes back as JSON when it is done. A check that is stopped is UNDECIDED, and a new process goes on
with the next.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError
from threadpoolctl import threadpool_limits

from derivations.statements.claim import Claim
from verify.draw.trial import Trial
from verify.engine.guarded import Finding, Part, judge_guarded, parts, put_together, run_part, stopped
from verify.engine.run import replay_claim
from verify.errors import InputError
from verify.records.evidence import ClaimResult
from verify.user.contained import Ended, Send, lines_of, possible, said_anew
from verify.user.transport import claim_from, data_of

__all__ = ["CHECK_SECONDS", "answer", "judge_apart", "show_apart"]

CHECK_SECONDS = 600.0
_LINE = TypeAdapter(tuple[int, Finding])


def judge_apart(claim: Claim, seed: int, examples: int, origin: str, seconds: float = CHECK_SECONDS) -> ClaimResult:
    """All evidence on a claim; its verdict is not yet closed over the claims it uses.

    `seconds` is how long a check may take. Where this process cannot be forked (it has threads, as a notebook has) a
    new one judges the claim, of which it is sent the data.
    """
    start = time.perf_counter()
    trial = Trial(claim, seed, examples, origin)
    if not possible():
        return _elsewhere(trial, seconds)
    todo, found = parts(trial), dict[int, Finding]()
    while len(found) < len(todo):
        for k, finding in _findings(trial, todo, found, seconds):
            found[k] = finding
    return put_together(trial, todo, found, max(0.0, time.perf_counter() - start))


def _findings(
    trial: Trial, todo: list[Part], found: Mapping[int, Finding], seconds: float
) -> Iterator[tuple[int, Finding]]:
    """(number, what was found) of the parts that are left, up to and with the first that is stopped."""
    first = len(found)

    def work(send: Send) -> None:
        known = dict(found)
        with threadpool_limits(limits=1):
            for k in range(first, len(todo)):
                known[k] = run_part(trial, todo[k], known)
                send(_LINE.dump_json((k, known[k])).decode())

    following = first
    for line in lines_of(work, seconds):
        if isinstance(line, Ended):
            clock = "stopped by the clock: " if line.late else "stopped: "
            yield following, stopped(todo[following], f"{clock}{line.why}")
            return
        try:
            k, finding = _LINE.validate_json(line)
        except ValidationError:
            k, finding = following, stopped(todo[following], "what came back from this check cannot be read")
        if k == following:
            yield k, finding
            following += 1


def _elsewhere(trial: Trial, seconds: float) -> ClaimResult:
    """The result from a new process, which has as long as all its checks together may take."""
    asked = {"claim": data_of(trial.claim), "seed": trial.seed, "examples": trial.examples, "origin": trial.origin}
    todo, start = parts(trial), time.perf_counter()
    said = said_anew(asked | {"seconds": seconds}, seconds * len(todo))
    try:
        if isinstance(said, str):
            return ClaimResult.model_validate_json(said)
        why = f"stopped by the clock: {said.why}" if said.late else f"stopped: {said.why}"
    except ValidationError:
        why = "what came back from the checks cannot be read"
    found = {k: stopped(part, why) for k, part in enumerate(todo)}
    return put_together(trial, todo, found, max(0.0, time.perf_counter() - start))


def answer(given: Mapping[str, Any]) -> str:
    """What a new process says when it is asked to judge a claim, or to show an instance; it never starts another."""
    claim = claim_from(given["claim"])
    if "index" in given:
        return _shown(claim, given["seed"], given["index"])
    numbers = (given["seed"], given["examples"], given["origin"])
    found = judge_apart(claim, *numbers, given["seconds"]) if possible() else judge_guarded(claim, *numbers)
    return found.model_dump_json()


def show_apart(claim: Claim, seed: int, index: int | None, seconds: float = CHECK_SECONDS) -> str:
    """One instance of a claim as text (`replay_claim`), made in a process of its own.

    Raises:
        InputError: it was stopped, or something went wrong.
    """
    if possible():
        said = next(lines_of(lambda send: send(_shown(claim, seed, index)), seconds), Ended("it said nothing"))
    else:
        said = said_anew({"claim": data_of(claim), "seed": seed, "index": index}, seconds)
    found: dict[str, Any] = {"problem": said.why} if isinstance(said, Ended) else json.loads(said)
    if "problem" in found:
        raise InputError(f"this instance cannot be shown: {found['problem']}.")
    return str(found["text"])


def _shown(claim: Claim, seed: int, index: int | None) -> str:
    """The text, or what went wrong, as JSON."""
    try:
        return json.dumps({"text": replay_claim(claim, seed, index).text})
    except Exception as error:  # noqa: BLE001 - told where it was asked for
        return json.dumps({"problem": f"{type(error).__name__}: {error}"})
