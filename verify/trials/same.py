"""An identity: decided exactly, and tried on instances like a relation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from derivations.statements.claim import Claim, Same
from verify.draw.instances import Instances
from verify.draw.trial import Trial
from verify.proof.identity import prove_identity
from verify.trials.always import violated
from verify.trials.implied import follows_from
from verify.trials.kinds import Check, Kind, Mutation, Place
from verify.trials.relation import on_instances, sides_agree
from verify.trials.tally import Sampled, whole

__all__ = ["KIND"]


class _Same(Kind[Same]):
    statement = Same
    persistent = True

    def checks(self, trial: Trial, statement: Same) -> dict[str, Check]:
        return {
            "identity": lambda: [prove_identity(trial, statement)],
            "instances": lambda: [whole(trial, on_instances(statement, sides_agree))],
        }

    def sampled(self, statement: Same) -> Sampled:
        return on_instances(statement, sides_agree)

    def breaks(self, one: Instances, statement: Same) -> bool:
        return self.breaks_somewhere(one, statement)

    def breaks_somewhere(self, some: Instances, statement: Same) -> bool:
        return not sides_agree(some, statement).good.all()

    def describe(self, one: Instances, statement: Same) -> str:
        return "FAILS" if self.breaks(one, statement) else "holds"

    def places(self, statement: Same) -> Iterator[Place]:
        yield Place(f"{statement.label}, left", statement.left, lambda e: replace(statement, left=e))
        yield Place(f"{statement.label}, right", statement.right, lambda e: replace(statement, right=e))

    def refutes(self, claim: Claim, statement: Same, seed: int, examples: int) -> bool:
        return violated(claim, statement, seed, examples, sides_agree)

    def equivalent(self, claim: Claim, mutation: Mutation) -> bool:
        return follows_from(claim, mutation, mutation.statement.concludes()) or super().equivalent(claim, mutation)

    def script(self, source: Any, one: Instances, statement: Same) -> list[str]:  # noqa: ARG002
        left, right = source.texts(statement.left, statement.right)
        test = "np.allclose(left, right, rtol=1e-9, atol=1e-9)"
        return [
            f"left, right = {left}, {right}",
            'print("left", left)',
            'print("right", right)',
            f'print("the claim", "holds" if {test} else "FAILS")',
        ]


KIND = _Same()
