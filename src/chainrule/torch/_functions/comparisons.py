"""Comparisons: tensors of truth values, which no gradient passes through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._checks import broadcast_error, check_tensors, combination_error, not_implemented
from .._kinds.dtypes import scalar_name
from .._tape.promotion import common
from .._tape.quiet import QUIET, hush, unhush
from .._tape.values import as_array
from .._tensor import Tensor, made
from .._writing.out import into_out
from .joint import is_number, plain

# fmt: off
__all__ = [
    "allclose", "eq", "equal", "ge", "greater", "greater_equal", "gt", "isclose", "le", "less",
    "less_equal", "lt", "ne", "not_equal",
]
# fmt: on

ndarray, new = np.ndarray, object.__new__
PYTHON_NUMBERS = {int, float}

# ---------------------------------------------------------------- comparisons


def compare(name: str, ufunc: Any, input: Any, other: Any) -> Any:
    """Compare operands of any number types; NotImplemented for what is none."""
    if not isinstance(input, Tensor) or not (isinstance(other, Tensor) or is_number(other)):
        return NotImplemented
    a, b = common([input._array, plain(other)])
    if a.dtype.kind == "c" and name not in ("eq", "ne"):
        not_implemented(f"{name}_cpu", a.dtype)
    try:
        return made(as_array(ufunc(a, b)))
    except ValueError:
        raise broadcast_error(np.shape(a), np.shape(b)) from None


def comparison(name: str, ufunc: Any, said: str, results: str) -> tuple[Any, Any]:
    """Return the function and the operator of a comparison."""

    def operator(self: Any, other: Any) -> Any:
        x = self._array
        if type(other) in PYTHON_NUMBERS and x.dtype.kind == "f":
            y = ufunc(x, other)
        elif isinstance(other, Tensor) and x.dtype is other._array.dtype and x.dtype.kind == "f":
            try:
                y = ufunc(x, other._array)
            except ValueError:
                raise broadcast_error(x.shape, other._array.shape) from None
        else:
            return compare(name, ufunc, self, other)
        return made(y if type(y) is ndarray else as_array(y))

    def function(input: Tensor, other: Any, *, out: Tensor | None = None) -> Any:
        result = operator(input, other) if type(input) is Tensor else None
        if result is None:
            result = compare(name, ufunc, input, other)
        if result is NotImplemented:
            raise combination_error(
                name,
                (input, other),
                (
                    "Tensor input, Tensor other, *, Tensor out = None",
                    "Tensor input, Number other, *, Tensor out = None",
                ),
            )
        return result if out is None else into_out(name, result, out)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""{said}, a tensor or a number: True or False for each.

    >>> import chainrule.torch as torch
    >>> torch.{name}(torch.tensor([1.0, 2.0, 3.0]), 2)
    tensor([{results}])
    """
    return function, operator


eq, is_equal = comparison("eq", np.equal, "Say which numbers equal those of `other`",
                          "False,  True, False")  # fmt: skip
ne, is_unequal = comparison("ne", np.not_equal, "Say which numbers differ from those of `other`",
                            " True, False,  True")  # fmt: skip
lt, is_below = comparison("lt", np.less, "Say which numbers are less than those of `other`",
                          " True, False, False")  # fmt: skip
le, is_at_most = comparison("le", np.less_equal, "Say which numbers are at most those of `other`",
                            " True,  True, False")  # fmt: skip
gt, is_above = comparison("gt", np.greater, "Say which numbers are greater than those of `other`",
                          "False, False,  True")  # fmt: skip
ge, is_at_least = comparison("ge", np.greater_equal,
                             "Say which numbers are at least those of `other`",
                             "False,  True,  True")  # fmt: skip


def equal(input: Tensor, other: Tensor) -> bool:
    """Say whether two tensors have the same shape and the same numbers.

    >>> import chainrule.torch as torch
    >>> torch.equal(torch.tensor([1, 2]), torch.tensor([1, 2]))
    True
    """
    check_tensors("equal", input=input, other=other)
    a, b = input._array, other._array
    if a.dtype != b.dtype and a.shape == b.shape:
        a, b = common([a, b])
    return bool(np.array_equal(a, b))


def isclose(
    input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Any:
    """Say which numbers are no further than `atol + rtol * abs(other)` from those of `other`.

    Infinities are close to themselves, and so is NaN if `equal_nan`. Both have one number type.

    >>> import chainrule.torch as torch
    >>> torch.isclose(torch.tensor([1.0, 2.0]), torch.tensor([1.000001, 2.1]))
    tensor([ True, False])
    """
    check_tensors("isclose", input=input, other=other)
    a, b = input._array, other._array
    if a.dtype != b.dtype:
        raise RuntimeError(f"{scalar_name(a.dtype)} did not match {scalar_name(b.dtype)}")
    for name, v in (("rtol", rtol), ("atol", atol)):
        if v < 0:
            raise RuntimeError(f"{name} must be greater than or equal to zero, but got {v:g}")
    token = hush(QUIET)
    try:
        same = a == b
        if equal_nan and a.dtype.kind in "fc":
            same |= np.isnan(a) & np.isnan(b)
        if a.dtype.kind == "b":
            return made(as_array(same))
        apart = np.abs(a - b)
        return made(as_array(same | (np.isfinite(apart) & (apart <= atol + np.abs(rtol * b)))))
    except ValueError:
        raise broadcast_error(a.shape, b.shape) from None
    finally:
        unhush(token)


def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> bool:
    """Say whether all numbers are close to those of `other`; see `isclose`.

    >>> import chainrule.torch as torch
    >>> torch.allclose(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0000001]))
    True
    """
    check_tensors("allclose", input=input, other=other)
    return bool(isclose(input, other, rtol, atol, equal_nan)._array.all())


greater, greater_equal, less, less_equal, not_equal = gt, ge, lt, le, ne

METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__} | {
    "__eq__": is_equal, "__ge__": is_at_least, "__gt__": is_above, "__le__": is_at_most,
    "__lt__": is_below, "__ne__": is_unequal,
}  # fmt: skip
