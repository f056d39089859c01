"""Gradients as they are recorded and pulled, call by call; imports; a fit from the command line."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator
from typing import Any

import numpy as np

import chainrule
from benchmarks.processes import fit, imports
from benchmarks.report import header, own, print_rows, ratio, row
from benchmarks.timing import Times, in_turns
from benchmarks.work import BY_HAND, CHAINS, OURS, installed, pieces, repeated

__all__ = ["main"]

PEERS = ("autograd", "torch")
START = np.array([0.1, 0.2, 0.3])
SHORT, LONG = 10, 60  # operations: the difference leaves the cost of the call itself out


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    print_rows(PEERS, _rows(arguments), arguments.markdown, header(PEERS))


def _rows(arguments: argparse.Namespace) -> Iterator[list[str]]:
    for work in pieces():
        if arguments.only in work.name:
            yield row(work, in_turns(work.ways, arguments.rounds, arguments.collector), PEERS)
    for name in CHAINS:
        if arguments.only in name:
            yield _chain_row(name, arguments)
    if arguments.only in "import chainrule":
        times = imports(arguments.rounds, ["chainrule", "numpy"])
        ours, numpy = times["chainrule"], times["numpy"]
        ratios = [a / b for a, b in ((ours.least, numpy.least), (ours.median, numpy.median))]
        asked = "at most 1.25 of import numpy: {:.2f} ({:.2f})".format(*ratios)
        yield ["import chainrule", own(ours), "", "", "", asked]
    if arguments.only in "chainrule fit":
        whole = fit(max(3, arguments.rounds // 3))
        said = (
            f"under 1.5 s: {whole.whole.least:.2f} s ({whole.whole.median:.2f} s), of which "
            f"{whole.imports:.2f} s imports and {whole.bare.least:.2f} s the bare interpreter"
        )
        yield ["chainrule fit, the whole process", own(whole.whole), "", "", "", said]


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
    theirs = ratio(ours, beyond("autograd")) if f"autograd {SHORT}" in ways else ""
    floor = f"NumPy itself {each(BY_HAND).least * 1e6:.2f} µs"
    return [f"{name}, beyond NumPy's own time", own(ours), floor, theirs, "", "1.2 µs"]


def _summed(grad: Any, numpy: Any, chain: Any) -> Any:
    return lambda: grad(lambda v: numpy.sum(chain(v)))(START)
