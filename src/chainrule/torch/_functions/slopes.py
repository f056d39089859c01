"""Slopes of what tensors tabulate: differences over the distances of the points."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._checks import check_tensors, dimensions
from .._indices import SLICE
from .._tensor import Tensor, made
from .._writing.views import indexed
from .arithmetic import add, mul, sub
from .differences import in_floats, over_number
from .joining import cat

__all__ = ["gradient"]


def between(t: Any, axis: int, start: int | None, stop: int | None) -> Any:
    return indexed(t, (slice(None),) * axis + (slice(start, stop), ...), SLICE)


def from_spacing(t: Any, axis: int, spacing: float, order: int) -> Any:
    """Points that lie `spacing` apart: differences of the neighbours of each, one-sided at ends."""
    n = t._array.shape[axis]

    def at(i: int) -> Any:
        i %= n
        return between(t, axis, i, i + 1)

    inner = over_number(sub(between(t, axis, 2, None), between(t, axis, None, -2)), 2 * spacing)
    if order == 1:
        first, last = sub(at(1), at(0)), sub(at(-1), at(-2))
    else:  # the slope, at its end, of the parabola through three points
        first = sub(sub(mul(at(1), 2.0), mul(at(0), 1.5)), mul(at(2), 0.5))
        last = sub(add(mul(at(-1), 1.5), mul(at(-3), 0.5)), mul(at(-2), 2.0))
    return cat([over_number(first, spacing), inner, over_number(last, spacing)], axis)


def from_places(t: Any, axis: int, places: Any, order: int) -> Any:
    """Points anywhere: the slope of the parabola through each and its neighbours."""
    x = places._array.astype(t._array.dtype)
    shape = (-1, *(1,) * (t._array.ndim - axis - 1))
    step = np.diff(x)
    before, after = step[:-1], step[1:]
    weights = (
        -after / (before * (before + after)),
        (after - before) / (before * after),
        before / (after * (before + after)),
    )
    parts = [between(t, axis, k, t._array.shape[axis] - 2 + k) for k in range(3)]
    inner = weighted(parts, weights, shape)
    n = t._array.shape[axis]
    if order == 1:
        ends = [
            weighted(
                [between(t, axis, k, k + 1), between(t, axis, k + 1, k + 2)],
                (-1 / step[k : k + 1], 1 / step[k : k + 1]),
                shape,
            )
            for k in (0, n - 2)
        ]
    else:
        ends = []
        for at, a, b in ((0, step[:1], step[1:2]), (n - 3, step[-2:-1], step[-1:])):
            three = [between(t, axis, at + k, at + k + 1) for k in range(3)]
            if not ends:
                w = (-(2 * a + b) / (a * (a + b)), (a + b) / (a * b), -a / (b * (a + b)))
            else:
                w = (b / (a * (a + b)), -(b + a) / (a * b), (2 * b + a) / (b * (a + b)))
            ends.append(weighted(three, w, shape))
    return cat([ends[0], inner, ends[1]], axis)


def weighted(parts: Any, weights: Any, shape: Any) -> Any:
    total: Any = None
    for part, w in zip(parts, weights, strict=True):
        term = mul(part, made(w.reshape(shape)))
        total = term if total is None else add(total, term)
    return total


def gradient(
    input: Tensor, *, spacing: Any = None, dim: Any = None, edge_order: int = 1
) -> tuple[Any, ...]:
    """Return, for each dimension, the slopes of the function whose values `input` tabulates.

    The points lie 1 apart, or as `spacing` says: a number, a number for each dimension, or a
    tensor of places for each. At the ends differences are one-sided, of parabolas with
    `edge_order=2`. Formulas: Fornberg (1988), "Generation of finite difference formulas on
    arbitrarily spaced grids".

    >>> import chainrule.torch as torch
    >>> torch.gradient(torch.tensor([1.0, 4.0, 9.0]))
    (tensor([3., 4., 5.]),)
    """
    check_tensors("gradient", input=input)
    shape = input._array.shape
    axes = dimensions(dim, len(shape))
    axes = (
        tuple(range(len(shape))) if axes is None else axes if isinstance(axes, tuple) else (axes,)
    )
    if isinstance(spacing, (list, tuple)):
        if len(spacing) != len(axes):
            given = "dim argument was not given" if dim is None else "dim argument was given"
            raise RuntimeError(
                "torch.gradient expected spacing to be unspecified, a scalar, or a list of length "
                f"equal to 'self.dim() = {len(shape)}', since {given}, but got a list of length "
                f"{len(spacing)}"
            )
        steps = list(spacing)
    else:
        steps = [1.0 if spacing is None else spacing] * len(axes)
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    if any(shape[axis] < edge_order + 1 for axis in axes):
        raise RuntimeError(
            "torch.gradient expected each dimension size to be at least edge_order+1"
        )
    values = in_floats(input)
    return tuple(
        from_places(values, axis, step, edge_order)
        if isinstance(step, Tensor)
        else from_spacing(values, axis, float(step), edge_order)
        for axis, step in zip(axes, steps, strict=True)
    )
