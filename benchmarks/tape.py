"""The tape beside PyTorch: small graphs, training steps, random numbers; import and size."""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import imports
from benchmarks.report import header, own, print_rows, row
from benchmarks.tape_work import pieces
from benchmarks.timing import in_turns

__all__ = ["main"]

PEERS = ("torch",)


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    print_rows(PEERS, _rows(arguments), arguments.markdown, header(PEERS))


def _rows(arguments: argparse.Namespace) -> Iterator[list[str]]:
    for work in pieces():
        if arguments.only in work.name:
            yield row(work, in_turns(work.ways, arguments.rounds, arguments.collector), PEERS)
    if arguments.only in "import chainrule.torch":
        names = ["chainrule.torch", "numpy"]
        if importlib.util.find_spec("torch"):
            names.append("torch")
        times = imports(max(3, arguments.rounds // 5), names)
        ours = times["chainrule.torch"]
        theirs = f"{times['torch'].ratio(ours)[0] ** -1:.1f}x" if "torch" in times else ""
        floor = f"{ours.ratio(times['numpy'])[0]:.2f}x"
        yield ["import chainrule.torch", own(ours), floor, theirs, "8x torch"]
    if arguments.only in "installed size":
        ours_size = _size("chainrule") + _size("numpy") + _size("numpy.libs")
        theirs_size = _size("torch")
        told = f"{ours_size / 1e6:.0f} MB, of which chainrule {_size('chainrule') / 1e6:.1f}"
        ratio = (
            f"{theirs_size / ours_size:.1f}x ({theirs_size / 1e6:.0f} MB)" if theirs_size else ""
        )
        yield ["installed size, with NumPy", told, "", ratio, "8x torch"]


def _size(name: str) -> int:
    """Return the bytes of an installed package's folder, without what Python compiles later."""
    spec = importlib.util.find_spec("numpy" if name == "numpy.libs" else name)
    if spec is None or spec.origin is None:
        return 0
    folder = Path(spec.origin).parent
    if name == "numpy.libs":
        folder = folder.parent / name
    files = (path for path in folder.rglob("*") if "__pycache__" not in path.parts)
    return sum(path.stat().st_size for path in files if path.is_file())
