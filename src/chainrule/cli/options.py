"""Options that several commands share, and their checks."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from chainrule._files import check_writable
from chainrule._languages import tr
from chainrule.cli.errors import CommandError

__all__ = [
    "add_dialect_options",
    "at_least_zero",
    "check_outputs",
    "check_picture",
    "number",
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
        metavar="NAME",
        help=tr(
            "how the table's text is encoded, such as gb18030 (default: {default})",
            default=encoding or tr("utf-8, or else as in training"),
        ),
    )
    parser.add_argument(
        "--separator",
        type=separator,
        metavar="CHARACTER",
        help=tr(
            'what stands between cells: one character, or "tab" (default: found out among comma, '
            "semicolon and tab)"
        ),
    )
    parser.add_argument(
        "--decimal",
        choices=[".", ","],
        metavar="MARK",
        default="." if encoding else None,
        help=tr(
            "the decimal mark, . or , (default: {default})",
            default="." if encoding else tr("as in training"),
        ),
    )


def separator(text: str) -> str:
    """Return the separator that `text` names.

    >>> separator("tab") == separator("\\\\t") == "\\t"
    True
    """
    return {"tab": "\t", "\\t": "\t"}.get(text, text)


def at_least_zero(text: str) -> float:
    """Return the number in `text` if it is finite and not negative."""
    found = number(text)
    if not (math.isfinite(found) and found >= 0):
        raise argparse.ArgumentTypeError(
            tr("{text} is not a finite number of at least 0", text=text)
        )
    return found


def part(text: str) -> float:
    """Return the number in `text` if it is at least 0 and less than 1."""
    found = number(text)
    if not 0 <= found < 1:
        raise argparse.ArgumentTypeError(tr("{text} is not at least 0 and less than 1", text=text))
    return found


def probability(text: str) -> float:
    """Return the number in `text` if it is between 0 and 1."""
    found = number(text)
    if not 0 <= found <= 1:
        raise argparse.ArgumentTypeError(tr("{text} is not between 0 and 1", text=text))
    return found


def whole(text: str) -> int:
    """Return the whole number in `text` if it is not negative."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(
            tr("{text} is not a whole number of at least 0", text=text)
        )
    return int(text)


def number(text: str) -> float:
    """Return the number in `text`."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("{text} is not a number", text=text)) from None


def check_outputs(sources: Sequence[Path], outputs: Sequence[Path | None]) -> None:
    """Raise, before any work, for an output that cannot be written or would replace a source."""
    taken = [source.resolve() for source in sources]
    for output in outputs:
        if output is None:
            continue
        check_writable(output)
        if output.resolve() in taken:
            raise CommandError(
                tr("{path} is what is read or written already; name another output", path=output)
            )
        taken.append(output.resolve())


def check_picture(path: Path | None) -> None:
    """Raise, before any work, for a picture whose kind cannot be drawn."""
    if path is None:
        return
    from chainrule.drawing.style import PictureError, check_format

    try:
        check_format(path)
    except PictureError as error:
        raise CommandError(str(error)) from None
