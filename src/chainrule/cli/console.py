"""Writing to consoles of every kind: those that cannot show a character get a plainer one."""

from __future__ import annotations

import sys
from typing import TextIO

__all__ = ["plain", "say"]

PLAINER = str.maketrans(
    {
        "─": "-",
        "│": "|",
        "┼": "+",
        "├": "+",
        "┤": "+",
        "±": "+-",
        "×": "x",
        "·": ".",
        "−": "-",
        "–": "-",
        "—": "-",
        "→": "->",
        "≤": "<=",
        "≥": ">=",
        "…": "...",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "²": "^2",
        "′": "'",
        "∂": "d",
    }
)


def say(text: str, stream: TextIO | None = None) -> None:
    """Write `text` and a line's end to `stream`, standard output unless told otherwise.

    Characters that the stream's encoding lacks are written plainer: a rule of dashes for a
    drawn line, and for a letter that has no stand-in its Unicode number.

    >>> say("accuracy 0.98 ± 0.01")
    accuracy 0.98 ± 0.01
    """
    stream = sys.stdout if stream is None else stream
    print(plain(text, stream.encoding or "ascii"), file=stream)


def plain(text: str, encoding: str) -> str:
    """Return `text` in characters that `encoding` has.

    >>> plain("x ≥ 0 ─ 数", "ascii")
    'x >= 0 - \\\\u6570'
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(PLAINER).encode(encoding, "backslashreplace").decode(encoding)
    return text
