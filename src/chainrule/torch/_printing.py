"""The text of a tensor, as PyTorch prints it.

All numbers that are shown share one way of writing them (whole numbers, decimals or powers of
ten) and one width. A large tensor shows the two ends of every axis, and only those decide.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._kinds.dtypes import bool_, complex64, complex128, float64, get_default_dtype, int64, of_numpy

__all__ = ["set_printoptions", "suffixes_of", "text_of"]

_OPENING = "tensor("


@dataclass
class _Options:
    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


_PROFILES = {
    "default": _Options(),
    "short": _Options(precision=2, edgeitems=2),
    "full": _Options(threshold=math.inf),
}
_options = _Options()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Choose how tensors are printed from here on.

    `precision` counts the digits after the point; tensors of more than `threshold` elements show
    `edgeitems` of them at either end of each axis; lines break at `linewidth`. `profile` sets
    these four to "default", "short" or "full" before the others are looked at. `sci_mode` says
    whether powers of ten are used; None, which any call without it returns to, leaves that to the
    numbers.

    >>> text_of(np.array([1 / 3, 2.0]), suffixes=[])
    'tensor([0.3333, 2.0000])'
    >>> set_printoptions(precision=2)
    >>> text_of(np.array([1 / 3, 2.0]), suffixes=[])
    'tensor([0.33, 2.00])'
    >>> set_printoptions(profile="default")
    """
    profile_of = _PROFILES.get(profile) if profile is not None else None
    if profile_of is not None:
        vars(_options).update(vars(profile_of))
    given = {
        "precision": precision,
        "threshold": threshold,
        "edgeitems": edgeitems,
        "linewidth": linewidth,
    }
    vars(_options).update({name: one for name, one in given.items() if one is not None})
    _options.sci_mode = sci_mode


def suffixes_of(
    array: np.ndarray[Any, Any], requires_grad: bool, grad_fn_name: str | None
) -> list[str]:
    """Return what stands behind the numbers: what they do not show themselves of the tensor.

    That is the shape of an empty tensor, a type that such numbers would not have on their own,
    and where its gradient goes.

    >>> suffixes_of(np.zeros((2, 0)), True, None)
    ['size=(2, 0)', 'dtype=torch.float64', 'requires_grad=True']
    """
    suffixes = []
    kind, default = of_numpy(array.dtype), get_default_dtype()
    if (array.ndim != 1) if array.size == 0 else not _options.edgeitems:
        suffixes.append(f"size={tuple(array.shape)}")
    if array.size == 0:
        evident = kind is default
    else:
        pair = complex128 if default is float64 else complex64
        evident = kind is default or kind is int64 or kind is bool_ or kind is pair
    if not evident:
        suffixes.append(f"dtype={kind}")
    if grad_fn_name is not None:
        suffixes.append(f"grad_fn=<{grad_fn_name}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    return suffixes


def text_of(
    array: np.ndarray[Any, Any], *, suffixes: Sequence[str], opening: str = _OPENING
) -> str:
    """Return the text of a tensor with the numbers of `array`, of any shape and type.

    A suffix that would make the last line too long opens a new one.

    >>> text_of(np.array([[1, 20], [3, 4]]), suffixes=["dtype=torch.int64"]).splitlines()
    ['tensor([[ 1, 20],', '        [ 3,  4]], dtype=torch.int64)']
    """
    indent = len(opening)
    text = opening + _numbers(array, indent)
    # PyTorch counts two characters more than the last line has.
    length = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        if length + len(suffix) + 2 > _options.linewidth:
            text += ",\n" + " " * indent + suffix
            length = indent + len(suffix)
        else:
            text += ", " + suffix
            length += len(suffix) + 2
    return text + ")"


def _numbers(array: np.ndarray[Any, Any], first: int) -> str:
    if array.size == 0:
        return "[]"
    edge = _options.edgeitems
    cut = [array.size > _options.threshold and length > 2 * edge for length in array.shape]
    if any(cut):
        array = array[np.ix_(*map(_shown, array.shape, cut))]
    if array.dtype.kind == "c":
        texts, width = _complex_texts(array)
    else:
        texts, width = _texts(array.ravel().tolist())
    return _layout(texts, width, array.shape, cut, first) if array.ndim else texts[0]


def _shown(length: int, cut: bool) -> list[int]:
    """Return the places along an axis of this length that are printed."""
    edge = _options.edgeitems
    return [*range(edge), *range(length - edge, length)] if cut else [*range(length)]


# --- numbers --------------------------------------------------------------------------------


def _texts(values: list[Any]) -> tuple[list[str], int]:
    """Return each number's text, filled up to the width that is returned too."""
    if values and type(values[0]) is float:
        return _float_texts(values)
    texts = list(map(str, values))
    width = max(map(len, texts), default=1)
    return [text.rjust(width) for text in texts], width


def _float_texts(values: list[float]) -> tuple[list[str], int]:
    # Zeros, infinities and nan have no say, and stick out where they are wider.
    telling = [value for value in values if value and math.isfinite(value)]
    if not telling:
        return list(map(_writer(True, False), values)), 1
    sizes = list(map(abs, telling))
    low, high = min(sizes), max(sizes)
    whole = all(map(float.is_integer, telling))
    powers = _options.sci_mode
    if powers is None:
        powers = high / low > 1000 or high > 1e8 or (low < 1e-4 and not whole)
    write = _writer(whole, powers)
    width = max(len(write(value)) for value in telling)
    return [write(value).rjust(width) for value in values], width


def _writer(whole: bool, powers: bool) -> Callable[[float], str]:
    if powers:
        return f"{{:.{_options.precision}e}}".format
    if whole:
        return lambda value: f"{value:.0f}." if math.isfinite(value) else f"{value:.0f}"
    return f"{{:.{_options.precision}f}}".format


def _complex_texts(array: np.ndarray[Any, Any]) -> tuple[list[str], int]:
    real, real_width = _texts(array.real.ravel().tolist())
    imaginary, imaginary_width = _texts(array.imag.ravel().tolist())
    texts = []
    for a, b in zip(real, imaginary, strict=True):
        b = b.lstrip()
        texts.append(f"{a}{b}j" if b.startswith("-") else f"{a}+{b}j")
    return texts, real_width + imaginary_width + 1


# --- lines ----------------------------------------------------------------------------------


def _layout(
    texts: list[str], width: int, shape: tuple[int, ...], cut: list[bool], first: int
) -> str:
    """Return the texts, in the order of memory, as the nested lists of an array of this shape."""
    depth, edge = len(shape), _options.edgeitems
    per_line = max(1, (_options.linewidth - first - depth + 1) // (width + 2))
    parts = texts
    for axis in reversed(range(depth)):
        last = axis == depth - 1
        indent = " " * (first + axis + 1)
        wholes = []
        for i in range(math.prod(shape[:axis])):
            items = parts[i * shape[axis] : (i + 1) * shape[axis]]
            if cut[axis]:
                items.insert(edge, " ..." if last and edge else "...")
            if last:
                lines = [items[at : at + per_line] for at in range(0, len(items), per_line)]
                inner = f",\n{indent}".join(map(", ".join, lines))
            else:
                inner = ("," + "\n" * (depth - 1 - axis) + indent).join(items)
            wholes.append(f"[{inner}]")
        parts = wholes
    return parts[0]
