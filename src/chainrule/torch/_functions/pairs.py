"""Functions of two numbers: the larger, signs of one and sizes of another, powers, divisors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.choices_of_two import (
    larger_present,
    next_towards,
    scaled_by_two,
    smaller_present,
    with_sign_of,
)

from .._checks import broadcast_error, check_tensors, combination_error, not_implemented
from .._conversions.casts import as_kind
from .._kinds.dtypes import scalar_name
from .._tape.plans import Op, op_named
from .._tape.promotion import common
from .._tape.quiet import QUIET, hush, unhush
from .._tape.recording import recorded
from .._tensor import Tensor
from .._writing.in_place import in_place
from .._writing.out import into_out
from .joint import is_number, is_operand, joint, plain, without_derivative
from .mixing import common_floats
from .powers import POW_SIGNATURES, pow
from .results import answered, result_type

# fmt: off
__all__ = ["copysign", "float_power", "fmax", "fmin", "frexp", "gcd", "heaviside", "lcm", "ldexp",
           "logaddexp2", "nextafter"]
# fmt: on

# ---------------------------------------------------------------- the larger, the next

FMAX = Op("FmaxBackward0", larger_present, ("self other",), "self other")
FMIN = Op("FminBackward0", smaller_present, ("self other",), "self other")
NEXTAFTER = Op("NextafterBackward0", next_towards, ("self other", ""), "self other")
LOGADDEXP2 = Op("Logaddexp2Backward0", np.logaddexp2, ("self other",), "self other")
LDEXP = Op("LdexpBackward0", scaled_by_two, ("other", "result"), "self other")
COPYSIGN = Op("CopysignBackward0", with_sign_of, ("self result", "result"), "self other")
COPYSIGN_NUMBER = Op("CopysignBackward1", with_sign_of, ("self result",), "self")
for _op in (FMAX, FMIN, NEXTAFTER, LOGADDEXP2, LDEXP, COPYSIGN):
    op_named(_op.function, _op)


def of_two(
    name: str,
    op: Op,
    said: str,
    results: str,
    *,
    kinds: str = "f",
    complex_error: str = "",
    to: Callable[[list[Any]], list[Any]] = common,
) -> Callable[..., Any]:
    """Return a function of two tensors whose common type is one of `kinds`."""

    def function(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Any:
        check_tensors(name, input=input, other=other)
        dtype = common([input._array, other._array])[0].dtype
        if complex_error and dtype.kind == "c":
            raise RuntimeError(complex_error)
        if dtype.kind not in kinds:
            not_implemented(f"{name}_cpu", dtype)
        result = joint(op, (input, other), to=to)
        return result if out is None else into_out(name, result, out)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""{said}

    >>> import chainrule.torch as torch
    >>> torch.{name}(torch.tensor([1.0, float("nan")]), torch.tensor([3.0, 2.0]))
    tensor([{results}])
    """
    return function


fmax = of_two("fmax", FMAX, "Return the larger of each two numbers; of a number and NaN, the "
              "number. Of equal ones the first has the gradient.", "3., 2.", kinds="fbiu",
              complex_error="fmax not implemented for complex tensors.")  # fmt: skip
fmin = of_two("fmin", FMIN, "Return the smaller of each two numbers; of a number and NaN, the "
              "number. Of equal ones the first has the gradient.", "1., 2.", kinds="fbiu",
              complex_error="fmin not implemented for complex tensors.")  # fmt: skip
nextafter = of_two("nextafter", NEXTAFTER, "Return the floating-point number next to `input` on "
                   "the way to `other`.", "1.0000,    nan")  # fmt: skip
logaddexp2 = of_two("logaddexp2", LOGADDEXP2, "Return the logarithm to the base 2 of 2**input + "
                    "2**other.", "3.3219,    nan")  # fmt: skip
ldexp = of_two("ldexp", LDEXP, "Return `input` times 2 to the power of `other`.", "8., nan",
               kinds="fbiuc", to=common_floats)  # fmt: skip


def copysign(input: Tensor, other: Any, *, out: Tensor | None = None) -> Any:
    """Return the size of `input` with the sign of `other`, a tensor or a number.

    >>> import chainrule.torch as torch
    >>> torch.copysign(torch.tensor([1.0, -2.0]), torch.tensor([-0.0, 3.0]))
    tensor([-1.,  2.])
    """
    if not isinstance(input, Tensor) or not is_operand(other):
        raise combination_error(
            "copysign",
            (input, other),
            (
                "Tensor input, Tensor other, *, Tensor out = None",
                "Tensor input, Number other, *, Tensor out = None",
            ),
        )
    x = input._array
    if x.dtype.kind == "c":
        not_implemented("copysign_cpu", x.dtype)
    op = COPYSIGN if isinstance(other, Tensor) else COPYSIGN_NUMBER
    result = joint(op, (input, other), to=common_floats)
    return result if out is None else into_out("copysign", result, out)


# ---------------------------------------------------------------- powers


def float_power(input: Any, exponent: Any, *, out: Tensor | None = None) -> Any:
    """Return `input` to the power of `exponent`, computed in double precision.

    >>> import chainrule.torch as torch
    >>> torch.float_power(torch.tensor([1, 4]), 0.5)
    tensor([1., 2.], dtype=torch.float64)
    """
    sides = (input, exponent)
    if not all(map(is_operand, sides)) or all(map(is_number, sides)):
        raise combination_error("float_power", sides, POW_SIGNATURES)
    is_complex = any(np.iscomplexobj(plain(v)) for v in sides)
    kind = np.dtype(np.complex128 if is_complex else np.float64)
    base, power = (
        as_kind(v, kind) if isinstance(v, Tensor) else (complex(v) if is_complex else float(v))
        for v in sides
    )
    result = pow(base, power)
    return result if out is None else into_out("float_power", result, out)


def float_power_in_place(self: Tensor, exponent: Any) -> Any:
    """`float_power` in place."""
    needed = common([self._array, plain(exponent)])[0].dtype.kind
    kind = np.dtype(np.complex128 if needed == "c" else np.float64)
    if self._array.dtype != kind:
        raise RuntimeError(
            f"the base given to float_power_ has dtype {scalar_name(self._array.dtype)} but the "
            f"operation's result requires dtype {scalar_name(kind)}"
        )
    return in_place(float_power)(self, exponent)


# ---------------------------------------------------------------- whole numbers


def of_whole_numbers(name: str, ufunc: Any, said: str, results: str) -> Callable[..., Any]:
    """Return a function of two tensors of whole numbers."""

    def function(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Any:
        check_tensors(name, input=input, other=other)
        a, b = common([input._array, other._array])
        if a.dtype.kind not in "iu":
            not_implemented(f"{name}_cpu", a.dtype)
        try:
            result = without_derivative(name, (), ufunc(a, b))
        except ValueError:
            raise broadcast_error(a.shape, b.shape) from None
        return result if out is None else into_out(name, result, out)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""{said}

    >>> import chainrule.torch as torch
    >>> torch.{name}(torch.tensor([4, 6]), torch.tensor([6, 9]))
    tensor([{results}])
    """
    return function


gcd = of_whole_numbers("gcd", np.gcd, "Return the greatest common divisor of each two.", "2, 3")
lcm = of_whole_numbers("lcm", np.lcm, "Return the least common multiple of each two.", "12, 18")

# ---------------------------------------------------------------- steps and parts


def heaviside(input: Tensor, values: Tensor, *, out: Tensor | None = None) -> Any:
    """Return 0 for negative numbers, 1 for positive ones, and those of `values` for 0.

    It has no derivative here.

    >>> import chainrule.torch as torch
    >>> torch.heaviside(torch.tensor([-1.5, 0.0, 2.0]), torch.tensor([0.5]))
    tensor([0.0000, 0.5000, 1.0000])
    """
    check_tensors("heaviside", input=input, values=values)
    a, b = input._array, values._array
    if "c" in (a.dtype.kind, b.dtype.kind):
        raise RuntimeError("heaviside is not yet implemented for complex tensors.")
    if a.dtype != b.dtype:
        raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")
    token = hush(QUIET)
    try:
        y = np.where(a == 0, b, (a > 0).astype(a.dtype))
    except ValueError:
        raise broadcast_error(a.shape, b.shape) from None
    finally:
        unhush(token)
    result = without_derivative("heaviside", (input, values), y)
    return result if out is None else into_out("heaviside", result, out)


Parts = result_type("frexp", "mantissa", "exponent")


def frexp(input: Tensor, *, out: Any = None) -> Any:
    """Return numbers from a half to 1, with a sign, and the powers of 2 to multiply them by.

    >>> import chainrule.torch as torch
    >>> torch.frexp(torch.tensor([6.0])).mantissa
    tensor([0.7500])
    """
    check_tensors("frexp", input=input)
    x = input._array
    if x.dtype.kind != "f":
        raise RuntimeError("torch.frexp() only supports floating-point dtypes")
    exponent = np.asarray(np.frexp(x)[1])
    mantissa = recorded(FREXP, (input, (-exponent).astype(x.dtype)), {}, mantissa_of, None)
    return answered(Parts, (mantissa, without_derivative("frexp", (), exponent)), out)


def mantissa_of(x: Any, _: Any) -> Any:
    return np.frexp(x)[0]


FREXP = Op("FrexpBackward0", scaled_by_two, ("", ""), "self other")

METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__} | {
    "float_power_": float_power_in_place
}
