"""Changes of all parameters and buffers of a module at once: their types, their gradients."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..._arguments import title_of
from ..._kinds.device import checked_device, device
from ..._kinds.dtypes import dtype, of_numpy
from ..._tensor import Tensor, made
from ..._writing.in_place import set_data
from ...autograd._modes import no_grad
from ..parameter import is_lazy

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
            if is_lazy(parameter):
                parameter.convert(change)
                continue
            gradient = parameter.grad
            parameter.grad = None  # it could not be of another type meanwhile
            set_data(parameter, made(change(parameter._array)))
            if gradient is not None:
                set_data(gradient, made(change(gradient._array)))
                parameter.grad = gradient
        for name, buffer in module._buffers.items():
            if is_lazy(buffer):
                buffer.convert(change)
            elif buffer is not None:
                module._buffers[name] = made(change(buffer._array))
    return self


def floats_as(kind: Any) -> Callable[[Any], Any]:
    def change(array: Any) -> Any:
        if array.dtype.kind not in "fc" or (array.dtype.kind == "c" and kind.kind != "c"):
            return array
        return array.astype(kind, copy=False)

    return change


COMPLEX = (
    "Complex modules are a new feature under active development whose design may change, and some "
    "modules might not work as expected when using complex tensors as parameters or buffers. "
    "Please file an issue at https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml "
    "if a complex module does not work as expected."
)


def to(self: Any, *args: Any, **kwargs: Any) -> Any:
    """Convert the floating-point parameters and buffers in place; return the module.

    Takes a dtype, a device (there is the CPU), or a tensor to be like.
    """
    for name in kwargs:
        if name not in ("device", "dtype", "tensor", "non_blocking", "copy", "memory_format"):
            said = "".join(f"{k}={title_of(one)}, " for k, one in kwargs.items())
            raise TypeError(
                f"to() received an invalid combination of arguments - got ({said}), {WAYS}"
            )
    kind: Any = kwargs.get("dtype")
    for place in (*args, kwargs.get("device"), kwargs.get("tensor")):
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
    if kind.is_complex:
        warnings.warn(COMPLEX, UserWarning, stacklevel=2)

    def change(array: Any) -> Any:
        if array.dtype.kind == "c" and not kind.is_complex:
            warnings.warn(
                "Casting complex values to real discards the imaginary part",
                UserWarning,
                stacklevel=4,
            )
            array = array.real
        return array.astype(kind.numpy, copy=False) if array.dtype.kind in "fc" else array

    return converted(self, change)


WAYS = """but expected one of:
 * (torch.device device = None, torch.dtype dtype = None, bool non_blocking = False, \
bool copy = False, *, torch.memory_format memory_format = None)
 * (torch.dtype dtype, bool non_blocking = False, bool copy = False, *, \
torch.memory_format memory_format = None)
 * (Tensor tensor, bool non_blocking = False, bool copy = False, *, \
torch.memory_format memory_format = None)
"""


def to_type(self: Any, dst_type: Any) -> Any:
    """Convert all parameters and buffers in place; return the module."""
    return self._apply(lambda tensor: tensor.type(dst_type))


def apply_to_tensors(self: Any, fn: Callable[[Any], Any], recurse: bool = True) -> Any:
    """Give every parameter, gradient and buffer the numbers of what `fn` makes of it."""
    for module in self.children() if recurse else ():
        module._apply(fn)
    for parameter in self._parameters.values():
        if parameter is not None:
            gradient = parameter.grad
            parameter.grad = None
            with no_grad():
                parameter.data = fn(parameter)
            if gradient is not None:
                with no_grad():
                    gradient.data = fn(gradient)
                parameter.grad = gradient
    for name, buffer in self._buffers.items():
        if buffer is not None:
            self._buffers[name] = fn(buffer)
    return self


def to_empty(self: Any, *, device: Any, recurse: bool = True) -> Any:
    """Give every parameter and buffer new numbers, any; return the module."""
    checked_device(device)
    return self._apply(lambda tensor: made(np.empty_like(tensor._array)), recurse)


def share_memory(self: Any) -> Any:
    """Return the module: threads share its memory as it is."""
    return self


def compiled(self: Any, *args: Any, **kwargs: Any) -> None:
    """Do nothing: the module runs as it is."""


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


def xpu(self: Any, device: Any = None) -> Any:
    """Raise: there is no other device than the CPU."""
    raise AssertionError("Torch not compiled with XPU enabled")


def mtia(self: Any, device: Any = None) -> Any:
    """Raise: there is no other device than the CPU."""
    raise AssertionError(
        "Torch not compiled with MTIA enabled. Ensure you have `import "
        "mtia.host_runtime.torch_mtia.dynamic_library` in your python src file and include "
        "`//mtia/host_runtime/torch_mtia:torch_mtia` as your target dependency!"
    )


def ipu(self: Any, device: Any = None) -> Any:
    """Raise: there is no other device than the CPU."""
    raise RuntimeError("PyTorch is not linked with support for ipu devices")


def to_bfloat16(self: Any) -> Any:
    """Raise: NumPy has no such numbers."""
    return self._apply(lambda t: t.bfloat16() if t.is_floating_point() else t)
