"""Gradients as they are recorded and pulled, call by call; imports; a fit from the command line."""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import platform
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

import chainrule
from benchmarks.processes import fit, imports
from benchmarks.timing import Times, in_turns, load
from benchmarks.work import BY_HAND, CHAINS, OURS, Work, installed, pieces, repeated

__all__ = ["main"]

PEERS = ("autograd", "torch")
HEADER = ["work", "ours (µs)", BY_HAND, *PEERS, "asked"]
START = np.array([0.1, 0.2, 0.3])
SHORT, LONG = 10, 60  # operations: the difference leaves the cost of the call itself out


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    before = load()
    rows = []
    for row in _rows(arguments):
        rows.append(row)
        if not arguments.markdown:
            print("  ".join(f"{cell:<24}" for cell in row).rstrip(), flush=True)
    if arguments.markdown:
        print(*_markdown(HEADER, rows), sep="\n")
    print(f"\n{_versions()}; {before} before, {load()} after.")
    print(
        "Ours: the least time (the median in brackets). Others: how many times as long they take, "
        "by the least times (by the medians)."
    )


def _rows(arguments: argparse.Namespace) -> Iterator[list[str]]:
    if not arguments.markdown:
        yield HEADER
    for work in pieces():
        if arguments.only in work.name:
            yield _row(work, in_turns(work.ways, arguments.rounds, arguments.collector))
    for name in CHAINS:
        if arguments.only in name:
            yield _chain_row(name, arguments)
    if arguments.only in "import chainrule":
        ours, numpy = imports(arguments.rounds)
        ratios = [a / b for a, b in ((ours.least, numpy.least), (ours.median, numpy.median))]
        asked = "at most 1.25 of import numpy: {:.2f} ({:.2f})".format(*ratios)
        yield ["import chainrule", _own(ours), "", "", "", asked]
    if arguments.only in "chainrule fit":
        times = fit(max(3, arguments.rounds // 3))
        said = (
            f"under 1.5 s: {times.whole.least:.2f} s ({times.whole.median:.2f} s), of which "
            f"{times.imports:.2f} s imports and {times.bare.least:.2f} s the bare interpreter"
        )
        yield ["chainrule fit, the whole process", _own(times.whole), "", "", "", said]


def _row(work: Work, times: dict[str, Times]) -> list[str]:
    ours = times[OURS]
    part = Times(ours.least / work.count, ours.median / work.count)
    cells = [work.name, _own(part), f"{ours.ratio(times[BY_HAND])[0]:.2f}x"]
    cells += [_ratio(ours, times.get(peer)) for peer in PEERS]
    return [*cells, ", ".join(f"{least:g}x {peer}" for peer, least in work.asked.items())]


def _chain_row(name: str, arguments: argparse.Namespace) -> list[str]:
    """What one operation costs beyond NumPy's own time, forward and backward."""
    make, back = CHAINS[name]
    ways: dict[str, Any] = {}
    for n in (SHORT, LONG):
        plain, pulled = repeated(make(np), n), repeated(back, n)
        ways[f"{BY_HAND} {n}"] = lambda plain=plain, pulled=pulled: (plain(START), pulled(START))
        ways[f"{OURS} {n}"] = _summed(chainrule.grad, np, repeated(make(np), n))
        if autograd := installed("autograd"):
            numpy = importlib.import_module("autograd.numpy")
            ways[f"autograd {n}"] = _summed(autograd.grad, numpy, repeated(make(numpy), n))
    times = in_turns(ways, arguments.rounds, arguments.collector)

    def each(way: str) -> Times:
        short, long = times[f"{way} {SHORT}"], times[f"{way} {LONG}"]
        return Times(
            (long.least - short.least) / (LONG - SHORT),
            (long.median - short.median) / (LONG - SHORT),
        )

    def beyond(way: str) -> Times:
        floor = each(BY_HAND)
        return Times(each(way).least - floor.least, each(way).median - floor.median)

    ours = beyond(OURS)
    theirs = _ratio(ours, beyond("autograd")) if f"autograd {SHORT}" in ways else ""
    floor = f"NumPy itself {each(BY_HAND).least * 1e6:.2f} µs"
    return [f"{name}, beyond NumPy's own time", _own(ours), floor, theirs, "", "1.2 µs"]


def _summed(grad: Any, numpy: Any, chain: Any) -> Any:
    return lambda: grad(lambda v: numpy.sum(chain(v)))(START)


def _own(times: Times) -> str:
    digits = 2 if times.least < 1e-4 else 0
    return f"{times.least * 1e6:,.{digits}f} ({times.median * 1e6:,.{digits}f})"


def _ratio(ours: Times, theirs: Times | None) -> str:
    return "" if theirs is None else "{:.1f}x ({:.1f}x)".format(*ours.ratio(theirs))


def _markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (header, ["---"] * len(header), *rows):
        yield f"| {' | '.join(row)} |"


def _versions() -> str:
    peers = [
        f"{name} {importlib.metadata.version(name)}"
        for name in ("numpy", *PEERS)
        if installed(name)
    ]
    return f"Python {platform.python_version()}, {', '.join(peers)}"
