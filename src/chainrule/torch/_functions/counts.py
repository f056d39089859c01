"""Whether all numbers are different from 0, or some, or how many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._tape.values import as_array
from .._tensor import Tensor, made
from .._writing.out import into_out
from .reductions import INT64, axes, check_input, renamed

__all__ = ["all", "any", "count_nonzero"]

asarray = as_array
add_up: Any = np.add.reduce


def judged(function: str, reduce: Any, input: Any, dim: Any, keepdim: Any, other: Any) -> Any:
    check_input(function, input)
    if other:
        dim, keepdim = renamed(function, other, dim, keepdim)
    x = input._array
    y = x != 0
    if dim != ():  # along no dimension, not along all as elsewhere
        y = reduce(y, axes(function, input, dim), None, None, keepdim)
    return made(asarray(y, np.uint8 if x.dtype == np.uint8 else np.bool_))


def all(
    input: Tensor,
    dim: Any = None,
    keepdim: bool = False,
    *,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Say whether all numbers are different from 0, or all along `dim`.

    >>> import chainrule.torch as torch
    >>> torch.all(torch.tensor([True, True])), torch.all(torch.tensor([[1, 0], [1, 1]]), dim=1)
    (tensor(True), tensor([False,  True]))
    """
    result = judged("all", np.logical_and.reduce, input, dim, keepdim, other)
    return result if out is None else into_out("all", result, out)


def any(
    input: Tensor,
    dim: Any = None,
    keepdim: bool = False,
    *,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Say whether some number is different from 0, or some along `dim`.

    >>> import chainrule.torch as torch
    >>> torch.any(torch.tensor([False, True])), torch.any(torch.tensor([[0, 0], [1, 1]]), dim=1)
    (tensor(True), tensor([False,  True]))
    """
    result = judged("any", np.logical_or.reduce, input, dim, keepdim, other)
    return result if out is None else into_out("any", result, out)


def count_nonzero(input: Tensor, dim: Any = None) -> Any:
    """Return how many numbers are different from 0, in all or along `dim`.

    >>> import chainrule.torch as torch
    >>> torch.count_nonzero(torch.tensor([[1, 0], [1, 1]]), dim=1)
    tensor([1, 2])
    """
    check_input("count_nonzero", input)
    axis = axes("count_nonzero", input, dim)
    return made(asarray(add_up(input._array != 0, axis, INT64)))


METHODS: dict[str, Callable[..., Any]] = {"all": all, "any": any, "count_nonzero": count_nonzero}
