"""Numbers at a rank: medians, percentiles and quantiles, with and without NaN.

The value is NumPy's own. A change returns to the one or two numbers that the result reads, in the
shares in which it reads them; equal numbers divide what any of them gets, as those of a maximum.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import along
from chainrule._core.pieces import zeros
from chainrule._core.stating import pulled, spelled
from chainrule._core.traces import joined
from chainrule._core.values import bare, dtype_of, ndim_of, recordable, shape_of

from .extremes import to_extreme
from .indexing import gathered, scattered
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
    n, q = np.broadcast_arrays(
        n, dtype.type(q) if isinstance(q, (int, float)) and dtype.kind == "f" else q
    )
    place = np.zeros(n.shape)
    for count in np.unique(n[n > 0]):
        mine = n == count
        place[mine] = np.quantile(np.arange(count).astype(dtype), q[mine], method=method)
    return place


def counted_in(rows: Any, skips: bool) -> Any:
    """Return how many numbers a row has: with `skips`, NaN is none."""
    return np.sum(~np.isnan(rows), axis=-1, keepdims=True) if skips else shape_of(rows)[-1]


def neighbours(rows: Any, n: Any, q: Any, method: Any) -> tuple[Any, Any, Any]:
    """Return the sorted positions below and above what is read, and the share of the upper one."""
    if method in STRAIGHT:
        place = straight(n, q, method)[0]
    else:
        place = stepwise(n, bare(q), method, rows.dtype)
    lower = np.clip(np.floor(bare(place)), 0, np.maximum(n - 2, 0)).astype(int)
    shape = (*rows.shape[:-1], shape_of(q)[-1])
    share = place - lower
    lower = np.broadcast_to(lower, shape)
    return lower, np.minimum(lower + 1, np.maximum(n - 1, 0)), share


def ranked(rows: Any) -> tuple[Any, Any, Any]:
    """Return how each row is ordered, and the ranks of the ordered and of the given numbers.

    Equal numbers have one rank; ranks count from 0.
    """
    order = np.argsort(rows, axis=-1, kind="stable")
    in_order = np.take_along_axis(rows, order, -1)
    ranks = np.zeros(rows.shape, int)
    ranks[..., 1:] = np.cumsum(in_order[..., 1:] != in_order[..., :-1], axis=-1)
    own = np.empty_like(ranks)
    np.put_along_axis(own, order, ranks, -1)
    return order, ranks, own


# ---------------------------------------------------------------- changes


def to_read(
    g: Any, a: Any, q: Any, axis: Any = None, method: Any = "linear", skips: bool = False
) -> Any:
    """Return a change of the quantiles `q` to the numbers that they read."""
    shape, rows = shape_of(a), merged(bare(a), axis)
    if not rows.size:
        return zeros(shape, dtype_of(g))
    q, n = np.reshape(q, -1), counted_in(rows, skips)
    lower, upper, share = neighbours(rows, n, q, method)
    _, ranks, own = ranked(rows)
    if not skips:  # a NaN, which stands last, is the result
        lost = np.isnan(rows).any(axis=-1, keepdims=True)
        lower, upper = (np.where(lost, rows.shape[-1] - 1, k) for k in (lower, upper))
    g = np.moveaxis(np.reshape(g, (*shape_of(q), *rows.shape[:-1])), 0, -1)
    g = np.where(n > 0, g, 0)  # of nothing but NaN
    parts = np.concatenate([g * (1 - share), g * share], -1)
    at = np.take_along_axis(ranks, np.concatenate([lower, upper], -1), -1)
    equals = scattered(np.ones(rows.shape), ranks, -1, rows.shape)
    total = scattered(parts, at, -1, rows.shape)
    return parted(gathered(total / np.maximum(equals, 1), own, -1), shape, axis)


def to_level(
    g: Any, a: Any, q: Any, axis: Any = None, method: Any = "linear", skips: bool = False
) -> Any:
    """Return a change to `q`: times the step between the neighbours that a straight line joins."""
    rows = merged(a, axis)
    if method not in STRAIGHT or not bare(rows).size:
        return zeros(shape_of(q), dtype_of(g))
    levels, n = np.reshape(bare(q), -1), counted_in(bare(rows), skips)
    lower, upper, _ = neighbours(bare(rows), n, levels, method)
    order = ranked(bare(rows))[0]
    low, high = (gathered(rows, np.take_along_axis(order, k, -1), -1) for k in (lower, upper))
    g = np.moveaxis(np.reshape(g, (*levels.shape, *shape_of(rows)[:-1])), 0, -1)
    moves = g * (high - low) * straight(n, levels, method)[1]
    return np.reshape(np.sum(np.reshape(moves, (-1, *levels.shape)), 0), shape_of(q))


@recordable
def weighted_quantile(x: Any, q: Any, weights: Any, axis: Any, quantile: Any) -> Any:
    """Return the one quantile `q` of numbers that count as often as `weights` say, axes kept."""
    return quantile(x, q, axis=axis, method="inverted_cdf", keepdims=True, weights=weights)


pulled(
    weighted_quantile,
    lambda g, x, y, q, weights, axis, quantile: to_extreme(g, x, y, axis, keepdims=True),
)


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

    def spelling(
        a: Any, q: Any, axis: Any = None, out: None = None, overwrite_input: bool = False,
        method: Any = "linear", keepdims: Any = False, *, weights: Any = None,
    ) -> Any:  # fmt: skip
        if weights is None:
            return function(a, q, axis, method=method, keepdims=keepdims)
        if method != "inverted_cdf":
            raise ValueError(f"weights= needs method='inverted_cdf', but the method is {method!r}.")
        levels = np.ravel(bare(joined(q)))
        each = [weighted_quantile(a, u, bare(weights), axis, function) for u in levels]
        y = np.reshape(np.stack(each), (*np.shape(q), *kept_shape(shape_of(a), axis)))
        axes = axes_of(axis, ndim_of(a))
        return y if keepdims else np.squeeze(y, tuple(np.ndim(q) + i for i in axes))

    pulled(function, pull, pull_level)
    spelled(function, spelling)


def state_median(function: Any, skips: bool) -> None:
    def pull(g: Any, x: Any, axis: Any = None, *, keepdims: Any = False) -> Any:
        return to_read(g, x, 0.5, axis, skips=skips)

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
