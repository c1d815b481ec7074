"""Whether a claim of `derivations` is true, how we know, and what it says about data.

    >>> import verify
    >>> verify.predict("digits", latent=6, beta=80).active
    4

Importing this package imports neither SymPy nor NumPy: `collapse-audit --help` must answer at once. What is listed in
`__all__` is looked up when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify.api import audit, check, claim, claims, derive, replay, template
    from verify.errors import InputError
    from verify.forecast.api import convert, diagnose, load, predict, sweep
    from verify.records.evidence import Verdict
    from verify.report.api import badge, diff, experiment, latex, plot
    from verify.report.html.api import page, pdf
    from verify.report.html.explorer import explore
    from verify.report.views import Audit, Result

    __version__: str

__all__ = [
    "Audit",
    "InputError",
    "Result",
    "Verdict",
    "__version__",
    "audit",
    "badge",
    "check",
    "claim",
    "claims",
    "convert",
    "derive",
    "diagnose",
    "diff",
    "experiment",
    "explore",
    "latex",
    "load",
    "page",
    "pdf",
    "plot",
    "predict",
    "replay",
    "sweep",
    "template",
]

_HOMES = {
    "verify.api": ("audit", "check", "claim", "claims", "derive", "replay", "template"),
    "verify.report.api": ("badge", "diff", "experiment", "latex", "plot"),
    "verify.forecast.api": ("convert", "diagnose", "load", "predict", "sweep"),
    "verify.report.html.api": ("page", "pdf"),
    "verify.report.html.explorer": ("explore",),
    "verify.report.views": ("Audit", "Result"),
    "verify.errors": ("InputError",),
    "verify.records.evidence": ("Verdict",),
}


if not TYPE_CHECKING:  # a checker would take any name for one that may exist

    def __getattr__(name):
        """Import a public name, or look `__version__` up in the installed metadata, when it is asked for."""
        if name == "__version__":
            from verify.version import program_version

            return program_version()
        for home, names in _HOMES.items():
            if name in names:
                from importlib import import_module

                return getattr(import_module(home), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
