"""Where ufuncs, their methods and the functions like them are checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.table import RULES, SPELLED, known
from chainrule._rules.bessel import modified_bessel
from chainrule._rules.complex import unit
from chainrule._rules.floats import fractional
from chainrule._rules.trigonometric import one_less_square, square_less_one, unwrapped
from chainrule.checking import Call

from .arrays import CUBE, B, C, M, N, P, Q, U, V

ANGLES = np.cumsum(np.full((3, 9), 0.9) * np.array([[1.0], [-2.1], [1.7]]), 1) % 6.0

known(np.add.reduce)  # its chapter is stated when first met

OTHERS: dict[Any, list[Any]] = {}
ELSEWHERE: dict[Any, str] = {}

PAIRS = [
    f
    for f in dict.fromkeys([*RULES, *SPELLED])
    if isinstance(f, np.ufunc) and f.nin == 2 and f.signature is None and hasattr(np, f.__name__)
]
NO_IDENTITY = {np.maximum, np.minimum, np.fmax, np.fmin}
COMPLEX = {np.add, np.multiply, np.subtract, np.divide, np.power}
# Where NumPy folds three numbers or more in one go, these are wrong on processors with AVX-512: the
# first element meets the last, not the result so far. test_ufuncs.py holds them to a fold of ours.
WRONG_IN_NUMPY = {np.power, np.arctan2, np.float_power}


def of_reduce(f: Any) -> list[Any]:
    samples = [
        P, Call(P, 0, float, None, True), Call(P, axis=0, dtype=float, out=None, keepdims=True),
        Call(P, 0, initial=0.7), Call(P, axis=0, initial=0.7, where=B), Call(P[:1]),
        Call(CUBE + 3.0, axis=-2),
    ]  # fmt: skip
    if f in WRONG_IN_NUMPY:
        return samples
    samples += [Call(P, -1), Call(P, axis=1, initial=0.7, where=B), Call([0.6, 0.8, 1.3])]
    if f in NO_IDENTITY or f.identity is not None:
        samples += [Call(P, None), Call(CUBE + 3.0, axis=(0, 2), keepdims=True)]
    if f.identity is not None:
        samples += [Call(P, 0, where=B)]
    if f in COMPLEX:
        samples += [Call(C[:2])]
    return samples


def of_reduceat(f: Any) -> list[Any]:
    samples = [Call(P, [0, 2]), Call(P, [0, 1], axis=-2, dtype=float, out=None)]
    if f in WRONG_IN_NUMPY:
        return samples
    return [*samples, Call(P, np.array([2, 0, 0, 1]), 1), Call(Q, [0, 3]), Call(CUBE + 3, [1], -1)]


for pair in PAIRS:
    if pair is np.ldexp:
        OTHERS[pair.outer] = [Call(P, [1, -2]), Call(0.7, np.array([2, 3]))]
    elif pair.outer in SPELLED:
        OTHERS[pair.outer] = [(P, [0.63, 1.17]), (Q, 0.7), (0.7, V[:2] ** 2), ([0.5, 2.5], Q)]
    if pair.reduce in SPELLED:
        OTHERS[pair.reduce], OTHERS[pair.reduceat] = of_reduce(pair), of_reduceat(pair)
        OTHERS[pair.accumulate] = [
            P, Call(P, 0, float, None), Call(CUBE + 3.0, axis=-2), Call(Q, -1)
        ]  # fmt: skip
step = np.floor_divide
UNARY: dict[Any, list[Any]] = {
    fractional: [M, -2.25],
    np.modf: [M],
    np.frexp: [M, 0.3],
    np.i0: [M, 31.0, 2.5],
    one_less_square: [U, C],
    square_less_one: [P + 1],
}
BINARY: dict[Any, list[Any]] = {
    np.copysign: [(M, N), (M, -2.0), (2.0, M)],
    np.heaviside: [(M, N), (M, 0.5)],
    np.nextafter: [(M, N), (M, 5.0)],
}
OTHERS |= {
    unit: [C],
    np.ldexp: [(M, 3), (M, np.array([1, -2, 0, 4])), (0.7, -1)],
    modified_bessel: [Call(M, 0), Call(M, order=3), Call(40.0, 1)],
    np.kaiser: [Call(7, 2.5), Call(1, 0.5), Call(M=6, beta=14.0)],
    np.nan_to_num: [M, C, Call(M, True, 0.5, posinf=2.0, neginf=None)],
    np.real_if_close: [M, C, Call(C, tol=10)],
    unwrapped: [Call(ANGLES, 2 * np.pi, None, -1), Call(ANGLES.T, 3.0, 1.7, axis=0)],
    np.unwrap: [
        ANGLES, Call(ANGLES.T, axis=0), Call(ANGLES, 4.0), Call(ANGLES, discont=None, period=3.0),
    ],
    np.emath.sqrt: [P, M, C], np.emath.log: [P, M], np.emath.log2: [P, M], np.emath.log10: [P, M],
    np.emath.logn: [(P, P + 1), (P, M), (M, M + 0.1j), (2.0, P)],
    np.emath.power: [(P, N), (M, 2.5), (M, M), (M, 2)],
    np.emath.arcsin: [U, 2 * M, C], np.emath.arccos: [U, 2 * M], np.emath.arctanh: [U, 2 * M],
}  # fmt: skip
CONSTANT = {step.reduce: [P], step.accumulate: [P], step.outer: [(P, Q)]}
ELSEWHERE[step.reduceat] = "test_ufuncs.py"
for function in [*RULES, *SPELLED]:
    owner = getattr(function, "__self__", None)
    if isinstance(owner, np.ufunc) and function.__name__ == "at":
        ELSEWHERE[function] = "test_ufuncs.py"
