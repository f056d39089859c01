"""Writing to consoles of every kind: those that cannot show a character get a plainer one."""

from __future__ import annotations

import codecs
import os
import sys
from typing import TextIO

__all__ = ["let_go", "plain", "say"]

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
    drawn line, and for a letter that has no stand-in its Unicode number. A closed stream gets
    nothing, and one whose reader has left (as `head` does) no more: the work goes on.

    >>> say("accuracy 0.98")
    accuracy 0.98
    """
    stream = sys.stdout if stream is None else stream
    if stream is None:  # Python's stand-in for a stream that is closed, as by >&-
        return
    try:
        print(plain(text, stream.encoding or "ascii"), file=stream, flush=True)
    except BrokenPipeError:
        let_go(stream)


def let_go(stream: TextIO) -> None:
    """Send what is still written to a stream without a reader to nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def plain(text: str, encoding: str) -> str:
    """Return `text` in characters that `encoding` has.

    >>> print(plain("x ≥ 0 ─ 数", "ascii"))
    x >= 0 - \\u6570
    """
    return text.encode(encoding, "chainrule.plainer").decode(encoding)


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """Stand in, as codecs ask for it, for characters that an encoding lacks."""
    assert isinstance(error, UnicodeEncodeError)  # nothing here decodes with this handler
    lacking = error.object[error.start : error.end]
    return lacking.translate(PLAINER).encode("ascii", "backslashreplace").decode(), error.end


codecs.register_error("chainrule.plainer", _plainer)
