"""Numbers at a rank: medians, percentiles and quantiles, with and without NaN.

The value is NumPy's own. A change returns to the one or two numbers that the result reads, in the
shares in which it reads them; equal numbers divide what any of them gets, as those of a maximum.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from chainrule._core.batching import along, looped
from chainrule._core.pieces import zeros
from chainrule._core.stating import pulled, spelled
from chainrule._core.traces import joined
from chainrule._core.values import bare, dtype_of, ndim_of, recordable, shape_of

from .extremes import to_extreme
from .indexing import gathered
from .reductions import axes_of, kept_shape, merged, parted

__all__ = ["weighted_quantile"]

# ---------------------------------------------------------------- which numbers are read

# Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996):
# of n sorted numbers, counted from 1, the quantile q reads the place a + q (n + 1 - a - b), and a
# straight line between its neighbours. All other methods have steps.
STRAIGHT = {
    "interpolated_inverted_cdf": (0, 1), "hazen": (1 / 2, 1 / 2), "weibull": (0, 0),
    "linear": (1, 1), "median_unbiased": (1 / 3, 1 / 3), "normal_unbiased": (3 / 8, 3 / 8),
}  # fmt: skip


def straight(n: Any, q: Any, method: Any) -> tuple[Any, Any]:
    """Return the place that is read, counted from 0, and how fast it moves with `q`."""
    a, b = STRAIGHT[method]
    rate = n + 1 - a - b
    place = a - 1 + q * rate
    inside = (place >= 0) & (place <= n - 1)
    return np.clip(place, 0, np.maximum(n - 1, 0)), np.where(inside, rate, 0)


def stepwise(n: Any, q: Any, method: Any, dtype: Any) -> Any:
    """Return the place as NumPy rounds it: of the numbers 0, 1, 2, … it is the quantile itself."""
    if np.ndim(n) == 0:
        return np.reshape(np.quantile(np.arange(n).astype(dtype), q, method=method), -1)
    counts = np.reshape(n, np.shape(n)[:-1])
    place = np.zeros((*counts.shape, np.size(q)))
    for count in np.unique(counts[counts > 0]):
        found = np.quantile(np.arange(count).astype(dtype), q, method=method)
        place[counts == count] = np.ravel(found)
    return place


def counted_in(rows: Any, skips: bool) -> Any:
    """Return how many numbers a row has: with `skips`, NaN is none."""
    return np.sum(~np.isnan(rows), axis=-1, keepdims=True) if skips else shape_of(rows)[-1]


def read(in_order: Any, at: Any) -> Any:
    """Return what stands at the places `at`, which all rows share or each row has its own of."""
    return in_order[..., at] if at.ndim == 1 else np.take_along_axis(in_order, at, -1)


# ---------------------------------------------------------------- changes


def to_places(g: Any, rows: Any, n: Any, place: Any, skips: bool) -> Any:
    """Return a change of what is read between the sorted numbers at `place`, to those numbers."""
    in_order = np.sort(rows, axis=-1)
    g = np.reshape(g, (-1, *rows.shape[:-1], 1))
    total: Any = 0
    for j in range(shape_of(place)[-1]):
        mine = place[..., j : j + 1]
        lower = np.floor(bare(mine)).astype(int)
        if not skips:  # a NaN, which stands last, is the result; as for a maximum its slope is NaN
            lower = np.where(np.isnan(in_order[..., -1:]), n - 1, lower)
        below, above = read(in_order, lower), read(in_order, np.minimum(lower + 1, n - 1))
        share = mine - lower
        total = total + to_equals(g[j] * (1 - share), rows, below)
        total = total + to_equals(g[j] * share, rows, above)
    return total


def to_equals(g: Any, rows: Any, number: Any) -> Any:
    equal = rows == number
    return g / np.sum(equal, axis=-1, keepdims=True) * equal


def to_read(
    g: Any, a: Any, q: Any, axis: Any = None, method: Any = "linear", skips: bool = False
) -> Any:
    """Return a change of the quantiles `q` to the numbers that they read."""
    rows = merged(bare(a), axis)
    if not rows.size:
        return zeros(shape_of(a), dtype_of(g))
    n = counted_in(rows, skips)
    if method in STRAIGHT:
        place = straight(n, np.reshape(q, -1), method)[0]
    else:
        place = stepwise(n, bare(q), method, rows.dtype)
    return parted(to_places(g, rows, n, place, skips), shape_of(a), axis)


def to_middle(g: Any, a: Any, axis: Any, skips: bool) -> Any:
    rows = merged(bare(a), axis)
    if not rows.size:
        return zeros(shape_of(a), dtype_of(g))
    n = counted_in(rows, skips)
    place = (n - 1) / 2 if skips else np.array([(n - 1) / 2])
    return parted(to_places(g, rows, n, place, skips), shape_of(a), axis)


def to_level(
    g: Any, a: Any, q: Any, axis: Any = None, method: Any = "linear", skips: bool = False
) -> Any:
    """Return a change to `q`: times the step between the neighbours that a straight line joins."""
    rows, known = merged(a, axis), merged(bare(a), axis)
    if method not in STRAIGHT or not known.size:
        return zeros(shape_of(q), dtype_of(g))
    levels, n = np.reshape(bare(q), -1), counted_in(known, skips)
    place, rate = straight(n, levels, method)
    lower = np.clip(np.floor(place), 0, np.maximum(n - 2, 0)).astype(int)
    lower = np.broadcast_to(lower, (*known.shape[:-1], levels.size))
    order = np.argsort(known, axis=-1)
    low, high = (
        gathered(rows, np.take_along_axis(order, at, -1), -1)
        for at in (lower, np.minimum(lower + 1, np.maximum(n - 1, 0)))
    )
    g = np.moveaxis(np.reshape(g, (levels.size, *known.shape[:-1])), 0, -1)
    moves = np.reshape(g * (high - low) * rate, (-1, levels.size))
    return np.reshape(np.sum(moves, 0), shape_of(q))


@recordable
def weighted_quantile(x: Any, q: Any, weights: Any, axis: Any, quantile: Any) -> Any:
    """Return the one quantile `q` of numbers that count as often as `weights` say, axes kept."""
    return quantile(x, q, axis=axis, method="inverted_cdf", keepdims=True, weights=weights)


pulled(
    weighted_quantile,
    lambda g, x, y, q, weights, axis, quantile: to_extreme(g, x, y, axis, keepdims=True),
)


def quantile_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    """NumPy puts the axes of the levels first."""
    (a, q), rank, axis = values, ranks[0], options.get("axis")
    if rank is None:  # the levels are what differs
        y = f(a, np.reshape(q, -1), **options)
        return np.reshape(y, (*shape_of(q), *shape_of(y)[1:]))
    if ranks[1] is not None or not rank:
        return looped(f, values, ranks, size, options)
    axes = range(rank) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    options = options | {"axis": tuple(normalize_axis_index(i, rank) + 1 for i in axes)}
    if not ndim_of(q):
        return f(a, q, **options)
    y = np.moveaxis(f(a, np.reshape(q, -1), **options), 0, 1)
    return np.reshape(y, (size, *shape_of(q), *shape_of(y)[2:]))


def state(function: Any, skips: bool, whole: int) -> None:
    """State a function whose levels are parts of `whole`."""

    def pull(
        g: Any, a: Any, b: Any, axis: Any = None, *, method: Any = "linear", keepdims: Any = False
    ) -> Any:
        return to_read(g, a, np.true_divide(b, whole), axis, method, skips)

    def pull_level(
        g: Any, a: Any, b: Any, axis: Any = None, *, method: Any = "linear", keepdims: Any = False
    ) -> Any:
        return to_level(g, a, np.true_divide(b, whole), axis, method, skips) / whole

    def misplaced(a: Any, b: Any, *rest: Any, **options: Any) -> bool:
        """Levels of two dimensions NumPy itself puts here and there among the other axes."""
        return skips and ndim_of(joined(b)) > 1 and 0 not in shape_of(joined(a))

    def spelling(
        a: Any, q: Any, axis: Any = None, out: None = None, overwrite_input: bool = False,
        method: Any = "linear", keepdims: Any = False, *, weights: Any = None,
    ) -> Any:  # fmt: skip
        if weights is None and misplaced(a, q):
            q = joined(q)
            y = function(a, np.reshape(q, -1), axis, method=method, keepdims=keepdims)
            return np.reshape(y, (*shape_of(q), *shape_of(y)[1:]))
        if weights is None:
            return function(a, q, axis, method=method, keepdims=keepdims)
        if method != "inverted_cdf":
            raise ValueError(f"weights= needs method='inverted_cdf', but the method is {method!r}.")
        levels = np.ravel(bare(joined(q)))
        each = [weighted_quantile(a, u, bare(weights), axis, function) for u in levels]
        y = np.reshape(np.stack(each), (*np.shape(q), *kept_shape(shape_of(a), axis)))
        axes = axes_of(axis, ndim_of(a))
        return y if keepdims else np.squeeze(y, tuple(np.ndim(q) + i for i in axes))

    pulled(function, pull, pull_level, batched=quantile_batch)
    spelled(function, spelling, when=misplaced)


def state_median(function: Any, skips: bool) -> None:
    def pull(g: Any, x: Any, axis: Any = None, *, keepdims: Any = False) -> Any:
        return to_middle(g, x, axis, skips)

    pulled(function, pull, batched=along)
    spelled(
        function,
        lambda a, axis=None, out=None, overwrite_input=False, keepdims=False: function(
            a, axis, keepdims=keepdims
        ),
    )


state(np.quantile, False, 1)
state(np.nanquantile, True, 1)
state(np.percentile, False, 100)
state(np.nanpercentile, True, 100)
state_median(np.median, False)
state_median(np.nanmedian, True)
