"""Records of results: frozen, serialisable, strict; the ones a reader is handed show themselves as their table.

What is shown is made by `verify.report`, which is asked only when something is shown.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Record", "Shown"]


class Record(BaseModel):
    """Abstract. Immutable, no unknown fields, no infinity or NaN, for which JSON has no notation."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Shown(Record):
    """Abstract. A record that prints as the table the command line prints, in a notebook too."""

    def __str__(self) -> str:
        from verify.report.notebook import as_text, tables

        return as_text(tables(self))

    def _repr_html_(self) -> str:
        from verify.report.notebook import as_html, tables

        return as_html(tables(self))
