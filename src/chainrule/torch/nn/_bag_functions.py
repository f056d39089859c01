"""Sums, means and largest numbers of bags of rows that are looked up in a table."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._checks import argument_error
from .._creation.filled import zeros
from .._kinds.dtypes import of_numpy, type_name
from .._tensor import Tensor, made
from ._embedding_functions import check_indices, embedding, shorten

__all__ = ["embedding_bag"]

MODES = ("sum", "mean", "max")


def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """Return, for each bag of whole numbers, the mean of the rows of `weight` that they name.

    `mode` may be "sum" or "max" instead. The bags are the rows of a two-dimensional `input`, or
    begin in a one-dimensional one at `offsets`, of which `include_last_offset` makes the last an
    end. `per_sample_weights`, of the shape of `input`, weighs the rows of a sum. The other options
    are those of `embedding`; the row `padding_idx` does not count. An empty bag gives zeros. Raises
    ValueError where shapes do not fit, and RuntimeError for number types and numbers that do not.

    >>> import chainrule.torch as torch
    >>> table = torch.tensor([[1.0], [2.0], [6.0]])
    >>> torch.nn.functional.embedding_bag(torch.tensor([[0, 2], [1, 1]]), table)
    tensor([[3.5000],
            [2.0000]])
    """
    for name, position, v in (("weight", 1, weight), ("indices", 2, input)):
        if not isinstance(v, Tensor):
            raise argument_error("embedding_bag", name, position, v)
    at, table = input._array, weight._array
    if per_sample_weights is not None and per_sample_weights._array.shape != at.shape:
        raise ValueError(
            f"embedding_bag: If per_sample_weights ({per_sample_weights.shape}) is not None, then "
            f"it must have the same shape as the input ({input.shape})"
        )
    starts, end = beginnings(input, offsets, include_last_offset)
    if mode not in MODES:
        raise ValueError("mode has to be one of sum, mean or max")
    if mode == "max" and scale_grad_by_freq:
        raise ValueError("max mode does not support scaling the gradient by the frequency")
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported "
            f"for mode='sum' (got mode='{mode}'). Please open a feature request on GitHub."
        )
    check_indices("embedding_bag", at)
    padding = checked_padding(padding_idx, len(table))
    check_numbers(at.reshape(-1), starts, len(table))
    if per_sample_weights is not None and per_sample_weights._array.dtype != table.dtype:
        raise RuntimeError(
            "Expected tensor for argument #1 'weight' to have the same type as tensor for argument "
            f"#1 'per_sample_weights'; but type {type_name(table.dtype)} does not equal "
            f"{type_name(per_sample_weights._array.dtype)} (while checking arguments for "
            "embedding_bag)"
        )
    if max_norm is not None:
        shorten(table, at, max_norm, norm_type)
        weight._writes[0] += 1
    flat = at.reshape(-1)
    bag = np.searchsorted(starts, np.arange(flat.size), side="right") - 1
    counted = np.flatnonzero(flat[:end] != padding)
    where, bag = made(flat[counted]), bag[counted]
    rows: Any = embedding(where, weight, scale_grad_by_freq=scale_grad_by_freq)
    if per_sample_weights is not None:
        each: Any = per_sample_weights
        rows = rows * each.reshape(-1)[made(counted)].unsqueeze(1)
    return gathered(rows, bag, len(starts), mode)


def gathered(rows: Any, bag: Any, count: int, mode: str) -> Tensor:
    """Return what the rows of each bag make together."""
    if mode == "max":
        return largest(rows, bag, count)
    none: Any = zeros((count, rows.size(1)), dtype=of_numpy(rows._array.dtype))
    total = none.index_add(0, made(bag), rows)
    if mode == "sum":
        return total  # type: ignore[no-any-return]
    sizes = np.maximum(np.bincount(bag, minlength=count), 1)
    return total / made(sizes[:, None].astype(rows._array.dtype))  # type: ignore[no-any-return]


def largest(rows: Any, bag: Any, count: int) -> Tensor:
    """Return the largest number of each bag and column, taken where it stands first."""
    x = rows._array
    ends = np.searchsorted(bag, np.arange(count + 1))
    place = np.zeros((count, x.shape[1]), np.int64)
    for k in np.flatnonzero(np.diff(ends)):
        place[k] = ends[k] + np.argmax(x[ends[k] : ends[k + 1]], 0)
    if not len(x):
        return zeros((count, x.shape[1]), dtype=of_numpy(x.dtype))
    empty = made((np.diff(ends) == 0)[:, None])
    return rows.gather(0, made(place)).masked_fill(empty, 0)  # type: ignore[no-any-return]


# ---------------------------------------------------------------- what is asked of the arguments


def beginnings(input: Any, offsets: Any, include_last: bool) -> tuple[Any, int]:
    """Return where the bags begin in the flattened `input`, and where the last ends."""
    at = input._array
    if at.ndim == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch "
                f"of fixed length sequences. However, found offsets of type {type(offsets)}"
            )
        return np.arange(at.shape[0]) * at.shape[1], at.size
    if at.ndim != 1:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {at.ndim}")
    if offsets is None:
        raise ValueError("offsets has to be a 1D Tensor but got None")
    if offsets.dim() != 1:
        raise ValueError("offsets has to be a 1D Tensor")
    starts = offsets._array
    check_indices("embedding_bag", starts)
    return (starts[:-1], int(starts[-1])) if include_last else (starts, at.size)


def checked_padding(padding_idx: int | None, count: int) -> int:
    """Return the row that does not count, from 0 on; -1 if all do."""
    if padding_idx is None:
        return -1
    if not -count <= padding_idx < count:
        raise RuntimeError(
            f"padding_idx must be within the number of embeddings, -{count} through {count - 1}, "
            f"but got {padding_idx}"
        )
    return padding_idx % count


def check_numbers(flat: Any, starts: Any, count: int) -> None:
    if starts.size and starts[0] != 0:
        raise RuntimeError(
            "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from "
            f"position 0. However, got {starts[0]}"
        )
    if starts.size and starts[-1] > flat.size:
        raise RuntimeError(
            f"offsets[-1] can not be greater than input's length {flat.size} but got offsets[-1] "
            f"of {starts[-1]}"
        )
    wrong = np.flatnonzero((flat < 0) | (flat >= count))
    if wrong.size:
        k = wrong[0]
        raise RuntimeError(
            f"Index {k} of input takes value {flat[k]} which is not in the valid range [0, {count})"
        )
