"""Timing several ways of doing the same work fairly: in turns, in one process."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Times", "in_turns", "load"]

BATCH = 0.01  # seconds: long beside the clock's tick, short beside a disturbance
LONGEST = 3.0  # seconds for one way of a piece of work


@dataclass(frozen=True)
class Times:
    """Seconds a call: the least, which disturbances do not touch, and the median."""

    least: float
    median: float

    def ratio(self, other: Times) -> tuple[float, float]:
        """How many times longer `other` takes, by minima and by medians."""
        return other.least / self.least, other.median / self.median


def in_turns(
    ways: Mapping[str, Callable[[], Any]], rounds: int, collector: bool = False
) -> dict[str, Times]:
    """Return the times of each of `ways`; in every round each has its turn.

    Taking turns, a slow spell of the machine meets all of them. The garbage collector is off
    while the clock runs, as in `timeit`, unless `collector` says otherwise.
    """
    counts = {name: _count(way) for name, way in ways.items()}
    found: dict[str, list[float]] = {name: [] for name in ways}
    spent = dict.fromkeys(ways, 0.0)
    for k in range(rounds):
        for name, way in ways.items():
            if spent[name] > LONGEST and k >= 3:
                continue
            seconds = _batch(way, counts[name], collector)
            spent[name] += seconds
            found[name].append(seconds / counts[name])
    return {name: Times(min(each), statistics.median(each)) for name, each in found.items()}


def load() -> str:
    """Return how busy the machine is, in words."""
    cores = os.cpu_count() or 1
    if not hasattr(os, "getloadavg"):
        return f"{cores} cores, load unknown"
    return f"{cores} cores, load {os.getloadavg()[0]:.2f}"


def _count(way: Callable[[], Any]) -> int:
    """How many calls make a batch; doubled, so that one disturbance cannot mislead it far."""
    way()  # what is prepared at a first use is no part of the work
    count = 1
    while _batch(way, count, collector=False) < BATCH / 2:
        count *= 2
    return count


def _batch(way: Callable[[], Any], count: int, collector: bool) -> float:
    gc.collect()
    was_on = gc.isenabled()
    if not collector:
        gc.disable()
    try:
        start = time.perf_counter()
        for _ in range(count):
            way()
        return time.perf_counter() - start
    finally:
        if was_on:
            gc.enable()
