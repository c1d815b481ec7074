"""Terms of the core as Coq writes them: scalars are its real numbers, dimensions and modes its natural ones.

The text of a term follows its tree, so that Coq puts values for symbols as the core does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache

from verify.proof.core.terms import TRUE, RejectedError, Term, has, shown

__all__ = ["argument", "declared", "domains", "identifiers", "text"]

_RELATIONS = {">": ">", ">=": ">=", "=": "=", "!=": "<>"}
_CONSTANTS = {"E": "(exp 1)", "pi": "PI"}
_TAKEN = frozenset(
    """as at cofix else end exists exp fix for forall fun if in INR let ln match mod Prop Set sqrt then Type using where
    with choice Rpower R nat I PI""".split()  # noqa: SIM905 - read as a line
)
_LETTERS = str.maketrans({"′": "'", "θ": "theta", "σ": "sigma", "β": "beta", "ω": "omega", "λ": "lambda"})


@lru_cache(maxsize=4096)
def identifier(x: Term) -> str:
    """A symbol's name in Coq."""
    name = re.sub(r"[^A-Za-z0-9_']", "_", x.args[0].translate(_LETTERS))
    return f"x_{name}" if name in _TAKEN or not name[:1].isalpha() else name


def identifiers(symbols: Iterable[Term]) -> Mapping[Term, str]:
    """The names of some symbols, in a fixed order.

    Raises:
        RejectedError: two symbols would have one name.
    """
    names = {x: identifier(x) for x in sorted(symbols, key=shown)}
    if len(set(names.values())) < len(names):
        raise RejectedError(f"two symbols among {', '.join(map(shown, names))} have one name in Coq")
    return names


def declared(symbols: Iterable[Term]) -> str:
    """The symbols as bound variables."""
    names = identifiers(symbols)
    groups = (
        ("R", [n for x, n in names.items() if not x.args[2]]),
        ("nat", [n for x, n in names.items() if x.args[2]]),
    )
    return " ".join(f"({' '.join(some)} : {kind})" for kind, some in groups if some)


def domains(symbols: Iterable[Term]) -> dict[str, str]:
    """What is known of symbols by their declaration: {name of the hypothesis: its text}."""
    found = {}
    for x, name in identifiers(symbols).items():
        if x.args[2]:
            found[f"D_{name}"] = f"(1 <= {name})%nat"
        elif x.args[1]:
            found[f"D_{name}"] = f"0 {'<' if x.args[1] == '>' else '<='} {name}"
    return found


def argument(value: Term) -> str:
    """What is put for a bound variable: a symbol by its bare name, anything else as it is written."""
    return identifier(value) if value.head == "symbol" else text(value)


@lru_cache(maxsize=65536)
def text(t: Term) -> str:
    """A term or formula, in parentheses unless it is a single name or number.

    Raises:
        RejectedError: it is about something that is not exported yet.
    """
    head = t.head
    if head == "number":
        return _number(t.args[0])
    if head == "symbol":
        return f"(INR {identifier(t)})" if t.args[2] else identifier(t)
    if head == "constant":
        return _constant(t.args[0])
    if head in _RELATIONS:
        return f"({text(t.args[0])} {_RELATIONS[head]} {text(t.args[1])})"
    if head in ("and", "or"):
        sign = " /\\ " if head == "and" else " \\/ "
        return f"({sign.join(map(text, t.args)) or ('True' if head == 'and' else 'False')})"
    if head in ("true", "false"):
        return head.capitalize()
    if head == "sum":
        return _sum(t)
    if head == "product":
        return _product(t)
    if head == "power":
        return _power(t)
    if head == "log":
        return f"(ln {text(t.args[0])})"
    if head == "choice":
        return _choice(t)
    raise RejectedError(_PLAIN.get(head, head))


_PLAIN = {
    "modes": "sums over modes",
    "matrix": "matrices of any size",
    "trace": "matrices of any size",
    "logdet": "matrices of any size",
    "eigenvalue": "eigenvalues",
    "zero rows": "matrices of any size",
    "least": "the least of several dimensions",
    "descending": "sorted sequences",
    "ascending": "sorted sequences",
    "definite": "matrices of any size",
    "symmetric": "matrices of any size",
    "orthogonal": "matrices of any size",
    "permutation": "matrices of any size",
    "infinity": "sums over infinitely many modes",
}


def _constant(name: str) -> str:
    if name not in _CONSTANTS:
        raise RejectedError(f"the constant {name}")
    return _CONSTANTS[name]


def _number(value: Fraction) -> str:
    if value < 0:
        return f"(- {_number(-value)})"
    return str(value) if value.denominator == 1 else f"({value.numerator} / {value.denominator})"


def _negative(t: Term) -> Term | None:
    """T without its minus sign, if it is written with one."""
    if t.head == "number" and t.args[0] < 0:
        return Term("number", -t.args[0])
    if t.head == "product" and t.args[0].head == "number" and t.args[0].args[0] < 0 and len(t.args) > 1:
        first, *rest = t.args
        if first.args[0] == -1:
            return Term("product", *rest) if len(rest) > 1 else rest[0]
        return Term("product", Term("number", -first.args[0]), *rest)
    return None


def _sum(t: Term) -> str:
    """What is added first, then what is taken away."""
    plus = [text(a) for a in t.args if _negative(a) is None]
    minus = [text(n) for a in t.args if (n := _negative(a)) is not None]
    start = " + ".join(plus) or "0"
    return f"({start}{''.join(f' - {m}' for m in minus)})"


def _product(t: Term) -> str:
    if (rest := _negative(t)) is not None:
        return f"(- {text(rest)})"
    above, below = [], []
    for a in t.args:
        if a.head == "power" and a.args[1] < 0:
            below.append(text(Term("power", a.args[0], -a.args[1]) if a.args[1] != -1 else a.args[0]))
        else:
            above.append(text(a))
    numerator = " * ".join(above) or "1"
    if not below:
        return f"({numerator})"
    return f"({f'({numerator})' if len(above) > 1 else numerator} / {' / '.join(below)})"


def _power(t: Term) -> str:
    base, e = t.args
    if e < 0:
        return f"(/ {text(base if e == -1 else Term('power', base, -e))})"
    if e.denominator == 1:
        return f"({text(base)} ^ {e})"
    if e.denominator in (2, 4):
        root = f"(sqrt {text(base)})" if e.denominator == 2 else f"(sqrt (sqrt {text(base)}))"
        return root if e.numerator == 1 else f"({root} ^ {e.numerator})"
    if has(base, "sum") or any(x.args[1] != ">" for x in base.symbols):
        raise RejectedError("roots, other than square roots, of what may be 0")
    return f"(Rpower {text(base)} ({e.numerator} / {e.denominator}))"


def _choice(t: Term) -> str:
    pairs = list(zip(t.args[::2], t.args[1::2], strict=True))
    if pairs[-1][1] != TRUE:
        raise RejectedError("a choice that says nothing of some case")
    result = text(pairs[-1][0])
    for value, condition in reversed(pairs[:-1]):
        result = f"(choice {text(condition)} {text(value)} {result})"
    return result
