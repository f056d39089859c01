"""The largest and the smallest of many numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.batching import along
from chainrule._core.stating import pulled, spelled
from chainrule._core.values import cast, dtype_of, shape_of

from .reductions import kept_shape, met, selected, spread, start

__all__ = ["bounded", "to_extreme"]


def to_extreme(g: Any, x: Any, y: Any, axis: Any = None, *, keepdims: Any = False) -> Any:
    """Share among the extreme elements, equally."""
    shape = shape_of(x)
    extreme = cast(x == np.reshape(y, kept_shape(shape, axis)), dtype_of(g))
    return (
        spread(g / np.sum(extreme, axis, keepdims=keepdims), shape, axis, keepdims=keepdims)
        * extreme
    )


def bounded(reduce: Any, pair: Any, empty: float) -> Any:
    """The extreme of a call with `where` and `initial`."""

    def extreme(
        x: Any,
        axis: Any = None,
        out: None = None,
        keepdims: Any = False,
        initial: Any = None,
        where: Any = True,
    ) -> Any:
        if where is not True and initial is None:
            raise ValueError(
                "reduction operation with where= has no identity, so it needs initial=."
            )
        if initial is not None and pair in (np.fmax, np.fmin):
            where = ~np.isnan(x) & where
        if met(shape_of(x), axis) == 0 and initial is not None:
            y = reduce(
                np.full(shape_of(x), empty, dtype_of(x)), axis, keepdims=keepdims, initial=empty
            )
        else:
            y = reduce(selected(x, where, empty), axis, keepdims=keepdims)
        return y if initial is None else pair(y, start(initial, y))

    return extreme


pulled(np.max, to_extreme, batched=along)
pulled(np.min, to_extreme, batched=along)
spelled(np.max, bounded(np.max, np.maximum, -math.inf))
spelled(np.min, bounded(np.min, np.minimum, math.inf))
spelled(np.amax, lambda a, *rest, **options: np.max(a, *rest, **options))
spelled(np.amin, lambda a, *rest, **options: np.min(a, *rest, **options))
