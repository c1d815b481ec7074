"""What hypotheses say of terms: signs, and the normal form in which two equal terms are the same polynomial.

Nothing is cancelled, no root or logarithm split, unless the hypotheses say that it may be.
"""

from __future__ import annotations

from collections.abc import Callable

from verify.proof.core import branches, letters, matrices
from verify.proof.core.arithmetic import NOT_NEGATIVE, NOT_ZERO, allowed, cleared, power, times
from verify.proof.core.polynomials import Mono, Poly, added, atom, constant, only, packed, primes, scaled, unpacked
from verify.proof.core.terms import INFINITY, RELATIONS, Number, RejectedError, Term, inside, integral, shown


class Context:
    """Hypotheses, as signs and normal forms need them; `make(hypotheses, plain)` gives others of its kind.

    `positive` are symbols that are not 0; `excludes(large, small, strict)` decides a relation between monomials. A
    plain context has neither; a loose one lets a symbol under a denominator be 0 (who asks looks at that case apart).
    """

    def __init__(
        self,
        hypotheses: frozenset[Term],
        make: Callable[[frozenset[Term], bool], Context],
        positive: frozenset[Term] = frozenset(),
        excludes: Callable[[Poly, Poly, bool], bool] | None = None,
        loose: bool = False,
    ) -> None:
        self.hypotheses, self.positive, self.loose = hypotheses, positive, loose
        self._make, self._excludes = make, excludes
        self._polys: dict[Term, Poly] = {}
        self._signs: dict[Term, str] = {}
        self._known: dict[frozenset[Mono], list[tuple[Poly, str]]] = {}
        parts = {p for h in hypotheses for p in (h.args if h.head == "and" else (h,)) if p.head in (">", ">=", "!=")}
        while learned := {h for h in sorted(parts, key=shown) if self._learn(h)}:
            parts -= learned
        self._signs.clear()
        self._learned = True

    def _learn(self, h: Term) -> bool:
        try:
            p = self.difference(h)
        except RejectedError:
            return False
        self._known.setdefault(frozenset(p), []).append((p, h.head))
        return True

    def within(self, lo: Term, hi: Term) -> Context:
        """What holds at every mode lo < i ≤ hi: a hypothesis on one mode says nothing inside a sum."""
        return self._make(inside(self.hypotheses, lo, hi), False)

    def beside(self, hypotheses: frozenset[Term]) -> Context:
        """What other hypotheses say."""
        return self._make(hypotheses, self._excludes is None)

    # ------------------------------------------------------------ signs: '>', '>=', '!=' (not zero) or '' (unknown)
    def sign(self, a: Term) -> str:
        """Of an atom."""
        if a not in self._signs:
            found = self._sign(a)
            if not hasattr(self, "_learned"):
                return found
            self._signs[a] = found
        return self._signs[a]

    def _sign(self, a: Term) -> str:
        if a.head in ("number", "constant"):
            return ">"
        if a.head == "symbol":
            declared = ">" if a in self.positive else a.args[1]
            return _both(declared, self._said(atom(a))) or self._sign_above(a)
        if a.head == "poly":
            return self.sign_poly(unpacked(a))
        if a.head == "modes":
            ((inner, _),) = unpacked(a.args[0]).items()
            found = ">=" if self.within(*a.args[1:]).sign_mono(inner) in NOT_NEGATIVE else ""
        elif a.head == "least":
            signs = {self.sign(x) for x in a.args[0]}
            found = ">" if signs == {">"} else ""
        elif a.head in ("eigenvalue", "trace"):
            found = (letters.spectrum_sign if a.head == "eigenvalue" else letters.trace_sign)(self, a.args[0])
        else:
            found = ">=" if a.head == "zero rows" else self._sign_cases(atom(a)) if a.head == "choice" else ""
        return _both(found, self._said(atom(a))) or self._sign_above(a)

    def _sign_above(self, a: Term) -> str:
        """Of an atom that a hypothesis says is more than something that is not negative."""
        self._signs[a] = ""  # if asked meanwhile
        mine = frozenset({(a, 1)})
        for q, kind in (pair for pairs in self._known.values() for pair in pairs if mine in pair[0]):
            rest = {self.sign_mono(m) if c < 0 else "" for m, c in q.items() if m != mine}
            if q[mine] > 0 and kind != "!=" and rest <= set(NOT_NEGATIVE):
                return ">" if kind == ">" or ">" in rest else ">="
        return ""

    def sign_poly(self, p: Poly) -> str:
        """Of a normal form."""
        if not p:
            return ">="
        signs = {self.sign_mono(m) if c > 0 else "" for m, c in p.items()}
        if signs <= set(NOT_NEGATIVE):
            return ">" if ">" in signs else self._said(p) or ">="
        return self._said(p) or self._sign_binomial(p) or self._sign_cases(p)

    def sign_mono(self, m: Mono) -> str:
        """Of a product of powers of atoms."""
        found = set()
        for a, e in m:
            sign = self.sign(a)
            if e % 2 == 0 and sign not in NOT_NEGATIVE:
                sign = ">" if sign == "!=" else ">="
            found.add(sign)
        if found <= set(NOT_NEGATIVE):
            return ">" if found <= {">"} else ">="
        return "!=" if found <= set(NOT_ZERO) else ""

    def sign_term(self, t: Term) -> str:
        """Of a term as it stands: a sum of squares, and the like."""
        if t.head == "power" and t.args[1] % 2 == 0 and t.args[1] > 0:
            return ">="
        if t.head in ("sum", "product"):
            signs = {self.sign_term(a) for a in t.args}
            if signs <= set(NOT_NEGATIVE):
                return ">" if (">" in signs if t.head == "sum" else signs <= {">"}) else ">="
        return self.sign_poly(self.poly(t))

    def _said(self, p: Poly) -> str:
        """What hypotheses say of p or of a positive multiple of it."""
        kinds = set()
        for q, kind in self._known.get(frozenset(p), ()):
            m = next(iter(p))
            if (kind == "!=" or p[m] * q[m] > 0) and all(p[m] * q[n] == p[n] * q[m] for n in p):
                kinds.add(kind)
        return _both(*kinds)

    def _sign_cases(self, p: Poly) -> str:
        """Of a normal form: what it is without denominators > 0, or by the branches of its choices."""
        below = {a for m in p for a, e in m if a.head == "poly" and e < 0}
        if below and all(self.sign(a) == ">" for a in below):
            return self.sign_poly(self.cleared(p))
        return branches.sign(p, self.hypotheses, self.beside)

    def _sign_binomial(self, p: Poly) -> str:
        up, down = ({m: max(c, -c) for m, c in p.items() if (c > 0) is yes} for yes in (True, False))
        if self._excludes is None or {len(up), len(down)} != {1}:
            return ""
        return ">" if self._excludes(down, up, False) else ">=" if self._excludes(down, up, True) else ""

    # ------------------------------------------------------------ normal forms
    def poly(self, t: Term) -> Poly:
        """The normal form of a scalar term."""
        found = self._polys.get(t)
        if found is None:
            if t.head not in NORMAL:
                raise RejectedError(f"{shown(t)} is not a scalar term of the core")
            found = self._polys[t] = NORMAL[t.head](self, t)
        return found

    def difference(self, r: Term) -> Poly:
        """Left side less right side of a relation."""
        if r.head not in RELATIONS:
            raise RejectedError(f"{shown(r)} does not compare two terms")
        return added(self.poly(r.args[0]), scaled(self.poly(r.args[1]), -1))

    def times(self, p: Poly, q: Poly) -> Poly:
        """The product of two normal forms."""
        return times(p, q, self.sign)

    def power(self, p: Poly, e: Number, seen: str = "") -> Poly:
        """A power of a normal form, of which a sign may be known."""
        if len(p) > 1 and (e < 0 or e.denominator > 1):
            allowed(packed(p), e, self.sign_poly(p) or seen)
            return atom(packed(p), e)
        return power(p, e, lambda a: ">" if self.loose and a.head == "symbol" and e.denominator == 1 else self.sign(a))

    def log(self, p: Poly) -> Poly:
        """The logarithm of a normal form, whose factors are > 0."""
        if len(p) != 1:
            if self.sign_poly(p) != ">":
                raise RejectedError(f"nothing says that {shown(packed(p))} > 0 under its logarithm")
            return atom(Term("log", packed(p)))
        m, number = only(p)
        if number < 0 or any(self.sign(a) != ">" for a, _ in m):
            raise RejectedError(f"nothing says that each factor of {shown(packed(p))} is > 0 under a logarithm")
        return added(*(scaled(atom(Term("log", a)), e) for a, e in (*m, *primes(number).items())))

    def modes(self, entry: Term, lo: Term, hi: Term) -> Poly:
        """A sum over modes is linear in its entry; what does not depend on the mode comes out."""
        parts = []
        for m, c in self.within(lo, hi).poly(entry).items():
            outer = frozenset((a, e) for a, e in m if not a.modal)
            if m == outer and hi != INFINITY and self._counted(lo, hi):
                total: Poly = added(self.poly(hi), scaled(self.poly(lo), -1))  # as many as there are
            else:
                total = atom(Term("modes", packed({m - outer: 1}), lo, hi))
            parts.append(self.times({outer: c}, total))
        return added(*parts)

    def _counted(self, lo: Term, hi: Term) -> bool:
        rise = (self.poly(lo), self.difference(Term(">=", hi, lo)))
        return integral(lo) and integral(hi) and all(self.sign_poly(p) in NOT_NEGATIVE for p in rise)

    def cleared(self, p: Poly) -> Poly:
        """Times powers of the sums that it is divided by."""
        return cleared(p, self.sign)


def _both(*signs: str) -> str:
    """What signs of one thing say together."""
    known = set(signs) - {""}
    return ">" if ">" in known or len(known) == 2 else next(iter(known), "")


def _eigenvalue(c: Context, t: Term) -> Poly:
    fewer = frozenset(h for h in c.hypotheses if not h.modal)  # a matrix is the same on every mode: it is read once
    return c.beside(fewer).poly(t) if fewer != c.hypotheses else atom(Term("eigenvalue", matrices.keyed(c, t.args[0])))


def _product(c: Context, t: Term) -> Poly:
    result: Poly = constant(1)
    for part in t.args:
        result = c.times(result, c.poly(part))
    return result


NORMAL: dict[str, Callable[[Context, Term], Poly]] = {
    "number": lambda _, t: constant(t.args[0]),
    "sum": lambda c, t: added(*map(c.poly, t.args)),
    "product": _product,
    "power": lambda c, t: c.power(c.poly(t.args[0]), t.args[1], c.sign_term(t.args[0])),
    "log": lambda c, t: c.log(c.poly(t.args[0])),
    "modes": lambda c, t: c.modes(*t.args),
    "trace": lambda c, t: matrices.trace(c, t.args[0]),
    "logdet": lambda c, t: matrices.log_det(c, t.args[0]),
    "eigenvalue": _eigenvalue,
    **dict.fromkeys(("symbol", "constant", "choice", "least", "zero rows"), lambda _, t: atom(t)),
}
