"""Numbers and arrays as the short texts that stand in a picture: four digits, few elements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

__all__ = ["array_text", "number_text", "shape_text", "sum_text"]

MOST = 4  # elements that are all shown


def number_text(x: Any) -> str:
    """Return a number in four digits, whole ones up to seven in full.

    >>> number_text(2.0), number_text(-0.5), number_text(1 / 3), number_text(12345.6)
    ('2', '−0.5', '0.3333', '12346')
    """
    x = np.asarray(x)[()]
    if isinstance(x, np.bool_):
        return str(x)
    if np.iscomplexobj(x) and not x.imag:
        x = x.real
    if np.iscomplexobj(x):
        imaginary = number_text(x.imag)
        sign = "" if imaginary.startswith("−") else "+"
        return f"{number_text(x.real)}{sign}{imaginary}i"
    size = abs(float(x))
    text = f"{x:.0f}" if 1e4 <= size < 1e7 else f"{x:.4g}"
    mantissa, e, exponent = text.partition("e")
    if e:  # 1e-05 is a program's way to write it
        text = f"{mantissa}e{int(exponent)}"
    return "0" if text == "-0" else text.replace("inf", "∞").replace("-", "−")


def array_text(x: Any) -> str:
    """Return a number, or an array by its first and last elements and its shape.

    >>> array_text(np.array([1.0, 2.5])), array_text(np.arange(6.0).reshape(3, 2))
    ('[1, 2.5]', '[0, 1, …, 5] (3×2)')
    """
    x = np.asarray(x)
    if not x.ndim:
        return number_text(x)
    if x.size <= MOST:
        return _nested(x) if x.size else f"[] ({shape_text(x.shape)})"
    first, second, last = (number_text(x.flat[k]) for k in (0, 1, -1))
    return f"[{first}, {second}, …, {last}] ({shape_text(x.shape)})"


def sum_text(addends: Iterable[str]) -> str:
    """Return numbers and arrays, written already, as a sum.

    >>> sum_text(["3", "−2", "[1, 2]"])
    '3 − 2 + [1, 2]'
    """
    return " + ".join(addends).replace("+ −", "− ").replace("+ -", "− ")


def shape_text(shape: tuple[int, ...]) -> str:
    """Return a shape as it is said: "3×2".

    >>> shape_text((3, 2)), shape_text((10,))
    ('3×2', '10')
    """
    return "×".join(map(str, shape))


def _nested(x: Any) -> str:
    if not np.ndim(x):
        return number_text(x)
    return f"[{', '.join(map(_nested, x))}]"
