"""Where functions of the user's, applied along axes, are checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.checking import Call

from .arrays import CUBE, C, M, V

OTHERS: dict[Any, list[Any]] = {
    np.apply_along_axis: [
        Call(np.sum, 0, M),
        Call(np.prod, -1, CUBE),
        Call(np.outer, 1, CUBE, np.array([1.0, 2.0, 3.0])),
        Call(lambda line, k=1.0, **none: np.tanh(k * line, **none), axis=0, arr=C, k=0.5),
        Call(lambda line, **none: [np.max(line, **none), 1.0, line[0]], 1, M),
        Call(np.cumsum, 0, V),
    ],
    np.fromfunction: [
        Call(lambda i, j, k, **none: np.exp(k * i, **none) + j, (2, 3), k=0.5),
        Call(lambda i, k: k[i], shape=(3,), dtype=int, like=None, k=V),
    ],
    np.apply_over_axes: [
        Call(np.sum, CUBE, [0, 2]),
        Call(np.mean, M, 1),
        Call(np.cumsum, CUBE, axes=(-1, 0)),
    ],
}
