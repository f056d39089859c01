"""Derivatives in terms of the function itself: σ(1 − σ), 1 − y², 1 + y².

There is no table of such functions: small whole numbers c₀, c₁, c₂ are looked for with which
∂y/∂a = c₀ + c₁y + c₂y² at random points, and what holds at all of them is taken.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .chain import Chain, times
from .expressions import ONE, ZERO, Expr, negative, num
from .proof import Points
from .simplifying import neat

__all__ = ["in_own_terms"]

LARGEST = 4
LARGEST_VALUE = 1e6  # of y; y² of larger ones leaves no digits to see c₀ by


def in_own_terms(chain: Chain, points: Points, v: Expr, t: Expr, found: Expr) -> Expr | None:
    """Return `found`, which is ∂v/∂t, as a polynomial in v times the rest of the path, or None."""
    if found == ZERO or (t.head.row and not v.head.row):
        return None
    order = [t, *chain.computation.definitions]
    ys = points.values[v]
    for u in sorted(chain.through(v, t) - {v}, key=order.index):
        if u.head.row != v.head.row:
            continue
        rest = neat(chain.along(u, t).put(chain.meaning)) if u != t else ONE
        if rest == ZERO:
            continue
        rest = -rest if negative(rest) else rest  # the sign goes to what is fitted
        ratio = np.broadcast_to(points.at(found) / points.at(rest), np.shape(ys))
        if (short := fitted(v, np.ravel(ys), np.ravel(ratio))) is not None:
            if negative(short):
                return Expr(np.negative, (times(-short, rest),))
            return times(short, rest)
    return None


def fitted(v: Expr, ys: np.ndarray, slopes: np.ndarray) -> Expr | None:
    """Return c₀ + c₁v + c₂v², if two small whole numbers of them fit everywhere."""
    known = np.isfinite(slopes) & (np.abs(ys) < LARGEST_VALUE)
    if known.sum() < 6:
        return None
    ys, slopes = ys[known], slopes[known]
    basis = np.stack([ys**0, ys, ys**2], axis=1)
    c: Any = np.round(np.linalg.lstsq(basis, slopes, rcond=None)[0])
    if np.count_nonzero(c) != 2 or np.abs(c).max() > LARGEST:
        return None  # −y² for 1/x, y for eˣ: the rule has said as much, or less says more
    if not np.allclose(basis @ c, slopes, rtol=1e-8, atol=1e-10):
        return None
    c0, c1, c2 = (num(int(n)) for n in c)
    if c0 == ZERO:
        if c[1] < 0 and c[2] < 0:
            return -(v * (-c1 - c2 * v))
        return v * (c1 + c2 * v if c[1] > 0 else c2 * v + c1)
    varying = c1 * v + c2 * v**2
    return c0 + varying if c[0] > 0 else varying + c0
