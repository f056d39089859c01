"""Where interpolation is checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules import interpolating  # noqa: F401  (states its chapter)
from chainrule.checking import Call

from .arrays import C, M, V

XP, FP = np.array([-1.31, -0.52, 0.17, 0.81, 1.23]), np.array([0.5, -1.0, 2.0, 0.25, 1.5])

OTHERS: dict[Any, list[Any]] = {
    np.interp: [
        Call(M, XP, FP),
        Call(0.4, XP, FP),
        Call(V, XP, FP, -3.0, 0.7),
        Call(V, XP, FP, left=2.5),
        Call(M, XP, FP[:, None][:, 0] * (1 + 2j), right=1j),
        Call(M, XP[::-1], FP, period=2.75),
        Call(V, [0.0, 1.0], [2.0, 3.5], None, None, None),
        Call(V, np.array([0.1]), np.array([2.0])),
        Call(V, np.arange(4), C[0]),
    ]
}
