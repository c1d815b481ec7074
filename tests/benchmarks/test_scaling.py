"""Time against the number of instances, against d, against workers; memory; reduced descents and their gap."""

from __future__ import annotations

import json
import subprocess
import sys

import joblib
import numpy as np
import pytest

from tests.benchmarks import tool
from tests.benchmarks.clocks import ratio, turns
from tests.benchmarks.figures import spread
from tests.benchmarks.problems import CLAIMS, stack
from tests.benchmarks.scale import CLAIM
from verify.forecast.prediction import predict

TIGHT = 1e-10  # what a reduced descent is asked for
LONGEST = 60.0  # seconds that one line of a table may take, by its predecessor
WORKERS = 2
TURNS, ONCE = 3, 100_000  # sizes take turns, but for what takes longer than the machine's moods last


@pytest.mark.bench
@pytest.mark.parametrize(
    ("kind", "label", "counts"),
    [
        ("certificate", "certificate check, VAE", (100, 1000, 10_000, 100_000, 1_000_000)),
        ("reduced", "reduced descent, VAE", (100, 1000, 10_000, 100_000, 1_000_000)),
        ("audit", f"audit of {CLAIM}", (1000, 1_000_000)),
    ],
)
def test_time_and_memory_against_instances(kind, label, counts, benchmark, figures):
    costs, peaks, against = {}, {}, {}
    benchmark.pedantic(lambda: None, rounds=1)  # the processes are timed by themselves
    for turn in range(1 if kind == "audit" else TURNS):
        for count in counts:
            if kind != "audit" and costs and costs[max(costs)][0] * count > LONGEST:  # an audit of few is all start
                continue
            if turn and count > ONCE:
                continue
            found = line(kind, count)
            costs.setdefault(count, []).append(found["seconds"] / count)
            peaks[count] = found["peak"] or 0.0
            if 1000 in costs and kind != "audit":
                against.setdefault(count, []).append(costs[count][-1] / costs[1000][-1])
    for count in counts:
        if count in costs:
            ratios = spread(against[count]) if count in against else None
            figures.row("instances", label, count, spread(costs[count]), ratios, peaks[count])
        else:
            figures.row("instances", label, count, None, "not run: longer than a minute", None)
    assert len(costs) >= 2
    largest = max(costs)
    figures.target(f"{label}: peak memory at {largest:,} instances", "MB", max(peaks.values()), most=1000)
    if kind != "audit":
        off = max(abs(spread(ratios).median - 1) for count, ratios in against.items() if count >= 1000)
        figures.target(f"{label}: time per instance, 10³ to {largest:,}, off its value at 10³", "share", off, most=0.2)


def line(kind, count):
    """One process."""
    command = [sys.executable, "-m", "tests.benchmarks.scale", kind, str(count)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def svds(few):
    """What the certificate check is measured in: singular values of the same matrices."""
    moments = few.moments
    return np.linalg.svd(moments, compute_uv=False), 0.0


@pytest.mark.bench
@pytest.mark.parametrize(
    ("model", "d", "count"),
    [("VAE", 5, 4096), ("CVAE", 5, 4096), ("MHVAE", 5, 4096)]
    + [
        ("VAE", d, n)
        for d, n in ((2, 4096), (10, 4096), (20, 1024), (50, 256), (100, 64), (200, 16), (400, 4), (784, 2))
    ],
)
def test_certificates(model, d, count, benchmark, figures, one_thread):
    few = stack(model, count, d)
    minimum, _ = few.minimum, tool.certificate(few)
    ways = {"svd": lambda: svds(few), "check": lambda: (tool.certificate(few), 0.0)}
    found = turns(benchmark, ways, 5)
    claimed, derived = found["check"][-1].result
    worst = float(np.abs(few.gap(claimed)).max())
    np.testing.assert_allclose(derived, minimum, rtol=1e-9)  # θ is known to round-off of the largest
    assert worst <= 1e-9
    rate = spread([count / took.cpu for took in found["check"]])
    against = ratio(*([took.cpu for took in found[way]] for way in ("check", "svd")))
    figures.row("certificates", model, d, rate, against, worst)
    if d == 5:
        figures.target(f"{model}: certificate checks per processor second, d = 5", "per second", rate, least=1e5)
        figures.target(f"{model}: certificate check in SVDs, d = 5", "times", against, most=3)


DESCENTS = [
    *(("random", model, 5, 4096) for model in CLAIMS),
    *(("hard", model, 5, 384) for model in CLAIMS),
    *(("random", model, 20, 32 if model == "MHVAE" else 128) for model in CLAIMS),
    *(("random", model, 50, 8 if model == "MHVAE" else 32) for model in CLAIMS),
]
ASKED = {("VAE", 20): 250, ("VAE", 50): 60, ("VAE", 5): 15_000, ("CVAE", 5): 15_000, ("MHVAE", 5): 4000}
"""Half of what was asked for on two cores: one core is measured here, two where workers are."""


@pytest.mark.bench
@pytest.mark.parametrize(("spectra", "model", "d", "count"), DESCENTS)
def test_reduced_descents(spectra, model, d, count, benchmark, figures, one_thread):
    few = stack(model, count, d, spectra=spectra)
    few.minimum  # noqa: B018 - the reference is worked out first
    tool.reduced(few.take(np.arange(min(count, 8))))
    found = turns(benchmark, {"reduced": lambda: (tool.reduced(few), 0.0)}, 3 if d == 5 and spectra == "random" else 1)[
        "reduced"
    ]
    gap = few.gap(found[-1].result)
    assert gap.min() > -TIGHT
    rate = spread([count / took.cpu for took in found])
    share = float((gap <= TIGHT).mean())
    figures.row("descents", model, d, spectra, count, rate, share, float(gap.max()))
    figures.target(f"{model}: gap ≤ 1e-10, d = {d}, {spectra} spectra", "share", share, least=1.0)
    if spectra == "random" and (model, d) in ASKED:
        what = f"{model}: reduced descents per processor second, d = {d}"
        figures.target(what, "per second", rate, least=ASKED[model, d])


@pytest.mark.bench
@pytest.mark.parametrize("model", CLAIMS)
def test_two_workers_on_descents(model, benchmark, figures):
    count = 16_384 if model != "MHVAE" else 4096
    whole = stack(model, count)
    halves = [whole.take(half) for half in np.array_split(np.arange(count), WORKERS)]
    pool = joblib.Parallel(n_jobs=WORKERS)

    def with_workers(parts):
        answers = pool(joblib.delayed(tool.timed_share)("reduced", part) for part in parts)
        return np.concatenate([value for value, _ in answers]), sum(seconds for _, seconds in answers)

    with_workers([half.take(np.arange(8)) for half in halves])  # the workers' imports and plans
    found = turns(benchmark, {"one": lambda: with_workers([whole]), "two": lambda: with_workers(halves)}, 3)
    for way in found:  # a part starts from random points of its own: the same minima, not the same last digits
        assert np.abs(whole.gap(found[way][0].result)).max() <= TIGHT
    walls = [[took.wall for took in found[way]] for way in ("one", "two")]
    lead = ratio(*walls)
    figures.row("workers", f"reduced descent of {count:,} {model} instances", *map(spread, walls), lead)
    figures.target(f"{model}: two workers against one, reduced descents", "times", lead, least=1.7)
    rate = spread([count / wall for wall in walls[1]])
    asked = 8000 if model == "MHVAE" else 30_000
    figures.target(f"{model}: reduced descents per second on two cores, d = 5", "per second", rate, least=asked)


@pytest.mark.bench
@pytest.mark.parametrize("d", [2, 8, 32, 128, 784])
def test_forecasts_against_d(d, benchmark, figures, one_thread):
    y = np.random.default_rng(0).normal(size=(10_000, d))
    setting = {"model": "vae", "latent": d, "beta": 1.0, "eta_dec": 0.5, "eta_enc": 1.0}
    found = turns(benchmark, {"predict": lambda: (predict(y, **setting), 0.0)}, 5)["predict"]
    assert found[-1].result.active + found[-1].result.collapsed == d
    figures.row("forecast d", d, spread([took.cpu for took in found]))
