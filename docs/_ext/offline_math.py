"""Sphinx's mathematics as MathML, made by the same converter as the audit's own page."""

from __future__ import annotations

from typing import Any

from verify.report.mathml import to_mathml


def setup(app: Any) -> dict[str, bool]:
    """Register the renderer; conf.py lists this module as an extension."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(writer: Any, node: Any) -> None:
    from docutils.nodes import SkipNode

    writer.body.append(to_mathml(node.astext(), display=False))
    raise SkipNode


def _block(writer: Any, node: Any) -> None:
    from docutils.nodes import SkipNode

    writer.body.append(f'<div class="math">{to_mathml(node.astext(), display=True)}</div>\n')
    raise SkipNode
