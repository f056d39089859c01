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


def lifted(a: Any, ndim: int) -> Any:
    """Return `a` with `ndim` axes at least; of three, vectors and matrices have the first two."""
    a = joined(a)
    shape = shape_of(a)
    if len(shape) >= ndim:
        return a
    behind = (1,) if ndim == 3 and shape else ()
    return np.reshape(a, (1,) * (ndim - len(shape) - len(behind)) + shape + behind)


def at_least(ndim: int) -> Callable[..., Any]:
    return lambda *arys: (
        lifted(arys[0], ndim) if len(arys) == 1 else tuple(lifted(a, ndim) for a in arys)
    )


for function, ndim in ((np.atleast_1d, 1), (np.atleast_2d, 2), (np.atleast_3d, 3)):
    spelled(function, at_least(ndim))


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
