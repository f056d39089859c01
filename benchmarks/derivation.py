"""Derivations, with their steps and their proof, beside SymPy's derivative, simplified."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.processes import imports
from benchmarks.report import header, own, print_rows, ratio
from benchmarks.timing import in_turns
from benchmarks.work import OURS, installed
from chainrule.derivation import derive
from chainrule.derivation.measuring import cost, sorted_by
from chainrule.derivation.simplifying import neat, poly

__all__ = ["FORMULAS", "main"]

PEERS = ("sympy",)
IMPORT = "import chainrule.derivation"
# A formula, as both read it, and the variable to derive by.
FORMULAS = [
    ("(x+w)*(w+1)", "w"),
    ("x**2*sin(x)", "x"),
    ("1/(1+exp(-(w*x+b)))", "w"),
    ("(1-exp(-2*x))/(1+exp(-2*x))", "x"),
    ("exp(-(x-m)**2/(2*s**2))/(s*sqrt(2*pi))", "s"),
]


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    print_rows(PEERS, _rows(arguments), arguments.markdown, header(PEERS))


def _rows(arguments: argparse.Namespace) -> Iterator[list[str]]:
    sympy = installed("sympy")
    for text, wrt in FORMULAS:
        if arguments.only in text:
            ways: dict[str, Callable[[], Any]] = {OURS: lambda t=text, w=wrt: _derived(t, w)}  # type: ignore[misc]
            if sympy:
                ways["sympy"] = lambda t=text, w=wrt: _by_sympy(sympy, t, w)  # type: ignore[misc]
            times = in_turns(ways, arguments.rounds, arguments.collector)
            yield [text, own(times[OURS]), "", ratio(times[OURS], times.get("sympy")), ""]
    if arguments.only in IMPORT:
        names = ["chainrule.derivation", "numpy", *(["sympy"] if sympy else [])]
        times = imports(max(3, arguments.rounds // 5), names)
        ours = times["chainrule.derivation"]
        floor = f"{ours.ratio(times['numpy'])[0]:.2f}x"
        yield [IMPORT, own(ours), floor, ratio(ours, times.get("sympy")), ""]


def _derived(text: str, wrt: str) -> Any:
    """Derive as if for the first time, and write it."""
    for remembered in (neat, poly, cost, sorted_by):
        remembered.cache_clear()
    return derive(text, wrt).text()


def _by_sympy(sympy: Any, text: str, wrt: str) -> Any:
    """Return SymPy's simplified derivative as text, as if for the first time."""
    sympy.core.cache.clear_cache()
    return sympy.pretty(sympy.simplify(sympy.diff(sympy.sympify(text), sympy.Symbol(wrt))))
