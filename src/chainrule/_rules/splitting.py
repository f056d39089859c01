"""An array split into several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.stating import spelled
from chainrule._core.values import bare, shape_of

from .reductions import axes_of
from .shapes import stand_in


def parts_of(ary: Any, split: Callable[..., Any], axis: int, *how: Any) -> list[Any]:
    """Return the parts into which `split` cuts `ary` along `axis`, as it cuts the places there."""
    shape, how = shape_of(ary), tuple(map(bare, how))
    if not -len(shape) <= axis < len(shape):
        return split(stand_in(ary), *how)  # type: ignore[no-any-return]  # says what is wrong
    (axis,) = axes_of(axis, len(shape))
    places = np.reshape(np.arange(shape[axis]), [-1 if i == axis else 1 for i in range(len(shape))])
    before = (slice(None),) * axis
    starts = [
        (int(part.flat[0]) if part.size else 0, part.shape[axis]) for part in split(places, *how)
    ]
    return [ary[(*before, slice(i, i + n))] for i, n in starts]


def cutting(split: Callable[..., Any]) -> Callable[..., Any]:
    return lambda ary, indices_or_sections, axis=0: parts_of(
        ary, split, axis, indices_or_sections, axis
    )


spelled(np.split, cutting(np.split))
spelled(np.array_split, cutting(np.array_split))
spelled(
    np.hsplit,
    lambda ary, indices_or_sections: parts_of(
        ary, np.hsplit, min(len(shape_of(ary)) - 1, 1), indices_or_sections
    ),
)
spelled(
    np.vsplit,
    lambda ary, indices_or_sections: parts_of(ary, np.vsplit, 0, indices_or_sections),
)
spelled(
    np.dsplit,
    lambda ary, indices_or_sections: parts_of(ary, np.dsplit, 2, indices_or_sections),
)
if hasattr(np, "unstack"):  # NumPy 2.1
    spelled(np.unstack, lambda x, *, axis=0: tuple(np.moveaxis(x, axis, 0)))
