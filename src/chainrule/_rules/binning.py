"""Numbers counted in bins: how many, or how much of their weights, falls into each.

Counts are steps: they do not move, weights do. The edges of equal bins move with the ends of the
range, which are the least and the largest number unless `range` says otherwise; so does a density.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.constant_calls import stripped_of_all
from chainrule._core.stating import linear, spelled
from chainrule._core.traces import joined
from chainrule._core.values import (
    bare,
    cast,
    dtype_of,
    holds_value,
    ndim_of,
    recordable,
    shape_of,
    take,
)

__all__ = ["added_up"]

FLOAT = np.dtype(float)


@recordable
def added_up(weights: Any, places: Any, count: int) -> Any:
    """Return, for each of `count` places and further ones, the sum of the weights that name it."""
    return np.bincount(places, weights, count).astype(dtype_of(weights))


def added_up_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    """Every example has places of its own in one row."""
    places, count = options["places"], options["count"]
    count = max(count, int(np.max(places, initial=-1)) + 1)
    row = (places + count * np.arange(size)[:, None]).reshape(-1)
    return np.reshape(f(np.reshape(values[0], -1), row, count * size), (size, count))


linear(added_up, lambda g, places, count: take(g, places), batched=added_up_batch)


def bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    places = np.asarray(bare(x), None if np.size(bare(x)) else np.intp)
    if not holds_value(weights) or dtype_of(weights).kind == "c" or not places.size:
        return np.bincount(places, bare(weights), minlength)  # it refuses complex weights
    return added_up(cast(weights, FLOAT), places, minlength)


def edges_of(plain: Any, a: Any, bins: Any, range: Any) -> Any:
    """Return the edges of bins, which NumPy found to be `plain`, as they move."""
    if np.ndim(stripped_of_all(bins)) == 1:
        return joined(bins)
    ends = (np.min(a), np.max(a)) if range is None and np.size(bare(a)) else joined(range)
    if not holds_value(ends):
        return plain
    first, last = ends
    single = bare(first) == bare(last)
    first, last = np.where(single, first - 0.5, first), np.where(single, last + 0.5, last)
    return cast(np.linspace(first, last, plain.size), plain.dtype)


def bins_of(a: Any, edges: Any) -> tuple[Any, Any]:
    """Return the bin of each number, and which numbers are in any; the last edge is in a bin."""
    found = np.searchsorted(edges, a, "right") - 1
    return np.minimum(found, len(edges) - 2), (a >= edges[0]) & (a <= edges[-1])


def counted(weights: Any, found: Any, inside: Any, count: int) -> Any:
    """Return the sum of the weights in each of `count` bins."""
    if dtype_of(weights).kind == "c":
        real, imaginary = np.real(weights), np.imag(weights)
        sums = [counted(part, found, inside, count) for part in (real, imaginary)]
        return cast(sums[0] + 1j * sums[1], dtype_of(weights))
    places = np.where(inside, found, count)  # what is in no bin goes behind the last
    return added_up(weights, places, count + 1)[:count]


def per_width(counts: Any, edges: Any, axis: int = -1) -> Any:
    widths = edges[1:] - edges[:-1]
    widths = widths if dtype_of(widths).kind == "c" else cast(widths, FLOAT)
    return counts / np.reshape(widths, (-1, *(1,) * (ndim_of(counts) - axis % ndim_of(counts) - 1)))


def histogram(
    a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> Any:
    a, weights = joined(a), joined(weights)
    options = stripped_of_all((bins, range))
    counts, plain = np.histogram(bare(a), options[0], options[1], weights=bare(weights))
    edges = edges_of(plain, a, bins, range)
    if holds_value(weights):
        found, inside = bins_of(np.reshape(bare(a), -1), plain)
        counts = counted(np.reshape(weights, -1), found, inside, len(plain) - 1)
    if density:
        counts = per_width(counts, edges) / np.sum(counts)
    return counts, edges


def listed(bins: Any) -> list[Any]:
    """Return the items of `bins`; none if it is a number."""
    try:
        return list(bins)
    except TypeError:
        return []


def histogramdd(
    sample: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> Any:
    rows, weights = joined(sample), joined(weights)
    if isinstance(sample, (list, tuple)) or ndim_of(rows) != 2:
        rows = np.transpose(rows) if ndim_of(rows) == 2 else np.reshape(rows, (-1, 1))
    columns = [rows[:, k] for k in np.arange(shape_of(rows)[1])]
    options = stripped_of_all((bins, range))
    counts, plain = np.histogramdd(bare(rows), options[0], options[1], weights=bare(weights))
    each = listed(bins) or [bins] * len(plain)
    ranges = [None] * len(plain) if range is None else range
    edges = [*map(edges_of, plain, columns, each, ranges)]
    if holds_value(weights):
        found, inside = zip(*map(bins_of, map(bare, columns), plain), strict=True)
        within = np.all(np.stack(inside), 0)
        flat = np.ravel_multi_index([np.where(within, at, 0) for at in found], counts.shape)
        counts = np.reshape(counted(weights, flat, within, counts.size), counts.shape)
        counts = cast(counts, FLOAT)
    if density:
        total = np.sum(counts)
        for k, edge in enumerate(edges):
            counts = per_width(counts, edge, k)
        counts = counts / total
    return counts, edges


def histogram2d(
    x: Any,
    y: Any,
    bins: Any = 10,
    range: Any = None,
    density: Any = None,
    weights: Any = None,
) -> Any:
    if len(x) != len(y):
        raise ValueError("x and y must have the same length.")
    if len(listed(bins)) > 2:  # edges that both have
        bins = [bins, bins]
    counts, edges = histogramdd([x, y], bins, range, density, weights)
    return counts, *edges


def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    a, options = joined(a), stripped_of_all((bins, range, weights))
    return edges_of(np.histogram_bin_edges(bare(a), *options), a, bins, range)


spelled(np.bincount, bincount)
spelled(np.histogram, histogram, lists=True)
spelled(np.histogramdd, histogramdd, lists=True)
spelled(np.histogram2d, histogram2d, lists=True)
spelled(np.histogram_bin_edges, histogram_bin_edges, lists=True)
