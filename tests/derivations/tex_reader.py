"""Reads our TeX back as numbers, by its own grammar: what a formula *says* is then compared with what it is.

Values are floats, one-dimensional arrays (one value per mode) or matrices, all `size` × `size`; truth values likewise.
"""

from __future__ import annotations

import re
from itertools import permutations
from typing import Any

import numpy as np

TOKEN = re.compile(r"\\left|\\right|\\text\{[^}]*\}|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S")
RELATIONS = {
    "=": np.isclose,
    r"\ne": lambda a, b: ~np.isclose(a, b),
    ">": np.greater,
    r"\ge": np.greater_equal,
    "<": np.less,
    r"\le": np.less_equal,
}
STOPS = {"+", "-", ")", "]", "}", ",", "&", ":", r"\\", r"\}", r"\rVert", r"\right", r"\end", *RELATIONS}


class Reader:
    """One formula; `names` maps what a symbol prints as to its value, `modes` is how many modes there are."""

    def __init__(self, text: str, names: dict[str, Any], size: int, modes: int) -> None:
        self.tokens = [t for t in TOKEN.findall(text) if t not in (r"\left", r"\right")]
        self.at, self.names, self.size, self.modes = 0, names, size, modes

    def read(self) -> Any:
        value = self.condition()
        assert self.at == len(self.tokens), f"left over: {self.tokens[self.at :]}"
        return value

    # tokens

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        assert expected is None or token == expected, f"{token!r} where {expected!r} was due, at {self.at}"
        self.at += 1
        return token

    def accept(self, token: str) -> bool:
        if found := self.peek() == token:
            self.at += 1
        return found

    def raw_group(self) -> list[str]:
        self.take("{")
        start, depth = self.at, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(self.take(), 0)
        return self.tokens[start : self.at - 1]

    def group(self) -> Any:
        self.take("{")
        value = self.condition()
        self.take("}")
        return value

    def bracketed(self) -> Any:
        self.take("(")
        value = self.condition()
        self.take(")")
        return value

    # conditions

    def condition(self) -> Any:
        value = self.comparison()
        while self.peek() in (r"\text{ and }", r"\text{ or }"):
            both = self.take() == r"\text{ and }"
            other = self.comparison()
            value = np.logical_and(value, other) if both else np.logical_or(value, other)
        return value

    def comparison(self) -> Any:
        if self.accept(r"\text{always}"):
            return np.True_
        if self.accept(r"\text{never}"):
            return np.False_
        left = self.sum()
        if self.peek() not in RELATIONS:
            return left
        return RELATIONS[self.take()](left, self.sum())

    # arithmetic

    def sum(self) -> Any:
        value = -self.product() if self.accept("-") else self.product()
        while self.peek() in ("+", "-"):
            plus = self.take() == "+"
            other = self.product()
            value = value + other if plus else value - other
        return value

    def product(self) -> Any:
        value = self.power()
        while self.peek() and self.peek() not in STOPS and not self.peek().startswith(r"\text"):
            entrywise = self.accept(r"\circ")
            self.accept(r"\cdot")
            other = self.power()
            value = value @ other if np.ndim(value) == np.ndim(other) == 2 and not entrywise else value * other
        return value

    def power(self) -> Any:
        value = self.atom()
        while self.peek() in ("^", "_"):
            if self.take() == "_":
                assert self.raw_group() == ["+"]
                value = np.maximum(value, 0)
                continue
            value = self.raised(value)
        return value

    def raised(self, value: Any) -> Any:
        mark = self.at
        exponent = "".join(self.raw_group())
        if exponent in (r"\top", r"-\top"):
            value = value.T
        if np.ndim(value) == 2 and exponent in ("-1", r"-\top"):
            return np.linalg.inv(value)
        if exponent == r"\top":
            return value
        if "/" in exponent:
            above, below = exponent.split("/")
            return np.power(value, float(above) / float(below))
        self.at = mark
        return np.power(value, self.group())

    # atoms

    def atom(self) -> Any:
        token = self.peek()
        special = {
            "(": self.bracketed,
            r"\frac": self.fraction,
            r"\sqrt": self.radical,
            r"\lVert": self.norm,
            r"\operatorname": self.operator,
            r"\log": self.logarithm,
            r"\det": self.determinant,
            r"\min": self.extreme,
            r"\max": self.extreme,
            r"\sum": self.series,
            r"\#": self.counted,
            r"\mathbf": self.indicator,
            r"\begin": self.environment,
            r"\mathcal": self.reflection,
        }
        if token in special:
            return special[token]()
        if re.fullmatch(r"\d+(\.\d+)?", token):
            return float(self.take())
        if token == "I":
            self.take()
            return np.eye(self.size)
        return self.symbol()

    def symbol(self) -> Any:
        name = self.take()
        if name == r"\pi":
            return np.pi
        if name == "e" and self.peek() == "^":
            return np.e
        if name in (r"\mathrm",):
            name += "{" + "".join(self.raw_group()) + "}"
        if self.peek() == "_":
            mark = self.at
            self.take()
            below = "".join(self.raw_group())
            if below == "+":
                self.at = mark
            elif name == "Q":
                return self.frame(below)
            else:
                name += "_{" + below + "}"
        while self.accept("'"):
            name += "'"
        return self.names[name] if name in self.names else self.one_mode(name)

    def one_mode(self, name: str) -> Any:
        """θ_{k+1} is the entry k + 1 of θ_i."""
        base, _, which = name[:-1].partition("_{")
        return self.names[f"{base}_{{i}}"][int(self.inside(TOKEN.findall(which))) - 1]

    def inside(self, tokens: list[str]) -> Any:
        return Reader(" ".join(tokens), self.names, self.size, self.modes).read()

    def frame(self, matrix: str) -> Any:
        return np.linalg.eigh(self.inside(TOKEN.findall(matrix)))[1][:, ::-1]

    def fraction(self) -> Any:
        self.take()
        above = self.group()
        return above / self.group()

    def radical(self) -> Any:
        self.take()
        degree = 2.0
        if self.accept("["):
            degree = float(self.take())
            self.take("]")
        return np.power(self.group(), 1 / degree)

    def norm(self) -> Any:
        self.take()
        value = np.sum(self.sum() ** 2)
        self.take(r"\rVert")
        assert [self.take(), *self.raw_group(), self.take(), *self.raw_group()] == ["_", "F", "^", "2"]
        return value

    def operator(self) -> Any:
        self.take()
        name = "".join(self.raw_group())
        if name == "eig":
            self.take("_")
            which = "".join(self.raw_group())
            values = np.zeros(self.modes)
            found = np.linalg.eigvalsh(self.bracketed())[::-1]
            values[: len(found)] = found
            return values if which == "i" else values[int(which) - 1]
        value = self.bracketed()
        return {"tr": np.trace, "diag": self.diagonal}[name](value)

    def diagonal(self, value: Any) -> Any:
        return np.diag(np.broadcast_to(value, self.modes)[: self.size])

    def logarithm(self) -> Any:
        self.take()
        if self.accept(r"\det"):
            return np.log(np.linalg.det(self.bracketed()))
        if self.accept("^"):
            exponent = self.group()
            return np.log(self.bracketed()) ** exponent
        return np.log(self.bracketed())

    def determinant(self) -> Any:
        self.take()
        return np.linalg.det(self.bracketed())

    def extreme(self) -> Any:
        best = {r"\min": np.minimum, r"\max": np.maximum}[self.take()]
        if self.accept("_"):
            return self.matching()
        self.take("(")
        values = [self.sum()]
        while self.accept(","):
            values.append(self.sum())
        self.take(")")
        return best.reduce(np.broadcast_arrays(*values)) if len(values) > 1 else values[0]

    def matching(self) -> Any:
        assert self.raw_group() == [r"\pi"]
        mark, found = self.at, []
        theta = self.names[r"\theta_{i}"]
        for order in permutations(range(self.modes)):
            self.at = mark
            self.names[r"\theta_{\pi(i)}"] = theta[list(order)]
            found.append(self.product())
        return max(found)

    def series(self) -> Any:
        self.take()
        self.take("_")
        below = self.raw_group()
        above = self.inside(self.raw_group()) if self.accept("^") else None
        rule = "".join(below)
        lo = 1
        if len(below) > 1:
            start = self.inside(below[2:])
            lo = start + 1 if below[1] == ">" else start
        assert rule.startswith("i")
        values = np.broadcast_to(self.product(), self.modes)
        return np.sum(values[int(lo) - 1 : None if above is None else int(above)])

    def counted(self) -> Any:
        self.take()
        self.take(r"\{")
        mark = self.at
        if self.tokens[self.at : self.at + 2] == ["i", ":"]:
            self.at += 2
            if (value := self.zero_rows()) is not None:
                return value
        self.at = mark
        lo, hi = 0.0, float(self.modes)
        if self.peek() != "i":
            lo = self.sum()
            self.take("<")
        self.take("i")
        if self.accept(r"\le"):
            hi = self.sum()
        self.take(":")
        holds = np.broadcast_to(self.condition(), self.modes)
        self.take(r"\}")
        return float(np.sum(holds[int(lo) : int(hi)]))

    def zero_rows(self) -> Any:
        text = self.tokens[self.at :]
        if r"\cdot" not in text or text[text.index(r"\cdot") - 1] != "i":
            return None
        end = self.at + text.index(r"\cdot") - 3  # M _ { i \cdot } = 0
        value = self.inside(self.tokens[self.at : end])
        self.at = end
        for token in ("_", "{", "i", r"\cdot", "}", "=", "0", r"\}"):
            self.take(token)
        return float(np.sum(np.all(value == 0, axis=1)))

    def indicator(self) -> Any:
        self.take()
        assert self.raw_group() == ["1"]
        self.take("[")
        value = self.condition()
        self.take("]")
        return np.where(value, 1.0, 0.0)

    def environment(self) -> Any:
        self.take()
        return {"cases": self.cases, "pmatrix": self.matrix}["".join(self.raw_group())]()

    def cases(self) -> Any:
        rows: list[tuple[Any, Any]] = []
        while True:
            value = self.condition()
            self.take("&")
            rows.append((value, np.True_ if self.take() == r"\text{otherwise}" else self.condition()))
            if not self.accept(r"\\"):
                break
        self.take(r"\end")
        self.raw_group()
        (result, _), *others = rows[::-1]
        for value, condition in others:
            result = np.where(condition, value, result)
        return result

    def matrix(self) -> Any:
        rows: list[list[float]] = [[]]
        while not self.accept(r"\end"):
            if self.accept(r"\\"):
                rows.append([])
            elif not self.accept("&"):
                rows[-1].append(self.sum())
        self.raw_group()
        full = np.eye(self.size)
        full[: len(rows), : len(rows)] = rows
        return full

    def reflection(self) -> Any:
        self.take()
        name = r"\mathcal{" + "".join(self.raw_group()) + "}_{"
        self.take("_")
        return self.names[name + "".join(self.raw_group()) + "}"]
