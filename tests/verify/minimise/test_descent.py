"""Batched descent: what it reaches, what it refuses, and that instances do not see one another."""

from __future__ import annotations

import numpy as np
import pytest

from verify.minimise import End, bfgs, descend, gradient_descent, lbfgs
from verify.minimise.dense import DELAY, Dense
from verify.minimise.engine import Move

METHODS = [descend, gradient_descent, lbfgs, bfgs]
GAP = 1e-10  # the relative gap to which the project accepts values


class Quadratics:
    """½(x − a)ᵀH(x − a) + v, condition numbers 1 … 10⁴."""

    def __init__(self, count: int, n: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        Q = np.linalg.qr(rng.standard_normal((count, n, n)))[0]
        spread = rng.uniform(0, 4, (count, 1)) * np.linspace(0, 1, n)
        self.H = (Q * 10.0 ** spread[:, None, :]) @ Q.mT
        self.a = rng.standard_normal((count, n))
        self.v = rng.standard_normal(count)

    def __call__(self, x, rows):
        z = x - self.a[rows]
        g = np.matvec(self.H[rows], z)
        return 0.5 * np.vecdot(z, g) + self.v[rows], g


def rosenbrock(x, rows):
    a, b = x[:, 0], x[:, 1]
    valley = b - a * a
    g = np.stack([-400 * a * valley - 2 * (1 - a), 200 * valley], axis=1)
    return 100 * valley**2 + (1 - a) ** 2, g


class ReducedVae:
    """βc² tr(ZZᵀQ) + βη² log det(UUᵀ + βc²I), or with fixed Σ βc² tr(ZZᵀQ) + tr(UΣUᵀ)."""

    def __init__(self, theta, kappa, noise, sigma=None, *, rotate=True, seed=0) -> None:
        count, d = theta.shape
        R = np.broadcast_to(np.eye(d), (count, d, d))
        if rotate:
            R = np.linalg.qr(np.random.default_rng(seed).standard_normal((count, d, d)))[0]
        self.M = (R * theta[:, None, :] ** 2) @ R.mT
        self.kappa, self.noise, self.sigma = kappa, noise, sigma
        if sigma is None:  # Σ θ²κ/s + βη² log s at s = ω² + κ = max(θ²/η_enc², κ)
            k, w = kappa[:, None], noise[:, None]
            s = np.maximum(theta**2 * k / w, k)
            self.minimum = (k * theta**2 / s + w * np.log(s)).sum(1)
        else:  # θ·min(θ, √κσ) doubled: θ² − (θ − √κσ)₊², largest θ with smallest σ
            short = np.maximum(theta - np.sqrt(kappa[:, None]) * sigma, 0.0)
            self.minimum = (theta**2 - short**2).sum(1)

    def __call__(self, x, rows):
        U = x.reshape(len(x), *self.M.shape[1:])
        k = self.kappa[rows, None, None]
        A = U @ U.mT + k * np.eye(U.shape[1])
        Q = np.linalg.inv(A)
        K = k * Q @ self.M[rows]
        value = np.trace(K, axis1=1, axis2=2)
        if self.sigma is None:
            w = self.noise[rows]
            value = value + w * np.linalg.slogdet(A)[1]
            pull = w[:, None, None] * (Q @ U)
        else:
            pull = U * self.sigma[rows, None, :] ** 2
            value = value + (pull * U).sum((1, 2))
        return value, (2 * (pull - K @ (Q @ U))).reshape(len(x), -1)

    def gap(self, found):
        return (found.value - self.minimum) / (1 + np.abs(self.minimum))


def vae(count=128, *, fixed=False, seed=0, theta=None, **options):
    rng = np.random.default_rng(seed)
    if theta is None:
        theta = -np.sort(-rng.uniform(0.2, 3, (count, 5)), axis=1)
    beta, dec, enc = rng.uniform(0.4, 1.8, count), *rng.uniform(0.5, 1.5, (2, count))
    sigma = np.sort(rng.uniform(0.3, 1.5, (count, 5)), axis=1) if fixed else None
    kappa, noise = beta * (dec / enc) ** 2, beta * dec**2
    problem = ReducedVae(theta, kappa, noise, sigma, **options)
    return problem, rng.standard_normal((count, 25))


def thresholds(count=128):
    problem, x0 = vae(count)
    theta = np.sort(np.random.default_rng(1).uniform(0.2, 3, (count, 5)), axis=1)
    theta[:, 1:3] = np.sqrt(problem.noise)[:, None]
    return ReducedVae(theta, problem.kappa, problem.noise), x0


def barrier(x, rows):
    """Σ x − log x, minimum n at 1; NaN for x < 0, as an objective with a log has it."""
    return (x - np.log(x)).sum(1), 1 - 1 / x


@pytest.mark.parametrize("method", METHODS)
def test_convex_quadratics_are_solved(method):
    problem = Quadratics(60, 8, seed=3)
    found = method(problem, np.zeros((60, 8)))
    # On its own gradient descent may stall at round-off here, and then does not claim to know.
    assert (
        np.isin(found.ended, (End.CONVERGED, End.STALLED)).all()
        if method is gradient_descent
        else (found.ended == End.CONVERGED).all()
    )
    assert np.all((found.value - problem.v) / (1 + np.abs(problem.v)) <= GAP)


@pytest.mark.parametrize("method", METHODS)
def test_rosenbrock_valleys_are_followed_to_their_end(method):
    found = method(rosenbrock, np.random.default_rng(0).uniform(-2, 2, (50, 2)))
    assert (found.ended == End.CONVERGED).all()
    assert found.value.max() <= GAP


@pytest.mark.parametrize("method", [descend, lbfgs, bfgs])
@pytest.mark.parametrize("fixed", [False, True])
def test_the_reduced_vae_reaches_the_closed_form_and_nothing_below(method, fixed):
    problem, x0 = vae(fixed=fixed)
    found = method(problem, x0)
    assert (found.ended == End.CONVERGED).all()
    assert problem.gap(found).max() <= GAP
    assert problem.gap(found).min() >= -1e-13  # hundreds of roundings of relative size 1e-16


def test_gradient_descent_reaches_the_closed_form_by_itself():
    problem, x0 = vae(64)
    found = gradient_descent(problem, x0)
    assert problem.gap(found).max() <= GAP


@pytest.mark.parametrize("theta", [[2, 2, 1, 1, 1], [1, 1, 1, 1, 1], [0.01] * 5, [0] * 5, [3, 1, 0, 0, 0]])
def test_ties_rank_deficiency_and_total_collapse(theta):
    problem, x0 = vae(32, theta=np.tile(np.array(theta, float), (32, 1)))
    found = descend(problem, x0)
    assert (found.ended == End.CONVERGED).all()
    assert problem.gap(found).max() <= GAP


def test_exact_thresholds_are_reached_though_the_hessian_is_singular():
    problem, x0 = thresholds()
    found = descend(problem, x0)
    assert (found.ended == End.CONVERGED).all()
    assert problem.gap(found).max() <= GAP


def test_graded_spectra_in_their_own_basis():
    theta = np.tile(np.logspace(3, -3, 5), (32, 1))
    problem, x0 = vae(32, theta=theta, rotate=False)
    found = descend(problem, x0)
    assert (found.ended == End.CONVERGED).all()
    assert problem.gap(found).max() <= GAP


def test_where_values_are_noise_descent_does_not_claim_more_than_it_has():
    theta = np.tile(np.logspace(3, -3, 5), (32, 1))
    problem, x0 = vae(32, theta=theta)  # cond(UUᵀ + κI) ~ 1e6 to 1e7: noise of 1e-10 to 1e-9
    found = descend(problem, x0)
    assert problem.gap(found).max() <= 1e-8
    assert not np.any((found.ended == End.CONVERGED) & (problem.gap(found) > GAP))


@pytest.mark.parametrize("method", METHODS)
def test_trial_points_outside_the_domain_are_refused(method):
    found = method(barrier, np.random.default_rng(0).uniform(1e-3, 50, (40, 3)))
    assert (found.ended == End.CONVERGED).all()
    assert np.allclose(found.value, 3, rtol=GAP)


@pytest.mark.parametrize("method", METHODS)
def test_a_start_outside_the_domain_is_an_error_that_names_the_row(method):
    x0 = np.ones((9, 2))
    x0[7, 1] = -1
    with pytest.raises(ValueError, match="row 7"):
        method(barrier, x0, chunk=2)
    x0[4, 0] = np.nan
    with pytest.raises(ValueError, match="row 4"):
        method(barrier, x0)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("chunk", [1, 7, 1024])
def test_an_instance_does_not_see_its_neighbours(method, chunk):
    def objective(x, rows):  # elementwise, so that the objective itself is bitwise independent
        z = x - shift[rows]
        return (np.cosh(z) + 0.1 * z[:, ::-1] * z).sum(1), np.sinh(z) + 0.2 * z[:, ::-1]

    rng = np.random.default_rng(0)
    shift, x0 = rng.standard_normal((2, 30, 3))
    whole = method(objective, x0)
    parts = method(objective, x0, chunk=chunk)
    assert np.array_equal(whole.x, parts.x)
    assert np.array_equal(whole.iterations, parts.iterations)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("chunk", [1, 2, 7])
def test_a_search_that_is_refused_trials_does_not_see_its_neighbours_either(method, chunk):
    x0 = np.random.default_rng(1).uniform(-2, 2, (30, 2))  # in whose valleys about a trial in three is refused
    whole, parts = method(rosenbrock, x0), method(rosenbrock, x0, chunk=chunk)
    assert np.array_equal(whole.x, parts.x)
    assert np.array_equal(whole.iterations, parts.iterations)


@pytest.mark.parametrize("method", [descend, lbfgs, bfgs])
def test_stacked_linear_algebra_is_independent_too(method):
    problem, x0 = vae(40)
    whole = method(problem, x0)
    alone = method(lambda x, rows: problem(x, rows + 17), x0[17:18])
    assert abs(whole.value[17] - alone.value[0]) <= 1e-12 * (1 + abs(alone.value[0]))


@pytest.mark.parametrize("method", METHODS)
def test_permuting_instances_permutes_results_and_runs_repeat(method):
    problem = Quadratics(25, 4, seed=1)
    x0, order = np.ones((25, 4)), np.random.default_rng(2).permutation(25)
    found = method(problem, x0, chunk=6)
    again = method(problem, x0, chunk=6)
    moved = method(lambda x, rows: problem(x, order[rows]), x0[order], chunk=6)
    assert np.array_equal(found.x, again.x)
    assert np.allclose(moved.value, found.value[order], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("steps", [1, 4, 16])
def test_values_never_rise_and_belong_to_the_points(method, steps):
    problem, x0 = vae(64, fixed=True)
    rows = np.arange(64)
    start = problem(x0, rows)[0]
    short = method(problem, x0, max_iterations=steps)
    longer = method(problem, x0, max_iterations=steps + 1)
    noise = 1e-14 * (1 + np.abs(start))
    assert np.all(short.value <= start + noise)
    assert np.all(longer.value <= short.value + noise)
    assert np.allclose(problem(short.x, rows)[0], short.value, rtol=1e-13)
    assert np.all(short.iterations <= steps)


@pytest.mark.parametrize("method", METHODS)
def test_an_optimal_start_is_left_alone(method):
    problem = Quadratics(5, 3, seed=0)
    found = method(problem, problem.a)
    assert np.array_equal(found.x, problem.a)
    assert (found.ended == End.CONVERGED).all()
    assert not found.iterations.any()


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_stack(method):
    found = method(rosenbrock, np.empty((0, 2)))
    assert found.x.shape == (0, 2)
    assert found.ended.shape == (0,)


class Counted:
    """An objective that counts what is asked of it."""

    def __init__(self, objective) -> None:
        self.objective, self.points = objective, 0

    def __call__(self, x, rows):
        self.points += len(x)
        return self.objective(x, rows)


ENDLESS = {
    "linear": lambda x, _: (x.sum(1), np.ones_like(x)),
    "quadratic": lambda x, _: (-(x**2).sum(1), -2 * x),
    "saddle": lambda x, _: (x[:, 0] ** 2 - x[:, 1] ** 2, 2 * x * np.array([1, -1])),
    "exponential": lambda x, _: (-np.exp(x).sum(1), -np.exp(x)),
    "late": lambda x, _: ((x**2 - 1e-3 * x**4).sum(1), 2 * x - 4e-3 * x**3),
}


@pytest.mark.parametrize("method", [descend, lbfgs, bfgs])
@pytest.mark.parametrize("name", ENDLESS)
def test_a_value_that_falls_without_end_is_said_to_fall_and_soon(method, name):
    objective = Counted(ENDLESS[name])
    x0 = np.full((3, 2), 40.0 if name == "late" else 1.0)
    found = method(objective, x0)
    assert (found.ended == End.FELL).all()
    assert (found.value < found.floor).all()
    assert np.isfinite(found.value).all()
    assert objective.points <= 60 * len(x0)


def test_falling_is_noticed_along_the_gradient_alone_too():
    assert (gradient_descent(ENDLESS["linear"], np.ones((3, 2)), max_iterations=400).ended == End.FELL).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_descent_that_may_take_no_more_steps_is_cut_off(method):
    found = method(rosenbrock, np.full((3, 2), -2.0), max_iterations=2)
    assert (found.ended == End.CUT_OFF).all()
    assert (found.iterations == 2).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("depth", [1e3, 1e9])
def test_a_deep_minimum_is_not_a_fall(method, depth):
    found = method(lambda x, _: (depth * ((x - 1) ** 2).sum(1) - 2 * depth, 2 * depth * (x - 1)), np.zeros((4, 2)))
    assert (found.ended == End.CONVERGED).all()  # from a value of 0 down to −2·depth
    assert np.allclose(found.value, -2 * depth)


@pytest.mark.parametrize("method", METHODS)
def test_a_search_without_hope_stops(method):
    """What is called the gradient leads up; or it is right, and no step is seen to lower the value."""
    for objective in (lambda x, _: (-x.sum(1), np.ones_like(x)), lambda x, _: (np.ones(len(x)), np.ones_like(x))):
        counted = Counted(objective)
        found = method(counted, np.ones((3, 2)), max_iterations=1500)
        assert (found.ended == End.STALLED).all()
        assert counted.points <= 3 * 500


@pytest.mark.parametrize("method", [descend, lbfgs, bfgs])
def test_a_kink_where_searches_fail_again_and_again_stalls(method):
    counted = Counted(lambda x, _: (np.abs(x).sum(1), np.sign(x)))
    found = method(counted, np.random.default_rng(0).normal(size=(20, 3)), max_iterations=1500)
    assert (found.ended == End.STALLED).all()
    assert counted.points <= 20 * 400


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="stack of vectors"):
        descend(rosenbrock, np.ones(2))
    with pytest.raises(ValueError, match="chunk"):
        lbfgs(rosenbrock, np.ones((1, 2)), chunk=0)
    with pytest.raises(ValueError, match="memory"):
        lbfgs(rosenbrock, np.ones((1, 2)), memory=0)
    with pytest.raises(ValueError, match="gave"):
        lbfgs(lambda x, rows: (x, x), np.ones((1, 2)))


def textbook(H, s, y, widened):
    """N&W (6.17) on one instance, H widened first."""
    H, rho, eye = widened * H, 1 / (s @ y), np.eye(len(s))
    return (eye - rho * np.outer(s, y)) @ H @ (eye - rho * np.outer(y, s)) + rho * np.outer(s, s)


@pytest.mark.parametrize("steps", [1, DELAY, 3 * DELAY + 1])
def test_waiting_updates_are_those_of_the_textbook(steps):
    k, n = 5, 6
    rng, model = np.random.default_rng(steps), Dense(k, n)
    curvature = (A := rng.standard_normal((k, n, n))) @ A.mT + np.eye(n)
    H, g = [None] * k, rng.standard_normal((k, n))
    for _ in range(steps):
        step = rng.standard_normal((k, n))
        change = np.matvec(curvature, step) * np.where(rng.random(k) < 0.2, -1, 1)[:, None]
        accepted, expected = rng.random(k) < 0.8, rng.uniform(0, 3, k) * np.vecdot(step, change)
        g = g + np.where(accepted[:, None], change, 0)
        model.learn(Move(step, change, g, expected, accepted))
        for i in np.flatnonzero(accepted & (np.vecdot(step, change) > 0)):
            s, y, seen = step[i], change[i], H[i] is not None
            known = H[i] if seen else s @ y / (y @ y) * np.eye(n)
            # `learnt` has counted this update already; the first n after the first may widen.
            may = seen and model.learnt[i] - 1 <= n
            H[i] = textbook(known, s, y, max(1, expected[i] / (s @ y)) if may else 1)
    p, _, known = model.direction(np.zeros((k, n)), g)
    for i in range(k):
        assert known[i] == (H[i] is not None)
        # A few dozen products of matrices of condition 1e3 at most.
        assert np.allclose(p[i], -g[i] if H[i] is None else -H[i] @ g[i], rtol=1e-9, atol=1e-9)


def test_a_forgotten_slot_starts_afresh():
    rng, model = np.random.default_rng(0), Dense(3, 4)
    g = rng.standard_normal((3, 4))
    model.learn(Move(g, g, g, np.zeros(3), np.ones(3, dtype=bool)))
    model.forget(np.array([1]))
    p, t, known = model.direction(np.zeros((3, 4)), g)
    assert known.tolist() == [True, False, True]
    assert np.array_equal(p[1], -g[1])
    assert t[1] != 1


def test_whole_matrices_are_not_kept_for_many_variables():
    found = descend(lambda x, _: (0.5 * np.vecdot(x, x), x.copy()), np.ones((2, 5000)))  # 200 MB an instance
    assert (found.ended == End.CONVERGED).all()


@pytest.mark.parametrize("problem", [lambda: vae(fixed=True), lambda: (Quadratics(60, 8, seed=3), np.zeros((60, 8)))])
def test_where_conditioning_is_bad_whole_matrices_take_fewer_steps_than_a_limited_memory(problem):
    objective, x0 = problem()
    assert bfgs(objective, x0).iterations.sum() < 0.8 * lbfgs(objective, x0).iterations.sum()
