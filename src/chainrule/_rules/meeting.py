"""Arrays brought to one shape, and to as many axes as something asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.stating import spelled
from chainrule._core.traces import joined
from chainrule._core.values import shape_of

from .shapes import stand_in

MESHGRID: Any = np.meshgrid


def at_least(lift: Callable[..., Any]) -> Callable[..., Any]:
    def lifted(a: Any) -> Any:
        a = joined(a)
        shape = lift(stand_in(a)).shape
        return a if shape_of(a) == shape else np.reshape(a, shape)

    def several(*arys: Any) -> Any:
        return lifted(arys[0]) if len(arys) == 1 else tuple(map(lifted, arys))

    return several


for lift in (np.atleast_1d, np.atleast_2d, np.atleast_3d):
    spelled(lift, at_least(lift))


def broadcast_arrays(*args: Any, subok: bool = False) -> tuple[Any, ...]:
    arrays = [joined(a) for a in args]
    shape = np.broadcast_shapes(*map(shape_of, arrays))
    return tuple(a if shape_of(a) == shape else np.broadcast_to(a, shape) for a in arrays)


def meshgrid(
    *xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy"
) -> tuple[Any, ...]:
    arrays = [joined(x) for x in xi]
    like = MESHGRID(*map(stand_in, arrays), sparse=True, copy=False, indexing=indexing)
    grids = tuple(np.reshape(x, v.shape) for x, v in zip(arrays, like, strict=True))
    grids = grids if sparse else broadcast_arrays(*grids)
    return tuple(map(np.copy, grids)) if copy else grids


def open_mesh(*args: Any) -> tuple[Any, ...]:
    arrays = [joined(a) for a in args]
    if any(len(shape_of(a)) != 1 for a in arrays):
        return np.ix_(*map(stand_in, arrays))  # says what is wrong
    arrays = [np.nonzero(a)[0] if a.dtype.kind == "b" else a for a in arrays]
    ones = (1,) * len(arrays)
    return tuple(np.reshape(a, (*ones[:k], -1, *ones[k + 1 :])) for k, a in enumerate(arrays))


spelled(np.broadcast_arrays, broadcast_arrays)
spelled(np.meshgrid, meshgrid)
spelled(np.ix_, open_mesh)
