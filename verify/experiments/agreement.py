"""One table of an experiment on many data sets: predicted beside measured counts, a line for each sweep along β."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from verify.experiments.records import Agreement, Cell, Count, Quantity

__all__ = ["agreements", "settled"]


def settled(cell: Cell) -> bool:
    """Whether a cell's count may be judged: its training, if there was any, had come to rest."""
    return cell.measured.get("settled", 1) == 1


def agreements(cells: Sequence[Cell]) -> tuple[Agreement, ...]:
    """A line for each data set, condition and network, then one over all cells of each network."""
    lines: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in cells:
        at = (str(cell.at["data"]), str(cell.at["given"]), str(cell.at["network"]))
        lines.setdefault(at, []).append(cell)
    found = [_agreement(*at, line, tuple(map(_count, line))) for at, line in sorted(lines.items(), key=_order(cells))]
    for network in dict.fromkeys(at[2] for at in lines):
        whole = [cell for at, line in lines.items() if at[2] == network for cell in line]
        found.append(_agreement("all", "all", network, whole, ()))
    return tuple(found)


def _order(cells: Sequence[Cell]):  # type: ignore[no-untyped-def]
    """The cells in the grid's order, but with all conditions of one network on one data set side by side."""
    ranks = [list(dict.fromkeys(str(cell.at[axis]) for cell in cells)) for axis in ("data", "given", "network")]
    return lambda item: (ranks[0].index(item[0][0]), ranks[2].index(item[0][2]), ranks[1].index(item[0][1]))


def _count(cell: Cell) -> Count:
    return Count(
        beta=float(cell.at["beta"]),
        predicted=_whole(cell.theory["active"]),
        measured=_whole(cell.measured["active"]),
        own=_whole(cell.theory["own"]) if "own" in cell.theory else None,
        near=cell.near,
        undecided=not settled(cell),
    )


def _agreement(data: str, given: str, network: str, line: Sequence[Cell], counts: tuple[Count, ...]) -> Agreement:
    judged = [cell for cell in line if not cell.near and settled(cell)]
    measured = [_whole(cell.measured["active"]) for cell in judged]

    def sides(key: str) -> tuple[float | None, int]:
        theory = [_whole(cell.theory[key]) for cell in judged]
        return _rank(theory, measured), sum(t == m for t, m in zip(theory, measured, strict=True))

    rank, exact = sides("active")
    own = sides("own") if judged and all("own" in cell.theory for cell in judged) else (None, None)
    return Agreement(
        data=data,
        given=given,
        network=network,
        counts=counts,
        rank=rank,
        exact=exact,
        own_rank=own[0],
        own_exact=own[1],
        judged=len(judged),
        near=sum(cell.near for cell in line),
        undecided=sum(not settled(cell) for cell in line),
    )


def _rank(theory: Sequence[int], measured: Sequence[int]) -> float | None:
    """Spearman's ρ, or None where one side is constant and has no ranks."""
    from scipy.stats import spearmanr

    if len(theory) < 3 or not np.ptp(theory) or not np.ptp(measured):
        return None
    return round(float(spearmanr(theory, measured).statistic), 6)


def _whole(value: Quantity) -> int:
    return int(value)  # type: ignore[arg-type]
