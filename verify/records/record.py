"""Base classes of all records of results: frozen, serialisable and strict.

A record that a reader is handed (`Shown`) prints as its table.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from pydantic import BaseModel, ConfigDict

from verify.records.shown import as_html, as_text

__all__ = ["Message", "Record", "Shown"]


class Record(BaseModel):
    """Abstract. Immutable, no unknown fields, no infinity or NaN, for which JSON has no notation."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Message(Record):
    """Abstract. What one process tells another: in JSON infinities and NaN are strings."""

    model_config = ConfigDict(allow_inf_nan=True, ser_json_inf_nan="strings")


class Shown(Record):
    """Abstract. A record that prints as the table the command line prints, in a notebook too."""

    @abstractmethod
    def tables(self) -> list[Any]:
        """The rich renderables that the command line prints of it; a subclass takes them from the tables beside it."""

    def __str__(self) -> str:
        return as_text(self.tables())

    def _repr_html_(self) -> str:
        return as_html(self.tables())
