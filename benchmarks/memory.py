"""The most memory that a gradient takes: a chain of sines, kept whole and in segments."""

from __future__ import annotations

import importlib
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

import chainrule
import chainrule.numpy
from benchmarks.work import OURS, Way, installed

__all__ = ["PLAIN", "peak", "sines"]

PLAIN = "plain"
Function = Callable[..., Any]
STEPS, SEGMENTS = 100, 10


def sines(size: int = 1_000_000) -> dict[str, Way]:
    """Return ways to the slope of the sum of a hundred sines of one another, of `size` numbers."""
    x = np.linspace(0.1, 1.4, size)

    def plain(numpy: Any) -> Function:
        def f(v: Any) -> Any:
            for _ in range(STEPS):
                v = numpy.sin(v)
            return numpy.sum(v)

        return f

    in_segments = chainrule.checkpoint_chain([chainrule.numpy.sin] * STEPS, SEGMENTS)
    ours, kept = (
        chainrule.grad(f)
        for f in (lambda v: chainrule.numpy.sum(in_segments(v)), plain(chainrule.numpy))
    )
    ways: dict[str, Way] = {OURS: lambda: ours(x), PLAIN: lambda: kept(x)}
    if autograd := installed("autograd"):
        theirs = autograd.grad(plain(importlib.import_module("autograd.numpy")))
        ways["autograd"] = lambda: theirs(x)
    return ways


def peak(way: Way) -> int:
    """Return how many bytes `way` takes at most, beyond what there was before."""
    way()  # what is prepared at a first use is no part of it
    tracemalloc.start()
    try:
        way()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
