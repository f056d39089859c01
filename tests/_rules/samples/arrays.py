"""Arrays that samples are made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.values import take

rng = np.random.default_rng(10)


def away(shape: Any, low: float, high: float) -> Any:
    return rng.uniform(low, high, shape)


def mixed(*shape: int) -> Any:
    """Numbers of both signs, at least 0.3 from zero and from each other's size."""
    n = int(np.prod(shape))
    sizes = 0.3 + np.arange(n) * 1.7 / max(n, 1)
    return (rng.permutation(sizes) * rng.choice([-1.0, 1.0], n)).reshape(shape)


M, N, V = mixed(3, 4), mixed(3, 4) + 0.05, mixed(4)
COLUMNS = ((np.transpose, (1, 0)), (take, (slice(1, 3),)))  # as rows of the transpose
P, Q = away((3, 4), 0.5, 2.0), away(4, 0.6, 1.9)
U = away((3, 4), -0.9, 0.9)
C = mixed(3, 4) + 1j * mixed(3, 4)
B = np.array([[True, False, True, True], [True, True, False, True], [False, True, True, False]])
CUBE = mixed(2, 3, 4)
ZEROS = np.array([[1.5, 0.0, 2.0], [0.0, 0.0, 3.0], [0.5, 1.2, 0.7]])
PROBABLE, LIKELY = away((3, 4), 0.1, 0.9), away((3, 4), 0.1, 0.9)
CLASSES = np.array([2, 0, 3])
SYMMETRIC = np.array([[3.0, 0.4, -0.6], [0.4, 1.0, 0.3], [-0.6, 0.3, -1.5]])
