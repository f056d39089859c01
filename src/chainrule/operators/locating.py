"""The user's own line, for errors of the backward pass.

A record does not know which lines it comes from: asking for them at each call would cost more than
the call. Only when a pull has raised is the function run once more, under Python's line tracer.
Orders fall by one counter, so how far the counter has come when the failing node is made, in the
second run as in the first, tells the line. Where the second run differs from the first, nothing is
said.

What the function prints is not seen twice, and NumPy's and Python's own random numbers go on as if
it had run once. What else it changes is changed twice.
"""

from __future__ import annotations

import contextlib
import linecache
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from chainrule._core.blaming import place_in_record
from chainrule._core.calling import is_users, users_frame
from chainrule._core.traces import tick
from chainrule._core.trees import leaves_of
from chainrule._core.values import Recorded

__all__ = ["locate"]

LIMIT = 20.0  # seconds for the second run
# What is put back after a run belongs to all threads. A run that waits for another thread's, which
# waits for it, must give up, and says no line.
ALONE, PATIENCE = threading.Lock(), 1.0
LOCATED = "_located"
Run = Callable[[], tuple[int, Any]]


class TooLongError(BaseException):
    """The second run takes too long; no function that it calls shall catch this."""


def locate(error: Exception, level: int, again: Run) -> None:
    """Add to `error` the line on which the call was recorded whose pull raised it.

    `level` is that of the record; `again` runs the function once more, and returns its level there
    and what it returned.
    """
    place = place_in_record(error)
    if place is None or hasattr(error, LOCATED):
        return
    setattr(error, LOCATED, True)  # the innermost operator says it
    top, order = place
    trail = Trail()
    try:
        with unnoticed(), trail:
            level_again, y = again()
        same = any(
            v.link[0] - level_again == top - level
            for v in leaves_of(y)
            if type(v) is Recorded and v.level == level_again
        )
    except (Exception, TooLongError):
        return
    if same and (found := trail.at(order - level + level_again)):
        file, line, name = found
        said = linecache.getline(file, line).strip()
        error.add_note(
            f'It was recorded here:\n  File "{file}", line {line}, in {name}'
            + (f"\n    {said}" if said else "")
        )


@contextlib.contextmanager
def unnoticed() -> Iterator[None]:
    """A context that leaves nothing on the screen, and random numbers as they were."""
    if not ALONE.acquire(timeout=PATIENCE):
        raise TooLongError
    with contextlib.ExitStack() as stack:
        stack.callback(ALONE.release)
        if random := sys.modules.get("random"):
            stack.callback(random.setstate, random.getstate())
        if random := sys.modules.get("numpy.random"):
            stack.callback(random.set_state, random.get_state(legacy=False))
        stack.enter_context(contextlib.redirect_stdout(Muted(sys.stdout)))
        stack.enter_context(contextlib.redirect_stderr(Muted(sys.stderr)))
        stack.enter_context(warnings.catch_warnings(action="ignore"))
        yield


class Muted:
    """A stream that drops what one thread writes, and passes on what others do."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.thread = stream, threading.get_ident()

    def write(self, text: str) -> int:
        mine = threading.get_ident() == self.thread
        return len(text) if mine else self.stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class Trail:
    """Where the user's program was as the counter of orders fell."""

    def __init__(self) -> None:
        self.places: list[tuple[int, tuple[str, int, str]]] = []

    def __enter__(self) -> Trail:
        self.before, self.until = sys.gettrace(), time.monotonic() + LIMIT
        sys.settrace(self.call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self.before)

    def call(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self.step if is_users(frame) else None

    def step(self, frame: FrameType, event: str, argument: Any) -> Any:
        if time.monotonic() > self.until:
            raise TooLongError
        where: FrameType | None = frame
        if event == "return":  # the rest of the caller's line comes next
            where = users_frame(frame.f_back)
        if where is not None:
            code = where.f_code
            self.places.append((next_order(), (code.co_filename, where.f_lineno, code.co_name)))
        return self.step

    def at(self, order: int) -> tuple[str, int, str] | None:
        """Return where the program was when a node of `order` was made."""
        found = None
        for next_, place in self.places:
            if next_ < order:
                break
            found = place
        return found


def next_order() -> int:
    """Return the order that comes next, without drawing it."""
    return int(repr(tick.__self__).partition("(")[2].partition(",")[0])  # type: ignore[attr-defined]
