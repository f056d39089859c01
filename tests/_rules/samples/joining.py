"""Where the rules of joining and splitting are checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.checking import Call

from .arrays import CUBE, C, M, N, Q, V

OTHERS: dict[Any, list[Any]] = {
    np.concatenate: [
        Call([M, N]),
        Call([M, N, M], axis=1),
        Call([V, Q], axis=-1),
        Call([M, V], axis=None),
        Call(CUBE),
        Call([C, N]),
        Call([M, N], 1, None, dtype=float),
        Call([M, N], axis=None, casting="unsafe"),
    ],
    np.stack: [
        Call([M, N]),
        Call([M, N, M], axis=1),
        Call([V, Q], axis=-1),
        Call(CUBE),
        Call([M, N], 1, None, dtype=complex, casting="safe"),
    ],
    np.hstack: [
        Call([M, N]),
        Call([V, V[:2]]),
        Call([2.0, 3.0]),
        Call([2.0, V]),
        Call([CUBE, CUBE]),
        Call([M, N], dtype=float, casting="unsafe"),
        Call(CUBE),
    ],
    np.vstack: [
        Call([M, N]),
        Call([M, V]),
        Call([V, Q]),
        Call([2.0, 3.0]),
        Call([CUBE, CUBE]),
        Call([M, N], dtype=float, casting="unsafe"),
        Call(M),
    ],
    np.dstack: [
        Call([M, N]),
        Call([V, Q]),
        Call([V, M[:1]]),
        Call([2.0, 3.0]),
        Call([CUBE, CUBE]),
    ],
    np.column_stack: [Call([V, Q]), Call([M, M[:, 0]]), Call([M, N]), Call([2.0, 3.0])],
    np.block: [
        Call([[M, N], [N, M]]),
        Call([V, Q]),
        Call([[V, 2.0], [np.array([1.0]), Q]]),
        Call([M, CUBE[:1, :, :1]]),
        Call([[2.0, 3.0], [4.0, 5.0]]),
        M,
        2.0,
    ],
}
ELSEWHERE = {np.row_stack: "test_joining.py"} if hasattr(np, "row_stack") else {}  # it warns
