"""From options to records: data are read, spectra taken, and the figure's own module does the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from verify.data.chunks import Chunked
from verify.data.data import Table
from verify.data.sources import load_tables
from verify.errors import InputError
from verify.figures import options as asked
from verify.figures.correlation import correlation
from verify.figures.escape import escape
from verify.figures.phase import phase
from verify.figures.record import Checked
from verify.figures.spectrum import spectrum
from verify.figures.staircase import staircase
from verify.figures.trajectories import trajectories
from verify.forecast.moments import second_moments
from verify.forecast.moments import spectrum as modes_of

__all__ = ["compute"]

_DIGITS_BETA, _DIGITS_ETA = 80.0, 1.0  # about half of the digits' first eight modes survive


def compute(options: asked.Options) -> Checked:
    """The record that the options ask for.

    Raises:
        InputError: options that contradict each other, or data that cannot be used.
    """
    match options:
        case asked.Spectrum():
            return _spectrum(options)
        case asked.Staircase(latent=latent):
            theta = _theta(options.dataset, options.output, options.input_, options.model, options.theta)
            return staircase(
                theta,
                latent=latent,
                eta_dec_value=options.eta_dec,
                eta_enc_value=options.eta_enc,
                points=options.points,
                starts=options.starts,
                seed=options.seed,
            )
        case asked.Phase():
            return phase(
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
            return trajectories(catalogue.claims()[known], starts=options.starts, seed=options.seed)
        case asked.Escape():
            return escape(
                options.theta, beta_value=options.beta, eta_dec_value=options.eta_dec, eta_enc_value=options.eta_enc
            )


def _spectrum(options: asked.Spectrum) -> Checked:
    from verify.forecast.conversion import convert

    own, beta, eta = options.output is not None, options.beta, options.eta_dec
    if beta is None and own:
        raise InputError("give --beta, the weight of the KL term that the data are to be held against.")
    dataset = options.dataset if own else "digits"
    output, input_ = load_tables(dataset, options.output, options.input_, options.model)
    beta = beta or _DIGITS_BETA
    eta = _DIGITS_ETA if eta is None and options.loss == "gaussian" and not own else eta
    meant = convert(options.loss, beta, kl=options.kl, outputs=output.shape[1], latent=options.latent, eta_dec=eta)
    theta = _modes(output, input_, options.model)
    return spectrum(theta, latent=options.latent, beta_value=meant.beta, eta_dec_value=meant.eta_dec_squared**0.5)


def _correlation(options: asked.Correlation) -> Checked:
    roots = tuple(float(np.sqrt(x)) for x in options.eigenvalues)
    theta = _theta(options.dataset, options.output, None, "vae", roots)
    return correlation(
        np.square(theta),
        latent=options.latent,
        beta_value=options.beta,
        eta_dec_value=options.eta_dec,
        points=options.points,
        starts=options.starts,
        seed=options.seed,
    )


def _theta(dataset: str | None, output: str | None, input_: str | None, model: str, given: tuple[float, ...]) -> Any:
    """θ above 0, descending: of the data, or as given."""
    if not (dataset or output):
        if input_:
            raise InputError("--input goes with --output FILE.")
        return np.sort(np.asarray(given, dtype=float))[::-1]
    theta = _modes(*load_tables(dataset, output, input_, model), model)
    if not theta[0] > 0:
        raise InputError("nothing is left for a latent to encode: every θ of these data is 0.")
    return theta[theta > 0]


def _modes(output: Table | Chunked, input_: Table | Chunked | None, model: str) -> Any:
    return modes_of(second_moments(output, input_, centre=True), "vae" if model == "vae" else "cvae").theta
