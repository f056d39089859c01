"""Where the rules are checked that functions of tensors alone are made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules.choices_of_two import (
    larger_present,
    next_towards,
    scaled_by_two,
    smaller_present,
    with_sign_of,
)
from chainrule._rules.choosing import greatest, least, middle_present
from chainrule._rules.complex import of_two_parts, two_parts
from chainrule._rules.distances import distance, shortened
from chainrule._rules.floats import finite
from chainrule._rules.missing import sum_of_present
from chainrule._rules.normal import erfinv
from chainrule._rules.running import running_logsumexp
from chainrule._rules.weighted import times_log1p
from chainrule.checking import Call

from .arrays import CUBE, C, M, N, P, Q, U, V

WITH_NAN = np.where(np.arange(12).reshape(3, 4) % 5 == 1, np.nan, M)

UNARY: dict[Any, list[Any]] = {erfinv: [U, 0.99, -0.6]}

BINARY: dict[Any, list[Any]] = {
    larger_present: [(M, N), (WITH_NAN, N), (M, 0.1)],
    smaller_present: [(M, N), (WITH_NAN, N), (M, 0.1)],
    with_sign_of: [(M, N), (M, -1.0)],
    next_towards: [(M, N)],
    scaled_by_two: [(M, N), (M, 3.0)],
    times_log1p: [(M, P), (M, Q)],
}

OTHERS: dict[Any, list[Any]] = {
    finite: [M, Call(np.array([1.0, np.inf, np.nan, -np.inf]), nan=2, posinf=7, neginf=-7)],
    sum_of_present: [WITH_NAN, Call(WITH_NAN, axis=1), Call(WITH_NAN, axis=0, keepdims=True)],
    greatest: [M, V, CUBE],
    least: [M, V, CUBE],
    middle_present: [M, V, WITH_NAN],
    running_logsumexp: [Call(M, axis=0), Call(M, axis=1), Call(np.array([900.0, -3.0]), axis=0)],
    two_parts: [C],
    of_two_parts: [np.stack([V, Q], -1)],
    distance: [(M, 0.3), (0.3, N), Call(M, 0.3, order=1), Call(M, 0.3, order=3)],
    shortened: [
        Call(M, order=2, axis=0, most=2),
        Call(M, order=1, axis=1, most=3),
        Call(P, order=3, axis=0, most=9),
    ],
}
