"""Where bins are checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules.binning import added_up
from chainrule.checking import Call

from .arrays import C, M, N, P, V

PLACES = np.array([2, 0, 2, 5])
COUNTED = np.arange(12).reshape(3, 4) % 7
EDGES = np.array([-1.8, -0.9, 0.05, 1.0, 1.9])
DEEP = np.random.default_rng(4).uniform(-1, 1, (12, 3))

OTHERS: dict[Any, list[Any]] = {
    added_up: [Call(V, PLACES, 7), Call(V, PLACES, count=0)],
    np.bincount: [
        Call(PLACES, V),
        Call(PLACES, weights=V, minlength=9),
        Call(np.array([1, 1, 0, 3]), V, 2),
        Call(np.array([], int), np.zeros(0), 2),
    ],
    np.histogram: [
        Call(M, 3),
        Call(M, EDGES, None, True),
        Call(M, bins=4, density=True),
        Call(M, 4, (-1.2, 1.5), True, N),
        Call(COUNTED, 3, weights=N),
        Call(COUNTED, [0, 1, 4, 6], density=True, weights=P),
        Call(COUNTED, 3, (1, 5), weights=C),
        Call(M, "sturges"),
        Call(V, 3, range=(-2.5, 2.5), weights=V + 5),
    ],
    np.histogram_bin_edges: [
        Call(M, 3),
        Call(M, bins=4, range=(-1.0, 2.0)),
        Call(M, "auto"),
        Call(M, EDGES, weights=N),
    ],
    np.histogramdd: [
        Call(DEEP, 2),
        Call(DEEP, (2, 3, 2), None, True),
        Call(DEEP, [2, EDGES, 2], [(-1, 1), None, (-0.8, 0.9)], weights=P.ravel()),
        Call(COUNTED.T, 2, weights=V + 5, density=True),
        Call([DEEP[:, 0], DEEP[:, 1]], bins=3, range=None),
        Call(V, 2),
    ],
    np.histogram2d: [
        Call(DEEP[:, 0], DEEP[:, 1]),
        Call(DEEP[:, 0], DEEP[:, 1], 2, [[-1.0, 1.0], [-0.9, 0.9]], True, P.ravel()),
        Call(DEEP[:, 0], DEEP[:, 1], bins=EDGES, density=True),
        Call(DEEP[:, 0], DEEP[:, 1], [3, EDGES], range=None, weights=M.ravel()),
    ],
}
