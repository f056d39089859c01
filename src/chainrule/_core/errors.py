"""The exceptions of the engine, and the sentences that more than one place says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

__all__ = ["MissingRuleError", "name_of", "refuse_missing", "refuse_option", "refuse_plain"]


class MissingRuleError(NotImplementedError):
    """A function without a derivative rule was reached by a value that is being differentiated."""


def name_of(function: Callable[..., Any]) -> str:
    """Return how a user writes `function`: `numpy.sum`, `scipy.special.erf`."""
    module = getattr(function, "__module__", None) or ""
    owner = "numpy" if module.startswith("numpy._") or not module else module
    if not module and type(function).__name__ == "ufunc":
        import numpy

        owner = "numpy" if hasattr(numpy, function.__name__) else "scipy.special"
    if owner.startswith("chainrule._"):
        return function.__name__
    return f"{owner}.{getattr(function, '__name__', repr(function))}"


def refuse_missing(function: Callable[..., Any]) -> NoReturn:
    raise MissingRuleError(
        f"{name_of(function)} has no derivative rule in chainrule, but was given a value that is "
        "being differentiated; write it with functions that have one, or call it on plain arrays "
        "outside the differentiated function."
    )


def refuse_option(function: Callable[..., Any], option: str, known: tuple[str, ...]) -> NoReturn:
    options = f"the options with a rule are: {', '.join(known)}" if known else "it takes no options"
    raise TypeError(
        f"the derivative rule of {name_of(function)} does not understand {option}; {options}. "
        "Leave it out, or write the call in other functions."
    )


def refuse_plain(shape: tuple[int, ...]) -> NoReturn:
    raise TypeError(
        "this call needs a plain number or array, but was given a value that is being "
        f"differentiated (shape {shape}). Use the function of the same name in chainrule.numpy, "
        "or do this step outside the differentiated function."
    )
