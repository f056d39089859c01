"""Truth values of numbers and of pairs of them, and the bits of whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._checks import broadcast_error, check_tensors, combination_error, not_implemented
from .._kinds.dtypes import scalar_name
from .._tape.promotion import common
from .._tape.values import as_array
from .._tensor import Tensor, made
from .._writing.out import into_out
from .joint import is_number, plain

# fmt: off
__all__ = [
    "bitwise_and", "bitwise_left_shift", "bitwise_not", "bitwise_or", "bitwise_right_shift",
    "bitwise_xor", "isfinite", "isin", "isinf", "isnan", "isneginf", "isposinf", "isreal",
    "logical_and", "logical_not", "logical_or", "logical_xor", "signbit",
]
# fmt: on

ndarray = np.ndarray

# ---------------------------------------------------------------- truth of each number


def truth(name: str, test: Callable[[Any], Any], said: str, results: str) -> Callable[..., Any]:
    """Return a function that says True or False for each number of a tensor."""

    def function(input: Tensor) -> Any:
        check_tensors(name, input=input)
        return made(as_array(test(input._array)))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""{said}

    >>> import chainrule.torch as torch
    >>> torch.{name}(torch.tensor([0.0, -1.0, float("inf"), float("nan")]))
    tensor([{results}])
    """
    return function


isnan = truth("isnan", np.isnan, "Say which numbers are none.", "False, False, False,  True")
isinf = truth("isinf", np.isinf, "Say which numbers are infinite.", "False, False,  True, False")
isfinite = truth("isfinite", np.isfinite, "Say which numbers are finite.",
                 " True,  True, False, False")  # fmt: skip
isreal = truth("isreal", lambda x: np.imag(x) == 0, "Say which numbers have no imaginary part.",
               "True, True, True, True")  # fmt: skip


def ends_at(name: str, end: float) -> Callable[[Any], Any]:
    """Return what says which numbers are `end`, an infinity."""

    def test(x: Any) -> Any:
        if x.dtype.kind == "c":
            raise RuntimeError(f"{name} does not support complex inputs.")
        return x == end

    return test


isposinf = truth("isposinf", ends_at("isposinf", np.inf), "Say which numbers are inf.",
                 "False, False,  True, False")  # fmt: skip
isneginf = truth("isneginf", ends_at("isneginf", -np.inf), "Say which numbers are -inf.",
                 "False, False, False, False")  # fmt: skip


def below_zero(x: Any) -> Any:
    if x.dtype.kind == "c":
        raise NotImplementedError("signbit is not implemented for complex tensors.")
    return np.signbit(x) if x.dtype.kind == "f" else x < 0


signbit = truth("signbit", below_zero,
                "Say which numbers have a minus sign.", "False,  True, False, False")  # fmt: skip
logical_not = truth("logical_not", np.logical_not, "Say which numbers are 0.",
                    " True, False, False, False")  # fmt: skip

# ---------------------------------------------------------------- truth of pairs, and bits


def of_bits(
    name: str, ufunc: Any, said: str, results: str, *, kinds: str = "biu", kernel: str = ""
) -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """Return a function of two tensors of whole numbers, its operator, and that from the right."""

    def operator(self: Any, other: Any) -> Any:
        if not isinstance(other, Tensor) and not is_number(other):
            return NotImplemented
        a, b = common([plain(self), plain(other)])
        dtype = a.dtype if type(a) is ndarray else b.dtype
        if dtype.kind not in kinds:
            not_implemented(f"{kernel or name}_cpu", dtype)
        try:
            return made(as_array(ufunc(a, b)))
        except ValueError:
            raise broadcast_error(np.shape(a), np.shape(b)) from None

    def swapped(self: Any, number: Any) -> Any:
        return operator(number, self) if is_number(number) else NotImplemented

    def function(input: Any, other: Any, *, out: Tensor | None = None) -> Any:
        tensors = isinstance(input, Tensor) or isinstance(other, Tensor)
        result = operator(input, other) if tensors else NotImplemented
        if result is NotImplemented:
            raise combination_error(
                name,
                (input, other),
                (
                    "Tensor input, Tensor other, *, Tensor out = None",
                    "Number self, Tensor other",
                    "Tensor input, Number other, *, Tensor out = None",
                ),
            )
        return result if out is None else into_out(name, result, out)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""{said}

    >>> import chainrule.torch as torch
    >>> torch.{name}(torch.tensor([1, 2, 3]), torch.tensor([1, 1, 2]))
    tensor([{results}])
    """
    return function, operator, swapped


bitwise_and, and_, rand_ = of_bits(
    "bitwise_and", np.bitwise_and, "Return the bits that both numbers have.", "1, 0, 2"
)
bitwise_or, or_, ror_ = of_bits(
    "bitwise_or", np.bitwise_or, "Return the bits that one of both numbers has.", "1, 3, 3"
)
bitwise_xor, xor_, rxor_ = of_bits(
    "bitwise_xor", np.bitwise_xor, "Return the bits in which two numbers differ.", "0, 3, 1"
)
bitwise_left_shift, lshift_, rlshift_ = of_bits(
    "bitwise_left_shift", np.left_shift, "Return the numbers with their bits moved up.",
    " 2,  4, 12", kinds="iu", kernel="lshift",
)  # fmt: skip
bitwise_right_shift, rshift_, rrshift_ = of_bits(
    "bitwise_right_shift", np.right_shift, "Return the numbers with their bits moved down.",
    "0, 1, 0", kinds="iu", kernel="rshift",
)  # fmt: skip


def logical(name: str, ufunc: Any, said: str, results: str) -> Callable[..., Any]:
    """Return a function that joins the truth of two tensors' numbers."""

    def function(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Any:
        check_tensors(name, input=input, other=other)
        try:
            result = made(as_array(ufunc(input._array, other._array)))
        except ValueError:
            raise broadcast_error(input._array.shape, other._array.shape) from None
        return result if out is None else into_out(name, result, out)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""{said}

    >>> import chainrule.torch as torch
    >>> torch.{name}(torch.tensor([True, True, False]), torch.tensor([True, False, False]))
    tensor([{results}])
    """
    return function


logical_and = logical("logical_and", np.logical_and, "Say where both are not 0.",
                      " True, False, False")  # fmt: skip
logical_or = logical("logical_or", np.logical_or, "Say where one of both is not 0.",
                     " True,  True, False")  # fmt: skip
logical_xor = logical("logical_xor", np.logical_xor, "Say where exactly one is not 0.",
                      "False,  True, False")  # fmt: skip


def bitwise_not(input: Tensor) -> Any:
    """Return each whole number with all its bits changed; of truth values, the others.

    >>> import chainrule.torch as torch
    >>> torch.bitwise_not(torch.tensor([True, False])), torch.bitwise_not(torch.tensor([0, 1]))
    (tensor([False,  True]), tensor([-1, -2]))
    """
    check_tensors("bitwise_not", input=input)
    if input._array.dtype.kind not in "biu":
        not_implemented("bitwise_not_cpu", input._array.dtype)
    return made(as_array(np.invert(input._array)))


def inverted(self: Tensor) -> Any:
    if self._array.dtype.kind not in "biu":
        raise TypeError(
            "~ (operator.invert) is only implemented on integer and Boolean-type tensors"
        )
    return bitwise_not(self)


ISIN = "*, bool assume_unique = False, bool invert = False, Tensor out = None"
ISIN_SIGNATURES = (
    f"Tensor elements, Tensor test_elements, {ISIN}",
    f"Number element, Tensor test_elements, {ISIN}",
    f"Tensor elements, Number test_element, {ISIN}",
)


def isin(
    elements: Any,
    test_elements: Any,
    *,
    assume_unique: bool = False,
    invert: bool = False,
    out: Tensor | None = None,
) -> Any:
    """Say which of `elements` are among `test_elements`; with `invert`, which are not.

    One of both may be a number.

    >>> import chainrule.torch as torch
    >>> torch.isin(torch.tensor([1, 2, 3]), torch.tensor([2, 4]))
    tensor([False,  True, False])
    """
    sides = (elements, test_elements)
    tensors = [isinstance(v, Tensor) for v in sides]
    if not any(tensors) or not all(t or is_number(v) for t, v in zip(tensors, sides, strict=True)):
        raise combination_error("isin", sides, ISIN_SIGNATURES)
    a, b = common([plain(v) for v in sides])
    for v in (a, b):
        if type(v) is ndarray and v.dtype.kind in "bc":
            raise RuntimeError(
                f"Unsupported input type encountered for isin(): {scalar_name(v.dtype)}"
            )
    result = made(np.asarray(np.isin(a, b, assume_unique=assume_unique, invert=invert)))
    return result if out is None else into_out("isin", result, out)


METHODS: dict[str, Callable[..., Any]] = {
    name: globals()[name] for name in __all__ if name != "isin"
} | {
    "__and__": and_, "__invert__": inverted, "__lshift__": lshift_, "__or__": or_,
    "__rand__": rand_, "__rlshift__": rlshift_, "__ror__": ror_, "__rrshift__": rrshift_,
    "__rshift__": rshift_, "__rxor__": rxor_, "__xor__": xor_,
}  # fmt: skip
