"""Where the rules of activations are checked: away from their corners, and far out."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules import activations as rules
from chainrule._rules.learning import sigmoid_of_minus
from chainrule.checking import Call

from .arrays import CUBE, M

FAR = np.array([-30.0, -7.3, -0.4, 0.7, 5.2, 30.0])

OTHERS: dict[Any, list[Any]] = {
    rules.hard_tanh: [Call(M, -1, 1), Call(FAR, low=0, high=6)],
    rules.hard_sigmoid: [M, FAR],
    rules.hard_shrink: [Call(M, 1), Call(FAR, bound=2)],
    rules.soft_shrink: [Call(M, 1), Call(FAR, bound=2)],
    rules.bent: [Call(M, 1, 7), Call(FAR, threshold=0, value=-2)],
    rules.elu: [Call(M, 1, 1, 1), Call(FAR, alpha=3, scale=2, rate=1)],
    rules.elu_slope: [Call(M, 1, 1, 1), Call(FAR, alpha=3, scale=2, rate=1)],
    rules.softplus: [Call(M, 1, 20), Call(FAR, beta=2, threshold=9)],
    rules.softplus_slope: [Call(M, 1, 20), Call(FAR, beta=2, threshold=9)],
    sigmoid_of_minus: [M, FAR],
    rules.gelu: [M, FAR],
    rules.gelu_by_tanh: [M, FAR],
    rules.silu: [M, FAR],
    rules.mish: [M, FAR],
    rules.hard_swish: [M, FAR],
    rules.gated: [Call(M, 1), Call(CUBE, axis=0)],
}
