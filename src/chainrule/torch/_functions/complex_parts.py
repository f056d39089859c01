"""The parts of complex numbers, in their own memory, and numbers made of parts or angles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.complex import of_two_parts, two_parts

from .._checks import check_tensors
from .._indices import SELECT
from .._kinds.dtypes import scalar_name
from .._tape.nodes import PLAN
from .._tape.plans import Op, op_named
from .._tape.recording import recorded
from .._tensor import Tensor, made
from .._writing.out import into_out
from .._writing.views import indexed, renamed
from .arithmetic import mul
from .joining import stack
from .operations import cos, sin

__all__ = ["imag", "polar", "real", "view_as_complex", "view_as_real"]

PARTS = Op("ViewAsRealBackward0", two_parts, ("",), "self")
OF_PARTS = Op("ViewAsComplexBackward0", of_two_parts, ("",), "self")
op_named(two_parts, PARTS)
op_named(of_two_parts, OF_PARTS)


def pairs_in(x: Any) -> Any:
    """The numbers of a complex array as pairs of parts, in the same memory."""
    return x[..., None].view(x.real.dtype)


def numbers_in(x: Any) -> Any:
    """The complex numbers whose parts lie side by side, in the same memory if they lie so there."""
    kind = np.complex128 if x.dtype.itemsize == 8 else np.complex64
    if x.strides[-1:] != (x.itemsize,) or x.shape[-1] != 2:
        x = np.ascontiguousarray(x)
    return x.view(kind)[..., 0]


def sharing(op: Op, input: Tensor, view: Callable[[Any], Any]) -> Any:
    """Return a tensor of the same memory, read in another way."""
    out = recorded(op, (input,), {}, view, None)
    out._writes = input._writes
    return out


def view_as_real(input: Tensor) -> Any:
    """Return the real and imaginary parts of complex numbers along a last dimension of two.

    Both tensors share their memory.

    >>> import chainrule.torch as torch
    >>> torch.view_as_real(torch.tensor([1 + 2j]))
    tensor([[1., 2.]])
    """
    check_tensors("view_as_real", input=input)
    if input._array.dtype.kind != "c":
        raise RuntimeError("view_as_real is only supported for complex tensors")
    return sharing(PARTS, input, pairs_in)


def view_as_complex(input: Tensor) -> Any:
    """Return the complex numbers whose parts lie along the last dimension, which has two.

    Both tensors share their memory.

    >>> import chainrule.torch as torch
    >>> torch.view_as_complex(torch.tensor([[1.0, 2.0]]))
    tensor([1.+2.j])
    """
    check_tensors("view_as_complex", input=input)
    x = input._array
    if x.dtype not in (np.float16, np.float32, np.float64):
        raise RuntimeError(
            "view_as_complex is only supported for half, float and double tensors, but got a "
            f"tensor of scalar type: {scalar_name(x.dtype)}"
        )
    if not x.ndim:
        raise RuntimeError("Input tensor must have one or more dimensions")
    if x.shape[-1] != 2:
        raise RuntimeError("Tensor must have a last dimension of size 2")
    if x.strides[-1] != x.itemsize:
        raise RuntimeError("Tensor must have a last dimension with stride 1")
    if any(s // x.itemsize % 2 for s in x.strides[:-1]):
        raise RuntimeError("Tensor must have a stride divisible by 2 for all but last dimension")
    return sharing(OF_PARTS, input, numbers_in)


def real(input: Tensor) -> Any:
    """Return the real parts, in the tensor's own memory; of a real tensor, itself.

    >>> import chainrule.torch as torch
    >>> torch.real(torch.tensor([1 + 2j]))
    tensor([1.])
    """
    check_tensors("real", input=input)
    return indexed(view_as_real(input), (..., 0), SELECT) if is_complex(input) else input


def imag(input: Tensor) -> Any:
    """Return the imaginary parts, in the tensor's own memory.

    >>> import chainrule.torch as torch
    >>> torch.imag(torch.tensor([1 + 2j]))
    tensor([2.])
    """
    check_tensors("imag", input=input)
    if not is_complex(input):
        raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")
    return indexed(view_as_real(input), (..., 1), SELECT)


def is_complex(input: Tensor) -> bool:
    return bool(input._array.dtype.kind == "c")


def set_part(read: Callable[[Tensor], Any]) -> Callable[[Tensor, Any], None]:
    def setter(self: Tensor, value: Any) -> None:
        read(self).copy_(value if isinstance(value, Tensor) else made(np.asarray(value)))

    return setter


def polar(abs: Tensor, angle: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the complex numbers of the sizes `abs` and the angles `angle`, in radians.

    >>> import chainrule.torch as torch
    >>> torch.polar(torch.tensor([1.0, 2.0]), torch.tensor([0.0, torch.pi / 2])).real
    tensor([ 1.0000e+00, -8.7423e-08])
    """
    check_tensors("polar", abs=abs, angle=angle)
    a, b = abs._array.dtype, angle._array.dtype
    if a.kind != "f" or b.kind != "f":
        raise RuntimeError(
            "Expected both inputs to be Half, Float or Double tensors but got "
            f"{scalar_name(a)} and {scalar_name(b)}"
        )
    if a != b:
        raise RuntimeError(
            f"Expected object of scalar type {scalar_name(a)} but got scalar type "
            f"{scalar_name(b)} for second argument"
        )
    result = of_parts(stack([mul(abs, cos(angle)), mul(abs, sin(angle))], -1))
    if result._node is not None:
        result._node[PLAN] = renamed(result._node[PLAN], "PolarBackward0")
    return result if out is None else into_out("polar", result, out)


def of_parts(pairs: Any) -> Any:
    return recorded(OF_PARTS, (pairs,), {}, numbers_in, None)


def parts_of(input: Any) -> Any:
    return recorded(PARTS, (input,), {}, pairs_in, None)


METHODS: dict[str, Any] = {
    "imag": property(imag, set_part(imag)),
    "real": property(real, set_part(real)),
}
