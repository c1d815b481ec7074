"""The onset of collapse of a decoder that is not Gaussian, as records, and how they are printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field
from rich import box
from rich.table import Table
from rich.text import Text

from verify.records.record import Record, Shown

__all__ = ["Bound", "Mode", "Onset", "OnsetSweep", "Setting"]

_ALL = 40  # rows of a table


class Mode(Record):
    """One eigenvalue of the score matrix."""

    index: int = Field(ge=1, description="counted from 1, the largest first")
    eigenvalue: float = Field(ge=0, description="λ_i(S), over σ²_min if Σ is fixed; β of a KL in nats")
    beta: float = Field(ge=0, description="the same in the script's β")
    above: bool = Field(description="whether it is above β: a latent may then be active, which is an estimate")


class Bound(Record):
    """What a claim says of complete collapse as a global minimum."""

    claim: str = Field(description="id of the claim")
    expected: str = Field(description="the verdict that an audit of it is expected to reach")
    optimal_from: float | None = Field(description="the script's β from which on collapse is a global minimum")
    beaten_below: float | None = Field(description="the β below which some network is better")

    def says_optimal(self, beta: float) -> bool:
        """Whether it does at this β, and is proved."""
        return self.optimal_from is not None and self.expected == "PROVED" and beta >= self.optimal_from


class Onset(Shown):
    """Whether complete collapse of a VAE is stable at β, and optimal as far as is known."""

    likelihood: str
    dispersion: float | None
    samples: int = Field(ge=2, description="rows of data")
    outputs: int = Field(ge=1, description="outputs that are not constant, softmax variables counted once")
    constant: int = Field(ge=0, description="columns left out because they are")
    rare: int = Field(ge=0, description="outputs, of softmax variables categories, with a value in < 1 % of the rows")
    modes: tuple[Mode, ...] = Field(description="one for each latent, as far as there are eigenvalues")
    threshold: float = Field(ge=0, description="complete collapse is a saddle iff β is below it; the script's β")
    claim: str = Field(description="id of the claim that says so")
    expected: str = Field(description="the verdict that an audit of it is expected to reach")
    filtered: float = Field(ge=0, description="the same without rare outputs")
    effective_outputs: float = Field(description="1/Σv⁴ of the first eigenvector v")
    effective_samples: float = Field(description="(Σc²)²/Σc⁴, c each row's part in it")
    stable: bool = Field(description="no infinitesimal change of the collapsed model lowers its loss")
    gain: float | None = Field(description="nats that the first latent gains within 10 % below a simple λ_1, if known")
    bounds: tuple[Bound, ...] = Field(description="when collapse is a global minimum, as far as that is known")
    optimal: bool = Field(description="whether a proved bound says that collapse is one; else it is not known, or none")
    estimate: int = Field(ge=0, description="about as many latents are active: eigenvalues above β, at most d")
    above: int = Field(ge=0, description="eigenvalues above β, however many latents there are")
    collapsed_loss: float | None = Field(description="the loss at complete collapse, nats, where y is discrete")
    latent: int = Field(ge=1)
    beta: float = Field(gt=0, description="β as the script has it")
    loss: str = Field(description="reconstruction term")
    kl: str = Field(description="KL term")
    kl_weight: float = Field(gt=0, description="β of −log p(y|z) + β·KL in nats")
    sigma: Literal["learnable", "fixed"]
    warnings: tuple[str, ...] = ()

    def tables(self) -> list[Any]:
        """As the command line prints it."""
        table = _grid("latent", "λ", "as β", "above yours")
        for mode in self.modes[:_ALL]:
            cells = str(mode.index), _number(mode.eigenvalue), _number(mode.beta), "yes" if mode.above else "no"
            table.add_row(*cells)
        hidden = len(self.modes) - len(self.modes[:_ALL])
        more = [Text(f"… and {hidden} more")] if hidden else []
        words = [Text(), *(Text(line, style="dim") for line in _LEGEND), Text(), *map(Text, _said(self))]
        return [table, *more, *words, *(Text.assemble(("Warning: ", "bold"), w) for w in self.warnings)]


_LEGEND = (
    "λ: eigenvalues of the outputs' standardised score matrix at complete collapse (KL in nats)",
    "as β: the same in your β",
    "above yours: an estimate of which latents are active; only the first row is exact",
)


def _said(found: Onset) -> Iterator[str]:
    r = "" if found.dispersion is None else f", dispersion {found.dispersion:.5g}"
    yield f"{found.likelihood} decoder{r} on {found.samples} rows, {found.outputs} outputs, {found.latent} latents"
    rare = f"; {_number(found.filtered)} without {found.rare} rare ones" if found.rare else ""
    yield (
        f"collapse threshold β = {_number(found.threshold)} ({found.constant} outputs dropped as constant{rare};"
        f" rests on about {found.effective_outputs:.0f} outputs and {found.effective_samples:.0f} rows;"
        f" {found.claim}, expected {found.expected})"
    )
    if found.stable:
        yield f"at β = {found.beta:.5g} complete collapse is stable; optimal: {_optimal(found)}"
        if found.sigma == "learnable":
            yield "a deeper decoder ξ = a + f(z), or another encoder, has a threshold of at most this one"
    else:
        yield f"at β = {found.beta:.5g} complete collapse is a saddle: if training ends there, optimisation failed"
        beyond = f" ({found.above} eigenvalues are above β)" if found.above > found.estimate else ""
        if found.gain is not None:
            yield f"it costs only about {_number(found.gain)} nats per row there (bernoulli-bifurcation)"
        yield f"about {found.estimate} of {found.latent} latents are active{beyond}: an estimate, no bound either way"
    yield from _known(found)
    if found.collapsed_loss is not None:
        yield f"loss at complete collapse: {_number(found.collapsed_loss)} nats per row"


def _optimal(found: Onset) -> str:
    """Whether collapse is a global minimum at this β, and which claim says so."""
    said = [bound.claim for bound in found.bounds if bound.says_optimal(found.beta)]
    return f"yes, by {' and '.join(said)}" if said else "not known"


def _known(found: Onset) -> Iterator[str]:
    """The bounds, each with the claim that it stands on and that claim's verdict."""
    for bound in found.bounds:
        said = []
        if bound.optimal_from is not None:
            any_network = "all networks", "models with ξ linear in z and one Σ for all rows"
            who = any_network[bound.beaten_below is None]
            said.append(f"optimal among {who} from β = {_number(bound.optimal_from)}")
        if bound.beaten_below is not None:
            said.append(f"beaten below {_number(bound.beaten_below)} by a network that tells all rows apart")
        yield f"collapse is {', '.join(said)} ({bound.claim}, expected {bound.expected})"


class Setting(Record):
    """One setting of a grid."""

    beta: float = Field(description="β as given")
    latent: int
    threshold: float = Field(description="complete collapse is a saddle iff β is below it")
    stable: bool
    estimate: int = Field(ge=0, description="about as many latents are active")
    keep: tuple[float, float] | None = Field(description="an estimate of the β that keep k: from, and below")


class OnsetSweep(Shown):
    """A grid of β and widths, Σ learnable."""

    likelihood: str
    rows: int
    loss: str
    kl: str
    eigenvalues: tuple[float, ...] = Field(description="of S, as many as the widest has latents; KL in nats")
    keep: int | None
    cells: tuple[Setting, ...]
    warnings: tuple[str, ...] = ()

    def tables(self) -> list[Any]:
        """As the command line prints it."""
        table = _grid("latents", "β", "complete collapse", "active, about")
        for cell in self.cells:
            table.add_row(
                str(cell.latent), _number(cell.beta), "stable" if cell.stable else "saddle", str(cell.estimate)
            )
        return [
            table,
            Text(),
            *(Text(line) for line in self._lines()),
            *(Text.assemble(("Warning: ", "bold"), w) for w in self.warnings),
        ]

    def _lines(self) -> Iterator[str]:
        yield f"{self.likelihood} decoder on {self.rows} rows, loss {self.loss} + β·KL {self.kl}"
        for latent, cell in {cell.latent: cell for cell in self.cells}.items():
            yield f"{latent} latents: complete collapse is a saddle iff β < {_number(cell.threshold)}"
            if cell.keep is not None:
                low, high = cell.keep
                yield f"  about {self.keep} active (an estimate) for {_number(low)} ≤ β < {_number(high)}"
            elif self.keep is not None:
                yield f"  {self.keep} latents: not possible, that is more than there are"


def _grid(*names: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _number(value: float) -> str:
    return f"{value:.5g}"
