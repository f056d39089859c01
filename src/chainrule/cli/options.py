"""Options that several commands share, and their checks."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from chainrule._files import check_writable
from chainrule.cli.errors import CommandError

__all__ = [
    "add_dialect_options",
    "at_least_zero",
    "check_outputs",
    "part",
    "probability",
    "separator",
    "whole",
]


def add_dialect_options(parser: argparse.ArgumentParser, *, encoding: str | None) -> None:
    """Add how the table is written; `encoding` is the default."""
    parser.add_argument(
        "--encoding",
        default=encoding,
        help="how the table's text is encoded, such as gb18030 (default: "
        f"{encoding or 'as the model was trained'})",
    )
    parser.add_argument(
        "--separator",
        type=separator,
        help='what stands between cells: one character, or "tab" (default: found out among '
        "comma, semicolon and tab)",
    )
    parser.add_argument(
        "--decimal",
        choices=[".", ","],
        default="." if encoding else None,
        help=f"the decimal mark (default: {'.' if encoding else 'as the model was trained'})",
    )


def separator(text: str) -> str:
    """Return the separator that `text` names.

    >>> separator("tab") == separator("\\\\t") == "\\t"
    True
    """
    return {"tab": "\t", "\\t": "\t"}.get(text, text)


def at_least_zero(text: str) -> float:
    number = float(text)
    if not (math.isfinite(number) and number >= 0):
        raise argparse.ArgumentTypeError(f"{text} is not a number of at least 0")
    return number


def part(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 0 and less than 1")
    return number


def probability(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return number


def whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of at least 0")
    return number


def check_outputs(sources: Sequence[Path], outputs: Sequence[Path | None]) -> None:
    """Raise, before any work, for an output that cannot be written or would replace a source."""
    taken = [source.resolve() for source in sources]
    for output in outputs:
        if output is None:
            continue
        check_writable(output)
        if output.resolve() in taken:
            raise CommandError(f"{output} is what is read or written already; name another output")
        taken.append(output.resolve())
