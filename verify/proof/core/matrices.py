"""Matrices as sums of words in letters: TᵀT and TTᵀ vanish for orthogonal T, neighbouring diagonals multiply."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise, product

from verify.proof.core.letters import Form, Scalars, Word, definite, reach, semidefinite, turned
from verify.proof.core.polynomials import Poly, added, atom, constant, scaled
from verify.proof.core.terms import ZERO, RejectedError, Term, least

HEADS = frozenset({"matrix", "plus", "times", "transpose", "inverse", "root", "identity", "diagonal", "reflection"})


def rows(M: Term) -> Term:
    """How many rows a matrix has."""
    return _shape(M)[0]


@lru_cache(maxsize=8192)
def _shape(M: Term) -> tuple[Term, Term]:
    if M.head in ("matrix", "diagonal"):
        return M.args[1], M.args[2]
    if M.head in ("identity", "reflection"):
        return M.args[0], M.args[0]
    if M.head == "transpose":
        return _shape(M.args[0])[1], _shape(M.args[0])[0]
    parts = [_shape(a) for a in M.args if isinstance(a, Term) and a.head in HEADS]
    if not parts:
        raise RejectedError(f"{M} is not a matrix of the core")
    fits = (
        all(a == b for a, b in pairwise(parts)) if M.head == "plus" else all(a[1] == b[0] for a, b in pairwise(parts))
    )
    if not fits or (M.head in ("inverse", "root") and parts[0][0] != parts[0][1]):
        raise RejectedError(f"the shapes in {M} do not fit")
    return (parts[0][0], parts[-1][1])


def order(M: Term) -> Term:
    """How many rows a square matrix has."""
    height, width = _shape(M)
    if height != width:
        raise RejectedError(f"{M} is not square")
    return height


def form(c: Scalars, M: Term) -> Form:
    """{word: coefficient}."""
    _shape(M)
    if M.head == "plus":
        return _sum(*(form(c, part) for part in M.args))
    if M.head == "times":
        result: Form = {(): constant(1)}
        for part in M.args:
            other = form(c, part) if part.head in HEADS else {(): c.poly(part)}
            pairs = product(result.items(), other.items())
            result = _sum(*({_word(c, v + w): c.times(p, q)} for (v, p), (w, q) in pairs))
        return result
    if M.head == "transpose":
        parts = form(c, M.args[0]).items()
        return _sum(*({_word(c, tuple(turned(c, x) for x in reversed(w))): p} for w, p in parts))
    if M.head == "inverse":
        return _inverse(c, form(c, M.args[0]))
    if M.head == "root":
        return _root(c, M.args[0])
    if M.head == "identity":
        return {(): constant(1)}
    if M.head == "diagonal":
        c.within(ZERO, least(M.args[1:])).poly(M.args[0])  # defined at every mode
        if not M.args[0].modal and M.args[1] == M.args[2]:
            return {(): c.poly(M.args[0])}
        return {(Term("diagonal", *M.args, frozenset()),): constant(1)}
    if M.head == "matrix" or (M.head == "reflection" and turns(c, M)):
        return {(M,): constant(1)}
    raise RejectedError(f"{M} is not a matrix of the core")


def frozen(f: Form) -> Term:
    """A form as a term."""
    return Term("form", frozenset((w, frozenset(p.items())) for w, p in f.items()))


def keyed(c: Scalars, M: Term) -> Term:
    """A square matrix's normal form and order as a term: p·I is another matrix in another dimension."""
    return Term("form", *frozen(form(c, M)).args, order(M))


def trace(c: Scalars, M: Term) -> Poly:
    """Normal form of tr M: words up to rotation and transposition, a diagonal's as a sum over modes."""
    parts = []
    order(M)
    for w, p in form(c, M).items():
        while len(w) > 1 and _word(c, (w[-1], w[0])) != (w[-1], w[0]):
            w = _word(c, (w[-1], *w[:-1]))
        if len(w) == 1 and w[0].head == "diagonal":
            value = c.modes(w[0].args[0], ZERO, reach(w[0]))
        elif not w:
            value = c.poly(order(M))
        else:
            mirrored = tuple(turned(c, x) for x in reversed(w))
            value = atom(Term("trace", frozenset(v[k:] + v[:k] for v in (w, mirrored) for k in range(len(w)))))
        parts.append(c.times(p, value))
    return added(*parts)


def log_det(c: Scalars, M: Term) -> Poly:
    """Normal form of log det M; of a diagonal or of I in frames, as a sum over modes."""
    f = form(c, M)
    if len(f) != 1:
        return atom(Term("logdet", keyed(c, M)))
    ((w, p),) = f.items()
    scale = c.times(c.poly(order(M)), c.log(p))
    while len(w) > 1 and not _word(c, (w[-1], w[0])):
        w = w[1:-1]
    if not w:
        return scale
    if len(w) == 1 and w[0].head == "diagonal":
        entry, height, width, cuts = w[0].args
        if height == width and not cuts:
            return added(scale, c.modes(Term("log", entry), ZERO, height))
    return added(scale, atom(Term("logdet", frozen({w: constant(1)}))))


def _inverse(c: Scalars, f: Form) -> Form:
    if not definite(c, f):
        raise RejectedError(f"nothing says that {frozen(f)} is invertible")
    if len(f) == 1:
        ((w, p),) = f.items()
        return {tuple(Term("inverse", x) for x in w): c.power(p, -1)}
    return {(Term("inverse", frozen(f)),): constant(1)}


def _root(c: Scalars, M: Term) -> Form:
    """The root that is positive semidefinite, of what is: a letter, or I."""
    f = form(c, M)
    if not semidefinite(c, f):
        raise RejectedError(f"nothing says that {M} is positive semidefinite and has a root")
    return f if f == {(): constant(1)} else {(Term("root", keyed(c, M)),): constant(1)}


def _sum(*forms: Form) -> Form:
    words = dict.fromkeys(w for f in forms for w in f)
    total = {w: added(*(f[w] for f in forms if w in f)) for w in words}
    return {w: p for w, p in total.items() if p}


def _word(c: Scalars, w: Word) -> Word:
    done: list[Term] = []
    for x in w:
        last = done[-1] if done else None
        if last is None:
            done.append(x)
        elif last.head == x.head == "diagonal":
            inner = last.args[3] | x.args[3] | {last.args[2]}
            entry = Term("product", last.args[0], x.args[0])
            done[-1] = Term("diagonal", entry, last.args[1], x.args[2], inner - {last.args[1], x.args[2]})
        elif _cancel(c, last, x):
            done.pop()
        else:
            done.append(x)
    return tuple(done)


def turns(c: Scalars, reflection: Term) -> bool:
    """Whether what a reflection leaves alone is no more than there is."""
    n, k = reflection.args
    rest = added(c.poly(n), scaled(c.poly(k), -1))
    return k == ZERO or {c.sign_poly(c.poly(k)), c.sign_poly(rest)} <= {">", ">="}


def _cancel(c: Scalars, x: Term, y: Term) -> bool:
    """Whether xy is the identity."""
    if x.head == "reflection" and x == y:
        return True
    for a, b in ((x, y), (y, x)):
        if a.head == "inverse" and a.args[0] == b:
            return True
        if a.head == "transpose" and a.args[0] == b and Term("orthogonal", b) in c.hypotheses:
            return True
    return False
