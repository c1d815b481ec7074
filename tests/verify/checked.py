"""What several tests ask: the checks of a statement by name, and all evidence on a claim."""

from __future__ import annotations

from threadpoolctl import threadpool_limits

from verify.draw.trial import Trial
from verify.engine.judgement import checks, concluded, proof_and_controls
from verify.trials.kinds import kind_of


def checked(trial, statement, name):
    """The first piece of evidence of the check of that name."""
    return kind_of(statement).checks(trial, statement)[name]()[0]


def attained(trial, statement):
    """The loss at a claimed minimiser against the derived bound, on all instances."""
    return checked(trial, statement, "lower bound attained")


def on_instances(trial, statement):
    """A relation or an identity on all instances."""
    return checked(trial, statement, "instances")


def judge(claim, seed, examples, origin=""):
    """All evidence on a claim, found in this process; its verdict is not closed over the claims it uses."""
    trial = Trial(claim, seed, examples, origin)
    with threadpool_limits(limits=1):
        found = [
            tuple(evidence for check in checks(trial, statement).values() for evidence in check())
            for statement in claim.statements
        ]
        steps, planted = proof_and_controls(trial)
    return concluded(claim, found, steps, planted)
