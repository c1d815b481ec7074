"""The house: rooms, the floors they stand on, and arrows that point down only."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATHS = sorted(p for top in ("derivations", "verify") for p in (ROOT / top).rglob("*.py"))

# From the ground up: a room may import what stands before it. A shelf of propositions (derivations/theorems/*) holds
# data, and counts as one room with its siblings. A module of a package's root is a floor of its own.
FLOORS = (
    "derivations.domain",
    "derivations.notation",
    "derivations/algebra/nodes",
    "derivations/algebra",
    "derivations.nodes",
    "derivations/statements",
    "derivations.claim",
    "derivations.variables",
    "derivations/models",
    "derivations/program",
    "derivations/printing",
    "derivations/theorems",
    "derivations",
    "verify.errors",
    "verify.defaults",
    "verify.version",
    "verify.catalogue",
    "verify/records",
    "verify/store",
    "verify/evaluate",
    "verify/draw",
    "verify/data",
    "verify/minimise",
    "verify/proof/core",
    "verify/proof/dimensions",
    "verify/proof",
    "verify/proof/coq",
    "verify/networks",
    "verify/networks/observations",
    "verify/trials",
    "verify/attack",
    "verify/smt",
    "verify/forecast",
    "verify/figures",
    "verify/experiments",
    "verify/engine",
    "verify/user",
    "verify/report/plots",
    "verify/report",
    "verify/report/html",
    "verify.api",
    "verify/cli",
    "verify.__main__",
    "verify",
)  # fmt: skip - read as a list of floors, several to a line
ROOMS_AT_MOST = 33


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in PATHS}


def room_of(module):
    """The folder of a module, all shelves of theorems being one; a module of a package's root is its own room."""
    path = MODULES[module]
    folder = path.parent.relative_to(ROOT).as_posix()
    if folder.startswith("derivations/theorems"):
        return "derivations/theorems"
    return module if folder in ("derivations", "verify") and path.name != "__init__.py" else folder


@cache
def imported(path):
    """The modules of this project that a module imports, at its top or inside a function."""
    return tuple(_imported(path))


def _imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                found = name if name in MODULES else node.module
                if found in MODULES:
                    yield found
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)


def test_arrows_point_down():
    floors = {module: FLOORS.index(room_of(module)) for module in MODULES}
    up = {m: [n for n in imported(MODULES[m]) if FLOORS.index(room_of(n)) > floors[m]] for m in MODULES}
    assert {module: names for module, names in up.items() if names} == {}


def test_every_room_has_a_floor_and_every_floor_a_room():
    assert {room_of(module) for module in MODULES} == set(FLOORS)


def test_no_module_is_part_of_a_circle():
    waiting = {module: set(imported(path)) - {module} for module, path in MODULES.items()}
    while free := {module for module, below in waiting.items() if not below & set(waiting)}:
        waiting = {module: below for module, below in waiting.items() if module not in free}
    assert sorted(waiting) == []


def test_there_are_few_rooms_and_the_hall_is_small():
    assert len([floor for floor in FLOORS if "/" in floor or floor in ("derivations", "verify")]) <= ROOMS_AT_MOST
    assert len([path for path in (ROOT / "verify").iterdir() if path.is_file()]) <= 8
