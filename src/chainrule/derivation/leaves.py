"""What expressions are made of: numbers as they are written, names, and slopes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

__all__ = ["Name", "Slope", "Typed"]


class Typed(Fraction):
    """A number that is written as a decimal, 0.5 and not 1/2, as what is computed from it is."""

    def __add__(self, other: Any) -> Any:
        return decimal(Fraction.__add__(self, other))

    def __radd__(self, other: Any) -> Any:
        return decimal(Fraction.__radd__(self, other))

    def __sub__(self, other: Any) -> Any:
        return decimal(Fraction.__sub__(self, other))

    def __rsub__(self, other: Any) -> Any:
        return decimal(Fraction.__rsub__(self, other))

    def __mul__(self, other: Any) -> Any:
        return decimal(Fraction.__mul__(self, other))

    def __rmul__(self, other: Any) -> Any:
        return decimal(Fraction.__rmul__(self, other))

    def __truediv__(self, other: Any) -> Any:
        return decimal(Fraction.__truediv__(self, other))

    def __rtruediv__(self, other: Any) -> Any:
        return decimal(Fraction.__rtruediv__(self, other))

    def __pow__(self, other: Any, mod: None = None) -> Any:
        return decimal(Fraction.__pow__(self, other))

    def __neg__(self) -> Typed:
        return Typed(Fraction.__neg__(self))

    def __abs__(self) -> Typed:
        return Typed(Fraction.__abs__(self))


def decimal(n: Any) -> Any:
    """Return the fraction `n` as a decimal if it has a point and ends after few digits."""
    if not isinstance(n, Fraction):
        return n
    ends = n.denominator != 1 and 10**12 % n.denominator == 0
    return Typed(n) if ends else Fraction(n.numerator, n.denominator)


class Name(NamedTuple):
    """A value with a name: `row` if there is one for each data point, `data` if it is given."""

    text: str
    row: bool = False
    data: bool = True


class Slope(NamedTuple):
    """The derivative of one named value by another, ∂of/∂by, with `held` fixed.

    It is written with ∂ if `partial`, else with d.
    """

    of: Name
    by: Name
    held: tuple[Name, ...] = ()
    partial: bool = True
