"""A distribution of scipy.stats as a module that can be called, as SciPy's object can."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from chainrule._core.errors import MissingRuleError
from chainrule._core.traces import joined
from chainrule._core.values import cast, dtype_of, holds_value

__all__ = [
    "Distribution",
    "Frozen",
    "in_double",
    "log_of",
    "log_scale",
    "method",
    "positive",
    "settle",
    "standard",
]


class Distribution(ModuleType):
    """A module of differentiable methods; its other names are SciPy's, for plain arrays."""

    scipys: Any

    def __call__(self, *parameters: Any, **named: Any) -> Frozen:
        """Return the distribution with its parameters given, as SciPy does."""
        return Frozen(self, parameters, named)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.__dict__["scipys"], name)
        return plain(found, self.__name__) if callable(found) else found

    def __dir__(self) -> list[str]:
        return sorted({*dir(self.__dict__["scipys"]), *self.__dict__})


class Frozen:
    """A distribution with its parameters."""

    def __init__(self, distribution: Distribution, args: tuple[Any, ...], kwds: Any) -> None:
        self.dist, self.args, self.kwds = distribution, args, kwds

    def __getattr__(self, name: str) -> Any:
        if name in self.dist.__dict__.get("__all__", ()):
            function = getattr(self.dist, name)
            return lambda *x, **options: function(*x, *self.args, **self.kwds, **options)
        if holds(*self.args, *self.kwds.values()):
            refuse(self.dist.__name__, name)
        found = getattr(self.dist.scipys(*self.args, **self.kwds), name)
        return plain(found, self.dist.__name__) if callable(found) else found


def holds(*args: Any) -> bool:
    return any(map(holds_value, args))


def refuse(distribution: str, name: str) -> Any:
    owner = distribution.removeprefix("chainrule.")
    known = sorted(sys.modules[distribution].__dict__["__all__"])
    raise MissingRuleError(
        f"{owner}.{name} has no derivative rule in chainrule, but was given a value that is being "
        f"differentiated; {owner} has rules for {', '.join(known)}."
    )


def plain(call: Callable[..., Any], distribution: str) -> Callable[..., Any]:
    """Return `call`, which answers plain numbers and arrays alone."""

    @functools.wraps(call)
    def of_plain(*args: Any, **options: Any) -> Any:
        if holds(*args, *options.values()):
            refuse(distribution, call.__name__)
        return call(*args, **options)

    return of_plain


def method(scipys: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the decorator of a method: plain arguments go to SciPy's method of the same name."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        own = getattr(scipys, function.__name__)

        @functools.wraps(function)
        def call(*args: Any, **options: Any) -> Any:
            if not holds(*args, *options.values()):
                return own(*args, **options)
            return function(
                *(joined(v) if holds_value(v) else v for v in args),
                **{name: joined(v) if holds_value(v) else v for name, v in options.items()},
            )

        return call

    return decorate


def settle(module: str, scipys: Any) -> None:
    """Make of `module` a distribution: what it has not got is looked up in SciPy's object."""
    this = sys.modules[module]
    this.scipys = scipys  # type: ignore[attr-defined]
    this.__class__ = Distribution


def standard(x: Any, loc: Any, scale: Any) -> Any:
    """Return (x - loc) / scale in double precision, as SciPy computes; NaN unless scale > 0."""
    return in_double((x - loc) / positive(scale))


def positive(scale: Any) -> Any:
    return np.where(np.greater(scale, 0), scale, np.nan)


def log_scale(scale: Any) -> Any:
    return np.log(positive(scale))


def in_double(x: Any) -> Any:
    return cast(x, np.dtype(float)) if dtype_of(x).itemsize < 8 else x


def log_of(p: Any, rest: Any) -> Any:
    """The logarithm of a probability, by `rest`, which is 1 - p, where that keeps more digits.

    Where `p` is 0 it is -inf, without a slope.
    """
    likely, some = np.greater(p, 0.5), np.not_equal(p, 0)
    log = np.log(np.where(some, p, 1))
    return np.where(some, np.where(likely, np.log1p(-np.where(likely, rest, 0)), log), -np.inf)
