"""Where the rules of ranges, and of windows, are checked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from chainrule.checking import Call

from .arrays import CUBE, C, M, P, Q, V

OTHERS: dict[Any, list[Any]] = {
    np.linspace: [
        Call(0.5, 2.0),
        Call(0.5, 2.0, 5, False),
        Call(V, M, 4),
        Call(V, 2.0, num=3, axis=-1),
        Call(0.5, 2.0, num=5, endpoint=True, dtype=float),
        Call(V, Q, 5, retstep=True, endpoint=False),
        Call(0.5, 2.0, 1),
        Call(0.5, 2.0, 1, False),
        Call(C, V, 3),
        Call(0.5, stop=2.0, num=3, device=None),
    ],
    np.logspace: [
        Call(0.5, 2.0, 5),
        Call(V, Q, num=4, axis=1),
        Call(0.5, 1.5, 4, endpoint=False, base=2.5),
        Call(V, Q, 3, base=P[0]),
        Call(V, Q, 3, base=P[0], axis=-1),
        Call(0.5, stop=1.5, num=3, dtype=float),
    ],
    np.geomspace: [
        Call(0.5, 2.0, 5),
        Call(-0.5, -3.0, 4),
        Call(P, Q, num=4, axis=-1),
        Call(P, 3.0, 4, endpoint=False),
        Call(0.5, stop=2.0, num=3, dtype=float),
        Call(C, 2.0 + 1.0j, 4),
    ],
    sliding_window_view: [
        Call(V, 2),
        Call(M, (2, 3)),
        Call(CUBE, window_shape=2, axis=1),
        Call(CUBE, (2, 2), (-1, -1)),
        Call(M, 2, -1, subok=True, writeable=False),
    ],
}
