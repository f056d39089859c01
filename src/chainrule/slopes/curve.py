"""A function of one number with the words for it, whether it was given as code or as a formula."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule._languages import tr
from chainrule.formulas import Formula, parse
from chainrule.operators import grad, value_and_grad

__all__ = ["Curve", "CurveError", "curve_of", "value_and_slope"]


class CurveError(ValueError):
    """A function that no curve can be drawn of, as one sentence: what happened, and where."""


@dataclass(frozen=True)
class Curve:
    """A function of one number, how it is written, and the name of its variable.

    `order` is how many times it has been differentiated.
    """

    written: str
    name: str
    f: Callable[[Any], Any]
    order: int = 0

    @property
    def text(self) -> str:
        """How a sentence calls it.

        >>> cube = curve_of("x**3")
        >>> cube.text, cube.derivative().text, cube.derivative().derivative().text
        ('x**3', 'the slope of x**3', 'the derivative of order 2 of x**3')
        """
        if self.order == 0:
            return self.written
        if self.order == 1:
            return tr("the slope of {text}", text=self.written)
        return tr("the derivative of order {order} of {text}", order=self.order, text=self.written)

    def derivative(self) -> Curve:
        """Return the curve of the slopes of this one.

        >>> value_and_slope(curve_of("x**3").derivative(), 2.0)
        (12.0, 12.0)
        """
        return Curve(self.written, self.name, grad(self.f), self.order + 1)

    def check(self, at: float) -> None:
        """Raise `CurveError` if the function itself raises at `at`, and not only has no value."""
        try:
            with np.errstate(all="ignore"):
                value_and_grad(self.f)(at)
        except Exception as error:
            raise self._error(at, error) from error

    def _error(self, at: float, error: Exception) -> CurveError:
        return CurveError(
            tr(
                "{text} cannot be drawn; at {name} = {at} it raised {kind}: {message}",
                text=self.text,
                name=self.name,
                at=f"{at:.6g}",
                kind=type(error).__name__,
                message=error,
            )
        )


def curve_of(what: Curve | Formula | str | Callable[[Any], Any], label: str | None = None) -> Curve:
    """Return `what` as a curve: a function of one number, a formula, or the text of one.

    `label` is how it is to be written, by default as the formula is or by the function's name.

    Raises FormulaError for a text that is no formula of at most one variable, ValueError for a
    Formula of more, and TypeError for anything else that cannot be called.

    >>> import numpy as np
    >>> curve_of("t**2 + 1").name, curve_of(np.tanh).text, curve_of(lambda u: u).text
    ('t', 'tanh(x)', 'f(u)')
    """
    if isinstance(what, Curve):
        return what
    if isinstance(what, str):
        what = parse(what, 1)
    if isinstance(what, Formula):
        if len(what.names) > 1:
            raise ValueError(
                tr(
                    "{text} has the variables {names}; a curve is drawn of one alone",
                    text=what.text,
                    names=", ".join(what.names),
                )
            )
        name = what.names[0] if what.names else "x"
        constant = what
        return Curve(label or what.text, name, what if what.names else lambda x: constant())
    if not callable(what):
        raise TypeError(
            tr(
                "a curve is drawn of a function, or of a formula such as {example}, but this is "
                "of type {kind}",
                example='"tanh(x)"',
                kind=type(what).__name__,
            )
        )
    name = _variable(what)
    called = getattr(what, "__name__", "f")
    return Curve(label or f"{called if called.isidentifier() else 'f'}({name})", name, what)


def value_and_slope(what: Curve | Formula, at: float) -> tuple[float, float]:
    """Return value and slope as floats; both nan or infinite where they are.

    A function that raises ValueError or ArithmeticError has no value there; whatever else it
    raises is told by a `CurveError`.

    >>> from chainrule.formulas import parse
    >>> value_and_slope(parse("x**2"), 3.0)
    (9.0, 6.0)
    """
    curve = curve_of(what)
    try:
        with np.errstate(all="ignore"):
            value, slope = value_and_grad(curve.f)(float(at))
    except (ValueError, ArithmeticError):
        return math.nan, math.nan
    except Exception as error:
        raise curve._error(at, error) from error
    # Rules such as log's 1/x give a slope where the function itself has no value.
    # Adding 0.0 makes of -0.0 the 0.0 that a reader expects.
    return float(value) + 0.0, float(slope) + 0.0 if math.isfinite(value) else math.nan


def _variable(function: Callable[..., Any]) -> str:
    """The name of the first argument of `function`, x where it has none that can be read."""
    try:
        return next(iter(inspect.signature(function).parameters), "x")
    except (TypeError, ValueError):  # functions written in C may not tell
        return "x"
