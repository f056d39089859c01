"""Compiled functions beside their peers, and how long it takes until the first result."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from benchmarks.compiled_work import CASES, Case
from benchmarks.processes import starts
from benchmarks.report import own, print_rows, ratio
from benchmarks.timing import Times, in_turns
from benchmarks.work import BY_HAND, OURS, installed

__all__ = ["CASES", "PEERS", "STARTS", "case_row", "main", "reading"]

PEERS = ("jax", "torch", "sklearn", "autograd")
STARTS = "starts"
READ = "a read"
FAILED = "fails"
COLUMNS = ["work", "ours (µs)", "reads", BY_HAND, *PEERS, "asked", "reached"]


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    unknown = set(arguments.names) - {*CASES, STARTS}
    if unknown:
        raise SystemExit(f"no such case: {', '.join(sorted(unknown))}; see --help")
    print_rows((*PEERS, "numba"), _rows(arguments), arguments.markdown, COLUMNS)


def _rows(arguments: argparse.Namespace) -> Iterator[list[str]]:
    chosen = arguments.names or [name for name in (*CASES, STARTS) if arguments.only in name]
    for name, make in CASES.items():
        if name in chosen:
            case = make()
            yield case_row(case, measured(case, arguments.rounds, arguments.collector))
    if STARTS in chosen:
        yield from _starts(max(3, arguments.rounds // 8))


def measured(case: Case, rounds: int, collector: bool) -> dict[str, Times]:
    """Return the times of all ways; ours is left out, and said, where it fails."""
    ways = dict(case.work.ways)
    try:
        ways[OURS]()
    except Exception as error:  # the others are still of use
        del ways[OURS]
        print(f"{case.work.name}: {type(error).__name__}: {error}", file=sys.stderr)
    if case.data is not None:
        ways[READ] = reading(case.data)
    return in_turns(ways, rounds, collector)


def reading(x: Any) -> Callable[[], float]:
    """Return what reads every number of `x` once, on all cores, and finds the largest.

    Nothing that reads `x` can be quicker, as long as `x` does not fit into the caches.
    """
    pool = ThreadPoolExecutor(os.cpu_count())
    parts = np.array_split(x.ravel(), min(64, x.size))
    return lambda: max(pool.map(np.max, parts))


def case_row(case: Case, times: dict[str, Times]) -> list[str]:
    """Tell the times of a case beside ours, or as they are where there are no times of ours."""
    work, asked = case.work, [f"{least:g}x {peer}" for peer, least in case.work.asked.items()]
    if case.most:
        asked.append(f"at most {case.most:g} µs")
    if case.reads:
        asked.append(f"at most {case.reads:g} reads")
    others = [BY_HAND, *PEERS]
    reads = own(times[READ]) if READ in times else ""
    if OURS not in times:
        cells = [own(times[peer]) if peer in times else "" for peer in others]
        return [work.name, FAILED, reads, *cells, ", ".join(asked), ""]
    ours, missed = times[OURS], []
    if READ in times:
        found = times[READ].ratio(ours)[0]
        reads = f"{found:.2f} of {reads}"
        missed += [f"{found:.2f} reads"] if found > case.reads else []
    missed += [f"{ours.least * 1e6:.2f} µs"] if case.most and ours.least * 1e6 > case.most else []
    for peer, least in work.asked.items():
        if peer in times and (found := ours.ratio(times[peer])[0]) < least:
            missed.append(f"{found:.2f}x {peer}")
    cells = [ratio(ours, times.get(peer)) for peer in others]
    told = f"no: {', '.join(missed)}" if missed else "yes"
    return [work.name, own(ours), reads, *cells, ", ".join(asked), told]


def _starts(rounds: int) -> Iterator[list[str]]:
    said = {
        "cold": ("a logistic loss compiled, the first process", 3.0),
        "warm": ("the same in the next process", 0.5),
    }
    times = starts(rounds) if installed("numba") else {}
    for name, found in times.items():
        work, most = said[name]
        told = "yes" if found.least < most else f"no: {found.least:.2f} s"
        yield [work, own(found), "", "", *[""] * len(PEERS), f"under {most:g} s", told]
