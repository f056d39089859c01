"""Where the rules of the first chapters are checked, and those of the tape."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.pieces import gather
from chainrule._core.values import take
from chainrule._rules import running  # noqa: F401  (states its chapter)
from chainrule._rules.arithmetic import clipped, held
from chainrule._rules.choosing import deviation, middle, picked, variance
from chainrule._rules.complex import direction, phase
from chainrule._rules.factors import others
from chainrule._rules.indexing import (
    added,
    gathered,
    indices_put,
    overwritten,
    part,
    put_back,
    scattered,
)
from chainrule._rules.learning import (
    also_of,
    leaky_relu,
    let_through,
    log_sigmoid,
    log_softmax,
    logsumexp,
    relu,
    sigmoid,
    softmax,
)
from chainrule._rules.linear_algebra import square  # noqa: F401  (states its chapter)
from chainrule._rules.linear_algebra.norms import vector_norm
from chainrule._rules.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    mean_squared_error,
    negative_log_likelihood,
    surprise,
    surprise_at_score,
    uncertainty,
)
from chainrule._rules.normal import erf, erfc
from chainrule._rules.saturating import bounded_tanh, log_odds
from chainrule._rules.spreads import length
from chainrule._rules.steps import (
    fraction,
    lower,
    nearest,
    rounded_down,
    rounded_to_zero,
    sign,
    size,
    turns,
    upper,
    whole_part,
)
from chainrule._rules.trigonometric import sech2
from chainrule._rules.weighted import (
    add_multiple,
    add_product,
    add_quotient,
    between,
    inverse_root,
    times_log,
    weighted_affine,
)
from chainrule.checking import Call

from .arrays import (
    CLASSES,
    COLUMNS,
    CUBE,
    LIKELY,
    PROBABLE,
    ZEROS,
    B,
    C,
    M,
    N,
    P,
    Q,
    U,
    V,
)

UNARY: dict[Any, list[Any]] = {
    np.negative: [M, C, 2.0],
    np.positive: [M, C],
    np.reciprocal: [M, C],
    np.square: [M, C],
    np.sqrt: [P, P + 1j],
    np.cbrt: [M],
    np.exp: [M, C, 1.5],
    np.exp2: [M, C],
    np.expm1: [M, C, -40.0],
    np.log: [P, C, 0.5],
    np.log2: [P, C],
    np.log10: [P, C],
    np.log1p: [U, C],
    np.sin: [M, C],
    np.cos: [M, C],
    np.tan: [M, C],
    np.sinc: [M, 0.3],
    np.arcsin: [U, U + 0.5j],
    np.arccos: [U, U + 0.5j],
    np.arctan: [M, U + 0.3j],
    np.sinh: [M, C],
    np.cosh: [M, C],
    np.tanh: [M, C, 19.0, -3.0, 0.5],
    sech2: [M, C, 19.0],
    np.arcsinh: [M, U + 0.3j],
    np.arccosh: [P + 1, P + 1 + 0.5j],
    np.arctanh: [U, U + 0.5j],
    np.deg2rad: [M],
    np.rad2deg: [M],
    np.radians: [M],
    np.degrees: [M],
    np.absolute: [M, C],
    np.fabs: [M],
    np.real: [M, C],
    np.imag: [C],
    np.conjugate: [M, C],
    np.sign: [M, C],
    phase: [C],
    sigmoid: [M, 30.0, -30.0],
    log_sigmoid: [M, -800.0],
    relu: [M],
    uncertainty: [PROBABLE],
    bounded_tanh: [M],
    log_odds: [PROBABLE],
    inverse_root: [P],
    erf: [M],
    erfc: [M, 3.0],
    lower: [M],
    upper: [M],
    whole_part: [M],
    sign: [M],
    size: [M, C],
    fraction: [M],
}

BINARY: dict[Any, list[Any]] = {
    np.add: [(M, N), (C, V), (2.0, M), (M, 2.0), (1.0, 2.0)],
    np.subtract: [(M, N), (C, V), (2.0, M), (1.0, 2.0)],
    np.multiply: [(M, N), (C, V), (2.0, M), (3.0, 2.0)],
    np.divide: [(M, N), (C, V), (2.0, M), (M, 2.0), (3.0, 2.0)],
    np.power: [
        (P, N),
        (P, 2.0),
        (M, 3),
        (2.0, M),
        (P, V),
        (3.0, 2.0),
        (M, np.array([1, 2, 3, 0])),
        (P, np.array([1.0, 2.0, 3.0, 0.0])),
    ],
    np.float_power: [(P, N), (P, 2.5)],
    np.remainder: [(M * 5, P), (M * 5, 0.7)],
    np.fmod: [(M * 5, P)],
    np.divmod: [(M * 5, P)],
    np.maximum: [(M, N), (M, 0.1)],
    np.minimum: [(M, N), (M, 0.1)],
    np.fmax: [(M, N)],
    np.fmin: [(M, N)],
    np.arctan2: [(M, N)],
    np.hypot: [(M, N)],
    np.logaddexp: [(M, N), (M, -np.inf)],
    np.logaddexp2: [(M, N)],
    leaky_relu: [(M, 0.2), (M, P)],
    surprise: [(PROBABLE, LIKELY), (PROBABLE, B)],
    let_through: [(M, N)],
    times_log: [(M, P), (0.0, P)],
    rounded_down: [(M * 5, P)],
    rounded_to_zero: [(M * 5, P), (M * 5, np.array([1, 2, 3, 4]))],
    turns: [(M * 5, P)],
}

OTHERS: dict[Any, list[Any]] = {
    # arithmetic
    np.where: [Call(B, M, N), Call(B, M, 2.0), Call(True, 1.0, 2.0), Call(B, C, M)],
    np.clip: [
        Call(2 * M, -0.7, 1.0),
        Call(M, a_min=None, a_max=0.4),
        Call(M, a_min=-0.4, a_max=None),
        Call(M, -P, P + 0.1),
        Call(M, -0.4, 0.9, None, dtype=float, where=True),
    ],
    clipped: [Call(2 * M, -0.7, 1.1), Call(2 * M, -P, P)],
    # complex numbers
    np.angle: [C, Call(C, deg=True)],
    # sums and means
    np.sum: [
        M,
        C,
        Call(M, axis=0),
        Call(M, axis=(0, -1)),
        Call(M, axis=1, keepdims=True),
        Call(M, keepdims=True),
        Call(M, axis=()),
        Call(M, axis=0, dtype=float),
        Call(M, where=B),
        Call(M, initial=0.7),
        Call(M, axis=1, where=B, initial=0.7, out=None),
        Call([1.0, 2.0]),
    ],
    np.mean: [
        M,
        C,
        Call(M, axis=0),
        Call(M, axis=(0, 1)),
        Call(M, axis=1, keepdims=True),
        Call(M, where=B),
        Call(M, axis=1, where=B),
        Call(M, dtype=float, out=None),
        Call(M, axis=1, where=B, keepdims=True),
    ],
    np.var: [
        M,
        C,
        Call(M, axis=0),
        Call(M, axis=(0, 1)),
        Call(M, axis=1, keepdims=True, ddof=1),
        Call(M, where=B),
        Call(M, correction=1),
        Call(M, axis=1, mean=M[:, :1] + 0.1),
        Call(M, dtype=float, out=None),
        Call(CUBE, axis=(0, 2)),
    ],
    np.std: [
        M,
        C,
        Call(M, axis=0),
        Call(M, axis=(0, 1)),
        Call(M, axis=1, keepdims=True, ddof=1),
        Call(M, where=B),
        Call(M, correction=1),
        Call(M, axis=1, mean=M[:, :1] + 0.1),
        Call(M, dtype=float, out=None),
    ],
    length: [M, C],
    np.max: [
        M,
        V,
        Call(M, axis=0),
        Call(M, axis=(0, 1)),
        Call(M, axis=1, keepdims=True),
        Call(M, initial=0.5, where=B),
        Call(M, axis=0, initial=5.0, out=None),
    ],
    np.amax: [M, Call(M, axis=0)],
    np.amin: [M, Call(M, axis=0)],
    np.min: [
        M,
        V,
        Call(M, axis=0),
        Call(M, axis=(0, 1)),
        Call(M, axis=1, keepdims=True),
        Call(M, initial=0.5, where=B),
        Call(M, axis=0, initial=-5.0, out=None),
    ],
    np.prod: [
        M,
        V,
        C,
        ZEROS,
        Call(ZEROS, axis=0),
        Call(M, axis=(0, 1)),
        Call(CUBE, axis=(0, 2)),
        Call(M, axis=1, keepdims=True),
        Call(M, where=B),
        Call(M, initial=0.7, axis=0),
        Call(M, dtype=float, out=None),
    ],
    others: [M, ZEROS],
    # indexing
    part: [(M, COLUMNS)],
    put_back: [(part(M, COLUMNS), COLUMNS, (3, 4))],
    overwritten: [(M, part(N, COLUMNS), COLUMNS), (M, V[:3], COLUMNS), (M, N, ())],
    indices_put: [(M, part(N, COLUMNS), COLUMNS), (M, V[:3], ((take, ([0, 2, 1], 1)),))],
    take: [
        Call(M, at=1),
        Call(M, (1, 2)),
        Call(M, slice(None, None, -1)),
        Call(M, (slice(1, 3), 0)),
        Call(M, ([0, 0, 2], 1)),
        Call(M, B),
        Call(M, (..., None, 0)),
        Call(CUBE, (0, slice(None), [1, 1])),
        Call(CUBE, ([0, 1], slice(None), [1, 1])),
        Call(M, np.array([2, 2, 0])),
    ],
    gather: [
        Call(
            [np.float64(2.0), np.float64(3.0), np.float64(-1.0)],
            places=[(0, 1), (0, 1), (2, 2)],
            shape=(3, 4),
        ),
        Call([V, 2 * V], [0, [1]], (3, 4)),
    ],
    gathered: [
        Call(M, np.array([[0, 3, 3], [1, 1, 2]]), 1),
        Call(CUBE, np.array([[[1], [0]]]), axis=0),
        Call(V, np.array([3, 3, 0]), -1),
        Call(np.array(2.0), np.array(0), 0),
    ],
    added: [
        Call(M, V, ((take, ([0, 0, 2],)),)),
        Call(M, V[:2], ((np.transpose, (1, 0)), (take, (slice(0, 2), 1)))),
        Call(M, 2.0, steps=((take, (M > 0,)),)),
    ],
    scattered: [
        Call(M[:2, :3], np.array([[0, 3, 3], [1, 1, 2]]), 1, (3, 4)),
        Call(V, np.array([3, 3, 0, 0]), axis=0, shape=(5,)),
        Call(np.array(2.0), np.array(0), 0, ()),
    ],
    # learning
    logsumexp: [
        Call(M, 0),
        Call(M, (0, 1)),
        Call(M, axis=-1, keepdims=True),
        Call(np.array([0.0, -np.inf, 800.0]), 0),
    ],
    also_of: [(M, N), (V, M)],
    softmax: [Call(M, 0), Call(M, axis=-1), Call(np.array([0.0, 1.0, 800.0]), 0)],
    log_softmax: [Call(M, 0), Call(M, axis=-1), Call(np.array([0.0, 1.0, 800.0]), 0)],
    binary_cross_entropy: [
        (PROBABLE, LIKELY, None),
        (PROBABLE, B, P, "sum"),
        Call(PROBABLE, LIKELY, Q, reduction="none"),
    ],
    surprise_at_score: [(M, LIKELY, None), (M, B, Q)],
    binary_cross_entropy_with_logits: [
        (M, LIKELY, None, None),
        (M, B, P, Q, "sum"),
        (M, LIKELY, None, Q),
        Call(np.array([-80.0, 0.5, 80.0]), np.array([0, 1, 1]), None, None),
        Call(M, LIKELY, Q, None, reduction="none"),
    ],
    mean_squared_error: [(M, N), (M, V, "sum"), Call(M, N, reduction="none"), (M, B)],
    negative_log_likelihood: [
        (M, CLASSES, None),
        (M, CLASSES, Q),
        (M, CLASSES, None, 3),
        Call(M, CLASSES, Q, ignore_index=0, reduction="mean"),
        Call(M, CLASSES, Q, 0, "sum"),
        Call(M, CLASSES, Q, 0, "none"),
        (CUBE, np.array([[0, 2, 1, 1], [2, 2, 0, 1]]), P[0, :3]),
        Call(CUBE, np.array([[0, 2, 1, 1], [2, 2, 0, 1]]), None, reduction="none"),
        (V, np.array(2), Q),
    ],
    vector_norm: [
        M,
        C,
        Call(M, 1),
        Call(C, 1),
        Call(M, 0),
        Call(M, 3, axis=(0, 1)),
        Call(M, -1, axis=-1, keepdims=True),
        Call(M, order=2, axis=0),
        Call(CUBE, 4, (0, 2), keepdims=True),
        Call(np.array([0.0, 1.0, -2.0]), 3),
    ],
    # steps, weighted sums, spreads
    nearest: [M, Call(M + 0.01, decimals=1)],
    between: [(M, N, 0.3), (M, N, P), (M, V, 0.9)],
    add_product: [(M, N, P), (M, V, 2.0), Call(M, N, P, value=-2)],
    add_quotient: [(M, N, P), (M, V, 2.0), Call(M, N, P, value=-2)],
    add_multiple: [(M, N), Call(M, N, times=-2), Call(M, V, times=3)],
    weighted_affine: [
        (V[:3], M, N.T),
        Call(2.0, M, N.T, beta=3, alpha=-2),
        Call(V[:3], M, N.T, 0, 3),
    ],
    picked: [
        Call(M, np.array([[0], [3], [1]]), 1),
        Call(M, np.array([[2, 0, 0, 1]]), axis=0, keepdims=True),
        Call(np.array(2.0), np.array(0), 0),
        Call(CUBE, np.array([[0, 1, 1, 0], [2, 3, 0, 0]]) % 3, 1),
    ],
    middle: [M, V],
    variance: [
        M,
        Call(M, 0),
        Call(CUBE, axis=(0, -1), correction=0),
        Call(M, axis=1, correction=2, keepdims=True),
    ],
    deviation: [
        M,
        Call(M, 0),
        Call(CUBE, axis=(0, -1), correction=0),
        Call(M, axis=1, correction=2, keepdims=True),
    ],
}

FIX = getattr(np, "fix", np.trunc)
OF_ONE = [
    held, direction, np.floor, np.ceil, np.trunc, np.rint, FIX, np.round, np.around,
    np.zeros_like, np.ones_like, np.empty_like, np.spacing, np.signbit, np.isnan, np.isfinite,
    np.isinf, np.shape, np.ndim, np.size, np.iscomplexobj, np.isrealobj,
]  # fmt: skip
OF_TWO = [
    np.floor_divide, np.equal, np.not_equal, np.less, np.less_equal,
    np.greater, np.greater_equal,
]  # fmt: skip
CONSTANT: dict[Any, list[Any]] = {f: [M] for f in OF_ONE} | {f: [(M, N)] for f in OF_TWO}

ELSEWHERE = {
    np.result_type: "returns a dtype",
}

SINCE_2_1 = np.lib.NumpyVersion(np.__version__) >= "2.1.0"
NOT_YET = set() if SINCE_2_1 else {"min", "max", "device"}  # options that this NumPy has not got
OTHERS[np.clip] += [Call(M, min=-0.4, max=0.9)] * SINCE_2_1
