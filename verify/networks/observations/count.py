"""How many networks an observation measures."""

from __future__ import annotations

import math

__all__ = ["many"]

USUAL = 1000  # examples


def many(usual: int, examples: int, *, least: int) -> int:
    """`usual` at a thousand examples, in proportion below, with the square root above.

    Training a network costs as much as thousands of instances: a million examples are 32 times as many networks.
    """
    share = examples / USUAL
    return max(least, round(usual * min(share, math.sqrt(share))))
