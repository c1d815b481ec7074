"""One offline page with sliders over the spectrum of given data: what the derived optimum is at any setting."""

from __future__ import annotations

import json
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Unpack

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from verify.data.data import Floats
from verify.data.preparation import prepare
from verify.data.reading import Reading, changed
from verify.errors import InputError, in_python, switch, text
from verify.forecast.onset import check_likelihood
from verify.forecast.score_spectrum import measured_spectrum
from verify.forecast.scores import GAUSSIAN
from verify.forecast.spectra import caveats, spectrum, summarise
from verify.report.html.page import policy
from verify.report.javascript import MOST_LEVELS, formulas
from verify.store import files
from verify.version import program_version

__all__ = ["explore"]

_MOST = 512
"""Modes on the page: each costs 20 bytes, and a slider with more steps is hard to move."""
_MARK = '<meta name="generator" content="collapse-audit'


def explore(
    output: Any,
    input: Any = None,  # noqa: A002
    *,
    out: str | PathLike[str],
    likelihoods: Sequence[str] = (),
    dispersion: float | None = None,
    force: bool = False,
    **reading: Unpack[Reading],
) -> Path:
    """Write a page with sliders over the spectrum of `output` (rows, D), of a CVAE if `input` (rows, D0) is given.

    Its formulas are the derived ones, of 1 to 4 levels (of a CVAE 1). Beside the Gaussian likelihood it has those of
    `likelihoods`, as `predict` does, "negative-binomial" with its `dispersion`. Returns the page's path.

    Raises:
        InputError: as `predict`, a file that cannot be written, or (unless `force`) is a file of another kind.

    >>> import tempfile
    >>> explore("digits", out=tempfile.mkdtemp() + "/page.html").name
    'page.html'
    """
    target = Path(text("out", out))
    others = _others(likelihoods, dispersion, reading, input)
    files.prepare(target.parent, target.name)
    if not switch("force", force):
        files.refuse_foreign(target.parent, target.name, _MARK, "another file as ‹out›, or ‹force=True›")
    table, given, remarks = prepare(output, input, reading)
    moments = summarise(table, given)
    found = spectrum(moments, "vae" if given is None else "cvae")
    spectra = {GAUSSIAN: _modes(found.theta, np.square(found.theta))}
    for name, r in others.items():
        measured = measured_spectrum(table, name, r)
        spectra[name] = _modes(measured.values, measured.values) | {"filtered": measured.filtered, "dispersion": r}
    data = {
        "output": _name(output),
        "input": None if given is None else _name(input),
        "reading": changed(reading),
        "levels": MOST_LEVELS if given is None else 1,
        "spectra": spectra,
    }
    warnings = [in_python(remark) for remark in (*remarks, *caveats(moments))]
    page = _render(data, rows=moments.n, outputs=moments.outputs, shown=len(spectra[GAUSSIAN]["values"]), said=warnings)
    return files.replace(target.parent, target.name, page)


def _others(names: Any, r: float | None, reading: Reading, given: Any) -> dict[str, float | None]:
    """The likelihoods beside the Gaussian, each with its dispersion.

    Raises:
        InputError: as `predict`.
    """
    if isinstance(names, str):
        raise InputError("‹likelihoods› must be a list of names, like ['bernoulli'].")
    if r is not None and "negative-binomial" not in names:
        raise InputError("‹dispersion› goes with the likelihood 'negative-binomial'; leave it out.")
    wanted = [name for name in names if name != GAUSSIAN]
    return {
        name: check_likelihood(name, r if name == "negative-binomial" else None, reading, input=given)
        for name in wanted
    }


def _name(source: Any) -> str:
    """What a command calls the data: a file's name, of an array a place for one."""
    return str(source) if isinstance(source, str | PathLike) else "FILE"


def _modes(values: Floats, power: Floats) -> dict[str, Any]:
    """The first values, and the power (θ² of Gaussian modes) of all that are not among them."""
    return {"values": values[:_MOST].tolist(), "beyond": float(power[_MOST:].sum())}


def _render(data: dict[str, Any], **told: Any) -> str:
    made = Environment(
        loader=PackageLoader("verify.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    loader: Any = made.loader
    style = "".join(loader.get_source(made, name)[0] for name in ("style.css", "explorer.css"))
    script = '"use strict";\n' + formulas(data["levels"]) + loader.get_source(made, "explorer.js")[0]
    return made.get_template("explorer.html.j2").render(
        data=json.dumps(data, ensure_ascii=False),
        likelihoods=list(data["spectra"]),
        levels=range(1, data["levels"] + 1),
        model="VAE" if data["input"] is None else "CVAE",
        name=data["output"],
        version=program_version(),
        style=Markup(style),
        script=Markup(script),
        policy=policy(style, script),
        **told,
    )
