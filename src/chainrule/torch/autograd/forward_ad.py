"""Forward mode: tensors that carry a tangent through every operation."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._missing import lookup
from .._tensor import Tensor, made
from .._writing.views import reshaped
from ._duals import Level, dual, level_now, open_level, settle, tangent_of

__all__ = [
    "UnpackedDualTensor",
    "dual_level",
    "enter_dual_level",
    "exit_dual_level",
    "make_dual",
    "unpack_dual",
]


class UnpackedDualTensor(NamedTuple):
    """What `unpack_dual` returns: the numbers, and the tangent, or None."""

    primal: Tensor
    tangent: Tensor | None


def enter_dual_level() -> int:
    """Begin a level, on which dual tensors can be made; return its number, 0."""
    if level_now() is not None:
        raise RuntimeError("Nested forward mode AD is not supported at the moment")
    open_level(Level())
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """End the level: all tangents are dropped."""
    if level_now() is None and level is None:
        raise RuntimeError("Dual level must be a positive number.")
    if level_now() is None or level not in (None, 0):
        raise RuntimeError(
            "Trying to exit a forward AD level that was not the last one that was created. This "
            "is not supported."
        )
    open_level(None)


class dual_level:
    """A context in which dual tensors can be made, and after which their tangents are gone.

    >>> import chainrule.torch as torch
    >>> import chainrule.torch.autograd.forward_ad as fwAD
    >>> with fwAD.dual_level():
    ...     x = fwAD.make_dual(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 0.0]))
    ...     fwAD.unpack_dual(x * x).tangent
    tensor([2., 0.])
    """

    def __enter__(self) -> int:
        return enter_dual_level()

    def __exit__(self, *_: object) -> None:
        exit_dual_level()


def make_dual(tensor: Tensor, tangent: Tensor, *, level: int | None = None) -> Tensor:
    """Return a tensor of the same numbers as `tensor` that moves by `tangent`.

    Both are of one shape, and of floating-point or complex numbers. What is computed of the
    result moves accordingly; `unpack_dual` tells how.
    """
    if level_now() is None:
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make sure to "
            "enter_dual_level() first."
        )
    for name, one in (("primal", tensor), ("tangent", tangent)):
        if not (one.is_floating_point() or one.is_complex()):  # type: ignore[attr-defined]
            raise ValueError(f"Expected {name} to be floating point or complex, but got: "
                             f"{one.dtype}")  # fmt: skip
    if tangent_of(tensor) is not None:
        raise RuntimeError(
            "Making a dual Tensor based on a Tensor that already has a forward gradient at the "
            "same level 0 is not supported."
        )
    return dual(tensor, tangent)  # type: ignore[no-any-return]


def unpack_dual(tensor: Tensor, *, level: int | None = None) -> UnpackedDualTensor:
    """Return the numbers of a tensor, and its tangent; None if it has none."""
    if not isinstance(tensor, Tensor):
        raise TypeError(
            "_unpack_dual(): argument 'dual' (position 1) must be Tensor, not "
            f"{type(tensor).__name__}"
        )
    if level_now() is None:
        return UnpackedDualTensor(tensor, None)
    tangent: Any = tangent_of(tensor)
    if tangent is None:
        return UnpackedDualTensor(tensor, None)
    if tensor.requires_grad:
        return UnpackedDualTensor(settle(reshaped(tensor, tensor._array.shape)), tangent)
    return UnpackedDualTensor(made(tensor._array), tangent)


for _one in (UnpackedDualTensor, enter_dual_level, exit_dual_level, dual_level, make_dual,
             unpack_dual):  # fmt: skip
    _one.__module__ = "torch.autograd.forward_ad"
__test__ = {"dual_level": dual_level}
__getattr__ = lookup(globals(), "torch.autograd.forward_ad", {})
