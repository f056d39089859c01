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
    ],
    np.stack: [Call([M, N]), Call([M, N, M], axis=1), Call([V, Q], axis=-1), Call(CUBE)],
}
