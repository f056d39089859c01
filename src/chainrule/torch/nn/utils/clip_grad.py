"""Gradients made shorter before a step: all by one factor, or each number by itself."""

from __future__ import annotations

import types
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..._functions.choices import clamp
from ..._tape.quiet import QUIET, hush, unhush
from ..._tensor import Tensor, made
from ...autograd._modes import no_grad

__all__ = [
    "clip_grad_norm",
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
]

Parameters = Tensor | Iterable[Tensor]


def listed(tensors: Any) -> list[Any]:
    """Return one tensor, or several, as a list."""
    if isinstance(tensors, Tensor):
        return [tensors]
    found = list(tensors)
    if not found and isinstance(tensors, types.GeneratorType):
        warnings.warn(
            "`parameters` is an empty generator, no gradient clipping will occur.",
            UserWarning,
            stacklevel=4,
        )
    return found


def length(array: Any, order: float) -> Any:
    """Return the norm of all numbers of an array, as one of their type."""
    flat = np.abs(array.ravel())
    if order == 2:
        return np.sqrt(np.dot(flat, flat))
    if order == np.inf:
        return flat.max(initial=0)
    if order == 0:
        return array.dtype.type(np.count_nonzero(flat))
    return (flat**order).sum() ** (1 / order)


def total(arrays: list[Any], order: float, strictly: bool) -> Any:
    """Return the norm of the norms, as a tensor."""
    if not arrays:
        return made(np.zeros((), np.float32))
    token = hush(QUIET)
    try:
        found = length(np.array([length(array, order) for array in arrays]), order)
    finally:
        unhush(token)
    if strictly and not np.isfinite(found):
        raise RuntimeError(
            f"The total norm of order {order} for gradients from `parameters` is non-finite, so it "
            "cannot be clipped. To disable this error and scale the gradients by the non-finite "
            "norm anyway, set `error_if_nonfinite=False`"
        )
    return made(np.asarray(found))


def get_total_norm(
    tensors: Parameters,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Return the norm of the numbers of all tensors together.

    >>> import chainrule.torch as torch
    >>> torch.nn.utils.get_total_norm([torch.tensor([3.0, 4.0]), torch.tensor([12.0])])
    tensor(13.)
    """
    arrays = [tensor._array for tensor in listed(tensors)]
    return total(arrays, float(norm_type), error_if_nonfinite)  # type: ignore[no-any-return]


def clip_grad_norm_(
    parameters: Parameters,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Make the gradients of all parameters together no longer than `max_norm`; return their norm.

    The norm is that before, over all numbers, of order `norm_type`. With `error_if_nonfinite`
    raises RuntimeError if it is infinite or nan.

    >>> import chainrule.torch as torch
    >>> w = torch.nn.Parameter(torch.zeros(2))
    >>> w.grad = torch.tensor([3.0, 4.0])
    >>> torch.nn.utils.clip_grad_norm_([w], 1.0)
    tensor(5.)
    >>> w.grad
    tensor([0.6000, 0.8000])
    """
    held = listed(parameters)
    arrays = [p.grad._array for p in held if p.grad is not None]
    norm = total(arrays, float(norm_type), error_if_nonfinite)
    clip_grads_with_norm_(held, max_norm, norm)
    return norm  # type: ignore[no-any-return]


def clip_grads_with_norm_(
    parameters: Parameters, max_norm: float, total_norm: Tensor, foreach: bool | None = None
) -> None:
    """Multiply all gradients by max_norm / total_norm, if that is less than one."""
    gradients = [p.grad for p in listed(parameters) if p.grad is not None]
    max_norm = float(max_norm)
    if not gradients:
        return
    with no_grad():
        share: Any = max_norm / (total_norm + 1e-6)  # type: ignore[operator]
        factor = clamp(share, max=1.0)
        for gradient in gradients:
            gradient.mul_(factor)


def clip_grad_value_(
    parameters: Parameters, clip_value: float, foreach: bool | None = None
) -> None:
    """Put every number of the gradients into [-clip_value, clip_value].

    >>> import chainrule.torch as torch
    >>> w = torch.nn.Parameter(torch.zeros(2))
    >>> w.grad = torch.tensor([3.0, -0.5])
    >>> torch.nn.utils.clip_grad_value_(w, 1.0)
    >>> w.grad
    tensor([ 1.0000, -0.5000])
    """
    bound = float(clip_value)
    with no_grad():
        for parameter in [parameters] if isinstance(parameters, Tensor) else parameters:
            gradient: Any = parameter.grad
            if gradient is not None:
                gradient.clamp_(-bound, bound)


def clip_grad_norm(*args: Any, **kwargs: Any) -> Tensor:
    """Do as `clip_grad_norm_`, which is its name now."""
    warnings.warn(
        "`torch.nn.utils.clip_grad_norm` is now deprecated in favor of "
        "`torch.nn.utils.clip_grad_norm_`.",
        FutureWarning,
        stacklevel=2,
    )
    return clip_grad_norm_(*args, **kwargs)
