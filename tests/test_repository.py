"""The layout, policed: who imports what, how long files are, what is never called."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import derivations
import verify
from verify.catalogue import claims

ROOT = Path(__file__).resolve().parents[1]
DERIVATIONS = sorted((ROOT / "derivations").rglob("*.py"))
VERIFY = sorted((ROOT / "verify").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SOURCES = DERIVATIONS + VERIFY


def name(path):
    return str(path.relative_to(ROOT))


@cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path):
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


def test_derivations_import_sympy_and_nothing_numerical():
    allowed = {
        "sympy",
        "derivations",
        "__future__",
        "typing",
        "collections",
        "dataclasses",
        "enum",
        "contextlib",
        "math",
    }
    allowed |= {"abc", "contextlib", "fractions", "functools", "itertools", "math", "re", "types"}
    assert {name(path): more for path in DERIVATIONS if (more := set(imports(path)) - allowed)} == {}


def test_layout_finds_the_sources():
    assert len(DERIVATIONS) > 30
    assert len(VERIFY) > 30
    assert len(TESTS) > 10


def test_modules_are_short():
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name(p): n for p, n in lines.items() if n > (120 if "theorems" in p.parts else 250)} == {}


def evaluating(tree):
    """What a module calls that evaluates text, or imports that evaluates what it reads."""
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {f.id for f in called if isinstance(f, ast.Name)} & {"eval", "exec", "compile", "__import__", *PARSERS}
    return names | ({f.attr for f in called if isinstance(f, ast.Attribute)} & PARSERS)


PARSERS = {"sympify", "parse_expr"}
UNPICKLING = {"pickle", "marshal", "shelve", "dill", "cloudpickle"}


def test_nothing_from_outside_is_evaluated():
    found = {name(path): evaluating(parsed(path)) | (set(imports(path)) & UNPICKLING) for path in SOURCES}
    assert {path: names for path, names in found.items() if names} == {}


def undocumented(tree):
    """The module, and its public functions and classes, as far as they have no docstring."""
    public = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]
    return [getattr(node, "name", "the module") for node in (tree, *public) if not ast.get_docstring(node)]


def test_public_things_have_docstrings():
    assert {name(path): names for path in SOURCES if (names := undocumented(parsed(path)))} == {}


def functions(path):
    """The names of a module's public functions."""
    return {n.name for n in parsed(path).body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")}


def test_no_function_bears_its_modules_name():
    """`from room import noun` and `from room.noun import verb` are then never taken for one another."""
    assert [name(path) for path in SOURCES if path.stem in functions(path)] == []


def test_no_public_name_is_also_a_sub_package():
    folders = {path.parent.name for path in SOURCES}
    assert folders & {*verify.__all__, *derivations.__all__} == set()


ASSERTS = re.compile(r"\bassert\b|pytest\.raises|\bassert_\w+\(|\bcheck_\w+\(|\brefused\(")


def asserting_nothing(tree):
    """The tests of a module in which nothing is asserted."""
    tests = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return [test.name for test in tests if not ASSERTS.search(ast.unparse(test))]


def test_every_test_asserts_something():
    assert {name(path): names for path in TESTS if (names := asserting_nothing(parsed(path)))} == {}


def test_planted_breaches_of_these_rules_are_found():
    bad = ast.parse("from sympy import sympify\nsympify(x)\ns.parse_expr(x)\neval(x)\nclass C: pass\ndef f(): 'f'")
    assert evaluating(bad) == {"sympify", "parse_expr", "eval"}
    assert undocumented(bad) == ["the module", "C"]
    assert asserting_nothing(ast.parse("def test_a(): f()\ndef test_b(): assert f()")) == ["test_a"]


def test_one_proposition_per_file_named_after_it():
    shelves = (p for p in (ROOT / "derivations" / "theorems").iterdir() if p.is_dir() and p.name != "lemmas")
    theorems = sorted(p.stem for shelf in shelves for p in shelf.glob("*.py") if p.stem != "__init__")
    assert len(theorems) > 30
    ids = [claim_id.replace("-", "_") for claim_id in claims()]
    assert set(theorems) <= set(ids)
    assert len(ids) == len(set(ids))


def test_uses_name_claims_that_exist():
    for claim in claims().values():
        assert set(claim.uses) <= set(claims()), claim.id


def test_only_tests_import_verify_from_outside():
    outside = [*ROOT.glob("*.py"), *DERIVATIONS]
    assert not [p for p in outside if "verify" in imports(p)]


def test_top_level_is_as_agreed():
    expected = {"pyproject.toml", "README.md", "derivations", "verify", "tests", "docs"}
    allowed = expected | {"LICENSE", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md"}
    # What building, installing and auditing leave behind is ignored by git, not part of the layout.
    leftovers = {"audit-report", "build", "dist", "mutants"}
    found = {p.name for p in ROOT.iterdir() if not p.name.startswith(".") and not p.name.endswith(".egg-info")}
    assert expected <= found
    assert found - leftovers <= allowed


def test_no_path_of_a_machine_is_mentioned():
    pattern = re.compile("/" + r"(work|root|tmp/venv|home/\w+)/")
    for path in [*SOURCES, *TESTS, *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / ".ci" / "run"]:
        assert not pattern.search(path.read_text(encoding="utf-8")), path.name


def test_readme_has_both_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for marker in ("audit-command", "test-command", "sample-output"):
        assert f"<!-- {marker} -->" in text


def test_one_version_everywhere():
    """pyproject.toml states it; the citation and the newest cut of the changelog repeat it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (cited,) = re.findall(r"^version: (.+)$", citation, re.MULTILINE)
    (released,) = re.findall(r"^date-released: (.+)$", citation, re.MULTILINE)
    cuts = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (.+)$", changelog, re.MULTILINE)
    assert cuts[0] == (project["version"], released)
    assert cited == project["version"]
    assert re.search(r"^## \[Unreleased\]$", changelog, re.MULTILINE)


def test_the_workflow_runs_the_gate_on_every_python_we_name():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    workflow = (ROOT / ".github" / "workflows" / "gate.yml").read_text(encoding="utf-8")
    named = [c.removeprefix("Programming Language :: Python :: ") for c in project["classifiers"] if " 3." in c]
    assert re.findall(r'"(3\.\d+)"', workflow) == named
    assert re.search(r"^      - run: \.ci/run$", workflow, re.MULTILINE)
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
