"""The forecast against the raw matrix losses, against probabilistic PCA, and against itself."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from scipy.optimize import minimize
from sklearn.decomposition import PCA

from verify.data.data import digits
from verify.errors import InputError
from verify.forecast.latents import Forecast, Status
from verify.forecast.moments import second_moments
from verify.forecast.prediction import predict
from verify.forecast.spectra import spectrum

BETA, ETA_DEC, ETA_ENC = 0.7, 0.6, 1.3
SETTING: dict[str, Any] = {"beta": BETA, "eta_dec": ETA_DEC, "eta_enc": ETA_ENC}


def table(seed: int, n: int, scales: list[float], mixed: bool = True) -> np.ndarray:
    """n centred rows with exact second moment diag(scales²), rotated if `mixed`."""
    rng = np.random.default_rng(seed)
    raw = rng.normal(size=(n, len(scales)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / n)).T
    rotation = np.linalg.qr(rng.normal(size=(len(scales),) * 2))[0]
    return (white * scales) @ (rotation if mixed else np.eye(len(scales)))


def pair(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """y (n, 3) partly explained by x (n, 4), whose columns are dependent: one twice, one constant."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2)) * [1.0, 3.0]
    x = np.column_stack([x, x[:, 0], np.full(n, 0.1)])
    y = x @ rng.normal(size=(4, 3)) + rng.normal(size=(n, 3)) * [2.0, 1.0, 0.3]
    return y - y.mean(axis=0), x - x.mean(axis=0)


def loss(
    y: np.ndarray, mean: np.ndarray, U: np.ndarray, variances: np.ndarray, skip: np.ndarray | float = 0.0
) -> float:
    """−ELBO_β per row from the densities: q(z|·) = N(mean, diag), p(y|·) = N(Uz + skip, η_dec²I)."""
    misfit = np.mean(np.sum((y - mean @ U.T - skip) ** 2, axis=1)) + np.sum(U**2 @ variances)
    kl = np.mean(np.sum(mean**2, axis=1)) / ETA_ENC**2
    ratio = variances / ETA_ENC**2
    kl = (kl + np.sum(ratio - 1 - np.log(ratio))) / 2
    normaliser = y.shape[1] * math.log(2 * math.pi * ETA_DEC**2)
    return float(misfit / ETA_DEC**2 / 2 + normaliser / 2 + BETA * kl)


def optimum(y: np.ndarray, x: np.ndarray, model: str, d: int, sigma: tuple[float, ...] | None) -> float:
    """The least −ELBO_β that descent finds in the raw parameters, from several starts."""
    D, D0 = y.shape[1], x.shape[1]
    shapes = [(D, d), (d, D0)] + ([(D, D0), (d, D)] if model == "cvae" else [])
    sizes = [math.prod(shape) for shape in shapes]

    def value(point: np.ndarray) -> float:
        *blocks, logs = np.split(point, np.cumsum(sizes))
        U, W, *extra = (b.reshape(s) for b, s in zip(blocks, shapes, strict=True))
        variances = np.exp(logs) if sigma is None else np.square(sigma)
        if not extra:
            return loss(y, x @ W.T, U, variances)
        return loss(y, x @ W.T + y @ extra[1].T, U, variances, x @ extra[0].T)

    free = sum(sizes) + (d if sigma is None else 0)
    rng = np.random.default_rng(3)
    starts = (rng.normal(size=free) * 0.5 for _ in range(6))
    return min(minimize(value, s, method="BFGS", options={"gtol": 1e-7}).fun for s in starts)


CASES = [
    ("vae", 2, None),
    ("vae", 4, None),
    ("vae", 2, (1.1, 0.5)),
    ("vae", 3, (0.9, 0.9, 0.9)),
    ("cvae", 2, None),
    ("cvae", 3, None),
    ("cvae", 2, (0.4, 1.5)),
]


@pytest.mark.slow
@pytest.mark.parametrize(("model", "d", "sigma"), CASES)
def test_descent_on_the_raw_loss_reaches_the_forecast_and_no_further(
    model: str, d: int, sigma: tuple[float, ...] | None
) -> None:
    y, x = pair(1)
    forecast = predict(y, x, model=model, latent=d, sigma=sigma or "learnable", **SETTING)
    found = -optimum(y, x, model, d, sigma)
    assert found <= forecast.elbo + 1e-9
    assert found == pytest.approx(forecast.elbo, abs=1e-6)


def minimiser_loss(y: np.ndarray, d: int, sigma: np.ndarray | None) -> float:
    """−ELBO_β at the explicit minimiser of claims vae-learnable and vae-fixed, x = y."""
    values, vectors = np.linalg.eigh(y.T @ y / len(y))
    theta, R = np.sqrt(np.maximum(values[::-1], 0)), vectors[:, ::-1]
    k = min(d, len(theta))
    padded = np.zeros(d)
    padded[:k] = theta[:k]
    root, c = math.sqrt(BETA), ETA_DEC / ETA_ENC
    if sigma is None:
        excess = np.maximum(padded**2 - BETA * ETA_DEC**2, 0)
        omega = np.sqrt(excess) / ETA_ENC
        lam = np.divide(ETA_ENC * np.sqrt(excess), padded, out=np.zeros(d), where=padded > 0)
        level = np.maximum(padded**2, BETA * ETA_DEC**2)
        variances = BETA * ETA_DEC**2 * ETA_ENC**2 / level
    else:
        sigma = np.sort(sigma)
        excess = np.maximum(padded - root * c * sigma, 0)
        omega, lam = np.sqrt(root * c * excess / sigma), np.sqrt(sigma * excess / (root * c))
        variances = sigma**2
    U = np.zeros((len(theta), d))
    U[:, :k] = R[:, :k] * omega[:k]
    mean = np.zeros((len(y), d))
    mean[:, :k] = y @ (R[:, :k] / theta[:k]) * lam[:k]
    return loss(y, mean, U, variances)


@pytest.mark.parametrize("d", [1, 3, 5, 7])
@pytest.mark.parametrize("fixed", [False, True])
def test_the_raw_loss_at_the_explicit_minimiser_is_the_forecast(d: int, fixed: bool) -> None:
    y = table(4, 50, [3.0, 1.2, 0.8, 0.51, 0.2])
    sigma = np.linspace(1.7, 0.3, d) if fixed else None
    forecast = predict(y, model="vae", latent=d, sigma="learnable" if sigma is None else list(sigma), **SETTING)
    assert forecast.elbo == pytest.approx(-minimiser_loss(y, d, sigma), rel=1e-11)


def identity(forecast: Forecast, D: int, beta: float, eta_dec: float) -> float:
    normaliser = D / 2 * math.log(2 * math.pi * eta_dec**2)
    return -(forecast.distortion / (2 * eta_dec**2) + normaliser + beta * forecast.rate)


positive = st.floats(0.05, 20)


@given(
    seed=st.integers(0, 2**31),
    beta=positive,
    eta_dec=positive,
    eta_enc=positive,
    d=st.integers(1, 6),
    model=st.sampled_from(["vae", "cvae"]),
    fixed=st.booleans(),
)
def test_every_forecast_is_consistent(
    seed: int, beta: float, eta_dec: float, eta_enc: float, d: int, model: str, fixed: bool
) -> None:
    y, x = pair(seed, n=20)
    sigma = np.random.default_rng(seed).choice([0.3, 1.0, eta_enc], size=d) if fixed else "learnable"
    parameters = {"beta": beta, "eta_dec": eta_dec, "eta_enc": eta_enc}
    forecast = predict(y, x, model=model, latent=d, sigma=sigma, **parameters)
    latents = forecast.latents
    assert [latent.index for latent in latents] == list(range(1, d + 1))
    thetas = [latent.theta for latent in latents]
    assert thetas == sorted(thetas, reverse=True)
    assert forecast.active + forecast.collapsed == d
    assert forecast.active == sum(latent.status is Status.ACTIVE for latent in latents)
    for latent in latents:
        assert (latent.status is Status.ACTIVE) == (latent.beta_collapse > beta)
        assert (latent.margin > 0) <= (latent.beta_collapse >= beta)
        assert latent.kl >= -1e-12
    assert forecast.rate == pytest.approx(sum(latent.kl for latent in latents), abs=1e-9)
    assert forecast.elbo == pytest.approx(identity(forecast, 3, beta, eta_dec), rel=1e-9, abs=1e-9)
    assert Forecast.model_validate_json(forecast.model_dump_json()) == forecast


@given(index=st.integers(0, 2), fixed=st.booleans())
def test_at_the_reported_beta_the_latent_is_collapsed_and_just_below_it_is_active(index: int, fixed: bool) -> None:
    y = table(2, 40, [2.0, 1.0, 0.5])
    rest = {"model": "vae", "latent": 3, "eta_dec": 0.7, "eta_enc": 1.1}
    rest["sigma"] = [0.5, 0.9, 1.4] if fixed else "learnable"
    edge = predict(y, beta=1.0, **rest).latents[index].beta_collapse
    at, below = predict(y, beta=edge, **rest), predict(y, beta=math.nextafter(edge, 0), **rest)
    assert at.latents[index].status is not Status.ACTIVE
    assert below.latents[index].status is Status.ACTIVE
    lies = f"1 latent(s) lie within rounding of the threshold, the first is {index + 1}."
    assert lies in at.warnings
    assert lies in below.warnings


@pytest.mark.slow
@pytest.mark.parametrize("d", [1, 5, 20, 50])
def test_at_beta_one_the_bound_is_tight_on_probabilistic_pca(d: int) -> None:
    """ELBO = log-likelihood of y ~ N(0, WWᵀ + η²I) with the best W, eigenvalues from sklearn."""
    y, _ = digits("vae")
    eta = 1.5
    forecast = predict(y, model="vae", latent=d, beta=1.0, eta_dec=eta, eta_enc=2.0)
    n, D = y.shape
    pca = PCA(svd_solver="full").fit(y)
    eigenvalues = pca.explained_variance_ * (n - 1) / n  # sklearn divides by n − 1
    W = pca.components_[:d].T * np.sqrt(np.maximum(eigenvalues[:d] - eta**2, 0))
    covariance = W @ W.T + eta**2 * np.eye(D)
    centred = y - y.mean(axis=0)
    fit = np.trace(np.linalg.solve(covariance, centred.T @ centred / n))
    logdet = np.linalg.slogdet(covariance)[1]
    likelihood = -(D * math.log(2 * math.pi) + logdet + fit) / 2
    assert forecast.elbo == pytest.approx(likelihood, rel=1e-9)


def test_the_cvae_of_an_irrelevant_condition_is_the_vae() -> None:
    y = table(7, 64, [2.0, 1.0, 0.4])
    x = np.ones((64, 2))
    plain = predict(y, model="vae", latent=3, **SETTING)
    conditional = predict(y, x, model="cvae", latent=3, **SETTING)
    assert conditional.elbo == pytest.approx(plain.elbo, rel=1e-13)


def test_giving_the_output_as_input_changes_nothing() -> None:
    y = table(7, 64, [2.0, 1.0, 0.4, 0.0])
    plain = predict(y, model="vae", latent=3, **SETTING)
    doubled = predict(y, y, model="vae", latent=3, **SETTING)
    assert doubled.elbo == pytest.approx(plain.elbo, rel=1e-11)
    assert doubled.distortion == pytest.approx(plain.distortion, rel=1e-11)


def test_a_condition_that_says_everything_leaves_nothing() -> None:
    y = table(7, 64, [2.0, 1.0, 0.4])
    forecast = predict(y, y @ np.ones((3, 3)) + y * 2, model="cvae", latent=2, **SETTING)
    assert [latent.theta for latent in forecast.latents] == [0.0, 0.0]
    assert forecast.distortion == 0.0
    assert forecast.warnings == (
        "the output is a linear function of the input: nothing is left for a latent to encode.",
    )


@pytest.mark.parametrize("model", ["vae", "cvae"])
def test_units_of_the_input_do_not_matter(model: str) -> None:
    y, x = pair(5)
    reference = predict(y, x, model=model, latent=3, **SETTING)
    rescaled = predict(y, x * [1e-7, 1e6, 1.0, 1e9], model=model, latent=3, **SETTING)
    assert rescaled.elbo == pytest.approx(reference.elbo, rel=1e-10)


def test_redundant_inputs_do_not_matter() -> None:
    y, x = pair(5)
    least = np.column_stack([np.ones(60), x[:, :2]])
    residual = y - least @ np.linalg.lstsq(least, y)[0]
    expected = np.linalg.svd(residual, compute_uv=False) / math.sqrt(60)
    found = spectrum(second_moments(y, x), "cvae").theta
    assert found == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("seed", range(20))
def test_forty_inputs_of_rank_three_cost_no_digits(seed: int) -> None:
    """Without a cut at small eigenvalues of A the worst of these is off by 1e-13."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(60, 3))
    x, y = hidden @ rng.normal(size=(3, 40)), rng.normal(size=(60, 2)) + hidden[:, :2]
    basis = np.linalg.qr(np.column_stack([np.ones(60), hidden]))[0]
    residual = y - basis @ (basis.T @ y)
    expected = np.linalg.svd(residual, compute_uv=False) / math.sqrt(60)
    assert spectrum(second_moments(y, x), "cvae").theta == pytest.approx(expected, rel=2e-14, abs=0)


def status(theta: list[float], sigma: list[float], eta_enc: float = 1.0) -> list[str]:
    forecast = predict(
        table(1, 30, theta),
        model="vae",
        latent=len(sigma),
        beta=1.0,
        eta_dec=1.0 * eta_enc,
        eta_enc=eta_enc,
        sigma=sigma,
    )
    return [latent.status.value for latent in forecast.latents]


def test_the_four_statuses() -> None:
    # c = β = 1, so a mode is active iff θ > σ
    assert status([3, 0.5], [0.8, 0.8]) == ["active", "rank-collapsed"]
    assert status([3, 0.5], [1.0, 1.0]) == ["active", "rank-collapsed"]
    assert status([3, 0.5], [0.9, 0.8]) == ["active", "locally-collapsed"]
    assert status([3, 0.5], [1.0, 0.8]) == ["active", "prior-collapsed"]
    assert status([0.6, 0.5], [0.8, 0.8]) == ["locally-collapsed", "locally-collapsed"]
    assert status([0.6, 0.5], [1.0, 1.0]) == ["prior-collapsed", "prior-collapsed"]
    assert status([3, 2], [0.5, 0.5, 0.5]) == ["active", "active", "rank-collapsed"]


def test_the_smallest_sigma_serves_the_largest_theta_in_whatever_order() -> None:
    y = table(1, 30, [3.0, 1.0, 0.5])
    one = predict(y, model="vae", latent=3, sigma=[0.9, 0.2, 0.4], **SETTING)
    other = predict(y, model="vae", latent=3, sigma=np.array([0.4, 0.9, 0.2]), **SETTING)
    assert one == other
    assert one.sigma == (0.2, 0.4, 0.9)


@pytest.mark.parametrize("loss", ["mse-mean", "half-mse-mean", "mse-sum", "half-mse-sum", "gaussian"])
@pytest.mark.parametrize("kl", ["sum", "mean"])
def test_everything_is_said_in_the_beta_and_the_loss_of_the_script(loss: str, kl: str) -> None:
    """Against principal components: the script's loss r·‖y − ŷ‖² + β·k·KL at its optimum, entry by entry."""
    y = np.random.default_rng(5).normal(size=(200, 7)) @ np.diag([3.0, 2.0, 1.5, 1.0, 0.5, 0.2, 0.1])
    latent, beta, eta = 4, 0.3, 0.8 if loss == "gaussian" else None
    squares = np.linalg.eigvalsh(np.cov(y.T, bias=True))[::-1]
    r = {"mse-mean": 1 / 7, "half-mse-mean": 1 / 14, "mse-sum": 1, "half-mse-sum": 0.5, "gaussian": 0.5 / 0.8**2}[loss]
    k = 1 / latent if kl == "mean" else 1.0
    edges = squares[:latent] * 2 * r / k  # βk/(2r) = θ²
    forecast = predict(y, model="vae", latent=latent, beta=beta, loss=loss, kl=kl, eta_dec=eta)
    assert [x.beta_collapse for x in forecast.latents] == pytest.approx(edges)
    assert forecast.active == int((edges > beta).sum()) > 0
    assert [x.margin for x in forecast.latents] == pytest.approx(edges / beta - 1)
    for index, edge in enumerate(edges):  # on either side of each, the latent is what was said
        sides = (
            predict(y, model="vae", latent=latent, beta=edge * s, loss=loss, kl=kl, eta_dec=eta) for s in (0.99, 1.01)
        )
        assert [one.active for one in sides] == [index + 1, index]
    on = squares[:latent][edges > beta]
    error = r * (len(on) * beta * k / (2 * r) + squares.sum() - on.sum())
    divergence = k * np.log(on * 2 * r / (beta * k)).sum() / 2
    script = forecast.script
    assert (script.error, script.divergence) == pytest.approx((error, divergence))
    assert script.total == pytest.approx(error + beta * divergence)
    constant = 7 * math.log(2 * math.pi / (2 * r)) / 2
    assert -forecast.elbo == pytest.approx(script.total + constant)


def test_the_published_inputs_of_a_mean_reduced_script() -> None:
    """`mse-mean` with a mean KL: the printed β is the script's, not the theory's, which is d times smaller."""
    y = table(1, 40, [3.0, 1.0, 0.5, 0.1])
    forecast = predict(y, model="vae", latent=3, beta=0.05, loss="mse-mean", kl="mean")
    assert [x.beta_collapse for x in forecast.latents] == pytest.approx([9 * 1.5, 1.5, 0.375])
    text = shown(forecast)
    assert "13.5" in text
    assert "level βη_dec² = 0.033333" in text
    assert "β-weighted ELBO" in text
    assert "your loss (mse-mean + β·KL mean)" in text


def test_closed_form_of_one_learnable_mode() -> None:
    forecast = predict(table(1, 30, [3.0, 1.0]), model="vae", latent=3, beta=2.0, eta_dec=1.5, eta_enc=5.0)
    first, second, third = forecast.latents
    assert first.kl == pytest.approx(0.5 * math.log(9 / 4.5))
    assert first.beta_collapse == pytest.approx(4.0)
    assert first.margin == pytest.approx(1.0)
    assert (second.kl, second.status) == (0.0, "prior-collapsed")
    assert (third.theta, third.beta_collapse, third.margin) == (0.0, 0.0, -1.0)
    assert forecast.distortion == pytest.approx(4.5 + 1.0)
    assert forecast.water_level == 4.5


def test_the_json_keys() -> None:
    parsed = json.loads(predict(table(1, 9, [1.0]), model="vae", latent=1, **SETTING).model_dump_json())
    assert list(parsed) == [
        "model",
        "latents",
        "active",
        "collapsed",
        "rate",
        "distortion",
        "misfit",
        "elbo",
        "kl_weight",
        "eta_dec",
        "script",
        "water_level",
        "warnings",
        "samples",
        "advice",
        "sampling",
        "centred",
        "sigma",
    ]
    latent = ["index", "theta", "status", "kl", "beta_collapse", "margin"]
    assert list(parsed["latents"][0]) == latent


def test_warnings_say_what_may_mislead() -> None:
    y = table(1, 30, [1.0, 0.5])
    few = predict(y[:2] * [[1.0, 2.0]], y[:2], model="cvae", latent=1, **SETTING)
    assert few.warnings[0] == (
        "there are fewer rows (2) than features (4): the input explains the rows by chance, and of what it leaves"
        " noise looks like modes; if rows and columns are swapped, give transpose=True."
    )
    assert predict(y + 9, model="vae", latent=1, **SETTING).warnings == ()
    offset = predict(y + 9, model="vae", latent=1, centre=False, **SETTING)
    assert offset.warnings == (
        "the output's mean makes up 99% of its second moment: without centring, a constant looks"
        " active and carries no information.",
    )
    assert predict(np.ones((4, 2)), model="vae", latent=1, **SETTING).warnings == (
        "the output does not vary with the input: nothing is left for a latent to encode.",
    )
    faint = predict(y, model="vae", latent=1, beta=1e-20, eta_dec=1.0, eta_enc=1.0)
    assert faint.warnings[0].startswith("water_level is below 5e-16, the rounding error")


BAD = [
    ({"beta": 0}, "beta must be a finite number above 0, not 0."),
    ({"beta": math.nan}, "beta must be a finite number above 0, not nan."),
    ({"beta": None}, "beta must be a finite number above 0, not None."),
    ({"eta_dec": -1.0}, "eta_dec must be a finite number above 0, not -1.0."),
    ({"eta_enc": math.inf}, "eta_enc must be a finite number above 0, not inf."),
    ({"latent": 0}, "latent must be an integer from 1 to 100000, not 0."),
    ({"latent": 2.5}, "latent must be an integer from 1 to 100000, not 2.5."),
    ({"sigma": [1.0, 0.0]}, "each sigma must be a finite number above 0, not 0.0."),
    ({"sigma": [1.0]}, "sigma has 1 values, latent is 2; give one per latent."),
    ({"sigma": "1,2"}, "sigma must be 'learnable' or one number per latent, not '1,2'."),
    ({"sigma": 3}, "sigma must be 'learnable' or one number per latent, not 3."),
    ({"model": "gan"}, "unknown model 'gan'; use 'vae' or 'cvae'."),
    ({"model": "cvae"}, "the model 'cvae' needs input, the condition x."),
]


@pytest.mark.parametrize(("change", "message"), BAD)
def test_bad_parameters_are_named(change: dict[str, Any], message: str) -> None:
    parameters = {"model": "vae", "latent": 2, **SETTING} | change
    with pytest.raises(InputError) as caught:
        predict(np.eye(3), **parameters)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"eta_dec": 1e200}, "β or η_dec is too large or too small for float64"),
        ({"eta_dec": 1e-200}, "β or η_dec is too large or too small for float64"),
        ({"beta": 1e-320}, "too far from the scale of the data for float64"),
        ({"sigma": [1e-200, 1.0]}, "too far from the scale of the data for float64"),
    ],
)
def test_parameters_far_from_the_data_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        predict(np.eye(3), **{"model": "vae", "latent": 2, **SETTING} | change)


def shown(forecast: Forecast, width: int = 80) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as captured:
        console.print(*forecast.tables())
    return captured.get()


def test_the_table_shows_every_latent_and_the_totals() -> None:
    text = shown(predict(table(1, 30, [3.0, 0.5]), model="vae", latent=2, sigma=[1, 1], **SETTING))
    lines = text.splitlines()
    assert lines[0].split() == ["latent", "θ", "σ", "status", "KL", "(nats)", "collapses", "at", "β", "≥", "margin"]
    assert lines[2].split()[:4] == ["1", "3", "1", "active"]
    assert "linear VAE on 30 rows (means subtracted)" in text


def test_long_tables_are_abbreviated() -> None:
    y, _ = digits("vae")
    text = shown(predict(y, model="vae", latent=64, beta=1.0, eta_dec=4.0, eta_enc=1.0))
    assert "… and 43 collapsed more" in text
    assert sum(line.split()[2:3] == ["active"] for line in text.splitlines()) == 16
    assert max(map(len, text.splitlines())) <= 80


def test_warnings_are_shown() -> None:
    text = shown(predict(np.ones((4, 2)), model="vae", latent=1, **SETTING), width=200)
    assert "Warning: the output does not vary with the input" in text
