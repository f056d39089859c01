"""How long parts of a program take: those that are named by `record_function`.

PyTorch's profiler lists each of its operations, too; here only what one has named is timed.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from .._missing import lookup

__all__ = ["profile", "record_function"]


class Event:
    """What took time, how often and how long: microseconds."""

    def __init__(self, key: str) -> None:
        self.key = self.name = key
        self.count = 0
        self.cpu_time_total = self.self_cpu_time_total = 0.0

    @property
    def cpu_time(self) -> float:
        """Return the time of one call on average."""
        return self.cpu_time_total / self.count

    def __repr__(self) -> str:
        return f"<Event {self.key}: {self.count} calls, {self.cpu_time_total:.3f}us>"


class EventList(list[Event]):
    """Events, which can be written as a table."""

    def table(self, sort_by: str | None = None, row_limit: int = 100, **_: Any) -> str:
        """Return a table of names, times and calls, the largest of `sort_by` first."""
        rows = list(self)
        if sort_by is not None:
            rows.sort(key=lambda event: getattr(event, sort_by, 0), reverse=True)
        names = [event.key for event in rows[:row_limit]]
        width = max(map(len, [*names, "Name"]))
        lines = [f"{'Name':>{width}}  {'Self CPU':>12}  {'CPU total':>12}  {'# of Calls':>10}"]
        lines += [
            f"{event.key:>{width}}  {event.self_cpu_time_total:>10.3f}us  "
            f"{event.cpu_time_total:>10.3f}us  {event.count:>10}"
            for event in rows[:row_limit]
        ]
        total = sum(event.self_cpu_time_total for event in self)
        return "\n".join([*lines, f"Self CPU time total: {total:.3f}us", ""])


class profile:
    """A context that times what is named by `record_function` in it.

    >>> with profile() as timed, record_function("nothing"):
    ...     pass
    >>> [(event.key, event.count) for event in timed.key_averages()]
    [('nothing', 1)]
    """

    def __init__(self, enabled: bool = True, **_: Any) -> None:
        self.enabled = enabled
        self.function_events = EventList()

    def __enter__(self) -> Any:
        if not self.enabled:
            return None
        self._token = current.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self.enabled:
            current.reset(self._token)

    def key_averages(self, **_: Any) -> EventList:
        """Return the events, one for each name."""
        return self.function_events

    def table(self, sort_by: str | None = None, row_limit: int = 100, **options: Any) -> str:
        """Return a table of the events."""
        return self.function_events.table(sort_by, row_limit, **options)

    @property
    def self_cpu_time_total(self) -> float:
        """Return the microseconds of all events together."""
        return sum(event.self_cpu_time_total for event in self.function_events)


current: ContextVar[profile | None] = ContextVar("current", default=None)
inside: ContextVar[list[float] | None] = ContextVar("inside", default=None)


class record_function:
    """A context, or decorator, that names a part of a program for `profile`."""

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name, self.args = name, args

    def __enter__(self) -> Any:
        self._parts = [0.0]  # the time of named parts within this one
        self._outer = inside.get()
        self._token = inside.set(self._parts)
        self._start = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        took = 1e6 * (time.perf_counter() - self._start)
        inside.reset(self._token)
        if self._outer is not None:
            self._outer[0] += took
        if (profiler := current.get()) is None:
            return
        event = next((e for e in profiler.function_events if e.key == self.name), None)
        if event is None:
            event = Event(self.name)
            profiler.function_events.append(event)
        event.count += 1
        event.cpu_time_total += took
        event.self_cpu_time_total += took - self._parts[0]

    def __call__(self, f: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that is timed under this name."""

        @functools.wraps(f)
        def run(*inputs: Any, **options: Any) -> Any:
            with type(self)(self.name, self.args):
                return f(*inputs, **options)

        return run


for _one in (profile, record_function):
    _one.__module__ = "torch.autograd.profiler"
__test__ = {"profile": profile}
__getattr__ = lookup(globals(), "torch.autograd.profiler", {})
