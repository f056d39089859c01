"""Where the rules of shapes are checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.values import cast
from chainrule._rules.rearranging import diagonal_of, windows_of
from chainrule._rules.shapes import laid
from chainrule.checking import Call

from .arrays import CUBE, C, M, V

SINCE_2_1 = np.lib.NumpyVersion(np.__version__) >= "2.1.0"
NOT_YET = {"newshape"} if SINCE_2_1 else {"copy"}  # options that this NumPy has not got
OTHERS: dict[Any, list[Any]] = {
    np.reshape: [
        Call(M, (4, 3)),
        Call(M, -1),
        Call(M, (2, -1)),
        Call(M, (4, 3), order="F"),
        Call(V[:, None], (2, 2), "A"),
        *(
            [Call(M, (4, 3), copy=True), Call(M, shape=(4, 3), copy=False)]
            if SINCE_2_1
            else [Call(M, newshape=(4, 3))]
        ),
    ],
    np.ravel: [M, Call(M, order="F"), Call(V, "A"), Call(V[:, None], "K")],
    laid: [Call(M, "F"), Call(M, order="C"), Call(C, "K")],
    np.transpose: [M, Call(CUBE, axes=(1, 2, 0)), Call(CUBE, (2, 0, -2)), Call(V, 0)],
    np.swapaxes: [Call(CUBE, axis1=0, axis2=2)],
    np.moveaxis: [
        Call(CUBE, source=0, destination=-1),
        Call(CUBE, (0, 1), (2, 0)),
        Call(CUBE[None], (0, 1), (2, 0)),
    ],
    np.rollaxis: [Call(CUBE, axis=2), Call(CUBE, 0, start=3)],
    np.matrix_transpose: [CUBE],
    np.broadcast_to: [
        Call(V, shape=(3, 4)),
        Call(V, (3, 4), subok=False),
        Call(M, (2, 3, 4)),
        Call(M[:, :1], (3, 4)),
        Call(np.array(2.0), (3,)),
    ],
    np.expand_dims: [Call(M, axis=1), Call(M, axis=(0, 2))],
    np.squeeze: [M[None], Call(M[:, None], axis=1)],
    np.flip: [M, Call(M, axis=0), Call(M, axis=(0, 1))],
    np.roll: [Call(M, 1), Call(M, shift=2, axis=0), Call(M, (1, -1), (0, 1)), Call(M, (1, 2), 1)],
    np.rot90: [M, Call(M, k=2), Call(CUBE, 3, axes=(0, 2)), Call(CUBE, -1)],
    np.tile: [Call(M, 2), Call(M, reps=(2, 1, 3)), Call(CUBE, (2, 1)), Call(V, (0,)), Call(2.0, 3)],
    np.repeat: [
        Call(M, 2),
        Call(M, repeats=3, axis=0),
        Call(CUBE, [2, 0, 1], 1),
        Call(V, [1, 0, 2, 3]),
        Call(M, 0, axis=-1),
        Call(CUBE, (3,), axis=-1),
        Call(2.0, 3),
    ],
    np.resize: [Call(M, (2, 3)), Call(V, new_shape=(3, 5)), Call(M, 7), Call(2.0, (2, 2))],
    np.fliplr: [M, CUBE],
    np.flipud: [M, V],
    np.tril: [M, Call(M, k=1), Call(CUBE, -1), V],
    np.triu: [M, Call(M, k=1), Call(CUBE, -1), V],
    windows_of: [
        Call(M, (1, 2, 1)),
        Call(CUBE, at=(0, 2, 1)),
        Call(M, (1, 2, 2)),
        Call(M, (0, 0, 1)),
    ],
    diagonal_of: [Call(M, (0, 0, 1)), Call(CUBE, at=(1, 2, 0)), Call(M, (-1, 0, 1))],
    np.diag: [M, V, Call(M, k=-1), Call(V, 2)],
    np.diagflat: [M, Call(V, k=-1), 2.0],
    np.diagonal: [M, Call(CUBE, 1), Call(CUBE, offset=-1, axis1=-1, axis2=1), Call(M, 7)],
    np.copy: [M, 2.0, Call(M, "F"), Call(M, order="C", subok=True)],
    cast: [Call(M, np.dtype(float))],
    np.full_like: [
        Call(M, 2.0),
        Call(M, fill_value=V, dtype=float, order="K", subok=True),
        Call(M, 2.5, shape=(2,), device="cpu"),
    ],
}

OTHERS[np.astype] = [Call(M, float, copy=True), *([Call(M, float, device=None)] * SINCE_2_1)]
