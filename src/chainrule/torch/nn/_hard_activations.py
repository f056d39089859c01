"""Activations of straight pieces: cheap where a smooth one would need an exponential."""

from __future__ import annotations

import numpy as np

from chainrule._rules import activations as rules

from .._checks import argument_error
from .._functions.choices import clamp
from .._kinds.dtypes import scalar_name
from .._tape.recording import operation
from .._tensor import Tensor
from ._applied import applied, check_input, number

# fmt: off
__all__ = [
    "hardshrink", "hardsigmoid", "hardswish", "hardtanh", "hardtanh_", "relu6", "softshrink",
    "threshold", "threshold_",
]
# fmt: on

HARDTANH = operation("Hardtanh", rules.hard_tanh, saves="self", inputs="self")
HARDSIGMOID = operation("Hardsigmoid", rules.hard_sigmoid, saves="self", inputs="self")
HARDSWISH = operation("Hardswish", rules.hard_swish, saves="self", inputs="self")
HARDSHRINK = operation("Hardshrink", rules.hard_shrink, saves="self", inputs="self")
SOFTSHRINK = operation("Softshrink", rules.soft_shrink, saves="self", inputs="self")
THRESHOLD = operation("Threshold", rules.bent, saves="self", inputs="self")


def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """Return `input`, or the nearer bound beyond `min_val` and `max_val`.

    The slope at a bound is 0, where that of `clamp` is 1. Raises ValueError for bounds in the
    wrong order.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.hardtanh(torch.tensor([-3.0, 0.5]))
    tensor([-1.0000,  0.5000])
    """
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    return between("hardtanh", input, min_val, max_val, inplace)


def between(name: str, input: Tensor, low: float, high: float, inplace: bool) -> Tensor:
    if not isinstance(input, Tensor):
        raise argument_error(name, "input", 1, input)
    kind = input._array.dtype.kind
    if kind == "b":
        raise RuntimeError("Bool inputs not supported for hardtanh")
    low, high = number(name, "min_val", 2, low), number(name, "max_val", 3, high)
    if kind != "f":
        y: Tensor = clamp(input, int(low), int(high))
        return input.copy_(y) if inplace else y  # type: ignore[attr-defined]
    return applied(HARDTANH, input, inplace, low=low, high=high)  # type: ignore[no-any-return]


def hardtanh_(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """Write `hardtanh(input)` over `input`; return it."""
    return hardtanh(input, min_val, max_val, True)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """Return `relu(input)`, but 6 at most. Krizhevsky (2010).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.relu6(torch.tensor([-1.0, 2.0, 8.0]))
    tensor([0., 2., 6.])
    """
    return between("relu6", input, 0, 6, inplace)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """Return input / 6 + 1/2 between -3 and 3, and 0 and 1 beyond.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.hardsigmoid(torch.tensor([-4.0, 0.0, 1.5]))
    tensor([0.0000, 0.5000, 0.7500])
    """
    check_input("hardsigmoid", "hardsigmoid_cpu", input)
    return applied(HARDSIGMOID, input, inplace)  # type: ignore[no-any-return]


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """Return input * hardsigmoid(input). Howard and others, Searching for MobileNetV3 (2019).

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.hardswish(torch.tensor([-4.0, 1.5, 4.0]))
    tensor([-0.0000, 1.1250, 4.0000])
    """
    check_input("hardswish", "hardswish_cpu", input)
    return applied(HARDSWISH, input, inplace)  # type: ignore[no-any-return]


def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """Return `input`, and 0 where it is from -lambd to lambd.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.hardshrink(torch.tensor([-1.0, 0.3]))
    tensor([-1.,  0.])
    """
    check_input("hardshrink", "hardshrink_cpu", input)
    return HARDSHRINK(input, bound=number("hardshrink", "lambd", 2, lambd))  # type: ignore[no-any-return]


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """Return `input` moved towards 0 by `lambd`, but not beyond: the proximal map of |x| * lambd.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.softshrink(torch.tensor([-1.0, 0.3]))
    tensor([-0.5000,  0.0000])
    """
    check_input("softshrink", "softshrink_check", input)
    lambd = number("softshrink", "lambd", 2, lambd)
    if not lambd >= 0:
        kind = input._array.dtype
        raise RuntimeError(
            f"lambda must be in range [0, {np.finfo(kind).max:g}] for input dtype "
            f"{scalar_name(kind)}, but found {lambd:g}"
        )
    return SOFTSHRINK(input, bound=lambd)  # type: ignore[no-any-return]


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """Return `input` above the threshold, and `value` elsewhere.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.threshold(torch.tensor([-1.0, 2.0]), 0.5, 9.0)
    tensor([9., 2.])
    """
    check_input("threshold", "threshold_cpu", input, "fiu")
    at = number("threshold", "threshold", 2, threshold)
    value = number("threshold", "value", 3, value)
    if input._array.dtype.kind != "f":
        at, value = int(at), int(value)
    return applied(THRESHOLD, input, inplace, "Threshold", threshold=at, value=value)  # type: ignore[no-any-return]


def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """Write `threshold(input)` over `input`; return it."""
    return _over(input, threshold, value, True)


_over = threshold
