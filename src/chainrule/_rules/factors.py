"""Products of many numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.batching import along
from chainrule._core.stating import pulled, spelled
from chainrule._core.values import recordable, shape_of

from .reductions import as_dtype, merged, parted, selected, spread, start

__all__ = ["others"]


@recordable
def others(x: Any) -> Any:
    """For every element the product of all others along the last axis.

    Without a division, so right at zeros.
    """
    one = np.ones_like(x[..., :1])
    before = np.concatenate([one, np.cumprod(x[..., :-1], -1)], -1)
    after = np.concatenate([one, np.cumprod(x[..., :0:-1], -1)], -1)[..., ::-1]
    return before * after


def others_recorded(x: Any) -> Any:
    """The same in functions that have rules, by doubling steps."""
    one = np.ones_like(x[..., :1])
    before = products_up_to(np.concatenate([one, x[..., :-1]], -1))
    after = products_up_to(np.concatenate([one, x[..., :0:-1]], -1))[..., ::-1]
    return before * after


def products_up_to(x: Any) -> Any:
    """After step k every element is the product of the last 2**k."""
    step = 1
    while step < shape_of(x)[-1]:
        x, step = np.concatenate([x[..., :step], x[..., step:] * x[..., :-step]], -1), 2 * step
    return x


def product_pull(g: Any, x: Any, axis: Any = None, *, keepdims: Any = False) -> Any:
    shape = shape_of(x)
    if math.prod(shape) == 0:
        return spread(g, shape, axis, keepdims=keepdims)
    rows = others(merged(x, axis))
    return spread(g, shape, axis, keepdims=keepdims) * parted(rows, shape, axis)


def prod(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    out: None = None,
    keepdims: Any = False,
    initial: Any = None,
    where: Any = True,
) -> Any:
    x = selected(as_dtype(x, dtype), where, 1)
    y = np.prod(x, axis, keepdims=keepdims)
    return y if initial is None else y * start(initial, y)


spelled(others, others_recorded)
pulled(np.prod, product_pull, batched=along)
spelled(np.prod, prod)
