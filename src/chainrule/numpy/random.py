"""numpy.random: its own functions, which draw by its own state.

A draw has no derivative in what the distribution was told; a value that is being differentiated is
refused by a sentence that says how to write the draw instead.

>>> import chainrule.numpy as np
>>> np.random.seed(0)
>>> np.random.RandomState(0).normal() == np.random.normal()
True
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn

import numpy.random as _module

from chainrule._core.holding import writable
from chainrule._core.trees import values_in
from chainrule._core.values import Value

__all__ = list(_module.__all__)


def refuse_draw(name: str) -> NoReturn:
    raise TypeError(
        f"numpy.random.{name} was given a value that is being differentiated, but a number that is "
        "drawn has no derivative. Draw from a distribution without parameters, and compute with "
        "that: mean + scale * normal(size=...) in place of normal(mean, scale, ...)."
    )


def drawing(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def draw(*args: Any, **options: Any) -> Any:
        found: list[Value] = []
        put = values_in((args, options), found)
        if found:
            refuse_draw(name)
        if put is not None:
            args, options = put(iter(()))
        return writable(function(*args, **options))

    return draw


def __getattr__(name: str) -> Any:
    try:
        found = getattr(_module, name)
    except AttributeError:
        raise AttributeError(
            f"numpy.random has no name {name!r}, and so neither has {__name__}."
        ) from None
    if callable(found) and not isinstance(found, type):
        found = globals()[name] = drawing(name, found)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
