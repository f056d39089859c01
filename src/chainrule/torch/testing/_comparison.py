"""`assert_close`: tensors, numbers, and lists and dictionaries of them, equal but for rounding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .._kinds.dtypes import promote_types
from .._tensor import Tensor
from ._differences import elements_text, numbers_text

__all__ = ["assert_close"]

NUMBERS = (int, float, complex, np.number)
# a relative and an absolute tolerance by number type; whole numbers and truth values are exact
TOLERANCES = {"float16": (1e-3, 1e-5), "float32": (1.3e-6, 1e-5), "float64": (1e-7, 1e-7),
              "complex64": (1.3e-6, 1e-5), "complex128": (1e-7, 1e-7)}  # fmt: skip


class Comparison:
    """What is asked of every pair, and the way to the pair that is looked at."""

    def __init__(self, msg: Any, **asked: Any) -> None:
        self.msg, self.asked = msg, asked
        self.at: tuple[Any, ...] = ()

    def fail(self, text: str) -> None:
        if self.at:
            text += f"\n\nThe failure occurred for item {''.join(f'[{one!r}]' for one in self.at)}"
        if self.msg is not None:
            text = self.msg(text) if callable(self.msg) else self.msg
        raise AssertionError(text)

    def tolerances(self, *kinds: np.dtype[Any]) -> tuple[float, float]:
        rtol, atol = self.asked["rtol"], self.asked["atol"]
        if rtol is not None:
            return rtol, atol
        known = [TOLERANCES.get(kind.name, (0.0, 0.0)) for kind in kinds]
        return max(one[0] for one in known), max(one[1] for one in known)

    def compare(self, actual: Any, expected: Any) -> None:
        if both(Sequence, actual, expected) and not both(str, actual, expected):
            self.sequences(actual, expected)
        elif both(Mapping, actual, expected):
            self.mappings(actual, expected)
        elif actual is None or expected is None:
            if actual is not expected:
                self.fail(f"None mismatch: {actual} is not {expected}")
        elif both((bool, np.bool_), actual, expected):
            if bool(actual) is not bool(expected):
                self.fail(f"Booleans mismatch: {bool(actual)} is not {bool(expected)}")
        elif both(NUMBERS, actual, expected):
            self.numbers(actual, expected)
        elif self.are_alike(actual, expected):
            self.tensors(as_tensor(actual), as_tensor(expected))
        else:
            raise TypeError(
                "No comparison pair was able to handle inputs of type "
                f"{type(actual)} and {type(expected)}."
            )

    def are_alike(self, actual: Any, expected: Any) -> bool:
        related = isinstance(actual, type(expected)) or isinstance(expected, type(actual))
        if not self.asked["allow_subclasses"] and type(actual) is not type(expected):
            return False
        return related and isinstance(actual, (Tensor, np.ndarray))

    def sequences(self, actual: Any, expected: Any) -> None:
        if len(actual) != len(expected):
            self.fail(f"The length of the sequences mismatch: {len(actual)} != {len(expected)}")
        for k in range(len(actual)):
            self.item(k, actual[k], expected[k])

    def mappings(self, actual: Any, expected: Any) -> None:
        if actual.keys() != expected.keys():
            missing = sorted_if_possible(expected.keys() - actual.keys())
            extra = sorted_if_possible(actual.keys() - expected.keys())
            self.fail(
                "The keys of the mappings do not match:\n"
                f"Missing keys in the actual mapping: {missing}\n"
                f"Additional keys in the actual mapping: {extra}"
            )
        for key in sorted_if_possible(actual.keys()):
            self.item(key, actual[key], expected[key])

    def item(self, key: Any, actual: Any, expected: Any) -> None:
        before, self.at = self.at, (*self.at, key)
        self.compare(actual, expected)
        self.at = before

    def numbers(self, actual: Any, expected: Any) -> None:
        if self.asked["check_dtype"] and type(actual) is not type(expected):
            self.fail(f"The (d)types do not match: {type(actual)} != {type(expected)}.")
        kinds = [np.dtype(kind_of_number(v)) for v in (actual, expected)]
        rtol, atol = self.tolerances(*kinds)
        if not self.close(np.array(actual), np.array(expected), rtol, atol):
            self.fail(numbers_text(actual, expected, rtol, atol))

    def close(self, a: Any, b: Any, rtol: float, atol: float) -> Any:
        with np.errstate(all="ignore"):
            found = (a == b) | (np.isfinite(b) & (np.abs(a - b) <= atol + np.abs(rtol * b)))
        if self.asked["equal_nan"]:
            found |= np.isnan(a) & np.isnan(b)
        return found

    def tensors(self, actual: Tensor, expected: Tensor) -> None:
        facts: list[tuple[str, Any, Any]] = [("shape", actual.shape, expected.shape)]
        if self.asked["check_dtype"]:
            facts.append(("dtype", actual.dtype, expected.dtype))
        if self.asked["check_stride"]:
            facts.append(("stride()", actual.stride(), expected.stride()))  # type: ignore[attr-defined]
        for name, a, b in facts:
            if a != b:
                self.fail(f"The values for attribute '{name}' do not match: {a} != {b}.")
        rtol, atol = self.tolerances(actual._array.dtype, expected._array.dtype)
        kind = promote_types(actual.dtype, expected.dtype).numpy
        kind = np.dtype(np.int64) if kind.kind in "biu" else kind
        a, b = actual._array.astype(kind), expected._array.astype(kind)
        same = self.close(a, b, rtol, atol)
        if np.all(same):
            return
        if not a.ndim:
            self.fail(numbers_text(actual._array.item(), expected._array.item(), rtol, atol))
        self.fail(elements_text(a, b, same, rtol, atol))


def both(kind: Any, a: Any, b: Any) -> bool:
    return isinstance(a, kind) and isinstance(b, kind)


def sorted_if_possible(keys: Any) -> list[Any]:
    try:
        return sorted(keys)
    except TypeError:
        return list(keys)


def kind_of_number(v: Any) -> Any:
    if isinstance(v, np.number):
        return v.dtype
    return complex if isinstance(v, complex) else float if isinstance(v, float) else int


def as_tensor(v: Any) -> Tensor:
    from .._creation.sharing import as_tensor

    return v if isinstance(v, Tensor) else as_tensor(v)


def assert_close(
    actual: Any,
    expected: Any,
    *,
    allow_subclasses: bool = True,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = False,
    check_device: bool = True,
    check_dtype: bool = True,
    check_layout: bool = True,
    check_stride: bool = False,
    msg: str | Callable[[str], str] | None = None,
) -> None:
    """Raise AssertionError unless `actual` is `expected` but for rounding.

    Both are tensors, NumPy's arrays, numbers, None, or lists and dictionaries of them. Close is
    abs(actual - expected) <= atol + rtol * abs(expected); the two tolerances are said together, or
    follow from the number type, and are 0 for whole numbers. nan is close to nothing, unless
    `equal_nan`. Other kinds raise a TypeError. `msg` replaces the text, or makes another of it.

    >>> assert_close(1.0, 1.0 + 1e-9)
    """
    if (rtol is None) is not (atol is None):
        absent = "rtol" if rtol is None else "atol"
        raise ValueError(
            f"Both 'rtol' and 'atol' must be either specified or omitted, but got no {absent}."
        )
    Comparison(
        msg, allow_subclasses=allow_subclasses, rtol=rtol, atol=atol, equal_nan=equal_nan,
        check_dtype=check_dtype, check_stride=check_stride,
    ).compare(actual, expected)  # fmt: skip
