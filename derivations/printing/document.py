r"""A whole document, or a fragment to \input in one's own: preamble, notation, claims.

A fragment needs the packages it names in its first lines; theorem environments that are missing it defines itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from derivations.printing.claims import Found, claim_lines
from derivations.printing.lines import WIDTH
from derivations.printing.notation_table import notation_lines
from derivations.printing.preamble import wrapped
from derivations.statements.claim import Claim

__all__ = ["claims_document"]


def claims_document(
    claims: Sequence[Claim],
    found: Mapping[str, Found],
    *,
    fragment: bool,
    tables: Iterable[str] = (),
    width: float = WIDTH,
) -> str:
    """Claims as LaTeX, in the order given. `found` is what an audit found by id; `tables` come before the claims."""
    known = {claim.id: claim for claim in claims}
    seen: set[Any] = set()
    body = [line for claim in claims for line in ("", *claim_lines(claim, known, found.get(claim.id), width, seen))]
    notation = [] if fragment else list(notation_lines(seen, "\n".join(body)))
    heading = [] if fragment else [r"\section*{Claims}"]
    return wrapped([*notation, *tables, *heading, *body], fragment=fragment, width=width)
