"""Complex numbers: their parts, sizes and angles, and what turns them around the real axis."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.complex import of_two_parts, phase, two_parts, unit
from chainrule._rules.steps import sign

from .._checks import check_tensors
from .._indices import SELECT
from .._kinds.dtypes import scalar_name
from .._tape.nodes import PLAN
from .._tape.plans import Op, op_named
from .._tape.promotion import floating
from .._tape.recording import recorded
from .._tensor import Tensor, made
from .._writing.out import into_out
from .._writing.views import indexed, renamed
from .arithmetic import mul
from .joining import stack
from .operations import cos, signs, sin
from .orders import transpose

# fmt: off
__all__ = ["adjoint", "angle", "conj", "conj_physical", "imag", "polar", "real",
           "resolve_conj", "resolve_neg", "sgn", "view_as_complex", "view_as_real"]
# fmt: on

PARTS = Op("ViewAsRealBackward0", two_parts, ("",), "self")
OF_PARTS = Op("ViewAsComplexBackward0", of_two_parts, ("",), "self")
CONJ = Op("ConjBackward0", np.conjugate, ("",), "self")
CONJ_PHYSICAL = Op("ConjPhysicalBackward0", np.conjugate, ("",), "self")
ANGLE = Op("AngleBackward0", phase, ("self",), "self")
SGN = Op("SgnBackward0", unit, ("self result",), "self")
SGN_OF_REAL = Op("SgnBackward0", sign, ("self result",), "self")
for _op in (PARTS, OF_PARTS, CONJ, ANGLE, SGN):
    op_named(_op.function, _op)

# ---------------------------------------------------------------- parts


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


# ---------------------------------------------------------------- turned around the real axis


def conj(input: Tensor) -> Any:
    """Return the numbers with their imaginary parts' signs changed; of a real tensor, itself.

    The result is a tensor of its own, not a view as PyTorch's is.

    >>> import chainrule.torch as torch
    >>> torch.conj(torch.tensor([1 + 2j])).resolve_conj()
    tensor([1.-2.j])
    """
    check_tensors("conj", input=input)
    if not is_complex(input):
        return input
    return recorded(CONJ, (input,), {}, np.conjugate, None)


def resolve_conj(input: Tensor) -> Any:
    """Return the tensor itself: conjugates are computed at once, none waits to be.

    >>> import chainrule.torch as torch
    >>> torch.resolve_conj(torch.tensor([1 + 2j]).conj())
    tensor([1.-2.j])
    """
    check_tensors("resolve_conj", input=input)
    return input


def resolve_neg(input: Tensor) -> Any:
    """Return the tensor itself: none has a sign that is still to be changed.

    >>> import chainrule.torch as torch
    >>> torch.resolve_neg(torch.tensor([1.0]))
    tensor([1.])
    """
    check_tensors("resolve_neg", input=input)
    return input


def conj_physical(input: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the numbers with their imaginary parts' signs changed, as a tensor of its own.

    >>> import chainrule.torch as torch
    >>> torch.conj_physical(torch.tensor([1 + 2j]))
    tensor([1.-2.j])
    """
    check_tensors("conj_physical", input=input)
    result = input
    if is_complex(input):
        result = recorded(CONJ_PHYSICAL, (input,), {}, np.conjugate, None)
    return result if out is None else into_out("conj_physical", result, out)


def adjoint(input: Tensor) -> Any:
    """Return matrices with their last two dimensions exchanged, and conjugated.

    >>> import chainrule.torch as torch
    >>> torch.adjoint(torch.tensor([[1.0, 2.0]])).shape
    torch.Size([2, 1])
    """
    check_tensors("adjoint", input=input)
    return turned("adjoint()", input)


def turned(name: str, input: Tensor) -> Any:
    ndim = input._array.ndim
    if not ndim:
        owner = "" if name == "adjoint()" else "Tensor."
        warnings.warn(
            f"{owner}{name} is deprecated on 0-D tensors. Consider using x.conj().",
            UserWarning,
            stacklevel=3,
        )
        return conj(input)
    if ndim < 2:
        raise RuntimeError(
            f"tensor.{name} is only supported on matrices or batches of matrices. Got {ndim}-D "
            "tensor."
        )
    return conj(transpose(input, -2, -1))


def conjugate_transpose(self: Tensor) -> Any:
    """Return the matrix transposed and conjugated: what `.H` is."""
    ndim = self._array.ndim
    if ndim not in (0, 2):
        more = " For batches of matrices, consider using tensor.mH" if ndim > 2 else ""
        raise RuntimeError(
            f"tensor.H is only supported on matrices (2-D tensors). Got {ndim}-D tensor.{more}"
        )
    if not ndim:
        return turned("H", self)
    return conj(transpose(self, 0, 1))


def conjugate_transposes(self: Tensor) -> Any:
    """Return matrices transposed and conjugated: what `.mH` is."""
    return turned("mH", self)


# ---------------------------------------------------------------- sizes and angles


def angle(input: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the angles of complex numbers, in radians; pi for negative real ones.

    >>> import chainrule.torch as torch
    >>> torch.angle(torch.tensor([1j, -1.0]))
    tensor([1.5708, 3.1416])
    """
    check_tensors("angle", input=input)
    if is_complex(input):
        result = recorded(ANGLE, (input,), {}, np.angle, None)
    else:
        result = recorded(ANGLE_OF_REAL, (input,), {}, angle_of_real, floating)
    return result if out is None else into_out("angle", result, out)


def angle_of_real(x: Any) -> Any:
    y = np.where(x < 0, x.dtype.type(np.pi), x.dtype.type(0))
    return np.where(np.isnan(x), x, y)


ANGLE_OF_REAL = Op("AngleBackward0", sign, ("self",), "self")


def sgn(input: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the numbers of size 1 in the directions of complex ones; of real ones, their signs.

    >>> import chainrule.torch as torch
    >>> torch.sgn(torch.tensor([3 + 4j]))
    tensor([0.6000+0.8000j])
    """
    check_tensors("sgn", input=input)
    if is_complex(input):
        result = recorded(SGN, (input,), {}, direction, None)
    else:
        result = recorded(SGN_OF_REAL, (input,), {}, signs, None)
    return result if out is None else into_out("sgn", result, out)


def direction(x: Any) -> Any:
    size = np.abs(x)
    return np.where(size == 0, 0, x / np.where(size == 0, 1, size)).astype(x.dtype)


METHODS: dict[str, Any] = {
    name: globals()[name] for name in __all__ if not name.startswith(("polar", "view"))
} | {
    "H": property(conjugate_transpose),
    "imag": property(imag, set_part(imag)),
    "mH": property(conjugate_transposes),
    "real": property(real, set_part(real)),
}
