"""What is packed says the same when it is unpacked, and nothing in it stands twice."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from verify.report.html.packed import pack

MATHS = "http://www.w3.org/1998/Math/MathML"


def unpacked(data, node):
    """(space, name, attributes, children), or a text: what the page's script makes."""
    _, heads, nodes, _ = data
    found = nodes[node] if isinstance(node, int) else node
    if isinstance(found, str):
        return found
    space, name, *attributes = heads[found[0]]
    pairs = zip(attributes[::2], (unpacked(data, value) for value in attributes[1::2]), strict=True)
    return space, name, dict(pairs), [unpacked(data, child) for child in found[1:]]


def opened(part):
    data = json.loads(pack([part]))
    (root,) = data[3]
    return unpacked(data, root)[3]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip)
trees = st.recursive(
    texts, lambda inner: st.tuples(st.sampled_from(["p", "li", "b"]), texts, st.lists(inner, max_size=3)), max_leaves=12
)


def written(tree):
    if isinstance(tree, str):
        return str(escape(tree))
    name, value, children = tree
    return f'<{name} title="{escape(value)}">{"".join(map(written, children))}</{name}>'


def joined(items):
    """Texts that stand side by side are one text."""
    out = []
    for item in items:
        if isinstance(item, str) and out and isinstance(out[-1], str):
            out[-1] += item
        else:
            out.append(item if isinstance(item, str) else (0, item[0], {"title": item[1]}, joined(item[2])))
    return out


@given(st.lists(trees, min_size=1, max_size=4))
def test_everything_comes_back(forest):
    def spaced(items):
        return [" ".join(x.split()) if isinstance(x, str) else (*x[:3], spaced(x[3])) for x in items]

    assert spaced(opened("".join(map(written, forest)))) == spaced(joined(forest))


def test_spaces_of_names_are_kept_and_layout_is_not():
    part = (
        f'<ul>\n <li>a\n b</li>\n</ul><math xmlns="{MATHS}"><mi>x</mi></math><svg xmlns="http://www.w3.org/2000/svg"/>'
    )
    (items, maths, picture) = opened(part)
    assert items == (0, "ul", {}, [(0, "li", {}, ["a b"])])
    assert maths[:2] == (1, "math")
    assert maths[3] == [(1, "mi", {}, ["x"])]
    assert picture[:2] == (2, "svg")


def test_what_occurs_twice_is_said_once():
    formula = f'<math xmlns="{MATHS}"><msub><mi>theta</mi><mi>i</mi></msub></math>'
    once, often = (len(pack([f"<p>{formula * n}</p>"])) for n in (1, 100))
    assert often - once < 300


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--", "\x00\x1b\x0b", "a & b"])
def test_no_text_ends_the_element_that_holds_it(text):
    packed = pack([str(escape(text))])
    assert "<" not in packed
    (found,) = opened(str(escape(text)))
    assert found == text if text.isprintable() else set(found) == {"�"}


def test_a_template_that_is_not_well_formed_is_noticed():
    with pytest.raises(ET.ParseError):
        pack(["<p>"])
