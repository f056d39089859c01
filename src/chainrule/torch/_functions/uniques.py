"""What occurs in a tensor: each number once, where it stands, and how often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.traces import tick

from .._checks import argument_error, dimension, not_implemented
from .._tape.plans import RULELESS, bare_plan
from .._tape.values import recording
from .._tensor import Tensor, made

__all__ = ["unique", "unique_consecutive"]


def refuse(g: Any, function: str) -> Any:
    raise NotImplementedError(f"the derivative for '{function}' is not implemented.")


def results_of(
    node: str,
    function: str,
    input: Tensor,
    values: Any,
    inverse: Any,
    counts: Any,
) -> Any:
    """Return the tensors that are asked for; the first one says who has no derivative."""
    first = made(np.ascontiguousarray(values))
    if input._node is not None and recording.get() and values.dtype.kind in "fc":
        plan = bare_plan(node, RULELESS)
        first._node = [tick(), refuse, input._node, function, None, plan, None, None, None]
    others = [made(v.astype(np.int64)) for v in (inverse, counts) if v is not None]
    return (first, *others) if others else first


def slices_of(x: Any, dim: int) -> Any:
    """Return the slices along `dim` as rows; raise if there is nothing in them."""
    if not x.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    axis = dimension(dim, x.ndim)
    if not x.size and x.shape[axis]:
        raise RuntimeError(
            "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied"
        )
    return axis, np.moveaxis(x, axis, 0)


def check(function: str, input: Any) -> Any:
    if not isinstance(input, Tensor):
        raise argument_error(function, "input", 1, input)
    x = input._array
    if x.dtype.kind == "c":
        not_implemented(function.removeprefix("_").rstrip("2"), x.dtype)
    return x


def first_of(rows: Any) -> Any:
    """Return, for rows of which equal ones stand together, which differ from the one before."""
    new = np.ones(len(rows), bool)
    if len(rows) > 1:
        flat = rows.reshape(len(rows), -1)
        new[1:] = (flat[1:] != flat[:-1]).any(1)
    return new


def counted(new: Any) -> Any:
    return np.diff(np.append(np.nonzero(new)[0], len(new)))


def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """Return each number that occurs once, in their order; with `dim`, each slice along it.

    With them, if asked for: where each number of `input` stands in the result, and how often each
    occurs. The result is sorted in any case. There is no derivative.

    >>> import chainrule.torch as torch
    >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))
    """
    x = check("_unique2" if dim is None else "unique_dim", input)
    if dim is None:
        axis, rows, whole = 0, x.reshape(-1), x.shape
        order = np.argsort(rows, kind="stable")
        node, name = "Unique2Backward0", "_unique2"
    else:
        axis, rows = slices_of(x, dim)
        whole = rows.shape[:1]
        flat = rows.reshape(len(rows), -1) if rows.size else np.zeros((len(rows), 0))
        order = np.lexsort(flat.T[::-1]) if flat.shape[1] else np.arange(len(rows))
        node, name = "UniqueDimBackward0", "unique_dim"
    new = first_of(rows[order])
    inverse = np.empty(len(rows), np.int64)
    inverse[order] = np.cumsum(new) - 1
    return results_of(
        node,
        name,
        input,
        np.moveaxis(rows[order][new], 0, axis),
        inverse.reshape(whole) if return_inverse else None,
        counted(new) if return_counts else None,
    )


def unique_consecutive(
    input: Tensor,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """Return the numbers without those that equal the one before; with `dim`, slices along it.

    With them, if asked for: where each number of `input` stands in the result, and how often it
    stands there. There is no derivative.

    >>> import chainrule.torch as torch
    >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])
    """
    x = check("unique_consecutive", input)
    if dim is None:
        axis, rows, whole = 0, x.reshape(-1), x.shape
        node, name = "UniqueConsecutiveBackward0", "unique_consecutive"
    else:
        axis, rows = slices_of(x, dim)
        whole = rows.shape[:1]
        node, name = "UniqueDimConsecutiveBackward0", "unique_dim_consecutive"
    new = first_of(rows)
    return results_of(
        node,
        name,
        input,
        np.moveaxis(rows[new], 0, axis),
        (np.cumsum(new) - 1).reshape(whole) if return_inverse else None,
        counted(new) if return_counts else None,
    )


METHODS: dict[str, Callable[..., Any]] = {
    "unique": unique, "unique_consecutive": unique_consecutive,
}  # fmt: skip
