"""The tables of the page: what is in their columns, and under which conditions. Figures are added by the tests."""

from __future__ import annotations

from tests.benchmarks.figures import Section

__all__ = ["SECTIONS"]


def _section(title: str, about: str, columns: dict[str, str]) -> Section:
    return Section(title=title, about=about, columns=columns, rows=())


SECTIONS = {
    "rivals": _section(
        "Against other ways to find the minimum",
        "Both cores, seconds of wall time; ratios are taken turn by turn. Rates count the instances within the gap, "
        "for the scripts all. A way marked * is stopped by an oracle that knows F*: each instance as soon as it is "
        "within the gap, a stack as soon as the share named is. The tool is never told. The gap columns are of all "
        "instances tried. “Tool's lead” is the rate of the tool's reduced descent over this rate.",
        {
            "model": "text",
            "way": "text",
            "instances": "count",
            "per second": "per second",
            "per processor second": "per second",
            "within the gap": "share",
            "median gap": "gap",
            "worst gap": "gap",
            "tool's lead": "times",
        },
    ),
    "judge": _section(
        "The judge in raw parameters against batched PyTorch L-BFGS",
        "One core each, the same stack, starts, gradient tolerance and most steps; nobody is told F*.",
        {
            "model": "text",
            "way": "text",
            "instances": "count",
            "per processor second": "per second",
            "within the gap": "share",
            "judge's lead": "times",
        },
    ),
    "certificates": _section(
        "Certificate checks",
        "Spectrum of the instance's moments, closed form, its loss, the derived bound, and their difference; one core.",
        {
            "model": "text",
            "d": "count",
            "per processor second": "per second",
            "in SVDs of the stack": "number",
            "worst gap": "gap",
        },
    ),
    "descents": _section(
        "Reduced descents",
        "One core; gap of the whole loss at the point found, put back into all parameters.",
        {
            "model": "text",
            "d": "count",
            "spectra": "text",
            "instances": "count",
            "per processor second": "per second",
            "gap ≤ 1e-10": "share",
            "worst gap": "gap",
        },
    ),
    "engine": _section(
        "The descent engine alone",
        "A reduced VAE loss written by hand, d = 5, gap ≤ 1e-10, against SciPy's L-BFGS-B on 64 of the same instances.",
        {
            "method": "text",
            "instances at once": "count",
            "Σ": "text",
            "per second": "per second",
            "gap ≤ 1e-10": "share",
            "evaluations": "number",
            "lead on SciPy": "times",
        },
    ),
    "instances": _section(
        "Against the number of instances",
        "Each line a process of its own, one core, instances drawn in blocks and forgotten; processor time of the "
        "check alone, but for the audit, whose line is the wall time of a whole command, start included. Peak memory "
        "is the process's own high-water mark (VmHWM).",
        {
            "check": "text",
            "instances": "count",
            "time per instance": "seconds",
            "per instance, of that at 10³": "times",
            "peak memory": "MB",
        },
    ),
    "workers": _section(
        "Against the number of workers",
        "Wall time with one and with two workers, in turns.",
        {"work": "text", "one worker": "seconds", "two workers": "seconds", "speed-up": "times"},
    ),
    "commands": _section(
        "Whole commands",
        "Each a fresh process, in turns. A cold audit starts with an empty cache of exact checks.",
        {"command": "text", "wall": "seconds", "processor": "seconds"},
    ),
    "forecasts": _section(
        "Forecasts and training",
        "A forecast of 60,000 × 784 bytes against one product XᵀX of them as float64; a step of training a ReLU CVAE "
        "against the matrix products in it. Processor time of one thread.",
        {"work": "text", "seconds": "seconds", "of the products": "times"},
    ),
    "forecast d": _section(
        "Forecasts against d",
        "10,000 rows of d numbers, all d latents, processor time of one thread; the second moments are most of it.",
        {"d": "count", "seconds": "seconds"},
    ),
}
