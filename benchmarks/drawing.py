"""Pictures of graphs: layout and SVG of our own, of graphs without and with parts that repeat."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator

from benchmarks.report import header, own, print_rows
from benchmarks.timing import in_turns
from benchmarks.work import OURS, installed
from chainrule.drawing.graph import Graph, Node
from chainrule.drawing.graph.svg import svg

__all__ = ["main"]


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    print_rows((), _rows(arguments), arguments.markdown, header(()))


def _rows(arguments: argparse.Namespace) -> Iterator[list[str]]:
    tangled, loop = _tangled(300), _loop(500)
    works: dict[str, tuple[Callable[[], object], str]] = {
        f"SVG of 300 nodes, {len(tangled.edges)} edges": (
            lambda: svg(tangled, max_nodes=None),
            "at most 0.1 s",
        ),
        "SVG of a loop of 1500 nodes, grouped": (lambda: svg(loop), ""),
    }
    works["the page that walks through the loop"] = (loop.stepping, "")
    if installed("resvg_py"):
        works["PNG of the loop"] = (loop.png, "")
    for name, (way, asked) in works.items():
        if arguments.only in name:
            times = in_turns({OURS: way}, arguments.rounds, arguments.collector)
            yield [name, own(times[OURS]), "", asked]


def _tangled(count: int) -> Graph:
    """Values that use two of the 25 before them, at random: more crossings than people make."""
    generator = random.Random(0)
    uses = {
        v: sorted(generator.sample(range(max(0, v - 25), v), 2)) for v in range(count // 15, count)
    }
    flows: list[dict[str, str]] = [{} for _ in range(count)]
    for v, args in uses.items():
        for u in args:
            flows[u][f"n{v}"] = f"{generator.gauss():.4g}"
    return Graph(tuple(_node(i, flows[i], uses.get(i, [])) for i in range(count)), "tangled")


def _loop(times: int) -> Graph:
    """h = tanh(w·h), with an input of its own in each turn."""
    flows: list[dict[str, str]] = [{} for _ in range(3 * times + 1)]
    uses: dict[int, list[int]] = {}
    for k in range(times):
        x, u, h, before = 3 * k + 1, 3 * k + 2, 3 * k + 3, 3 * k
        uses |= {u: [x, before], h: [u]}
        flows[x][f"n{u}"] = flows[before][f"n{u}"] = flows[u][f"n{h}"] = "0.5"
    return Graph(tuple(_node(i, flow, uses.get(i, [])) for i, flow in enumerate(flows)), "a loop")


def _node(i: int, flows: dict[str, str], args: list[int]) -> Node:
    formula = " + ".join(f"v{arg}" for arg in args)
    word = f"of {len(args)}" if args else ""
    return Node(
        f"n{i}", f"v{i}", "operation" if args else "leaf", formula, "0.1234", word, flows, "−0.5678"
    )
