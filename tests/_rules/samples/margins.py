"""Where the rules of losses with a margin, or a bend, are checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules.margins import multi_margin, multilabel_margin, soft_margin
from chainrule._rules.robust import huber, smooth_absolute_error
from chainrule.checking import Call

from .arrays import CLASSES, M, N, Q, V

SIGNS = np.where(N > 0, 1, -1)
LABELS = np.array([[1, 3, -1, 0], [0, -1, 2, 2], [2, 1, 0, -1]])

OTHERS: dict[Any, list[Any]] = {
    smooth_absolute_error: [
        Call(M, N, 1),
        Call(M, V, 2, "sum"),
        Call(M, N, beta=1, reduction="none"),
    ],
    huber: [Call(M, N, 1), Call(M, V, 2, "sum"), Call(M, N, delta=1, reduction="none")],
    soft_margin: [Call(M, SIGNS), Call(M, SIGNS, "sum"), Call(M, SIGNS[0], reduction="none")],
    multi_margin: [
        Call(M, CLASSES, None, 1, 1),
        Call(M, CLASSES, Q, p=2, margin=1, reduction="sum"),
        Call(M, CLASSES, Q, 2, 3, "none"),
        Call(V, np.array(2), None, 1, 2),
    ],
    multilabel_margin: [
        Call(M, LABELS),
        Call(M, LABELS, "sum"),
        Call(M, LABELS, reduction="none"),
        Call(V, LABELS[0]),
    ],
}
