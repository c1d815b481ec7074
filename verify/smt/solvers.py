"""z3 and cvc5, both or neither: each has returned wrong or unknown answers, so one alone is no opinion.

Their own time limits are not always kept (seen: cvc5 on a polynomial of degree 3 in ten unknowns), so each works in a
process that is ended and replaced when its time is up.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from verify.errors import InputError

__all__ = ["SOLVERS", "Solver", "require", "versions"]

_PACKAGES = {"z3": "z3-solver", "cvc5": "cvc5"}


def require() -> None:
    """Refuse to go on with fewer than both solvers.

    Raises:
        InputError: one is not installed.
    """
    missing = [package for module, package in _PACKAGES.items() if find_spec(module) is None]
    if missing:
        names = " and ".join(missing)
        raise InputError(
            f"‹smt=True› needs {names}, not installed here; both come with pip install 'collapse-audit[smt]'."
        )


def versions() -> str:
    """The names and versions of the solvers that give the opinion."""
    return f"z3 {import_module('z3').get_version_string()}, cvc5 {import_module('cvc5').__version__}"


def _z3(text: str, milliseconds: int) -> str:
    z3: Any = import_module("z3")
    solver = z3.Solver()
    solver.set("timeout", milliseconds)
    solver.from_string(text)
    return str(solver.check())


def _cvc5(text: str, milliseconds: int) -> str:
    cvc5: Any = import_module("cvc5")
    terms = cvc5.TermManager()
    solver = cvc5.Solver(terms)
    solver.setOption("tlimit-per", str(milliseconds))
    symbols = cvc5.SymbolManager(terms)
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "question")
    while not (command := parser.nextCommand()).isNull():
        command.invoke(solver, symbols)
    result = solver.checkSat()
    return "sat" if result.isSat() else "unsat" if result.isUnsat() else "unknown"


SOLVERS: dict[str, Callable[[str, int], str]] = {"z3": _z3, "cvc5": _cvc5}
"""name → answer(text, milliseconds): "sat", "unsat" or "unknown"."""


class Solver:
    """One solver in a process of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._mine, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(self.name, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._mine.recv()  # ready: loading it does not count

    def ask(self, text: str, milliseconds: int) -> str:
        """Return "sat", "unsat" or "unknown"; a solver that fails or is late does not know."""
        try:
            self._mine.send((text, milliseconds))
            if self._mine.poll(1.25 * milliseconds / 1000):
                return str(self._mine.recv())
        except (EOFError, OSError):
            pass  # it died, for example for want of memory
        self.close()
        self._start()
        return "unknown"

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._mine.close()


def _serve(name: str, pipe: Any) -> None:
    solve = SOLVERS[name]
    import_module("z3" if name == "z3" else "cvc5")
    pipe.send("ready")
    while True:
        try:
            text, milliseconds = pipe.recv()
        except EOFError:
            return
        try:
            answer = solve(text, milliseconds)
        except Exception:  # noqa: BLE001 - whatever goes wrong in a solver, it has no opinion
            answer = "unknown"
        pipe.send(answer)
