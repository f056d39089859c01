"""The exceptions of the engine, and the sentences that more than one place says."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

__all__ = [
    "MissingRuleError",
    "name_of",
    "refuse_index",
    "refuse_missing",
    "refuse_number",
    "refuse_option",
    "refuse_plain",
    "refuse_write",
]


class MissingRuleError(NotImplementedError):
    """A function without a derivative rule was reached by a value that is being differentiated."""


def name_of(function: Callable[..., Any]) -> str:
    """Return how a user writes `function`: `numpy.sum`, `scipy.special.erf`."""
    if isinstance(function, np.ufunc):  # which do not say where they are from
        owner = "numpy" if hasattr(np, function.__name__) else "scipy.special"
        return f"{owner}.{function.__name__}"
    if isinstance(ufunc := getattr(function, "__self__", None), np.ufunc):  # one of its methods
        return f"{name_of(ufunc)}.{function.__name__}"
    parts = (getattr(function, "__module__", None) or "numpy").split(".")
    if parts[0] in ("chainrule", "__main__"):
        return function.__name__
    owner = ".".join(itertools.takewhile(lambda part: not part.startswith("_"), parts))
    return f"{owner}.{getattr(function, '__name__', repr(function))}"


def refuse_missing(function: Callable[..., Any]) -> NoReturn:
    if isinstance(function, np.ufunc) and set("".join(function.types)) == set("O->"):
        raise MissingRuleError(
            "a function made by numpy.frompyfunc gives arrays of objects, which have no "
            "derivative; use vectorize of chainrule.numpy."
        )
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


def refuse_number(shape: tuple[int, ...]) -> NoReturn:
    raise TypeError(
        "this call needs one of Python's own numbers, but was given a value that is being "
        f"differentiated (shape {shape}). Leave float() and int() out, use NumPy's functions in "
        "place of math's, or do this step outside the differentiated function."
    )


def refuse_index() -> NoReturn:
    raise IndexError(
        "only whole numbers and truth values are indices, and a value that is being differentiated "
        "is neither; compare it, or make it whole with astype(int)."
    ) from None


def refuse_write(error: ValueError | None = None) -> NoReturn:
    raise TypeError(
        "plain NumPy cannot put a value that is being differentiated into an ordinary array "
        "(np.array([v]), np.full, a[i] = v); make it with chainrule.numpy, whose arrays (zeros, "
        "empty, array, full) take such values, or build it with numpy.stack or numpy.concatenate."
    ) from error


def refuse_plain(shape: tuple[int, ...]) -> NoReturn:
    raise TypeError(
        "this call needs a plain number or array, but was given a value that is being "
        f"differentiated (shape {shape}). Use the function of the same name in chainrule.numpy "
        "or chainrule.scipy, or do this step outside the differentiated function."
    )
