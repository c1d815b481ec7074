"""The checks of a statement by name: what several tests ask of the table of kinds."""

from __future__ import annotations

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
