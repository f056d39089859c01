"""Layers along a signal: margins, means of windows, and a product of two signals with weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import looped
from chainrule._core.composing import composed
from chainrule._core.pieces import add_at
from chainrule._core.stating import linear
from chainrule._core.values import dtype_of, recordable, shape_of

__all__ = ["padded", "spread_out", "trilinear", "window_sums"]

# ---------------------------------------------------------------- margins


def parts_of(shape: Any, widths: Any) -> tuple[Any, Any, list[int]]:
    """Return what is read of an array, where it is written, and the new shape."""
    read, written, lengths = [], [], []
    for n, (before, after) in zip(shape, widths, strict=True):
        read.append(slice(max(-before, 0), n - max(-after, 0)))
        lengths.append(n + before + after)
        written.append(slice(max(before, 0), lengths[-1] - max(after, 0)))
    return tuple(read), tuple(written), lengths


@recordable
def padded(x: Any, widths: tuple[tuple[int, int], ...], value: Any = 0) -> Any:
    """Return `x` with margins of `value`, before and after on each axis; negative ones cut off."""
    read, written, lengths = parts_of(np.shape(x), widths)
    y = np.full(lengths, value, dtype_of(x))
    y[written] = x[read]
    return y


def unpadded(g: Any, widths: tuple[tuple[int, int], ...], value: Any = 0) -> Any:
    # margins are taken away by their negative ones
    return padded(g, tuple((-before, -after) for before, after in widths))


def padded_batch(f: Any, values: Any, ranks: Any, size: int, options: Any) -> Any:
    return f(values[0], **{**options, "widths": ((0, 0), *options["widths"])})


linear(padded, unpadded, batched=padded_batch)

# ---------------------------------------------------------------- windows


@recordable
def window_sums(x: Any, at: Any, weights: Any) -> Any:
    """Return the sums of `x` at the places `at`, a row each, on the last axis, times weights."""
    return np.sum(x[..., at] * weights, -1)


@recordable
def spread_out(x: Any, at: Any, weights: Any, shape: tuple[int, ...]) -> Any:
    """Return zeros of `shape`, where each number of `x` is added at its places, times weights."""
    y = np.zeros(shape, dtype_of(x))
    add_at(y, (Ellipsis, at), np.expand_dims(x, -1) * weights)
    return y


def windows_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    if ranks[1] is not None or ranks[2] is not None:  # each example has windows of its own
        return looped(f, values, ranks, size, options)
    if "shape" in options:
        options = {**options, "shape": (size, *options["shape"])}
    return f(*values, **options)


linear(
    window_sums,
    lambda g, into, b, c: spread_out(g, b, c, into),
    None,
    None,
    batched=windows_batch,
)
linear(
    spread_out,
    lambda g, b, c, shape: window_sums(g, b, c),
    None,
    None,
    batched=windows_batch,
)

# ---------------------------------------------------------------- two signals


@recordable
def trilinear(x: Any, weight: Any, other: Any) -> Any:
    """Return sum(x[i] * weight[:, i, j] * other[j]) of each row of `x` and `other`."""
    outputs, i, j = shape_of(weight)
    wide = np.reshape(x @ np.reshape(np.swapaxes(weight, 0, 1), (i, outputs * j)), (-1, outputs, j))
    return np.sum(wide * np.expand_dims(other, -2), -1)


linear(
    trilinear,
    lambda g, b, c: np.einsum("ro,oij,rj->ri", g, b, c),
    lambda g, a, c: np.einsum("ro,ri,rj->oij", g, a, c),
    lambda g, a, b: np.einsum("ro,ri,oij->rj", g, a, b),
    batched=composed,
)
