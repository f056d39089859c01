"""Complex numbers turned around the real axis, their angles, and their directions."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from chainrule._rules.complex import phase, unit
from chainrule._rules.steps import sign

from .._checks import check_tensors
from .._tape.plans import Op, op_named
from .._tape.promotion import floating
from .._tape.recording import recorded
from .._tensor import Tensor
from .._writing.out import into_out
from .complex_parts import is_complex
from .operations import signs
from .orders import transpose

__all__ = ["adjoint", "angle", "conj", "conj_physical", "resolve_conj", "resolve_neg", "sgn"]

CONJ = Op("ConjBackward0", np.conjugate, ("",), "self")
CONJ_PHYSICAL = Op("ConjPhysicalBackward0", np.conjugate, ("",), "self")
ANGLE = Op("AngleBackward0", phase, ("self",), "self")
ANGLE_OF_REAL = Op("AngleBackward0", sign, ("self",), "self")
SGN = Op("SgnBackward0", unit, ("self result",), "self")
SGN_OF_REAL = Op("SgnBackward0", sign, ("self result",), "self")
for _op in (CONJ, ANGLE, SGN):
    op_named(_op.function, _op)


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


METHODS: dict[str, Any] = {name: globals()[name] for name in __all__} | {
    "H": property(conjugate_transpose),
    "mH": property(conjugate_transposes),
}
