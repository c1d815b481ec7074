"""The smallest counterexample that Hypothesis finds; and that a failure once seen is never lost."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from hypothesis.errors import NoSuchExample

from verify.catalogue import claims
from verify.draw.instances import draw
from verify.trials import properties


def test_a_failure_that_cannot_be_found_again_is_shown_as_it_was(monkeypatch):
    claim = claims()["lemma-complete-square"]
    statement = claim.statements[0]
    one = draw(claim, 0, 0).take(np.array([0]))

    def lost(*_):
        raise NoSuchExample("")

    monkeypatch.setattr(properties, "_find", lost)
    monkeypatch.setattr(properties, "_drawn", lambda *_: (one,))
    assert properties.smallest(claim, statement, 6) == (None, 3)
    broken = SimpleNamespace(breaks=lambda *_: True, breaks_somewhere=lambda *_: True)
    monkeypatch.setattr(properties, "kind_of", lambda _: broken)
    assert properties.smallest(claim, statement, 6)[0] is one
