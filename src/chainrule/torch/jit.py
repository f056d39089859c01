"""Scripts and traces of functions: what is returned is what was given, and runs as it did.

The values, gradients and errors are those of the function itself. What PyTorch adds to it (`code`,
`graph`, `save`) is not here.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from ._missing import lookup

__all__ = [
    "annotate",
    "export",
    "freeze",
    "ignore",
    "is_scripting",
    "is_tracing",
    "script",
    "script_if_tracing",
    "trace",
    "unused",
]

F = TypeVar("F", bound=Callable[..., Any])
OLD = "`torch.jit.{}` is deprecated. Please switch to `torch.compile` or `torch.export`."


def script(obj: F, **_: Any) -> F:
    """Return `obj`, a function, class or module, as it is; it runs as Python.

    >>> import warnings
    >>> warnings.simplefilter("ignore")
    >>> script(abs)(-2)
    2
    """
    warnings.warn(OLD.format("script"), DeprecationWarning, stacklevel=2)
    return obj


def trace(func: F, example_inputs: Any = None, **_: Any) -> F:
    """Return `func` as it is, after one call of it with `example_inputs`.

    Unlike a trace of PyTorch's it does not forget the branches that this call did not take.
    """
    warnings.warn(OLD.format("trace"), DeprecationWarning, stacklevel=2)
    if example_inputs is not None:
        func(*(example_inputs if isinstance(example_inputs, tuple) else (example_inputs,)))
    return func


def same(fn: Any, *_: Any, **__: Any) -> Any:
    """Return `fn` as it is."""
    return fn


export = freeze = script_if_tracing = same


def ignore(drop: Any = False, **_: Any) -> Any:
    """Return the function as it is; called with an option, return a decorator that does so."""
    return drop if callable(drop) else same


unused = same


def annotate(the_type: Any, the_value: Any) -> Any:
    """Return the value."""
    return the_value


def is_scripting() -> bool:
    """Return False: functions run as Python."""
    return False


def is_tracing() -> bool:
    """Return False: no operation is written down for a trace."""
    return False


__getattr__ = lookup(globals(), "torch.jit", {})
