"""Compilation is asked for, and not done: what is returned is what was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["compile"]


def compile(
    model: Callable[..., Any] | None = None,
    *,
    fullgraph: bool = False,
    dynamic: bool | None = None,
    backend: Any = "inductor",
    mode: str | None = None,
    options: Any = None,
    disable: bool = False,
) -> Any:
    """Return `model`, a function or module, as it is: it runs operation by operation.

    Without `model`, return a decorator that does the same. The numbers are those of PyTorch's
    compiled programs but for rounding; nothing is made faster. `chainrule.compile` compiles
    functions of NumPy's arrays.

    >>> compile(abs)(-2)
    2
    """
    if mode is not None and options is not None:
        raise RuntimeError(
            "Either mode or options can be specified, but both can't be specified at the same time."
        )
    return (lambda model: model) if model is None else model
