"""The steps of a derivation: one expression under substitutions, simplified between them.

Slopes become what the rules say, names what they stand for, names numbers. A step is shown if it
leaves less to read than the one before, and only if the numbers of the proof confirm it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule._languages import mark, tr

from .chain import Chain, CrossingRowsError
from .composing import written
from .computation import Computation
from .derivation import Derivation, Note, Step
from .errors import DerivationError
from .expressions import SUMS, ZERO, Expr, Name, negative
from .local import rules_used
from .measuring import cost, letters
from .orientation import as_written, written_sums
from .own_terms import in_own_terms
from .parts import by_parts
from .proof import UNCONFIRMED, Points, engine_slope
from .putting import in_a_row, put_back, without_ones
from .simplifying import neat, poly
from .writing import UNICODE, write

__all__ = ["derived", "text_of"]

WIDE = 72  # letters of a line that is put back
WALL = 200  # letters of a chain that is written at all
MOST_NAMES = 24
MOST_PATHS = 1000  # where paths fork and meet again and again, a chain may still be short
MOST_RULES = 2

TURNED = ("tidy", "collect", "own")  # what the simplifier wrote

LONG = mark("The derivative is long, so it is shown by its parts: each line uses those above it.")
CROSSING = mark(
    "Each data point has an effect on what belongs to the others, so the derivative is shown by "
    "its parts: each line uses those above it."
)


def text_of(e: Expr) -> str:
    """Return `e` in one line."""
    return write(e, UNICODE).text


def derived(
    computation: Computation, wrt: Expr, near: Mapping[Expr, Any]
) -> tuple[Derivation, Points]:
    """Return the derivation of the computation's y by `wrt`, and the points of its proof.

    `near` has values around which such points can be looked for.
    """
    deriving = _Deriving(computation, wrt, near)
    return deriving.derivation(), deriving.points


class _Deriving:
    def __init__(self, computation: Computation, wrt: Expr, near: Mapping[Expr, Any]) -> None:
        self.computation, self.wrt = computation, wrt
        self.chain = Chain(computation)
        self.points = Points(computation, near, wrt)
        head = self.chain.sign(computation.y, wrt)
        self.d = Derivation(computation.definitions, computation.y, wrt, head)
        self.own: set[Expr] = set()  # slopes in terms of the function itself
        self.sums = written_sums(_written(computation))
        self.rows = any(n.head.row for n in computation.definitions)

    def derivation(self) -> Derivation:
        d = self.d
        if (line := self.line()) is None:
            by_parts(d, self.chain, self.points)
            self.ask_the_engine()
            self.put_parts_together()
            crossing = self.wrt.head.row and self.chain.crosses(d.y, self.wrt)
            d.notes.append(Note(CROSSING if crossing else LONG))
        else:
            self.steps(line)
        if not d.steps:
            raise DerivationError(tr(UNCONFIRMED))
        return d

    def ask_the_engine(self) -> None:
        """Note the engine's derivative of the whole, which each step must equal."""
        d = self.d
        self.true = engine_slope(d.y, d.wrt, self.points.values, d.definitions)

    def line(self) -> Expr | None:
        """Return the chain rule as one line, or None if that would be a wall."""
        if not self.computation.leads(self.d.y, self.wrt):  # the derivative of a constant
            self.chain.meaning[self.d.head] = ZERO
            return self.d.head
        many = self.chain.paths(self.d.y, self.wrt) > MOST_PATHS
        if many or len(self.computation.definitions) > MOST_NAMES:
            return None
        try:
            line = self.chain.along(self.d.y, self.wrt)
        except CrossingRowsError:
            return None
        long = max(letters(line), letters(line.put(self.chain.meaning))) > WALL
        return None if long and line.args else line

    def put_parts_together(self) -> None:
        """Add the derivative as a whole after its parts, if it is short after all."""
        if not self.d.steps:
            return
        e, meaning = self.d.steps[-1].expr, dict(self.d.parts)
        while any(leaf in meaning for leaf in e.leaves()) and letters(e) < WALL:
            e = e.put(meaning)
        if letters(e) < WALL and letters(tidy := neat(e)) <= WIDE:
            self.add(tidy, "tidy")
            self.put_back(tidy, None)

    def steps(self, line: Expr) -> None:
        d, chain, points = self.d, self.chain, self.points
        points.learn(chain.meaning, self.computation)
        self.ask_the_engine()
        d.meaning = chain.meaning
        for edge, found in list(d.meaning.items()):
            v, u = Expr(edge.head.of), Expr(edge.head.by)
            if v in self.computation.steps:  # it is one step: p(1 − p)
                own = in_own_terms(chain, points, v, u, found)
                if own is not None:
                    d.meaning[edge] = own
                    self.own.add(edge)
        if line.args:
            self.add(line, "chain")
        local = without_ones(line.put(d.meaning))
        self.add(local, "local" if line.args else "rule", rules=self.rules())
        if not d.steps:
            return
        tidy = neat(local, order=self.rows)
        shorter = cost(tidy)[:2] < cost(local)[:2]
        if local.head is np.multiply and not shorter:
            tidy = written(poly(local))  # a product remains one
        if (shorter or unfinished(local)) and letters(tidy) <= WALL:
            self.add(tidy, "tidy")
        else:
            tidy = local
        own = in_own_terms(chain, points, d.y, self.wrt, tidy)
        self.put_back(tidy, own)
        if own is not None and cost(own) < cost(d.result):
            self.add(own, "own", name=text_of(d.y))

    def put_back(self, tidy: Expr, own: Expr | None) -> None:
        """Replace the names, and collect; not where the names are what one wants to read."""
        known, kept = self.computation.definitions, self.computation.kept
        names = [n for n in dict.fromkeys(tidy.leaves()) if n in known and n not in kept]
        meaning = {n: self.in_kept_names(n) for n in names}
        # What the user named is put back where it is short.
        by_hand = self.computation.steps and not self.computation.kept
        limit = 2 * letters(tidy) + 10 if by_hand else WIDE
        if not meaning:
            return
        back = put_back(tidy, meaning)
        collected = as_written(neat(back), self.sums)
        if cost(collected) >= cost(back) or letters(back) > WIDE:
            back = collected
        if own == tidy or letters(collected) > limit:
            return
        self.add(back, "back")
        self.add(collected, "collect")

    def in_kept_names(self, n: Expr) -> Expr:
        """Return what the name `n` stands for, in terms of what is given and of kept names."""
        e, kept = n, self.computation.kept
        known = {m: meant for m, meant in self.computation.definitions.items() if m not in kept}
        while any(m in known for m in e.leaves()):
            e = e.put(known)
        return e

    def add(self, e: Expr, why: str, rules: tuple[str, ...] = (), name: str = "") -> None:
        """Add a step, if it differs from the last and the numbers confirm it."""
        if why in TURNED:
            e = as_written(e, self.sums)
        if self.d.steps and text_of(e) == text_of(self.d.steps[-1].expr):
            return
        if self.points.agree(self.points.at(e), self.true):
            self.d.steps.append(Step(e, why, rules=rules, name=name))

    def rules(self) -> tuple[str, ...]:
        """Return the rules of calculus that the local derivatives used."""
        found: dict[str, None] = {}
        for n in reversed(self.computation.definitions):
            if any(edge.head.of == n.head for edge in self.chain.meaning if edge not in self.own):
                moving = [u for u in self.computation.inputs(n) if self.leads(u)]
                found |= dict.fromkeys(rules_used(self.computation.definitions[n], moving))
        named = sorted(found, key=lambda rule: rule.startswith("function"))
        return tuple(named)[:MOST_RULES] or self.plain_rule()

    def plain_rule(self) -> tuple[str, ...]:
        """Return the rule of a sum, or of a number before something, if there is no other."""
        e = self.computation.definitions[self.d.y]
        constant = e.head in (np.multiply, np.divide)
        return ("sum",) if e.head in SUMS else ("constant",) if constant else ()

    def leads(self, u: Expr) -> bool:
        return isinstance(u.head, Name) and self.computation.leads(u, self.wrt)


def _written(computation: Computation) -> list[Expr]:
    """Return what was written, in terms of names and, where that is short, of what is given."""
    short: dict[Expr, Expr] = {}
    for n, e in computation.definitions.items():
        if letters(whole := e.put(short)) <= WALL:
            short[n] = whole
    return [*computation.definitions.values(), *short.values()]


def unfinished(e: Expr) -> bool:
    """Say whether a number or a sign stands further in than one leaves it: Σᵢ 2·…, a·(−b)."""
    if e.head is np.sum:
        return True
    return e.head is np.multiply and any(map(negative, in_a_row(e)))
