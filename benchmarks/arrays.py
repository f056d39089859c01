"""Programs of arrays beside the `autograd` package and the same work by hand."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import chainrule
import chainrule.numpy
from benchmarks.array_work import pieces, rnn
from benchmarks.memory import PLAIN, peak, sines
from benchmarks.report import header, own, print_rows, row
from benchmarks.timing import in_turns
from benchmarks.work import BY_HAND, OURS

__all__ = ["main"]

PEERS = ("autograd",)


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    print_rows(PEERS, _rows(arguments), arguments.markdown, header(PEERS))


def _rows(arguments: argparse.Namespace) -> Iterator[list[str]]:
    for work in pieces():
        if arguments.only in work.name:
            yield row(work, in_turns(work.ways, arguments.rounds, arguments.collector), PEERS)
    name = "recurrent net, 50 steps, 1,024 wide: slope / value"
    if arguments.only in name:
        yield _rnn_row(name, arguments)
    name = "100 sines of 8 MB in 10 segments: peak memory"
    if arguments.only in name:
        yield _memory_row(name)


def _rnn_row(name: str, arguments: argparse.Namespace) -> list[str]:
    """How many times as long as the value its slope takes."""
    loss_with, weights, slope_by_hand = rnn()
    loss = loss_with(chainrule.numpy)
    slope = chainrule.grad(loss)
    ways = {
        "value": lambda: loss(weights),
        OURS: lambda: slope(weights),
        BY_HAND: lambda: slope_by_hand(weights),
    }
    times = in_turns(ways, max(3, arguments.rounds // 5), arguments.collector)
    value = times["value"]
    ours, by_hand = (value.least / times[way].least for way in (OURS, BY_HAND))
    said = f"at most 3.5: {1 / ours:.2f}, by hand {1 / by_hand:.2f}"
    return [name, own(times[OURS]), "", "", said]


def _memory_row(name: str) -> list[str]:
    """Which part of the memory of the plain run is enough, when segments are run again."""
    peaks = {way: peak(run) for way, run in sines().items()}
    ours, plain = peaks[OURS], peaks[PLAIN]
    theirs = f"{peaks['autograd'] / ours:.1f}x" if "autograd" in peaks else ""
    said = f"under 30 % of the plain run's {plain / 1e6:.0f} MB: {ours / plain:.0%}"
    return [name, f"{ours / 1e6:.0f} MB", "", theirs, said]
