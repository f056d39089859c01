"""Calls whose results are constants: those of functions without a slope, or without a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .errors import refuse_missing
from .holding import writable
from .pieces import bundled
from .values import bare, freed, holds_value

__all__ = ["constant_call", "stripped_of_all", "without_rule"]


def stripped_of_all(v: Any) -> Any:
    if isinstance(v, (list, tuple)):
        return bundled(type(v), [stripped_of_all(w) for w in v])
    return bare(v)


def constant_call(function: Any) -> Callable[..., Any]:
    def record(*inputs: Any, **options: Any) -> Any:
        y = function(
            *map(stripped_of_all, inputs),
            **{name: stripped_of_all(v) for name, v in options.items()},
        )
        return writable(y) if fresh else y

    fresh = isinstance(function, np.ufunc) or function in LIKE
    return record


LIKE = {np.zeros_like, np.ones_like, np.empty_like}


def without_rule(function: Any) -> Callable[..., Any]:
    """Answer for a function without a rule.

    Positions, counts, truth values, texts and dtypes are constants; anything else raises, but
    what has no result: a file then holds the plain numbers.
    """
    call = constant_call(function)

    def record(*inputs: Any, **options: Any) -> Any:
        y = call(*inputs, **options)
        if y is None or isinstance(y, (type, np.dtype)) or are_constant(inputs, options):
            return y
        for v in y if isinstance(y, (tuple, list)) else (y,):
            if getattr(v, "dtype", np.asarray(v).dtype).kind not in "biuUSV":
                refuse_missing(function)
        return y

    return record


def are_constant(inputs: tuple[Any, ...], options: dict[str, Any]) -> bool:
    """Say whether no argument is being differentiated: some may be constants to write to."""
    return not any(holds_value(freed(v)) for v in (*inputs, *options.values()))
