"""Where the rules of sums, products, extremes, ranks, differences and statistics are checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules.differences import even_slopes
from chainrule._rules.quantiles import weighted_quantile
from chainrule.checking import Call

from .arrays import CUBE, ZEROS, B, C, M, N, P, V

HOLES = np.where(B, M, np.nan)
CUBE_HOLES = np.where(np.abs(CUBE - 0.7) < 0.2, np.nan, CUBE)
TIMES = np.array([0.0, 0.4, 1.1, 1.3])
COUNTS = np.array([1, 3, 2, 2])
WEIGHTS = np.array([0.5, 1.5, 1.0, 0.7])
LEVELS = np.array([0.13, 0.55, 0.88])
METHODS = [
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf",
    "hazen", "weibull", "linear", "median_unbiased", "normal_unbiased", "lower", "higher",
    "midpoint", "nearest",
]  # fmt: skip


def medians(x: Any, cube: Any) -> list[Any]:
    return [
        x,
        Call(x, 0),
        Call(x, axis=1, keepdims=True),
        Call(x, keepdims=True),
        Call(cube, axis=(0, 2)),
        Call(cube, (2, 0), None, False, True),
        Call(cube, axis=(0, -1), keepdims=True, overwrite_input=False, out=None),
    ]


def quantiles(x: Any, cube: Any, whole: int) -> list[Any]:
    q = LEVELS * whole
    return [
        Call(x, 0.3 * whole),
        Call(x, q),
        Call(x, q[:2].reshape(2, 1), axis=0),
        Call(cube, q, (0, 2), keepdims=True),
        Call(x, whole, axis=1),
        Call(x, 0, axis=-1, overwrite_input=False, out=None),
        *[Call(x, q, axis=1, method=method) for method in METHODS],
        *[Call(cube, 0.37 * whole, axis=(1, 2), method=method) for method in METHODS],
        Call(x, q, axis=1, method="inverted_cdf", weights=COUNTS * np.ones((3, 1), int)),
        Call(
            x,
            0.3 * whole,
            method="inverted_cdf",
            weights=np.outer([1, 2, 3], COUNTS),
            keepdims=True,
        ),
    ]


OTHERS: dict[Any, list[Any]] = {
    # running
    np.cumprod: [
        M,
        C,
        Call(M, 0),
        Call(ZEROS, axis=1),
        Call(CUBE, axis=-1),
        Call(V, 0),
        Call(M, 0, float, None),
        Call(M, dtype=float, out=None),
        2.0,
    ],
    np.cumsum: [
        M,
        V,
        Call(M, axis=0),
        Call(M, axis=-1),
        Call(M, axis=1, dtype=float, out=None),
        C,
        2.0,
    ],
    # differences
    np.diff: [
        M,
        C,
        V,
        Call(M, 2),
        Call(M, n=3, axis=0),
        Call(M, n=0),
        Call(M, 1, 0),
        Call(CUBE, 2, axis=1),
        Call(M, prepend=0.3, append=V[:3, None]),
        Call(M, 2, 0, V[None], 1.5),
        Call(M, axis=0, append=[[1.0, 2.0, 3.0, 4.0]]),
    ],
    np.ediff1d: [
        M,
        V,
        C,
        Call(V, 0.4, V),
        Call(V, to_begin=np.array([0.3, 1.0])),
        Call(M, to_end=[0.3, 1.0]),
    ],
    even_slopes: [
        Call(M, axis=1, edge_order=1),
        Call(CUBE, -2, 2),
        Call(V, 0, 2),
        Call(V[:2], 0, 1),
    ],
    np.gradient: [
        M,
        V,
        C,
        Call(M, 0.3),
        Call(M, axis=0),
        Call(CUBE, axis=(0, 2)),
        Call(M, 0.3, 0.7, edge_order=2),
        Call(M, TIMES, axis=1),
        Call(M, TIMES, axis=-1, edge_order=2),
        Call(M, TIMES[:3], TIMES, edge_order=2),
        Call(V, TIMES),
        Call(V, 2, edge_order=2),
        Call(CUBE, 0.3, np.array([0, 1, 3]), axis=(0, 1)),
    ],
    np.trapezoid: [
        M,
        V,
        C,
        Call(M, TIMES),
        Call(M, x=TIMES[:3], axis=0),
        Call(M, dx=0.3, axis=0),
        Call(M, P, axis=1),
        Call(CUBE, [0.0, 1.0, 3.0], axis=1),
    ],
    # statistics
    np.ptp: [M, V, Call(M, 0), Call(M, axis=1, out=None, keepdims=True), Call(CUBE, axis=(0, 2))],
    np.average: [
        M,
        C,
        Call(M, 0),
        Call(CUBE, axis=(0, 2), keepdims=True),
        Call(M, axis=1, weights=WEIGHTS),
        Call(M, weights=P),
        Call(M, 1, WEIGHTS, True),
        Call(M, 1, P, True, keepdims=True),
        Call(M, axis=0, returned=True),
        Call(M, axis=1, weights=[1, 2, 3, 4]),
        Call(C, axis=1, weights=WEIGHTS),
    ],
    np.cov: [
        M,
        V,
        C,
        Call(M, N),
        Call(V, V[::-1] ** 2),
        Call(M, rowvar=False),
        Call(M, N, False, True),
        Call(M, bias=True),
        Call(M, ddof=0),
        Call(M, ddof=2, fweights=COUNTS),
        Call(M, aweights=WEIGHTS),
        Call(M, fweights=COUNTS, aweights=WEIGHTS),
        Call(M, bias=True, fweights=COUNTS, aweights=WEIGHTS, dtype=float),
        Call(C, aweights=WEIGHTS),
    ],
    np.corrcoef: [M, V, C, Call(M, N), Call(M, rowvar=False), Call(M, N, False, dtype=float)],
    # without NaN
    np.nansum: [
        HOLES,
        C,
        Call(HOLES, 0),
        Call(HOLES, axis=1, keepdims=True),
        Call(HOLES, axis=(0, 1), where=B, initial=0.4),
        Call(HOLES, 1, float, out=None),
    ],
    np.nanprod: [
        HOLES,
        ZEROS,
        Call(HOLES, 0),
        Call(HOLES, axis=1, keepdims=True),
        Call(HOLES, axis=(0, 1), where=B[:1], initial=0.4),
        Call(HOLES, 1, float, out=None),
    ],
    np.nanmean: [
        HOLES,
        C,
        Call(HOLES, 0),
        Call(HOLES, axis=(0, 1), keepdims=True),
        Call(HOLES, axis=1, where=B[:, ::-1]),
        Call(HOLES, 1, float, out=None),
    ],
    np.nanvar: [
        HOLES,
        C,
        Call(HOLES, 0),
        Call(HOLES, axis=1, keepdims=True, ddof=1),
        Call(HOLES, correction=1),
        Call(HOLES, axis=(0, 1), where=B[:, ::-1]),
        Call(HOLES, axis=1, mean=M[:, :1] + 0.1),
        Call(HOLES, 1, float, out=None),
    ],
    np.nanstd: [
        HOLES,
        C,
        Call(HOLES, 0),
        Call(HOLES, axis=1, keepdims=True, ddof=1),
        Call(HOLES, correction=1),
        Call(HOLES, axis=(0, 1), where=B[:, ::-1]),
        Call(HOLES, axis=1, mean=M[:, :1] + 0.1),
        Call(HOLES, 1, float, out=None),
    ],
    np.nanmax: [
        HOLES,
        Call(HOLES, 0),
        Call(CUBE_HOLES, axis=(0, 2), keepdims=True),
        Call(HOLES, axis=1, where=B[:, ::-1], initial=-0.2, out=None),
    ],
    np.nanmin: [
        HOLES,
        Call(HOLES, 0),
        Call(CUBE_HOLES, axis=(0, 2), keepdims=True),
        Call(HOLES, axis=1, where=B[:, ::-1], initial=0.2, out=None),
    ],
    np.nancumsum: [HOLES, Call(HOLES, 0), Call(HOLES, axis=1, dtype=float, out=None)],
    np.nancumprod: [HOLES, Call(HOLES, 0), Call(HOLES, axis=1, dtype=float, out=None)],
    # ranks
    np.median: [*medians(M, CUBE), V, C],
    np.nanmedian: medians(HOLES, CUBE_HOLES),
    np.quantile: [
        *quantiles(M, CUBE, 1),
        Call(M, LEVELS, axis=1, method="inverted_cdf", weights=COUNTS),
    ],
    np.nanquantile: quantiles(HOLES, CUBE_HOLES, 1),
    np.percentile: quantiles(M, CUBE, 100),
    np.nanpercentile: quantiles(HOLES, CUBE_HOLES, 100),
    weighted_quantile: [Call(M, q=0.4, weights=COUNTS, axis=1, quantile=np.quantile)],
}

if hasattr(np, "cumulative_sum"):
    OTHERS |= {
        f: [
            V,
            2.0,
            Call(M, axis=1),
            Call(CUBE, axis=-2, dtype=float, out=None),
            Call(M, axis=0, include_initial=True),
            Call(C, axis=-1, include_initial=True),
        ]
        for f in (np.cumulative_sum, np.cumulative_prod)
    }
ELSEWHERE: dict[Any, str] = {
    getattr(np, name): "deprecated" for name in ("trapz",) if name in np.__all__
}
