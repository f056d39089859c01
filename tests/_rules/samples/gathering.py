"""Where numbers picked out of arrays are checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules import gathering  # noqa: F401  (states its chapter)
from chainrule.checking import Call

from .arrays import CUBE, B, C, M, N, Q, V

GRID = np.array([[2, 0, 1, 1], [0, 0, 2, 5]])


def half_of(x: Any, by: Any = 2.0, *, more: Any = 0.0) -> Any:
    return x * x / by + more


def fitting(x: Any) -> Any:
    return x - np.mean(x)  # which depends on the numbers that it is given


OTHERS: dict[Any, list[Any]] = {
    np.take: [
        Call(M, [0, 5, 5, -1]),
        Call(M, 3),
        Call(M, np.array([[2, 0], [2, 1]]), 0),
        Call(CUBE, np.array([1, 1, 0]), axis=1),
        Call(CUBE, np.array(2), -1, None, "raise"),
        Call(M, GRID + 3, 1, mode="wrap"),
        Call(M, GRID - 3, 0, mode="clip"),
        Call(V, np.array([], int)),
        Call(C, np.array([2, 2]), 1),
        Call(np.array(2.0), [0, 0]),
    ],
    np.take_along_axis: [
        Call(M, np.array([[2], [0], [2]]), 1),
        Call(M, np.array([[2, 2, 0, -1], [0, 1, 1, 1]]), axis=0),
        Call(CUBE, np.array([[[1], [1], [0], [2]]]).reshape(1, 4, 1), 1),
        Call(V[None], np.array([[0, 1], [3, 3]]), axis=1),
        Call(M, np.array([5, 5, 0]), None),
        Call(C, np.argsort(C.real, -1), -1),
    ],
    np.compress: [
        Call([True, False, True], M),
        Call([True, False, True], M, 0),
        Call(np.array([0, 1, 1]), M, axis=1, out=None),
        Call([False, True], CUBE, -3),
    ],
    np.extract: [Call(B, M), Call(B, C), Call([0, 1, 1, 0, 1], M)],
    np.choose: [
        Call(np.array([2, 0, 1, 1]), [M, N, 0.5]),
        Call(np.array([[1], [0]]), [V, Q]),
        Call(GRID, [V, Q, 2.0 * V], None, "wrap"),
        Call(GRID - 2, [V, Q, C[0]], mode="clip"),
        Call(np.array([1, 0, 2, 2]), M),
        Call(np.array([0, 1]), [np.float64(0.5), V[:2]], out=None),
    ],
    np.select: [
        Call([M > 0, N > -1], [M, N * 2]),
        Call([M > 0.5, M < -0.5], [M, V], 0.7),
        Call([B, ~B], [2.0, C], default=N),
        Call([V > 0], [CUBE], default=Q),
        Call([np.bool_(True)], [2.0], 0.5),
    ],
    np.piecewise: [
        Call(V, [V < 0, V >= 0], [half_of, fitting]),
        Call(M, [M < 0, M > 1], [half_of, 2.0, fitting]),
        Call(V, V < 0, [np.sin, 3.0]),
        Call(V, [V < 0, V < 1, V > 9], [half_of, half_of, half_of], 3.0),
        Call(V, [V < 0], [half_of, half_of], more=1.5),
        Call(np.array(0.7), [True, False], [np.cos, np.sin]),
        Call(C, [C.real < 0], [half_of, np.conj]),
    ],
    np.insert: [
        Call(V, 2, 0.7),
        Call(V, [0, 3, 3], Q[:3]),
        Call(M, 1, V, 0),
        Call(M, -1, np.array([1.0, 2.0, 3.0]), axis=1),
        Call(M, [1], Q[:3, None], 1),
        Call(M, slice(0, 4, 2), 1.5, axis=1),
        Call(M, [0, 5], [2.0, 3.0]),
        Call(C, 1, V, 0),
        Call(CUBE, 2, N[:2], 1),
    ],
    np.delete: [
        Call(V, 1),
        Call(V, -1),
        Call(M, [0, 2], 1),
        Call(M, slice(None, None, -2), axis=0),
        Call(M, np.array([True, False, True]), 0),
        Call(M, [3, 3, 7]),
        Call(CUBE, np.array([1]), -1),
        Call(V, []),
    ],
    np.append: [
        Call(V, 0.5),
        Call(M, V),
        Call(M, N, 0),
        Call(M, N[:, :1], axis=1),
        Call(C, M, -1),
        Call(V, [0.5, 1.5]),
    ],
}

if np.lib.NumpyVersion(np.__version__) >= "2.4.0":  # before, truth values were taken for 0 and 1
    OTHERS[np.insert] += [Call(M, np.array([True, False, True]), N[:2], 0)]

ELSEWHERE = {np.trim_zeros: "a difference quotient moves the zeros: test_gathering.py"}
