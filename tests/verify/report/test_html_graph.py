"""The layered layout: every wire leads right, no box covers another, the same graph is drawn the same way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.catalogue import claims
from verify.report.html.graph import layout, reached


@st.composite
def dags(draw):
    """uses of n claims, each of which may use later ones."""
    n = draw(st.integers(1, 9))
    return {f"c{i}": [f"c{j}" for j in range(i + 1, n) if draw(st.booleans())] for i in range(n)}


@given(dags())
def test_layout(uses):
    graph = layout("c0", uses)
    assert graph == layout("c0", uses)
    assert [box.name for box in graph.boxes] == reached("c0", uses)
    boxes = {box.name: box for box in graph.boxes}
    for a in graph.boxes:
        assert 0 <= a.x <= graph.width - graph.box_width
        assert 0 <= a.y <= graph.height - a.height
        for b in graph.boxes:
            assert a is b or a.x != b.x or a.y + a.height < b.y or b.y + b.height < a.y
    assert {(w.user, w.used) for w in graph.wires} == {(a, b) for a in boxes for b in uses[a]}
    for wire in graph.wires:
        user, used = boxes[wire.user], boxes[wire.used]
        assert wire.points[0] == (user.x + graph.box_width, user.y + user.height / 2)
        assert wire.points[-1] == (used.x, used.y + used.height / 2)
        assert [x for x, _ in wire.points] == sorted({x for x, _ in wire.points})


def test_a_circle_is_named():
    with pytest.raises(ValueError, match=r"circle: a → b → a|circle: b → a → b"):
        layout("a", {"a": ["b"], "b": ["a"]})


def test_long_ids_are_broken_and_cut():
    (box,) = layout("summary-complete-collapse-good-reconstruction", {}).boxes
    assert box.lines == ("summary-complete-", "collapse-good-", "reconstruction")
    (box,) = layout("x" * 500, {}).boxes
    assert len(box.lines) == 3
    assert box.lines[2].endswith("…")


def test_the_catalogue_fits_a_screen():
    uses = {name: claim.uses for name, claim in claims().items()}
    assert max(layout(name, uses).width for name in uses) < 1100
