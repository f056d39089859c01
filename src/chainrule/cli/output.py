"""What a command prints, to whom: people, people in a hurry (--quiet), curious ones, programs.

    Output      without options   --quiet   --verbose   --json
    say         standard output   the same  the same    nothing
    note        standard output   nothing   the same    nothing
    warn        standard error    nothing   the same    the same
    detail      nothing           nothing   std. error  nothing, or with --verbose std. error
    answer      nothing           nothing   nothing     standard output

Colour marks the word before an error or a note on a terminal that shows it, and nothing else;
NO_COLOR (any value, https://no-color.org) turns it off.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TextIO

from chainrule._languages import tr
from chainrule.cli.console import say

__all__ = ["Output", "as_json", "painted"]

RED, YELLOW = "31", "33"


@dataclass(frozen=True)
class Output:
    """Where a command's words go, by the options that every command has.

    >>> Output().say("slope  0.5")
    slope  0.5
    >>> Output(json=True).answer({"slope": 0.5, "at": math.nan})
    {"slope": 0.5, "at": "NaN"}
    """

    json: bool = False
    quiet: bool = False
    verbose: bool = False

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Output:
        """Return the output that the parsed `arguments` ask for."""
        asked = vars(arguments)
        return cls(*(bool(asked.get(name)) for name in ("json", "quiet", "verbose")))

    def say(self, text: str) -> None:
        """Print what was asked for."""
        if not self.json:
            say(text)

    def note(self, text: str) -> None:
        """Print what is good to know beside it: where a file was written, what else there is."""
        if not self.json and not self.quiet:
            say(text)

    def warn(self, text: str) -> None:
        """Print on standard error what is strange, and did not keep the work from being done."""
        if not self.quiet:
            say(f"{painted(tr('chainrule: note:'), YELLOW, sys.stderr)} {text}", sys.stderr)

    def detail(self, text: str) -> None:
        """Print on standard error what is being done, for who asked to know."""
        if self.verbose:
            say(text, sys.stderr)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """A context that tells, by `detail`, `what` was done in it and how long it took."""
        start = time.perf_counter()
        yield
        seconds = time.perf_counter() - start
        self.detail(tr("{what}: {seconds} s", what=what, seconds=f"{seconds:.3f}"))

    def answer(self, content: Mapping[str, Any]) -> None:
        """Print, with --json, the one object that a program reads, as `as_json` writes it."""
        if self.json:
            say(as_json(content))


def as_json(content: Mapping[str, Any]) -> str:
    """Return `content` as strict JSON on one line, in ASCII, which every console can show.

    Numbers keep all their digits. JSON has no numbers that are not finite; they become the strings
    "NaN", "Infinity" and "-Infinity", which most languages read as those numbers. Arrays become
    lists, paths and whatever else JSON lacks strings.

    >>> import numpy as np
    >>> as_json({"x": np.array([0.1, -np.inf]), "n": np.int64(3)})
    '{"x": [0.1, "-Infinity"], "n": 3}'
    """
    import json  # 3 ms of import, which only --json should pay

    return json.dumps(_plain(content), allow_nan=False)


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):  # NumPy's arrays and scalars
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def painted(text: str, colour: str, stream: TextIO | None) -> str:
    """Return `text` in a colour if `stream` is a terminal that shows colours, else as it is."""
    if stream is None or not stream.isatty() or os.environ.get("NO_COLOR"):
        return text
    # Older consoles of Windows write the codes out; its Terminal says who it is.
    dumb = os.environ.get("TERM") == "dumb"
    if dumb or (sys.platform == "win32" and "WT_SESSION" not in os.environ):
        return text
    return f"\033[1;{colour}m{text}\033[0m"
