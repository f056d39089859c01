"""Running products."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import along
from chainrule._core.stating import pulled
from chainrule._core.values import ndim_of, shape_of

__all__ = ["to_factors"]


def to_factors(g: Any, x: Any, axis: int) -> Any:
    """Each factor's change: the product before it, times what meets it in all products after it.

    The latter is a sum that is taken together from its end; without a division, so right at zeros.
    """
    if ndim_of(x) == 0:
        return g
    g, x = np.swapaxes(g, axis, -1), np.swapaxes(x, axis, -1)
    count = shape_of(x)[-1]
    if count == 0:
        return np.swapaxes(g, axis, -1)
    met = [g[..., count - 1]]
    for k in range(count - 2, -1, -1):
        met.append(g[..., k] + x[..., k + 1] * met[-1])
    before = np.concatenate([np.ones_like(x[..., :1]), np.cumprod(x[..., :-1], axis=-1)], -1)
    return np.swapaxes(before * np.stack(met[::-1], axis=-1), axis, -1)


pulled(np.cumprod, to_factors, batched=along)
