"""The layered layout: every wire leads right, no box covers another, the same graph is drawn the same way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.catalogue import claims
from verify.records.evidence import Verdict
from verify.report.html.graph import layout, reached
from verify.report.html.section import build_whole


@st.composite
def dags(draw):
    """uses of n claims, each of which may use later ones."""
    n = draw(st.integers(1, 9))
    return {f"c{i}": [f"c{j}" for j in range(i + 1, n) if draw(st.booleans())] for i in range(n)}


@given(dags())
def test_layout(uses):
    graph = layout(["c0"], uses)
    assert graph == layout(["c0"], uses)
    assert [box.name for box in graph.boxes] == reached(["c0"], uses)
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
        layout(["a"], {"a": ["b"], "b": ["a"]})


def test_long_ids_are_broken_and_cut():
    (box,) = layout(["summary-complete-collapse-good-reconstruction"], {}).boxes
    assert box.lines == ("summary-complete-", "collapse-good-", "reconstruction")
    (box,) = layout(["x" * 500], {}).boxes
    assert len(box.lines) == 3
    assert box.lines[2].endswith("…")


def test_the_catalogue_fits_a_screen():
    uses = {name: claim.uses for name, claim in claims().items()}
    assert max(layout([name], uses).width for name in uses) < 1100


def test_the_whole_graph_leaves_out_only_arrows_that_others_imply(made):
    results = {r.id: r for r in made.catalogue_report().claims}
    whole = build_whole(results)
    assert set(whole.nodes) | set(whole.alone) == set(results)
    assert not any(results[name].uses for name in whole.alone)
    shown: dict[str, list[str]] = {}
    for wire in whole.graph.wires:
        shown.setdefault(wire.user, []).append(wire.used)
    for name, one in results.items():
        assert set(shown.get(name, ())) <= set(one.uses)
        assert set(reached([name], shown)) == set(reached([name], {n: r.uses for n, r in results.items()}))
        for used in shown.get(name, ()):  # no other way leads there
            others = [x for x in shown[name] if x != used]
            assert used not in reached(others, shown)
    assert whole.graph.width < 1100


def test_a_box_says_what_its_claim_owes_to_others(made):
    weak = made.result("weak", Verdict.SUPPORTED)
    user = made.result("user", Verdict.SUPPORTED, made.evidence(Verdict.PROVED), uses=("weak",))
    cited = made.result("cited", Verdict.PROVED, given=("a lemma",), uses=("gone",))
    nodes = build_whole({r.id: r for r in (weak, user, cited)}).nodes
    assert {name: (node.word, node.classes) for name, node in nodes.items()} == {
        "user": ("SUPPORTED, itself PROVED", "own-proved supported"),
        "weak": ("SUPPORTED", "own-supported supported"),
        "cited": ("PROVED, given", "own-proved proved given"),
        "gone": ("not in this report", "missing"),
    }
    assert build_whole({"weak": weak}) is None
