"""How much instances that all passed say: a bound on the failure rate, and the regions where nothing was tried."""

from __future__ import annotations

from collections.abc import Sequence

from rich.padding import Padding
from rich.text import Text

from verify.records.evidence import ClaimResult, Evidence
from verify.records.regions import Region

__all__ = ["odds", "state_confidence"]

_SHOWN = 4  # regions named; the report has them all


def state_confidence(results: Sequence[ClaimResult]) -> list[Padding]:
    """A sentence on all statements whose every instance passed, one on regions; none if there is no such statement."""
    passed = [(r.id, e) for r in results for e in r.evidence if e.failure_rate_below is not None]
    if not passed:
        return []
    total = sum(e.instances for _, e in passed)
    name, least = min(passed, key=lambda item: item[1].instances)
    said = (
        f"no failure in {total:,} instances of {len(passed)} statements; at 95 % confidence each fails on fewer than "
        f"{odds(least)} drawn like these (the least tried: {name}, {least.check})"
    )
    regions = [(name, e, region) for name, e in passed for region in e.regions]
    never = [(name, e, region) for name, e, region in regions if not region.instances]
    lines = [said, _never(never)] if never else [said]
    visited = [item for item in regions if item[2].instances]
    if visited:
        name, item, rarest = min(visited, key=lambda found: found[2].instances)
        lines.append(
            f"the least visited of {len(visited)} regions: {name}, {item.check}, {rarest.name} ({odds(rarest)})"
        )
    return [Padding(Text(line + ".", overflow="fold"), (0, 0, 0, 2)) for line in lines]


def odds(found: Evidence | Region) -> str:
    """The bound on the failure rate as odds, "1 in 20,029": 3/n for large n."""
    one_in = 1 / (found.failure_rate_below or 1)
    return f"1 in {one_in:.1f}" if one_in < 10 else f"1 in {one_in:,.0f}"


def _never(regions: Sequence[tuple[str, Evidence, Region]]) -> str:
    shown = "; ".join(f"{name}, {e.check}, {region.name}" for name, e, region in regions[:_SHOWN])
    more = f"; and {len(regions) - _SHOWN} more in audit.json" if len(regions) > _SHOWN else ""
    return f"never visited, so nothing is known there: {shown}{more}"
