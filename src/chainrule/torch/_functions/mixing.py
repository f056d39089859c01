"""Weighted means and sums of products; angles, lengths and logarithms of two tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.values import Batched
from chainrule._rules.weighted import add_product, add_quotient, between, times_log

from .._checks import check_tensors, combination_error, not_implemented
from .._kinds.c_names import c_name
from .._tape.plans import Op, op_named
from .._tape.promotion import common, floating
from .._tape.values import as_array
from .._tensor import Tensor
from .._writing.out import into_out
from .joint import is_number, is_operand, joint

__all__ = [
    "addcdiv",
    "addcmul",
    "arctan2",
    "atan2",
    "hypot",
    "lerp",
    "logaddexp",
    "xlogy",
]


def common_floats(values: list[Any]) -> list[Any]:
    values = floating(common(values))
    dtype = next(v.dtype for v in values if isinstance(v, (np.ndarray, Batched)))
    return [as_array(v, dtype) for v in values]


def check_real(kernel: str, *operands: Any) -> None:
    for v in operands:
        if isinstance(v, Tensor) and v._array.dtype.kind == "c":
            not_implemented(kernel, v._array.dtype)


# ---------------------------------------------------------------- weighted sums

LERP_NUMBER = Op("LerpBackward0", between, ("",), "self end")
LERP = Op("LerpBackward1", between, ("weight", "weight", "self end"), "self end weight")
ADDCMUL = Op("AddcmulBackward0", add_product, ("", "tensor2", "tensor1"), "self tensor1 tensor2")
ADDCDIV = Op(
    "AddcdivBackward0", add_quotient, ("", "tensor2", "tensor1 tensor2"), "self tensor1 tensor2"
)
LERP_SIGNATURES = (
    "Tensor input, Tensor end, Tensor weight, *, Tensor out = None",
    "Tensor input, Tensor end, Number weight, *, Tensor out = None",
)


def lerp(input: Tensor, end: Tensor, weight: Any, *, out: Tensor | None = None) -> Any:
    """Return `input + weight * (end - input)`: `input` at weight 0, `end` at 1.

    >>> import chainrule.torch as torch
    >>> torch.lerp(torch.tensor([0.0, 1.0]), torch.tensor([10.0, 2.0]), 0.25)
    tensor([2.5000, 1.2500])
    """
    if not (isinstance(input, Tensor) and isinstance(end, Tensor) and is_operand(weight)):
        raise combination_error("lerp", (input, end, weight), LERP_SIGNATURES)
    dtype = input._array.dtype
    for name, v in (("end", end), ("weight", weight)):
        if isinstance(v, Tensor) and v._array.dtype != dtype:
            raise RuntimeError(
                f"expected dtype {c_name(dtype)} for `{name}` but got dtype "
                f"{c_name(v._array.dtype)}"
            )
    if dtype.kind in "biu":
        kernel = "lerp_kernel_tensor" if isinstance(weight, Tensor) else "lerp_kernel_scalar"
        not_implemented(kernel, dtype)
    op = LERP if isinstance(weight, Tensor) else LERP_NUMBER
    result = joint(op, (input, end, weight))
    return result if out is None else into_out("lerp", result, out)


def addcmul(
    input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1, out: Tensor | None = None
) -> Any:
    """Return `input + value * tensor1 * tensor2`.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([1.0, 2.0])
    >>> torch.addcmul(x, x, x, value=10)
    tensor([11., 42.])
    """
    check_tensors("addcmul", input=input, tensor1=tensor1, tensor2=tensor2)
    result = joint(ADDCMUL, (input, tensor1, tensor2), {"value": value})
    return result if out is None else into_out("addcmul", result, out)


def addcdiv(
    input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1, out: Tensor | None = None
) -> Any:
    """Return `input + value * tensor1 / tensor2`.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([1.0, 2.0])
    >>> torch.addcdiv(x, x, x, value=10)
    tensor([11., 12.])
    """
    check_tensors("addcdiv", input=input, tensor1=tensor1, tensor2=tensor2)
    if tensor1._array.dtype.kind in "biu" and tensor2._array.dtype.kind in "biu":
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a future  release "
            "addcdiv will perform a true division of tensor1 and tensor2. The historic addcdiv "
            "behavior can be implemented as (input + value * torch.trunc(tensor1 / "
            "tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / "
            "tensor2) for float inputs. The future addcdiv behavior is just the latter "
            "implementation: (input + value * tensor1 / tensor2), for all dtypes."
        )
    result = joint(ADDCDIV, (input, tensor1, tensor2), {"value": value})
    return result if out is None else into_out("addcdiv", result, out)


# ---------------------------------------------------------------- functions of two sides

ATAN2 = Op("Atan2Backward0", np.arctan2, ("self other",), "self other")
HYPOT = Op("HypotBackward0", np.hypot, ("self result", "other result"), "self other")
LOGADDEXP = Op("LogaddexpBackward0", np.logaddexp, ("self other",), "self other")
XLOGY = Op("XlogyBackward0", times_log, ("self other",), "self other")
XLOGY_OF_NUMBER = Op("XlogyBackward1", times_log, ("", "other"), "self other")
XLOGY_NUMBER = Op("XlogyBackward2", times_log, ("self",), "self")


def two_sided(function: str, op: Op, whole: bool, said: str, results: str) -> Callable[..., Any]:
    """Return a function of two tensors; `whole`: of whole numbers too, in floating point."""

    def apply(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Any:
        if type(input) is not Tensor or type(other) is not Tensor:
            check_tensors(function, input=input, other=other)
        dtype = common([input._array, other._array])[0].dtype
        if dtype.kind == "c" or (not whole and dtype.kind != "f"):
            not_implemented(f"{function}_cpu", dtype)
        result = joint(op, (input, other), to=common_floats)
        return result if out is None else into_out(function, result, out)

    apply.__name__ = apply.__qualname__ = function
    apply.__doc__ = f"""{said}

    >>> import chainrule.torch as torch
    >>> torch.{function}(torch.tensor([3.0, 0.0]), torch.tensor([4.0, 1.0]))
    tensor([{results}])
    """
    op_named(op.function, op)
    return apply


atan2 = two_sided("atan2", ATAN2, True, "Return the angle of each point (other, input).",
                  "0.6435, 0.0000")  # fmt: skip
hypot = two_sided("hypot", HYPOT, False, "Return sqrt(input**2 + other**2).", "5., 1.")
logaddexp = two_sided("logaddexp", LOGADDEXP, False, "Return log(exp(input) + exp(other)).",
                      "4.3133, 1.3133")  # fmt: skip


def xlogy(input: Any, other: Any, *, out: Tensor | None = None) -> Any:
    """Return `input * log(other)`, and 0 where `input` is 0.

    >>> import chainrule.torch as torch
    >>> torch.xlogy(torch.tensor([0.0, 2.0]), torch.tensor([0.0, 1.0]))
    tensor([0., 0.])
    """
    if not (is_operand(input) and is_operand(other)) or (is_number(input) and is_number(other)):
        raise combination_error(
            "xlogy",
            (input, other),
            (
                "Tensor input, Tensor other, *, Tensor out = None",
                "Number self, Tensor other, *, Tensor out = None",
                "Tensor input, Number other, *, Tensor out = None",
            ),
        )
    check_real("xlogy_cpu", input, other)
    op = XLOGY_OF_NUMBER if is_number(input) else XLOGY_NUMBER if is_number(other) else XLOGY
    result = joint(op, (input, other), to=common_floats)
    return result if out is None else into_out("xlogy", result, out)


arctan2 = atan2
for _op in (LERP, ADDCMUL, ADDCDIV, XLOGY):
    op_named(_op.function, _op)

METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__}
