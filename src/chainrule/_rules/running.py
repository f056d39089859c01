"""Running products, and running sums and products with their start."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import along
from chainrule._core.stating import pulled, spelled
from chainrule._core.values import dtype_of, ndim_of, recordable, shape_of

from .reductions import as_dtype, axes_of, cumsum

__all__ = ["cumprod", "running_logsumexp", "to_factors"]


def to_factors(g: Any, x: Any, axis: Any = None) -> Any:
    """Each factor's change: the product before it, times what meets it in all products after it.

    Without a division, so right at zeros.
    """
    if ndim_of(x) == 0:
        return g
    g, x = np.swapaxes(g, axis, -1), np.swapaxes(x, axis, -1)
    if shape_of(x)[-1] == 0:
        return np.swapaxes(g, axis, -1)
    before = np.concatenate([np.ones_like(x[..., :1]), np.cumprod(x[..., :-1], axis=-1)], -1)
    return np.swapaxes(before * met_after(g, x), axis, -1)


def met_after(g: Any, x: Any) -> Any:
    """What meets each factor: its own change, plus the next factor times what meets that one.

    Taken together by doubling steps: after step k, from the 2**k numbers that follow.
    """
    step, factors = 1, x[..., 1:]
    while step < shape_of(g)[-1]:
        g = np.concatenate([g[..., :-step] + factors * g[..., step:], g[..., -step:]], -1)
        factors, step = factors[..., :-step] * factors[..., step:], 2 * step
    return g


def cumprod(x: Any, axis: Any = None, dtype: Any = None, out: None = None) -> Any:
    x = as_dtype(x, dtype)
    flat = axis is None or ndim_of(x) == 0
    return np.cumprod(np.reshape(x, -1), 0) if flat else np.cumprod(x, axis)


pulled(np.cumprod, to_factors, batched=along)
spelled(np.cumprod, cumprod, when=lambda x, axis=None: axis is None or ndim_of(x) == 0)


@recordable
def running_logsumexp(x: Any, axis: int) -> Any:
    """Return, along `axis`, log(sum(exp(x))) of each number and all before it."""
    return np.logaddexp.accumulate(x, axis)


def to_exponents(g: Any, x: Any, y: Any, axis: int) -> Any:
    """Each number's share exp(x - y) of its own sum, and as much less of each later one.

    All shares are quotients of a sum and a later one, so nothing overflows.
    """
    g, x, y = (np.swapaxes(v, axis, -1) for v in (g, x, y))
    if shape_of(x)[-1] == 0:
        return np.swapaxes(g, axis, -1)
    shrinks = np.exp(y[..., :-1] - y[..., 1:])
    whole = met_after(g, np.concatenate([np.ones_like(y[..., :1]), shrinks], -1))
    return np.swapaxes(np.exp(x - y) * whole, axis, -1)


pulled(running_logsumexp, to_exponents, batched=along)


def with_start(accumulate: Any, start: int) -> Any:
    """The running form that the array API has: of one axis, and with its start if asked for."""

    def cumulative(
        x: Any, *, axis: Any = None, dtype: Any = None, out: None = None,
        include_initial: bool = False,
    ) -> Any:  # fmt: skip
        if axis is None and ndim_of(x) > 1:
            raise ValueError(f"an array of {ndim_of(x)} dimensions needs axis=.")
        (axis,) = axes_of(0 if axis is None else axis, max(ndim_of(x), 1))
        y = accumulate(x, axis, dtype)
        if not include_initial:
            return y
        shape = list(shape_of(y))
        shape[axis] = 1
        return np.concatenate([np.full(shape, start, dtype_of(y)), y], axis)

    return cumulative


if hasattr(np, "cumulative_sum"):  # since NumPy 2.1
    spelled(np.cumulative_sum, with_start(cumsum, 0))
    spelled(np.cumulative_prod, with_start(cumprod, 1))
