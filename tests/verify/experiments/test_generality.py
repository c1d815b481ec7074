"""Many data sets: training until counts settle, what is undecided, and the one table of predicted and measured."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

from verify.data.datasets import Source
from verify.experiments import networks, settling
from verify.experiments.agreement import agreements
from verify.experiments.catalogue import experiment
from verify.experiments.expectations import stated
from verify.experiments.experiment import Problem
from verify.experiments.networks import Network
from verify.experiments.records import Cell
from verify.experiments.settling import ROUNDS
from verify.experiments.table import agreement_table
from verify.experiments.theory import Scales

WANTED = experiment("generality")


def rounds(monkeypatch, kls, losses):
    """What `settle` says of rounds with these KLs and losses aside."""
    kls, losses = iter(kls), iter(losses)
    made = []

    class Round(Network):
        def rates(self):
            return (np.array(next(kls)),)

    def train_on(data, net, scales, count, batch, seed, start=None):
        made.append((len(data), count, seed, start))
        return Round(net, np.full(net.size, float(len(made))), data, scales, ())

    monkeypatch.setattr(settling, "train_on", train_on)
    monkeypatch.setattr(settling, "_loss", lambda *_: next(losses))
    y = np.random.default_rng(0).normal(size=(100, 4))
    found = settling.settle(Problem(Source(), {}, True, 0), "vae", (3,), Scales(1.0), y)
    return found, made


def test_training_ends_when_nothing_moves(monkeypatch):
    found, made = rounds(monkeypatch, [[2, 1, 0.3], [2, 1, 0.01], [2, 1, 0.005]], [9.0, 8.0, 8.0])
    assert (found.rounds, found.settled, found.memorises) == (3, True, False)
    assert list(found.kl) == [2, 1, 0.005]
    assert [rows for rows, *_ in made] == [90, 90, 90]  # one row in ten is kept aside
    assert {count for _, count, *_ in made} == {networks.steps(Problem(Source(), {}, True, 0)) // 2}
    assert len({seed for *_, seed, _ in made}) == 3
    assert made[0][3] is None
    assert made[2][3][0] == 2.0  # each round begins where the last ended


@pytest.mark.parametrize(
    "kls",
    [
        [[2, 1, 0.15], [2, 1, 0.09], [2, 1, 0.06]],  # a latent on its way out, though the count stays
        [[1, 1, 1], [2, 1, 1], [2, 1, 1]],  # the total moves
    ],
)
def test_what_still_moves_has_not_settled(monkeypatch, kls):
    found, _ = rounds(monkeypatch, [kls[0], *kls[1:]], [9.0, 8.0, 7.0])
    assert found.rounds == 3


def test_the_round_before_the_loss_aside_rises_is_kept(monkeypatch):
    found, _ = rounds(monkeypatch, [[2, 1, 1], [2, 1, 0]], [8.0, 8.5])
    assert found.memorises
    assert not found.settled  # three or two?
    assert list(found.kl) == [2, 1, 1]
    assert found.network.params[0] == 1.0
    found, _ = rounds(monkeypatch, [[2, 1, 0], [2, 1.5, 0]], [8.0, 8.5])
    assert found.settled


def test_what_never_settles_is_undecided(monkeypatch):
    found, made = rounds(monkeypatch, [[k, 1, 1] for k in range(1, 10)], range(20, 0, -1))
    assert not found.settled
    assert len(made) == found.rounds == ROUNDS


def test_a_network_settles_on_data_of_two_directions():
    rng = np.random.default_rng(0)
    y = rng.normal(size=(2000, 4)) * [2.0, 1.7, 0.3, 0.3]
    found = settling.settle(Problem(Source(), {}, True, 0), "vae", (4,), Scales(1.0), y)
    assert found.settled
    assert int((found.kl > 0.05).sum()) == 2


def cell(beta, predicted, measured, network="relu", near=False, settled=1, own=None):
    at = {"beta": beta, "data": "digits", "given": "quarter", "network": network}
    theory = {"active": predicted} | ({} if own is None else {"own": own})
    rest = {"own": measured, "settled": settled, "memorises": 0, "rounds": 2} if network == "relu" else {}
    return Cell(at=at, theory=theory, measured={"active": measured, **rest}, near=near, seconds=0)


CELLS = [
    cell(0.2, 12, 9, own=9),
    cell(0.5, 8, 5, own=5),
    cell(1.0, 5, 2, near=True, own=2),
    cell(2.0, 1, 4, settled=0, own=1),
    cell(3.5, 0, 0, own=1),
    *(cell(beta, k, k, "linear") for beta, k in ((0.2, 12), (0.5, 8), (1.0, 5))),
]


def test_agreement_judges_what_settled_away_from_thresholds():
    linear, relu = (
        next(a for a in agreements(CELLS) if a.network == n and a.data == "digits") for n in ("linear", "relu")
    )
    assert (linear.rank, linear.exact, linear.judged, linear.own_exact) == (1.0, 3, 3, None)
    assert (relu.rank, relu.exact, relu.judged, relu.near, relu.undecided) == (1.0, 1, 3, 1, 1)
    assert (relu.own_rank, relu.own_exact) == (1.0, 2)
    total = next(a for a in agreements(CELLS) if a.data == "all" and a.network == "relu")
    assert (total.exact, total.judged, total.counts) == (1, 3, ())
    constant = agreements([cell(b, 0, 0) for b in (0.2, 0.5, 1.0)])[0]
    assert constant.rank is None  # no ranks, rather than a perfect one
    assert agreements([cell(b, 3 - k, k) for k, b in enumerate((0.2, 0.5, 1.0))])[0].rank == -1.0


def test_the_table_fits_a_terminal_and_marks_what_is_not_judged():
    console = Console(file=io.StringIO(), width=80)
    console.print(agreement_table(agreements(CELLS)))
    text = console.file.getvalue()
    assert "5→2*" in text
    assert "1→4?" in text
    assert " own " in text
    assert "9→9" in text
    assert "1/3" in text
    assert "…" not in text


def test_undecided_cells_are_shown_and_too_many_fail():
    judge = WANTED.expectations[0]
    finding = judge(CELLS)
    assert finding.holds
    assert finding.found == "4 of 5 cells"
    assert finding.exceptions == ("beta = 2, data = digits, given = quarter, network = relu: 4 active after 2 rounds",)
    assert not judge([cell(0.2, 1, 1, settled=0), cell(0.5, 1, 1)]).holds
    assert not judge([]).holds
    assert judge in WANTED.expected(quick=False)
    assert judge not in WANTED.expected(quick=True)  # it trains for a fixed number of steps
    exact = next(e for e in WANTED.expectations if e.label == "ReLU: exact matches")(CELLS)
    assert "1 of 3 exact" in exact.found  # the undecided cell is neither a match nor a failure


def test_expectations_are_stated_without_results():
    from verify.experiments.catalogue import EXPERIMENTS

    for one in EXPERIMENTS:
        for expectation in one.expectations:
            assert len(stated(expectation)) > 10


def test_networks_are_not_given_the_chessboard_of_large_images():
    digits = list(WANTED.grid(Source(rows=100), quick=False))
    assert {"beta": 0.2, "data": "digits", "given": "chessboard", "network": "relu"} in digits
    assert len(digits) == 40
    large = type("Images", (), {"pixels": np.zeros((2, 784))})
    places = [at for at in digits if not WANTED.skip(at, large)]
    assert len(places) == 35
    assert all(at["given"] != "chessboard" or at["network"] == "linear" for at in places)
