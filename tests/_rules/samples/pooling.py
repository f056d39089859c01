"""Where the rules of margins, windows and products of signals are checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules.pooling import padded, spread_out, trilinear, window_sums
from chainrule.checking import Call

from .arrays import CUBE, M, N, V

AT = np.array([[0, 1], [1, 2], [3, 3]])
COUNTS = np.array([[1, 1], [2, 1], [1, 0]])

OTHERS: dict[Any, list[Any]] = {
    padded: [
        Call(M, ((1, 2), (0, 1))),
        Call(M, ((-1, 1), (2, -1))),
        Call(V, widths=((1, 1),), value=0),
    ],
    window_sums: [Call(M, AT, COUNTS), Call(V, AT, COUNTS)],
    spread_out: [Call(M[:, :3], AT, COUNTS, (3, 5)), Call(V[:3], AT, COUNTS, shape=(4,))],
    trilinear: [Call(M[:2, :3], CUBE, N[:2])],
}
