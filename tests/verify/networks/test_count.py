"""How the number of networks follows the number of examples."""

from __future__ import annotations

import pytest

from verify.networks.observations.count import many


@pytest.mark.parametrize(
    ("usual", "examples", "found"),
    [(26, 1000, 26), (26, 500, 13), (26, 1, 2), (26, 4000, 52), (6, 1_000_000, 190), (2, 10**9, 2000)],
)
def test_in_proportion_below_a_thousand_and_with_the_root_above(usual, examples, found):
    assert many(usual, examples, least=2) == found
