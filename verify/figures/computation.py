"""From options to records: reads the data, takes their spectrum, and calls the module of the figure asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from verify.data.chunks import Chunked
from verify.data.data import Table
from verify.data.preparation import prepare
from verify.errors import InputError
from verify.figures import options as asked
from verify.figures.correlation import compute_correlation
from verify.figures.escape import compute_escape
from verify.figures.phase import compute_phase
from verify.figures.record import Checked
from verify.figures.spectrum import compute_spectrum
from verify.figures.staircase import compute_staircase
from verify.figures.trajectories import compute_trajectories
from verify.forecast.spectra import spectrum as modes_of
from verify.forecast.spectra import summarise
from verify.forecast.training import read_training

__all__ = ["compute"]

_DIGITS, _DIGITS_BETA = "digits", 80.0  # about half of the digits' first eight modes survive


def compute(options: asked.Options) -> Checked:
    """The record that the options ask for.

    Raises:
        InputError: options that contradict each other, or data that cannot be used.
    """
    match options:
        case asked.Spectrum():
            return _spectrum(options)
        case asked.Staircase(latent=latent):
            theta = _theta(options.output, options.input, options.theta, dict(options.reading))
            return compute_staircase(
                theta,
                latent=latent,
                eta_dec_value=options.eta_dec,
                eta_enc_value=options.eta_enc,
                points=options.points,
                starts=options.starts,
                seed=options.seed,
            )
        case asked.Phase():
            return compute_phase(
                levels=options.levels,
                learnable=options.learnable,
                x=options.x,
                y=options.y,
                box=(*options.x_range, *options.y_range),
                values=dict(options.set),
                points=options.points,
                seed=options.seed,
            )
        case asked.Correlation():
            return _correlation(options)
        case asked.Trajectories(claim=name):
            from verify import catalogue
            from verify.catalogue import resolve

            (known,) = resolve([name], catalogue.ids())
            return compute_trajectories(catalogue.claims()[known], starts=options.starts, seed=options.seed)
        case asked.Escape():
            return compute_escape(
                options.theta, beta_value=options.beta, eta_dec_value=options.eta_dec, eta_enc_value=options.eta_enc
            )


def _spectrum(options: asked.Spectrum) -> Checked:
    source, beta = options.output or _DIGITS, options.beta
    if beta is None and source != _DIGITS:
        raise InputError("give ‹beta›, the weight of the KL term that the data are to be held against.")
    script = read_training(
        options.loss, options.kl, beta or _DIGITS_BETA, eta_dec=options.eta_dec, latent=options.latent, unit=True
    )
    output, given = prepare(source, options.input, dict(options.reading))[:2]
    meant = script.weights(output.shape[1])
    theta_values = _modes(output, given)
    return compute_spectrum(theta_values, latent=options.latent, beta_value=meant.beta, eta_dec_value=meant.eta_dec)


def _correlation(options: asked.Correlation) -> Checked:
    roots = tuple(float(np.sqrt(x)) for x in options.eigenvalues)
    theta = _theta(options.output, None, roots, dict(options.reading))
    return compute_correlation(
        np.square(theta),
        latent=options.latent,
        beta_value=options.beta,
        eta_dec_value=options.eta_dec,
        points=options.points,
        starts=options.starts,
        seed=options.seed,
    )


def _theta(output: str | None, given: str | None, theta: tuple[float, ...], reading: dict[str, Any]) -> Any:
    """θ above 0, descending: of the data, or as given."""
    if output is None:
        if beside := [*(["input"] if given is not None else []), *reading]:
            raise InputError(f"‹{beside[0]}› goes with ‹output›.")
        return np.sort(np.asarray(theta, dtype=float))[::-1]
    found = _modes(*prepare(output, given, reading)[:2])
    if not found[0] > 0:
        raise InputError("nothing is left for a latent to encode: every θ of these data is 0.")
    return found[found > 0]


def _modes(output: Table | Chunked, given: Table | Chunked | None) -> Any:
    return modes_of(summarise(output, given), "vae" if given is None else "cvae").theta
