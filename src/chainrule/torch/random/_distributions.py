"""Draws of other distributions than the uniform and the normal one, in PyTorch's own streams."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._tape.quiet import QUIET, hush, unhush
from ._generator import Generator

__all__ = ["cauchy", "choices", "exponential", "geometric", "log_normal", "poisson"]

_Doubles = NDArray[np.float64]
_Shape = tuple[int, ...]
F64 = np.dtype(np.float64)


def _each(g: Generator, shape: _Shape, f: Any) -> _Doubles:
    """Return `f` of a uniform number each: by Python's functions, whose last bits are PyTorch's."""
    uniforms = g.uniform(shape, F64)
    return np.array([f(u) for u in uniforms.reshape(-1).tolist()], F64).reshape(shape)


def exponential(g: Generator, shape: _Shape, rate: float) -> _Doubles:
    """Return waiting times between events of this rate."""
    return _each(g, shape, lambda u: -math.log1p(-u) / rate)


def cauchy(g: Generator, shape: _Shape, median: float, sigma: float) -> _Doubles:
    return _each(g, shape, lambda u: median + sigma * math.tan(math.pi * (u - 0.5)))


def log_normal(g: Generator, shape: _Shape, mean: float, std: float) -> _Doubles:
    """Return numbers whose logarithms are normally distributed, drawn one by one."""
    normals = g.normal(shape, F64, mean, std, contiguous=False)
    return np.array([math.exp(v) for v in normals.reshape(-1).tolist()], F64).reshape(shape)


def geometric(g: Generator, shape: _Shape, p: float) -> _Doubles:
    """Return how many attempts the first success takes, if each succeeds with probability `p`."""
    scale = math.log1p(-p)
    return _each(g, shape, lambda u: math.ceil(math.log(u) / scale) if u else 1.0)


# ---------------------------------------------------------------- counts of events


def poisson(g: Generator, rates: Any) -> _Doubles:
    """Return how many events happened, whose mean numbers are `rates`."""
    with g._lock:
        draws = _uniforms(g)
        return np.array([_count(draws, rate) for rate in rates.reshape(-1).tolist()], F64).reshape(
            rates.shape
        )


def _uniforms(g: Generator) -> Iterator[float]:
    while True:
        yield float(g.uniform((), F64))


def _count(draws: Iterator[float], rate: float) -> float:
    """Knuth's product of uniforms; from 10 on by transformed rejection.

    Hörmann (1993), "The transformed rejection method for generating Poisson random variables",
    algorithm PTRS.
    """
    if rate < 10:
        if rate == 0:
            return 0.0
        bound, product, count = math.exp(-rate), 1.0, 0
        while (product := product * next(draws)) > bound:
            count += 1
        return float(count)
    root, logarithm = math.sqrt(rate), math.log(rate)
    b = 0.931 + 2.53 * root
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    surely = 0.9277 - 3.6224 / (b - 2)
    while True:
        u, v = next(draws) - 0.5, next(draws)
        us = 0.5 - abs(u)
        k = math.floor((2 * a / us + b) * u + rate + 0.43) if us else -1
        if us >= 0.07 and v <= surely:
            return float(k)
        if k < 0 or (us < 0.013 and v > us):
            continue
        height = math.log(v) + math.log(inverse_alpha) - math.log(a / (us * us) + b)
        if height <= -rate + k * logarithm - math.lgamma(k + 1):
            return float(k)


# ---------------------------------------------------------------- choices


def choices(g: Generator, weights: Any, count: int, replacement: bool) -> NDArray[np.int64]:
    """Return `count` places for each row of weights, chosen in proportion to them.

    Without replacement, those of the largest weights over waiting times (Efraimidis and Spirakis,
    2006, "Weighted random sampling with a reservoir"); with, by the cumulative sum.
    """
    rows = weights.reshape(-1, weights.shape[-1])
    if not replacement or count == 1:
        times = exponential(g, rows.shape, 1.0).astype(rows.dtype)
        token = hush(QUIET)
        try:
            order = np.argsort(-(rows / times), -1, kind="stable")
        finally:
            unhush(token)
        return order[:, :count].astype(np.int64)
    sums = np.cumsum(rows, -1, rows.dtype)
    sums /= sums[:, -1:].copy()
    uniforms = g.uniform((len(rows), count), F64)
    found = [np.searchsorted(a, u) for a, u in zip(sums.astype(F64), uniforms, strict=True)]
    return np.array(found, np.int64).reshape(len(rows), count)
