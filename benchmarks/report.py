"""How times are told: beside each other, as ratios, in a table."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.timing import Times, load
from benchmarks.work import BY_HAND, OURS, Work, installed

__all__ = ["header", "own", "print_rows", "ratio", "row"]

DISTRIBUTIONS = {"sklearn": "scikit-learn"}  # which are not called as what is imported


def header(peers: Sequence[str]) -> list[str]:
    return ["work", "ours (µs)", BY_HAND, *peers, "asked"]


def print_rows(
    peers: Sequence[str], rows: Iterable[list[str]], markdown: bool, columns: list[str]
) -> None:
    """Print rows as they are measured, or as one table, and what they were measured on."""
    before = load()
    kept = []
    if not markdown:
        print(_line(columns), flush=True)
    for one in rows:
        kept.append(one)
        if not markdown:
            print(_line(one), flush=True)
    if markdown:
        for one in (columns, ["---"] * len(columns), *kept):
            print(f"| {' | '.join(one)} |")
    print(f"\n{_versions(peers)}; {before} before, {load()} after.")
    print(
        "Ours: the least time (the median in brackets). Others: how many times as long they take, "
        "by the least times (by the medians)."
    )


def row(work: Work, times: dict[str, Times], peers: Sequence[str]) -> list[str]:
    ours = times[OURS]
    part = Times(ours.least / work.count, ours.median / work.count)
    floor = f"{ours.ratio(times[BY_HAND])[0]:.2f}x" if BY_HAND in times else ""
    cells = [work.name, own(part), floor, *(ratio(ours, times.get(peer)) for peer in peers)]
    return [*cells, ", ".join(f"{least:g}x {peer}" for peer, least in work.asked.items())]


def own(times: Times) -> str:
    digits = 2 if times.least < 1e-4 else 0
    return f"{times.least * 1e6:,.{digits}f} ({times.median * 1e6:,.{digits}f})"


def ratio(ours: Times, theirs: Times | None) -> str:
    return "" if theirs is None else "{:.1f}x ({:.1f}x)".format(*ours.ratio(theirs))


def _line(cells: Sequence[str]) -> str:
    return "  ".join(f"{cell:<24}" for cell in cells).rstrip()


def _versions(peers: Sequence[str]) -> Iterator[str] | str:
    found = [
        f"{name} {importlib.metadata.version(DISTRIBUTIONS.get(name, name))}"
        for name in ("numpy", *peers)
        if installed(name)
    ]
    return f"Python {platform.python_version()}, {', '.join(found)}"
