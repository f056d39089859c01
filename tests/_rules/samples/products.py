"""Products of vectors, matrices and tensors; convolution."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules import convolving, einsum  # noqa: F401  (state themselves)
from chainrule._rules.vector_products import product_in_space
from chainrule.checking import Call

from .arrays import CUBE, SYMMETRIC, C, M, N, P, Q, V, mixed

D = mixed(3, 4) - 1j * mixed(3, 4)
Z, W = mixed(5) + 1j * mixed(5), mixed(3) - 1j * mixed(3)
LONG, SHORT, EVEN = mixed(7), mixed(3), mixed(4)
SPACE = mixed(2, 3, 4)  # two tables of vectors, in space along axis 1
PLANE = mixed(4, 2)
BOX = mixed(2, 3, 3)

OTHERS: dict[Any, list[Any]] = {
    np.matmul: [
        (M, N.T), (M, V), (mixed(3), M), (V, Q), (CUBE, N.T), (N[:, :3], CUBE), (CUBE, V),
        (mixed(3), CUBE), (C, N.T), (V, CUBE.mT), (CUBE, CUBE.mT),
        Call(M, N, axes=[(0, 1), (1, 0), (1, 0)]), Call(V, N, axes=[0, (1, 0), 0]),
        Call(V, Q, axes=[0, 0, ()]), Call(M, N.T, dtype=np.float64, order="C", subok=False),
        Call(CUBE, CUBE, axes=[(2, 1), (1, 2), (0, 1)]), Call(M, N.T, dtype=complex),
        Call(M, N.T, casting="unsafe"),
    ],
    np.dot: [
        (M, N.T), Call(M, V, out=None), (V, Q), (M, 2.0), (2.0, M), (CUBE, CUBE.mT), (V, CUBE.mT),
        (C, D.T),
    ],
    np.vdot: [(V, Q), (C, C + 1), (M, N), (C, M), ([1.0, 2.0], [0.5, -1.0])],
    np.inner: [(V, Q), (M, N), (CUBE, V), (M, 2.0), (C, D)],
    np.outer: [(V, Q), Call(V, Q, out=None), (M, V), ([1.0, 2.0], V), (Z, V), (2.0, V)],
    np.kron: [
        (V, SHORT), (M, PLANE), (CUBE, V), (V, CUBE), (M, 2.0), (Z, W), ([1.0, 2.0], [[0.5, -1.0]]),
    ],
    np.convolve: [
        (LONG, SHORT), (SHORT, LONG), (LONG, EVEN), (Z, SHORT), (SHORT, Z), (2.0, V),
        (LONG, LONG[:1]), ([1.0, 2.0], [0.5, -1.0]),
    ],
    np.correlate: [
        (LONG, SHORT), (SHORT, LONG), (Z, SHORT), (SHORT, Z), (Z, W), (W, Z),
        ([1.0, 2.0], [0.5, -1.0]),
    ],
    np.trace: [
        M, CUBE, C, Call(M, 1), Call(CUBE, -1, 1, 2), Call(CUBE, offset=1, axis1=0, axis2=2),
        Call(M, dtype=complex, out=None),
    ],
    np.tensordot: [
        Call(M, N.T, axes=1), Call(CUBE, CUBE, axes=2 + 1), Call(CUBE, M, axes=((1, 2), (0, 1))),
        Call(CUBE, V, axes=(-1, 0)), Call(M, V, axes=0), Call(C, D, axes=([1], [1])),
    ],
    np.cross: [
        (BOX, BOX[::-1] + 0.1), (BOX, SHORT), Call(SPACE, SPACE[::-1], axis=1),
        Call(SPACE, SPACE[1:], axisa=1, axisb=1, axisc=0), Call(SPACE, BOX[0, 0], 1), (Z[:3], W),
        ([1.0, 2.0, 3.0], SHORT),
    ],
    product_in_space: [
        Call(SHORT, BOX[0], -1), Call(SPACE, SPACE[::-1], 1), Call(W, W * 1j + 1, axis=0),
    ],
    np.einsum: [
        Call("ij,kj->ik", M, N), Call("ij->j", M), Call("ii->i", SYMMETRIC), Call("ii", SYMMETRIC),
        Call("ij,j", M, V), Call("...j,j->...", CUBE, V), Call("i...,...i->...", M, N.T),
        Call("ij , kj -> ik", M, N), Call("ij,ij,ij->", M, N, P),
        Call("ij,kj->ik", M, N, optimize=True), Call(M, [0, 1], V, [1], [0]),
        Call("ij,ij->ij", C, M), Call("i,j->ij", V, Q), Call("ij->", M), Call("...", M),
        Call("ba", M), Call("iij,ij->j", BOX[:, :2], M[:2, :3]), Call("...i->...", CUBE),
        Call("iii", np.ones((2, 2, 2)) + BOX[:, :2, :2]), Call("i,ij,jk,kl", V[:3], M, N.T, P),
        Call("ij,ij->ij", M, N[:1]), Call("ij,jk->ik", M, V[None]),
        Call("ij,jk", M[:, :1], V[None]),
        Call("i,ij->j", V[:1], M), Call("ij,ij->", M[:1], N[:, :1]), Call("i->", V[:1]),
        Call("...ij,...jk->...ik", CUBE, M.T), Call("...,...", CUBE, M), Call("i...->...", CUBE),
        Call("b...,c...->cb...", M, N), Call("ij,kj,kl->il", M, N, P[:, :2], optimize="greedy"),
        Call("ij,kj,kl->il", M, N, P[:, :2], optimize="optimal"),
        Call("ij,kj,kl->il", M, N, P[:, :2], optimize=["einsum_path", (1, 2), (0, 1)]),
        Call("ij,kj,kl->il", M, N, P[:, :2], optimize=("greedy", 100)),
        Call(M, [0, 1]), Call(M, [1, 0]), Call(M, [0, 0 + 1], N, [30, 1], [30, 0]),
        Call(CUBE, [Ellipsis, 0], V, [0], [Ellipsis]), Call(M, [0, 1], N, [2, 1], optimize=True),
        Call("ij->ji", M, order="F"), Call("ij->i", M, dtype=complex),
        Call("ij->i", M, casting="unsafe"), Call(",i", 2.0, V),
        Call("ij,j", [[1.0, 2.0], [3.0, 4.0]], [0.5, -1.0]),
    ],
    np.linalg.cross: [(BOX, SHORT), Call(SPACE, SPACE[::-1], axis=1)],
    np.linalg.outer: [(V, SHORT), ([1.0, 2.0], Z)],
    np.linalg.tensordot: [(CUBE, M.reshape(3, 4, 1)), Call(M, N, axes=((0,), (0,)))],
    np.linalg.matmul: [(M, N.T), (CUBE, V)],
    np.linalg.vecdot: [(M, V), Call(C, D, axis=0)],
    np.linalg.matrix_transpose: [M, CUBE],
    np.linalg.diagonal: [CUBE, Call(CUBE, offset=1)],
    np.linalg.trace: [CUBE, Call(CUBE, offset=-1), Call(M, dtype=complex)],
}  # fmt: skip

if hasattr(np, "vecdot"):
    OTHERS[np.vecdot] = [
        (V, Q), (M, V), (V, M), (C, D), (C, M), (M, C), (CUBE, M), Call(M, N, axis=0),
        Call(C, D, axis=0, keepdims=True), Call(M, N.T, axes=[0, 1, 0], keepdims=True),
        Call(M, N.T, axes=[0, -1]),
        Call(M, N, dtype=complex, casting="safe", order="C", subok=True),
    ]  # fmt: skip
if hasattr(np, "matvec"):
    OTHERS[np.matvec] = [
        (M, V), (CUBE, V), (CUBE, M[:2]), (M, mixed(5, 4)), (C, Z[:4]), (C, V),
        Call(M, SHORT, axes=[(1, 0), 0, 0]), Call(CUBE, V, axes=[(1, 2), 0, 0]),
        Call(M, V, dtype=complex, casting="safe", order="C", subok=True),
    ]  # fmt: skip
    OTHERS[np.vecmat] = [
        (SHORT, M), (SHORT, CUBE), (mixed(2, 3), CUBE), (mixed(5, 3), M), (W, C), (W, M),
        (SHORT, C),
        Call(V, M, axes=[0, (1, 0), 0]), Call(SHORT, CUBE, axes=[0, (1, 2), 0]),
        Call(SHORT, M, dtype=complex, casting="safe", order="C", subok=True),
    ]  # fmt: skip
ELSEWHERE = {np.einsum_path: "returns a plan"}

for function in (np.convolve, np.correlate):
    OTHERS[function] += [
        Call(a, b, mode)
        for mode in ("same", "valid", "full", 0, 1, 2)
        for a, b in ((LONG, SHORT), (EVEN, LONG), (LONG, EVEN), (Z, W), (W, Z), (V, V[::-1]))
    ]
