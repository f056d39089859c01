"""A line that is rewritten while a model trains, on a terminal only."""

from __future__ import annotations

import time
from shutil import get_terminal_size
from types import TracebackType
from typing import TextIO

from chainrule._languages import tr
from chainrule._text import shortened, width
from chainrule.cli.console import plain
from chainrule.linear_model.solvers import Step

__all__ = ["Progress", "progress_of"]

EVERY = 0.05  # seconds: oftener costs time and shows nothing


class Progress:
    """A context in which `Progress.show` tells a terminal of each step; elsewhere it is silent."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream  # None where a program was started with it closed
        self._live = stream is not None and stream.isatty()
        self._shown = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live and self._shown:
            self._write("")  # what follows is printed where the line was

    def show(self, step: Step) -> None:
        """Show where training stands."""
        now = time.monotonic()
        if self._live and now - self._shown >= EVERY:
            self._shown = now
            self._write(progress_of(step))

    def _write(self, text: str) -> None:
        # Overwriting with spaces works on consoles that know no control codes.
        # A line that wraps could not be overwritten.
        columns = min(70, get_terminal_size().columns - 1)
        if self._stream is None:
            return
        # Where … becomes ..., there has to be room.
        text = plain(shortened(text, columns - 2), self._stream.encoding or "ascii")
        blank = " " * (columns - width(text))
        self._stream.write("\r" + text + blank + ("" if text else "\r"))
        self._stream.flush()


def progress_of(step: Step) -> str:
    """Return where training stands.

    >>> progress_of(Step(3, 0.25, 0.02))
    'training: step 3, loss 0.250000 a row, gradient 2.0e-02'
    """
    return tr(
        "training: step {number}, loss {loss} a row, gradient {gradient}",
        number=step.number,
        loss=f"{step.value:.6f}",
        gradient=f"{step.gradient:.1e}",
    )
