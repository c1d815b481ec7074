"""Shards that an earlier audit found, kept in the cache: the same program with the same seed finds the same.

A shard is a function of what `identify_program` names (the sources of this program to the last byte, Python, libraries,
machine) and of its task, the seed and the number of examples; it is drawn at random only in the sense that its
instances were. So it may be remembered like an exact check, under the same conditions (`cache.py`): the entry carries
a checksum of itself *and* of all of the above, in a folder that nobody else can write to. Whoever changes a line of
the program, its libraries, seed or examples starts from nothing; what is remembered says so (`cached`).

Never kept: a shard with anything undecided in it or a planted error that survived, which a reader will want to see
done again, and stretches of instances beyond a claim's first, of which a big audit has thousands.
"""

from __future__ import annotations

import contextlib
import json
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from verify.engine.shards import Part, Shard, Task
from verify.records.evidence import Evidence, Verdict
from verify.store import cache
from verify.store.files import write_whole
from verify.store.fingerprint import code
from verify.store.identity import identify_program
from verify.store.journal import checked, line

__all__ = ["Remembered"]

_LARGEST = 1 << 21  # bytes of an entry; the largest of the default audit has 60 kB


class Remembered:
    """The shards of audits with this seed and number of examples; without a folder it forgets everything."""

    def __init__(self, seed: int, examples: int) -> None:
        self._place = cache.folder()
        self._head = {**identify_program(), "code": code(), "seed": seed, "examples": examples}

    def recall(self, task: Task) -> Shard | None:
        """What was found, each piece of evidence marked as `cached`; None if that is not known for certain."""
        if self._place is None or task.first > 0:
            return None
        path, salt = self._entry(self._place, task)
        try:
            with path.open("rb") as file:
                content = file.read(_LARGEST + 1)
        except OSError:
            return None
        text = checked(salt, content.removesuffix(b"\n"))
        if text is None:
            return None
        with contextlib.suppress(ValidationError):
            shard = Shard.model_validate_json(text)
            return _marked(shard) if shard.task == task and _settled(shard) else None
        return None

    def keep(self, shard: Shard, answer: str) -> None:
        """Remember a shard and its JSON; a file system that will not have it is no error of an audit."""
        if self._place is None or shard.task.first > 0 or not _settled(shard) or len(answer) > _LARGEST // 4:
            return
        path, salt = self._entry(self._place, shard.task)
        with contextlib.suppress(OSError):
            write_whole(path, line(salt, answer))

    def _entry(self, place: Path, task: Task) -> tuple[Path, str]:
        salt = json.dumps({**self._head, "task": task})
        return place / f"{sha256(salt.encode()).hexdigest()}.shard", salt


def _pieces(shard: Shard) -> tuple[Evidence, ...]:
    return (*(item for parts in shard.statements for part in parts for item in part.evidence), *shard.steps)


def _settled(shard: Shard) -> bool:
    tallies = [part.tally for parts in shard.statements for part in parts if part.tally is not None]
    failures = [tally.failure.outcome for tally in tallies if tally.failure is not None]
    undecided = Verdict.UNDECIDED in (*failures, *(item.outcome for item in _pieces(shard)))
    return not undecided and not shard.planted.alive


def _marked(shard: Shard) -> Shard:
    def parts(found: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(
            part.model_copy(
                update={
                    "evidence": tuple(item.model_copy(update={"cached": True}) for item in part.evidence),
                    "tally": part.tally and part.tally.model_copy(update={"cached": True}),
                }
            )
            for part in found
        )

    steps = tuple(item.model_copy(update={"cached": True}) for item in shard.steps)
    return shard.model_copy(update={"statements": tuple(map(parts, shard.statements)), "steps": steps})
