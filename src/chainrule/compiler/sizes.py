"""Sizes that depend on the number of rows, which a program is written down without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np

__all__ = ["ROWS", "Size", "count", "sized", "unified"]


class Size:
    """`slope * n + offset` for `n` rows; over it, if `inverse`, a number such as the mean's 1/n."""

    __slots__ = ("inverse", "offset", "slope")

    def __init__(self, slope: Any = 1, offset: Any = 0, inverse: Any = 0) -> None:
        self.slope, self.offset, self.inverse = slope, offset, inverse

    def at(self, rows: int) -> Any:
        size = self.slope * rows + self.offset
        return self.inverse / size if self.inverse else size

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Size) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        return self.slope, self.offset, self.inverse

    def __repr__(self) -> str:
        text = "n" if self.slope == 1 else f"{self.slope} * n"
        if self.offset:
            text += f" {'+' if self.offset > 0 else '-'} {abs(self.offset)}"
        if self.inverse:
            return f"{self.inverse} / ({text})" if " " in text else f"{self.inverse} / {text}"
        return text


ROWS = Size()


def count(shape: Iterable[Any]) -> Any:
    """Return how many numbers an array of this shape has."""
    whole: Any = 1
    for n in shape:
        if isinstance(whole, Size):
            whole, n = n, whole  # numbers before sizes
        whole = Size(n.slope * whole, n.offset * whole) if isinstance(n, Size) else n * whole
    return whole


def sized(tree: Any, rows: int) -> Any:
    """Return `tree` with the sizes for so many rows in it."""
    kind = type(tree)
    if kind is Size:
        return tree.at(rows)
    if kind is tuple or kind is list:
        return kind([sized(v, rows) for v in tree])
    if kind is dict:
        return {name: sized(v, rows) for name, v in tree.items()}
    if kind is slice:
        return slice(*(sized(v, rows) for v in (tree.start, tree.stop, tree.step)))
    return tree


def unified(numbers: Sequence[Any], rows: Sequence[int], dtype: Any = float) -> Any:
    """Return the size that has these values at so many rows; None if there is no simple one.

    Of numbers that are no counts, the last digits of a `dtype` may be others.
    """
    first = numbers[0]
    if all(v == first for v in numbers) or all(v != v for v in numbers):
        return first
    if not all(map(isfinite, numbers)):
        return None
    whole = isinstance(first, int)
    rounding = 4 * float(np.finfo(dtype).eps)
    if rounding > 1e-10 and not whole and all(numbers):
        top = float(f"{first * rows[0]:.5g}")  # of few digits, where there are no more
        if all(abs(top / n - v) <= rounding * abs(v) for v, n in zip(numbers, rows, strict=True)):
            return Size(inverse=_whole(top))
    line = through(numbers, rows, whole)
    if line is not None or whole or not all(numbers):
        return line
    for top in (1.0, -1.0, first * rows[0]):
        below = through([top / v for v in numbers], rows, whole)
        if below is not None and below.slope > 0:
            size = Size(_whole(below.slope), _whole(below.offset), _whole(top))
            both = zip(numbers, rows, strict=True)
            if all(abs(size.at(n) - v) <= rounding * abs(v) for v, n in both):
                return size
    return None


def through(numbers: Sequence[Any], rows: Sequence[int], whole: bool) -> Size | None:
    slope = Fraction(numbers[1]) - Fraction(numbers[0])
    slope /= rows[1] - rows[0]
    if not whole:
        slope = Fraction(round(float(slope), 9)).limit_denominator(10**6)
    offset = Fraction(numbers[0]) - slope * rows[0]
    if not whole:
        offset = Fraction(round(float(offset), 9)).limit_denominator(10**6)
    if whole and (slope.denominator > 1 or offset.denominator > 1):
        return None
    size = Size(_number(slope, whole), _number(offset, whole))
    close = (abs(size.at(n) - v) <= 1e-12 * abs(v) for v, n in zip(numbers, rows, strict=True))
    return size if all(close) else None


def _number(v: Fraction, whole: bool) -> Any:
    return int(v) if v.denominator == 1 or whole else float(v)


def _whole(v: Any) -> Any:
    return int(v) if float(v).is_integer() else v
