"""A theorem of the core as lemmas of Coq: one for each rule that made it, whose proof the rule's name chooses.

Nothing here is trusted: Coq's kernel checks every lemma, and the sentence is written from the claim, not from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from verify.proof.coq.rules import PROOFS
from verify.proof.coq.tactics import by_monomials, held, positives
from verify.proof.coq.written import argument, declared, domains, identifiers, text
from verify.proof.core.terms import ONE, RejectedError, Term, children
from verify.proof.core.theorem import Theorem, in_order

__all__ = ["Lemmas"]

# Characters: the longest file that Coq accepts has 32,000 (chain-boundedness); all of chain-general has 20 million.
MOST = 100_000

Key = tuple[frozenset[Term], Term]
Symbols = frozenset[Term]


class Lemmas:
    """The lemmas of one file, each sequent once; `prefix` begins their names."""

    def __init__(self, prefix: str = "step") -> None:
        self.prefix = prefix
        self.lines: list[str] = []
        self._said = 0  # characters of sentences
        self._named: dict[Key, tuple[str, Symbols]] = {}

    def sentence(self, name: str, t: Theorem, hypotheses: frozenset[Term], goal: Term) -> str:
        """The theorem called `name`: `goal` under the hypotheses, which are the claim's.

        Raises:
            RejectedError: a rule, or something that a formula is about, which is not exported yet.
        """
        before = len(self.lines), dict(self._named)
        symbols = frozenset().union(goal.symbols, *(h.symbols for h in hypotheses))
        try:
            for step in in_order(t):
                self._lemma(step)
            said = _theorem("Theorem", name, frozenset(symbols), hypotheses, goal, [self._apply(t, frozenset(symbols))])
            if self._said + len(said) + sum(map(len, self.lines)) > MOST:
                raise RejectedError(f"the file would be longer than {MOST} characters")
        except RejectedError:
            del self.lines[before[0] :]
            self._named = before[1]
            raise
        self._said += len(said)
        return said

    def implication(self, name: str, hypotheses: frozenset[Term], goal: Term) -> str:
        """The theorem called `name` about monomials, whose proof Coq looks for by itself.

        Raises:
            RejectedError: something that a formula is about, which is not exported yet.
        """
        symbols = frozenset().union(goal.symbols, *(h.symbols for h in hypotheses))
        lines = [*positives(hypotheses), by_monomials(hypotheses, goal)]
        return _theorem("Theorem", name, symbols, hypotheses, goal, lines)

    def _lemma(self, t: Theorem) -> None:
        key = (t.hypotheses, t.conclusion)
        if key in self._named:
            return
        if t.rule not in PROOFS:
            raise RejectedError(f"the rule “{t.rule}” of the proof core")
        symbols = self._symbols(t)
        name = f"{self.prefix}_{len(self._named) + 1}"
        lines = PROOFS[t.rule](self._apply, t, symbols)
        self.lines.append(_theorem("Lemma", name, symbols, t.hypotheses, t.conclusion, lines))
        self._named[key] = (name, symbols)

    def _symbols(self, t: Theorem) -> Symbols:
        """The variables of a lemma: all that its proof speaks of."""
        own = frozenset().union(t.conclusion.symbols, *(h.symbols for h in t.hypotheses))
        own |= frozenset().union(*(x.symbols for x in children(t.arguments)))
        of_premises = frozenset().union(*(self._named[(p.hypotheses, p.conclusion)][1] for p in t.premises))
        if t.rule == "instance":
            values = dict(t.arguments[0])
            first = self._named[(t.premises[0].hypotheses, t.premises[0].conclusion)][1]
            others = (self._named[(p.hypotheses, p.conclusion)][1] for p in t.premises[1:])
            own = frozenset().union(t.conclusion.symbols, *(h.symbols for h in t.hypotheses))
            return own | (first - values.keys()) | frozenset().union(*(v.symbols for v in values.values()), *others)
        return own | of_premises

    def _apply(self, t: Theorem, known: Symbols, values: Mapping[Term, Term] | None = None) -> str:
        """The tactic that proves a lemma's conclusion; what has no value here is 1, which is in every domain."""
        name, symbols = self._named[(t.hypotheses, t.conclusion)]
        arguments = []
        for x in identifiers(symbols):
            value = (values or {}).get(x, x if x in known else ONE)
            arguments.append("1%nat" if x.args[2] and value == ONE else argument(value))
        used = f"({name}{''.join(f' {a}' for a in arguments)})"
        return f"by_lemma {used}"


def _theorem(
    kind: str, name: str, symbols: Symbols, hypotheses: frozenset[Term], goal: Term, lines: Iterable[str]
) -> str:
    known, assumed = domains(symbols), held(hypotheses)
    premises = "".join(f"  {p} ->\n" for p in (*known.values(), *assumed.values()))
    names = identifiers(symbols)
    scalars, dimensions = ([n for x, n in names.items() if bool(x.args[2]) is whole] for whole in (False, True))
    intros = [*scalars, *dimensions, *known, *assumed]
    steps = [*([f"intros {' '.join(intros)}"] if intros else []), *lines]
    bound = f": forall {declared(symbols)}," if symbols else ":"
    body = "\n".join(f"{step}." for step in steps)
    return f"{kind} {name} {bound}\n{premises}  {text(goal)}.\nProof.\n{body}\nQed.\n"
