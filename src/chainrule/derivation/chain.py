"""The chain rule: ∂y/∂w as products along the paths from y to w, and sums over the paths.

The chain is factored where all paths meet, (∂y/∂b·db/da + ∂y/∂c·dc/da)·da/dx: a pure chain and two
paths side by side are its ends, and nothing doubles where paths fork again and again.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .computation import Computation
from .errors import DerivationError
from .expressions import ONE, Expr, Slope, chained
from .local import slope

__all__ = ["Chain", "CrossingRowsError", "times"]


class CrossingRowsError(DerivationError):
    """The rows of one value depend on all rows of another: there is no chain to write in a line."""


class Chain:
    """The chains of a computation, and the local derivative behind each slope in them."""

    def __init__(self, computation: Computation) -> None:
        self.computation = computation
        self.meaning: dict[Expr, Expr] = {}
        self.order = list(computation.definitions)
        self._through: dict[tuple[Expr, Expr], frozenset[Expr]] = {}
        self._crosses: dict[tuple[Expr, Expr], bool] = {}
        self._paths: dict[tuple[Expr, Expr], int] = {}

    def edge(self, v: Expr, u: Expr, held: Iterable[Expr] = ()) -> Expr:
        """Return the slope ∂v/∂u as a leaf, its local derivative noted in `meaning`."""
        found = self.sign(v, u, held, several=len(self.computation.inputs(v)) > 1)
        if found not in self.meaning:
            self.meaning[found] = slope(self.computation.definitions[v], v, u)
        return found

    def sign(self, v: Expr, u: Expr, held: Iterable[Expr] = (), several: bool = False) -> Expr:
        """Return the sign of ∂v/∂u, with d where nothing else could vary."""
        several |= len(self.computation.free(self.computation.y)) > 1
        several |= u.head.row and not v.head.row  # the values of the other data points
        return Expr(Slope(v.head, u.head, tuple(n.head for n in held), several))

    def through(self, v: Expr, t: Expr) -> frozenset[Expr]:
        """Return the values that every path from `v` to `t` passes, both ends among them."""
        if v == t:
            return frozenset([t])
        if (v, t) not in self._through:
            inputs = [n for n in self.computation.movers(v) if self.computation.leads(n, t)]
            below = [self.through(n, t) for n in inputs]
            self._through[v, t] = frozenset([v]) | frozenset.intersection(*below)
        return self._through[v, t]

    def crosses(self, v: Expr, m: Expr) -> bool:
        """Say whether a path from `v` to `m` leaves the rows for a single value on its way."""
        if v == m:
            return False
        if (v, m) not in self._crosses:
            self._crosses[v, m] = any(
                (v.head.row and not n.head.row and n != m) or self.crosses(n, m)
                for n in self.computation.movers(v)
                if self.computation.leads(n, m)
            )
        return self._crosses[v, m]

    def paths(self, v: Expr, t: Expr) -> int:
        """Return how many paths lead from `v` to `t`."""
        if v == t:
            return 1
        if (v, t) not in self._paths:
            inputs = [n for n in self.computation.movers(v) if self.computation.leads(n, t)]
            self._paths[v, t] = sum(self.paths(n, t) for n in inputs)
        return self._paths[v, t]

    def along(self, v: Expr, t: Expr) -> Expr:
        """Write ∂v/∂t: products along a path, sums over paths, factored where all paths meet."""
        if v == t:
            return ONE
        if t.head.row and self.crosses(v, t):
            raise CrossingRowsError
        inputs = [n for n in self.computation.movers(v) if self.computation.leads(n, t)]
        common = frozenset.intersection(*(self.through(n, t) for n in inputs))
        meets = [m for m in common if m == t or not (m.head.row and self.crosses(v, m))]
        meet = max(meets, key=lambda m: -1 if m == t else self.order.index(m))
        terms = []
        for u in inputs:
            others = [n for n in inputs if n != u] if u == meet and len(inputs) > 1 else []
            factors = times(self.edge(v, u, others), self.along(u, meet))
            terms.append(over_rows(v, u, meet, factors))
        rest = self.along(meet, t)
        return over_rows(v, meet, t, times(chained(np.add, terms), rest))


def over_rows(v: Expr, u: Expr, t: Expr, e: Expr) -> Expr:
    """Write Σᵢ where a path enters the rows at `u`, unless it ends in them."""
    enters = u.head.row and not v.head.row and not t.head.row
    return Expr(np.sum, (e,)) if enters else e


def times(a: Expr, b: Expr) -> Expr:
    """Return a·b, flat from left to right, without the ones that an empty path leaves."""
    if a == ONE or b == ONE:
        return a if b == ONE else b
    return Expr(np.multiply, (times(a, b.args[0]), b.args[1]) if b.head is np.multiply else (a, b))
