"""The proof of a derivation: each step at random points, equal to the last and to the engine's.

The points are of both signs, inside of the domain. Every local derivative is compared with what
the engine finds for that definition alone, every step with the engine's derivative of the whole.
All points are one table of NumPy, so a proof costs a few calls a step.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from chainrule._languages import mark, tr
from chainrule.operators import grad, jvp

from .computation import Computation
from .errors import DerivationError
from .expressions import COUNT, Expr, Name, rowed
from .measuring import sorted_by

__all__ = ["UNCONFIRMED", "Points", "Source", "engine_slope"]

# Between which bounds values are drawn: both signs first, then where logarithms, roots and
# inverse functions have values.
BOUNDS = [(-2.0, 2.0), (-4.0, 4.0), (0.1, 3.0), (0.05, 0.95), (1.1, 4.0), (-0.9, 0.9)]
TRIED, ENOUGH, FEWEST, ROWS = 40, 24, 3, 2
LARGEST = 1e6  # beyond, and nearer to a pole, too few digits are left to compare
STEEP = 1e4
ASKED = 4  # at how many points what was given is asked itself
Values = dict[Expr, Any]
NONE: Mapping[Expr, Expr] = {}
Source = Callable[[dict[str, Any]], Any]

UNCONFIRMED = mark(
    "the derivation of this formula could not be confirmed by numbers, so it is not shown; its "
    "slope can still be had from grad"
)


class Points:
    """Random points at which all of a computation has a value, and the values there.

    A value is a column with one number for each point; of rows, a table with a column for each.
    `near` may have further values to look around, for formulas with a small domain.
    """

    def __init__(
        self, computation: Computation, near: Mapping[Expr, Any], wrt: Expr | None = None
    ) -> None:
        rng = np.random.default_rng(0)
        given = computation.free(computation.y)
        free = sorted(given if wrt is None else given | {wrt}, key=sorted_by)
        bounds = BOUNDS * 2 if len(free) > 1 else BOUNDS
        tables: Values = {}
        for n in free:
            wide = ROWS if n.head.row else 1
            order = rng.permutation(len(bounds)) if len(free) > 1 else range(len(bounds))
            drawn = [rng.uniform(*bounds[k], (TRIED, wide)) for k in order]
            tables[n] = np.concatenate([*drawn, *around(near.get(n), wide, rng)])
        self.values: Values = tables | {COUNT: float(ROWS)}
        self._define(computation.definitions)
        self._keep(computation.y, len(next(iter(tables.values()))))

    def _define(self, definitions: Mapping[Expr, Expr]) -> None:
        for n, e in definitions.items():
            self.values[n] = e.at(self.values)

    def _keep(self, y: Expr, count: int) -> None:
        """Keep the points at which y has a value, and nothing is too large.

        What has no value and is not needed, in a case that is not that of the point, may be.
        """
        known = np.ones((count, 1), bool) & np.isfinite(self.values[y])
        moderate = known.copy()
        for v in self.values.values():
            if np.ndim(v):
                moderate &= ~(np.abs(v) >= LARGEST).any(axis=-1, keepdims=True)
        kept = np.flatnonzero(moderate if moderate.sum() >= FEWEST else known)
        if len(kept) < FEWEST:
            raise DerivationError(
                tr(
                    "the formula has a value at none of the points tried, so its derivation "
                    "cannot be checked; does it divide by zero, or take a root or logarithm of "
                    "something negative?"
                )
            )
        self._take(kept[:: max(1, len(kept) // ENOUGH)])

    def _take(self, kept: Any) -> None:
        self.values = {n: v[kept] if np.ndim(v) else v for n, v in self.values.items()}

    def at(self, e: Expr) -> Any:
        """Return the values of `e` at all points."""
        return e.at(self.values)

    def learn(self, slopes: Mapping[Expr, Expr], computation: Computation) -> None:
        """Take each slope's values from the engine, and raise unless the rules read gave the same.

        That would be an error of this package, never one of the formula's writer.
        """
        for edge, said in slopes.items():
            v, u = Expr(edge.head.of), Expr(edge.head.by)
            found = self.at(said)
            true = engine_slope(computation.definitions[v], u, self.values)
            # Where the larger of two equal numbers is taken, the engine shares the change.
            true = np.where(self.ties(computation.definitions[v]), found, true)
            self.values[edge] = true
            if not self.agree(found, true):
                raise DerivationError(tr(UNCONFIRMED))
        # Where slopes are steep, large terms can cancel, and leave too few digits to compare.
        gentle = np.ones((self.count, 1), bool)
        for edge in slopes:
            slope = np.atleast_1d(self.values[edge])
            self.values[edge] = slope = np.broadcast_to(slope, (self.count, slope.shape[-1]))
            gentle &= ~(np.abs(slope) >= STEEP).any(axis=-1, keepdims=True)
        if gentle.sum() >= ENOUGH // 2:
            self._take(np.flatnonzero(gentle))

    @property
    def count(self) -> int:
        """How many points there are."""
        return max(len(v) for v in self.values.values() if np.ndim(v))

    def ties(self, e: Expr) -> Any:
        """Say at which points the two of a maximum or minimum in `e` are equal."""
        tied = [self.ties(arg) for arg in e.args]
        if e.head in (np.maximum, np.minimum):
            tied.append(np.equal(*map(self.at, e.args)))
        return functools.reduce(np.logical_or, tied, False)

    def agree(self, found: Any, true: Any) -> bool:
        """Say whether two tables are equal where both have values, and that is often enough."""
        found, true = np.broadcast_arrays(found, true)
        has_value = np.isfinite(true)
        known = has_value & np.isfinite(found)
        if known.sum() < max(FEWEST, has_value.sum() // 2):
            return False
        return bool((np.abs(found - true) <= 1e-7 * (1 + np.abs(true)))[known].all())

    def agree_with(self, source: Source, wrt: Expr, order: int, result: Expr) -> bool:
        """Say whether `result` is the engine's derivative of `source`, which computes y by names.

        This asks what was given itself, not what was read of it, at a few of the points.
        """
        found = np.broadcast_to(self.at(result), (self.count, np.shape(self.values[wrt])[-1]))
        for k in range(0, self.count, -(-self.count // ASKED)):
            given = [n for n in self.values if isinstance(n.head, Name) and n.head.data]
            at = {n: self.values[n][k] for n in given}
            known = {n.head.text: v if n.head.row else float(v[0]) for n, v in at.items()}
            true = derivative_at(source, known, wrt.head.text, order)
            both = np.all(np.isfinite(true) & np.isfinite(found[k]))
            if both and not np.allclose(found[k], true, rtol=1e-6, atol=1e-7):
                return False
        return True


def derivative_at(source: Source, values: dict[str, Any], wrt: str, order: int) -> Any:
    def derivative(w: Any) -> Any:
        return source({**values, wrt: w})

    for _ in range(order):
        derivative = grad(derivative)
    return derivative(values[wrt])


def around(given: Any, wide: int, rng: np.random.Generator) -> list[Any]:
    """Return a table of values near those given by the user, if they are."""
    if given is None:
        return [rng.uniform(-1, 1, (TRIED, wide))]
    middle = np.resize(np.asarray(given, float), wide)
    return [middle + 0.05 * (1 + np.abs(middle)) * rng.uniform(-1, 1, (TRIED, wide))]


def engine_slope(
    e: Expr, by: Expr, values: Mapping[Expr, Any], definitions: Mapping[Expr, Expr] = NONE
) -> Any:
    """Return the engine's derivative of `e` by the name `by`, at each of the points `values`.

    The names in `definitions`, which are in order, follow `by`; all others are held.
    """

    def f(v: Any) -> Any:
        known = {**values, by: v}
        for n, meant in definitions.items():
            if n != by:
                known[n] = meant.at(known)
        return e.at(known)

    if by.head.row and not rowed(e):
        return grad(lambda v: np.sum(f(v)))(values[by])
    y, slope = jvp(f, (values[by],), (np.ones_like(values[by]),))
    return np.broadcast_to(slope, np.broadcast_shapes(*map(np.shape, (y, slope, values[by]))))
