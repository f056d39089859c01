"""Whether operations are recorded: `no_grad`, `enable_grad`, `set_grad_enabled`."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Generator
from contextvars import ContextVar
from typing import Any

from .._tape.inference import inferring, mark
from .._tape.observing import observe, observers, unobserve
from .._tape.values import recording

__all__ = [
    "enable_grad",
    "inference_mode",
    "is_grad_enabled",
    "is_inference_mode_enabled",
    "is_multithreading_enabled",
    "no_grad",
    "set_grad_enabled",
    "set_multithreading_enabled",
]

Function = Callable[..., Any]
pushing: ContextVar[bool] = ContextVar("pushing", default=False)  # whether there are dual tensors
hidden: ContextVar[bool] = ContextVar("hidden", default=False)  # recorded for tangents alone
threaded: ContextVar[bool] = ContextVar("threaded", default=True)

CLASSES = (
    "Decorating classes is deprecated and will be disabled in future versions. You should only "
    "decorate functions or methods. To preserve the current behavior of class decoration, you can "
    "directly decorate the `__init__` method and nothing else."
)


def is_grad_enabled() -> bool:
    """Say whether operations are recorded now, in this thread or task.

    >>> is_grad_enabled()
    True
    """
    return recording.get() and not hidden.get()


def is_inference_mode_enabled() -> bool:
    """Say whether `inference_mode` is on now, in this thread or task.

    >>> with inference_mode():
    ...     is_inference_mode_enabled()
    True
    """
    return inferring.get()


# ---------------------------------------------------------------- contexts that are decorators too


class _Mode:
    """A context in which recording is on or off; also a decorator of functions.

    One context may be entered again while it is open.
    """

    def __init__(self) -> None:
        self._before: list[Any] = []

    def _state(self) -> tuple[bool, bool]:
        """Return whether operations are to be recorded, and whether `inference_mode` is on."""
        raise NotImplementedError

    def __enter__(self) -> None:
        self._before.append((is_grad_enabled(), inferring.get()))
        turn(*self._state())

    def __exit__(self, *_: object) -> None:
        turn(*self._before.pop())

    def clone(self) -> Any:
        """Return another context of the same kind."""
        return type(self)()

    def __call__(self, f: Any) -> Any:
        """Return a function that calls `f` in this mode."""
        if inspect.isclass(f):
            warnings.warn(CLASSES, FutureWarning, stacklevel=2)
            f.__init__ = self(f.__init__)  # type: ignore[method-assign]
            return f
        if inspect.isgeneratorfunction(f):
            return stepping(f, self.clone)

        @functools.wraps(f)
        def run(*inputs: Any, **options: Any) -> Any:
            with self.clone():
                return f(*inputs, **options)

        return run


def turn(on: bool, inference: bool) -> None:
    # Forward mode needs what is recorded, also where users ask for no gradients: see `_duals.py`.
    recording.set(on or pushing.get())
    hidden.set(pushing.get() and not on)
    inferring.set(inference)


def stepping(f: Function, mode: Callable[[], Any]) -> Function:
    """Return a generator function whose steps run in a mode; between them it is as outside."""

    @functools.wraps(f)
    def run(*inputs: Any, **options: Any) -> Generator[Any, Any, Any]:
        steps = f(*inputs, **options)
        advance: Callable[[], Any] = lambda: next(steps)
        while True:
            try:
                with mode():
                    item = advance()
            except StopIteration as done:
                return done.value
            try:
                sent = yield item
                advance = functools.partial(steps.send, sent)
            except GeneratorExit:
                with mode():
                    steps.close()
                raise
            except BaseException as error:
                advance = functools.partial(steps.throw, error)

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

    def __new__(cls, f: Any = None) -> Any:
        return object.__new__(cls) if f is None else cls()(f)

    def _state(self) -> tuple[bool, bool]:
        return False, inferring.get()


class enable_grad(_Mode):
    """A context, or decorator, in which operations are recorded, also inside of `no_grad`.

    >>> import chainrule.torch as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> with torch.no_grad(), torch.enable_grad():
    ...     (x * 2).requires_grad
    True
    """

    def __new__(cls, f: Any = None) -> Any:
        return object.__new__(cls) if f is None else cls()(f)

    def _state(self) -> tuple[bool, bool]:
        return not inferring.get(), inferring.get()


class set_grad_enabled(_Mode):
    """Turn recording on or off: at once, and until the end of a `with` if it opens one.

    As a decorator it acts on the function alone.

    >>> import chainrule.torch as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> with torch.set_grad_enabled(False):
    ...     (x * 2).requires_grad
    False
    """

    def __init__(self, mode: bool) -> None:
        super().__init__()
        if not isinstance(mode, bool):
            raise TypeError(
                "set_grad_enabled(): argument 'enabled' (position 1) must be bool, not "
                f"{type(mode).__name__}"
            )
        self.mode = mode
        self.prev = is_grad_enabled()
        turn(mode, inferring.get())

    def _state(self) -> tuple[bool, bool]:
        return self.mode, inferring.get()

    def __exit__(self, *_: object) -> None:
        self._before.pop()
        turn(self.prev, inferring.get())

    def clone(self) -> Any:
        """Return another context of the same kind."""
        return type(self)(self.mode)

    def __call__(self, f: Any) -> Any:
        """Return a function that calls `f` in this mode."""
        turn(self.prev, inferring.get())
        return super().__call__(f)

    def __repr__(self) -> str:
        return f"torch.autograd.grad_mode.set_grad_enabled(mode={self.mode})"


class inference_mode(_Mode):
    """A context, or decorator, in which no operation is recorded; `inference_mode(False)`: all are.

    It is `no_grad` for good: tensors made in this mode can never be saved for a backward pass, nor
    be written to outside of it. Here that saves nothing: `no_grad` is as fast.

    >>> import chainrule.torch as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> with inference_mode():
    ...     (x * 2).requires_grad
    False
    """

    def __new__(cls, mode: Any = True) -> Any:
        return object.__new__(cls) if isinstance(mode, bool) else cls()(mode)

    def __init__(self, mode: bool = True) -> None:
        super().__init__()
        self.mode = mode
        self._watching: list[Any] = []

    def _state(self) -> tuple[bool, bool]:
        return not self.mode, self.mode

    def __enter__(self) -> None:
        super().__enter__()
        self._watching.append(observe(mark) if self.mode and mark not in observers.get() else None)

    def __exit__(self, *_: object) -> None:
        if (token := self._watching.pop()) is not None:
            unobserve(token)
        super().__exit__()

    def clone(self) -> Any:
        """Return another context of the same kind."""
        return type(self)(self.mode)


class set_multithreading_enabled:
    """Say whether backward passes may use several threads: at once, or until the end of a `with`.

    They never do here; the answer is kept.
    """

    def __init__(self, mode: bool) -> None:
        if not isinstance(mode, bool):
            raise TypeError(
                "set_multithreading_enabled(): argument 'enabled' (position 1) must be bool, not "
                f"{type(mode).__name__}"
            )
        self.mode, self.prev = mode, threaded.get()
        threaded.set(mode)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        threaded.set(self.prev)

    def clone(self) -> Any:
        """Return another context of the same kind."""
        return type(self)(self.mode)


def is_multithreading_enabled() -> bool:
    """Say what `set_multithreading_enabled` was told last."""
    return threaded.get()


_MODES = (no_grad, enable_grad, set_grad_enabled, inference_mode, set_multithreading_enabled)
for _mode in _MODES:
    _mode.__module__ = "torch.autograd.grad_mode"
__test__ = {mode.__name__: mode for mode in _MODES}  # whose examples would be taken for PyTorch's
