"""Changes of all parameters and buffers of a module at once: their types, their gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..._kinds.device import checked_device, device
from ..._kinds.dtypes import dtype, of_numpy
from ..._tensor import Tensor, made
from ..._writing.in_place import set_data

__all__: list[str] = []

NO_CUDA = "Torch not compiled with CUDA enabled"


def zero_grad(self: Any, set_to_none: bool = True) -> None:
    """Drop the gradients of all parameters, or write zeros over them."""
    for parameter in self.parameters():
        gradient = parameter.grad
        if gradient is None:
            continue
        if set_to_none:
            parameter.grad = None
        else:
            parameter.grad = gradient = gradient if gradient._node is None else gradient.detach()
            gradient._array.fill(0)
            gradient._writes[0] += 1


def requires_grad_(self: Any, requires_grad: bool = True) -> Any:
    """Let gradients reach the parameters, or no longer; return the module."""
    for parameter in self.parameters():
        parameter.requires_grad_(requires_grad)
    return self


def converted(self: Any, change: Callable[[Any], Any]) -> Any:
    """Give every parameter, gradient and buffer the array that `change` makes of its own."""
    for module in self.modules():
        for parameter in module._parameters.values():
            if parameter is None:
                continue
            gradient = parameter.grad
            parameter.grad = None  # it could not be of another type meanwhile
            set_data(parameter, made(change(parameter._array)))
            if gradient is not None:
                set_data(gradient, made(change(gradient._array)))
                parameter.grad = gradient
        for name, buffer in module._buffers.items():
            if buffer is not None:
                module._buffers[name] = made(change(buffer._array))
    return self


def floats_as(kind: Any) -> Callable[[Any], Any]:
    def change(array: Any) -> Any:
        if array.dtype.kind not in "fc" or (array.dtype.kind == "c" and kind.kind != "c"):
            return array
        return array.astype(kind, copy=False)

    return change


def to(self: Any, *places: Any, **options: Any) -> Any:
    """Convert the floating-point parameters and buffers in place; return the module.

    Takes a dtype, a device (there is the CPU), or a tensor to be like.
    """
    kind: Any = options.get("dtype")
    for place in (*places, options.get("device"), options.get("tensor")):
        if isinstance(place, Tensor):
            kind = place.dtype
        elif isinstance(place, dtype):
            kind = place
        elif isinstance(place, (str, device)):
            checked_device(place)
    if kind is None:
        return self
    if not (kind.is_floating_point or kind.is_complex):
        raise TypeError(
            "nn.Module.to only accepts floating point or complex dtypes, but got desired "
            f"dtype={kind}"
        )
    return converted(self, floats_as(kind.numpy))


def to_type(self: Any, dst_type: dtype) -> Any:
    """Convert all parameters and buffers in place; return the module."""
    return converted(self, lambda array: array.astype(dst_type.numpy, copy=False))


def of_type(scalar: Any) -> Callable[[Any], Any]:
    kind = np.dtype(scalar)

    def method(self: Any) -> Any:
        return converted(self, floats_as(kind))

    method.__doc__ = (
        f"Convert the floating-point parameters and buffers to {of_numpy(kind)}; return the module."
    )
    return method


to_float, to_double, to_half = of_type(np.float32), of_type(np.float64), of_type(np.float16)
for change, name in ((to_float, "float"), (to_double, "double"), (to_half, "half")):
    change.__name__ = change.__qualname__ = name


def cpu(self: Any) -> Any:
    """Return the module, which is on the CPU."""
    return self


def cuda(self: Any, device: Any = None) -> Any:
    """Raise: there is no other device than the CPU."""
    raise AssertionError(NO_CUDA)
