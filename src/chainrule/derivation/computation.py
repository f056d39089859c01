"""A computation: its values by name, and what each is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np

from .expressions import Expr, Name

__all__ = ["Computation"]


class Computation:
    """The values of a computation with their definitions, in order; the last is `y`.

    `steps` are the names that whoever wrote it chose, or would choose: each is one step. Those
    that are `kept` read better in a result than what they stand for.
    """

    def __init__(
        self, definitions: dict[Expr, Expr], steps: Iterable[Expr], kept: Iterable[Expr]
    ) -> None:
        self.definitions = definitions
        self.y = next(reversed(definitions))
        self.steps = frozenset(steps)
        self.kept = frozenset(kept)
        self.free = cache(self._free)
        self.leads = cache(self._leads)

    def full(self, e: Expr) -> Expr:
        """Return `e` in terms of what is given alone."""
        while any(n in self.definitions for n in e.leaves()):
            e = e.put(self.definitions)
        return e

    def inputs(self, v: Expr) -> list[Expr]:
        """Return the names in the definition of `v`, each once, from left to right."""
        return list(dict.fromkeys(self.definitions[v].leaves())) if v in self.definitions else []

    def movers(self, v: Expr) -> list[Expr]:
        """Return those of the inputs of `v` that move it: not what only a condition asks for."""
        if v not in self.definitions:
            return []
        return list(dict.fromkeys(outside_conditions(self.definitions[v])))

    def _free(self, v: Expr) -> frozenset[Expr]:
        """Return the given names that `v` depends on."""
        if v not in self.definitions:
            return frozenset([v])
        return frozenset().union(*(self.free(n) for n in self.inputs(v)))

    def _leads(self, v: Expr, t: Expr) -> bool:
        """Say whether `v` moves where `t` does."""
        return v == t or any(self.leads(n, t) for n in self.movers(v))


def outside_conditions(e: Expr) -> Iterator[Expr]:
    """Yield the names in `e`, but for those in the conditions of cases."""
    if isinstance(e.head, Name):
        yield e
    for arg in e.args[1:] if e.head is np.where else e.args:
        yield from outside_conditions(arg)
