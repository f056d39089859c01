"""Where the rules of splitting, and of arrays brought to one shape, are checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.checking import Call

from .arrays import CUBE, C, M, N, V

OTHERS: dict[Any, list[Any]] = {
    np.split: [Call(M, 2, 1), Call(V, [1, 3]), Call(CUBE, indices_or_sections=(1, 3), axis=-1)],
    np.array_split: [Call(M, 3, axis=1), Call(V, 3), Call(V, [3, 1, -1]), Call(C, 2)],
    np.hsplit: [Call(M, 2), Call(V, indices_or_sections=[1]), Call(M, np.array([0, 3]))],
    np.vsplit: [Call(M, 3), Call(CUBE, indices_or_sections=2)],
    np.dsplit: [Call(CUBE, 2), Call(CUBE, indices_or_sections=[2, 9])],
    np.atleast_1d: [V, 2.0, Call(2.0, M)],
    np.atleast_2d: [V, 2.0, M, Call(V, M, 2.0)],
    np.atleast_3d: [V, 2.0, M, CUBE],
    np.broadcast_arrays: [Call(V, M), Call(M[:, :1], V, 2.0), Call(V, M, subok=False), V],
    np.meshgrid: [
        Call(V, M[:, 0]),
        Call(V, M[:, 0], V[:2], indexing="ij"),
        Call(V, M[:, 0], sparse=True),
        Call(V, N[0], copy=False),
        Call(V, 2.0),
    ],
    np.ix_: [Call(V, M[:, 0])],
}
if hasattr(np, "unstack"):
    OTHERS[np.unstack] = [M, Call(CUBE, axis=1), Call(CUBE, axis=-1)]
