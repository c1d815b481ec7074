"""Strings on the page: prose with subscripts, numbers a reader can take in, anchors, and what a claim is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

from verify.records.evidence import ClaimResult

__all__ = ["anchors", "breakable", "duration", "family", "models", "number", "prose", "value"]

# One letter, an underscore, what is below: θ_i, η_dec, β_12, W_{l+1}; a letter inside an ASCII word is left alone.
# A digit or bracket, a caret, what is above: 10^-600, (…)^(2/3).
_SCRIPT = re.compile(
    r"(?:(?:(?<![A-Za-z_])|(?<=_[A-Za-z]))([A-Za-z])|([^\W\dA-Za-z_]|∇))"
    r"_(?:\{([^{}]{1,12})\}|(dec|enc|max|min|\d+|[A-Z]{2,5}\b|[A-Za-zα-ω]))"
    r"|([\w)])\^(?:\{([^{}]{1,12})\}|\(([^()]{1,12})\)|([-−]?\d+))"
)
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_NAMED = (
    ("MHVAE and deeper", re.compile(r"mhvae|hierarch|chain|levels?\b", re.IGNORECASE)),
    ("CVAE", re.compile(r"cvae", re.IGNORECASE)),
    ("network", re.compile(r"network|non-?linear", re.IGNORECASE)),
    ("VAE", re.compile(r"(?<![a-z])vae", re.IGNORECASE)),
)
GENERAL = "any"


def prose(text: str) -> Markup:
    """Escaped text in which θ_i and 10^-9 are set with subscripts and superscripts."""
    parts: list[Markup] = []
    end = 0
    for found in _SCRIPT.finditer(text):
        below, above = found[3] or found[4], found[6] or found[7] or found[8]
        parts.append(escape(text[end : found.start()] + (found[1] or found[2] or found[5])))
        parts.append(Markup("<sub>{}</sub>").format(below) if below else Markup("<sup>{}</sup>").format(_minus(above)))
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _minus(text: str) -> str:
    return text.replace("-", "−")


def breakable(name: str) -> Markup:
    """An id that may be broken after its hyphens."""
    return Markup("-<wbr/>").join(name.split("-"))


def number(value: float | None) -> str:
    """A number as two digits and a power of ten, or in plain digits where these are shorter."""
    if value is None:
        return "–"
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.3g}" if value % 1 else f"{value:.0f}"
    digits, power = f"{value:.1e}".split("e")
    digits = digits.removesuffix(".0").replace("-", "−")
    head = "" if digits == "1" else f"{digits} × "
    return f"{head}10{str(int(power)).translate(_RAISED)}"


def value(x: object) -> str:
    """A witness's number, vector or matrix on one line."""
    if isinstance(x, tuple):
        return f"[{', '.join(map(value, x))}]"
    return f"{x:.10g}" if isinstance(x, float) else str(x)


def duration(seconds: float) -> str:
    """Seconds, or minutes where that reads better."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"


def anchors(names: Iterable[str]) -> dict[str, str]:
    """`claim-ID` for each id; what an anchor cannot hold becomes a hyphen, and no two are the same."""
    found: dict[str, str] = {}
    for name in names:
        plain = anchor = "claim-" + (re.sub(r"[^A-Za-z0-9_.-]+", "-", name) or "-")
        count = 1
        while anchor in found.values():
            count += 1
            anchor = f"{plain}-{count}"
        found[name] = anchor
    return found


def family(source: str) -> str:
    """The work a source belongs to: what comes before its first comma, colon or semicolon."""
    return re.split(r"[,;:] ", source, maxsplit=1)[0].strip() or "no source"


def models(results: Sequence[ClaimResult]) -> dict[str, tuple[str, ...]]:
    """Which models each claim is about: those its id names, else its title or source, else those of what it uses."""
    known = {result.id: result for result in results}
    return {result.id: _models(result, known) for result in results}


def _models(result: ClaimResult, known: Mapping[str, ClaimResult]) -> tuple[str, ...]:
    found: list[str] = []
    seen, queue = {result.id}, [result]
    while queue:
        one = queue.pop(0)
        if named := _mentioned(one.id) or _mentioned(f"{one.title} {one.source}"):
            found += named
            continue
        fresh = [name for name in one.uses if name in known and name not in seen]
        seen.update(fresh)
        queue += [known[name] for name in fresh]
    return tuple(dict.fromkeys(found)) or (GENERAL,)


def _mentioned(text: str) -> tuple[str, ...]:
    found = []
    for name, pattern in _NAMED:
        if pattern.search(text):
            found.append(name)
            text = pattern.sub(" ", text)  # an MHVAE is no VAE
    return tuple(found)
