"""Whether operations are recorded: `no_grad`, `enable_grad`, `set_grad_enabled`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from .._tape import recording

__all__ = ["enable_grad", "is_grad_enabled", "no_grad", "set_grad_enabled"]

F = TypeVar("F", bound=Callable[..., Any])


def is_grad_enabled() -> bool:
    """Say whether operations are recorded now, in this thread or task.

    >>> is_grad_enabled()
    True
    """
    return recording.get()


class _Mode:
    """A context in which recording is on or off; also a decorator of functions."""

    _on: bool

    def __init__(self) -> None:
        self._before: list[bool] = []

    def __enter__(self) -> None:
        self._before.append(recording.get())
        recording.set(self._on)

    def __exit__(self, *_: object) -> None:
        recording.set(self._before.pop())

    def clone(self) -> _Mode:
        """Return another context of the same kind."""
        return type(self)()

    def __call__(self, f: F) -> F:
        if inspect.isgeneratorfunction(f):
            return self._steps(f)  # type: ignore[return-value]

        @functools.wraps(f)
        def run(*inputs: Any, **options: Any) -> Any:
            with self.clone():
                return f(*inputs, **options)

        return run  # type: ignore[return-value]

    def _steps(self, f: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(f)
        def run(*inputs: Any, **options: Any) -> Any:
            generator, sent = f(*inputs, **options), None
            try:
                while True:
                    with self.clone():
                        try:
                            item = generator.send(sent)
                        except StopIteration as done:
                            return done.value
                    sent = yield item
            finally:
                generator.close()

        return run


class no_grad(_Mode):
    """A context, or decorator, in which no operation is recorded.

    >>> import chainrule.torch as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> with torch.no_grad():
    ...     y = x * 2
    >>> y.requires_grad
    False
    """

    _on = False

    def __new__(cls, f: Any = None) -> Any:
        return object.__new__(cls) if f is None else cls()(f)


class enable_grad(_Mode):
    """A context, or decorator, in which operations are recorded, also inside of `no_grad`."""

    _on = True

    def __new__(cls, f: Any = None) -> Any:
        return object.__new__(cls) if f is None else cls()(f)


class set_grad_enabled(_Mode):
    """Turn recording on or off: at once, and until the end of a `with` if it opens one."""

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self._on = mode
        self._outside = recording.get()
        recording.set(mode)

    def __enter__(self) -> None:
        self._before.append(self._outside)
        recording.set(self._on)

    def clone(self) -> _Mode:
        """Return another context of the same kind."""
        return set_grad_enabled(self._on)

    def __call__(self, f: F) -> F:
        recording.set(self._outside)  # as a decorator it acts on the function alone
        return super().__call__(f)
