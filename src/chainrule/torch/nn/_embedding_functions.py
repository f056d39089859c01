"""Whole numbers as rows: of a table that is learnt, or with a single one in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.values import Batched, numbers
from chainrule._rules.embedding import looked_up, put_down

from .._checks import argument_error
from .._kinds.dtypes import type_name
from .._tape.plans import Op, op_named
from .._tape.recording import operation
from .._tensor import Tensor, made

__all__ = ["embedding", "one_hot"]

EMBEDDING = operation("Embedding", looked_up, saves="indices", inputs="weight indices")
op_named(put_down, Op("EmbeddingDenseBackwardBackward0", put_down, ("",), "grad_output"))


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Return the rows of the matrix `weight` that the whole numbers `input` name.

    The result has the shape of `input` and one dimension more. The row `padding_idx` gets no
    gradient; rows longer than `max_norm`, measured by `norm_type`, are first shortened in place;
    `scale_grad_by_freq` divides a row's gradient by how often it is named. `sparse` changes
    nothing: gradients are dense here. Raises IndexError for a number that names no row.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.embedding(torch.tensor([1, 1]), torch.eye(2))
    tensor([[0., 1.],
            [0., 1.]])
    """
    count = weight.size(0) if isinstance(weight, Tensor) else 0  # type: ignore[attr-defined]
    if padding_idx is not None:
        if padding_idx > 0:
            assert padding_idx < count, "Padding_idx must be within num_embeddings"
        elif padding_idx < 0:
            assert padding_idx >= -count, "Padding_idx must be within num_embeddings"
            padding_idx += count
    for name, position, v in (("weight", 1, weight), ("indices", 2, input)):
        if not isinstance(v, Tensor):
            raise argument_error("embedding", name, position, v)
    at, table = input._array, weight._array
    check_indices("embedding", at)
    if max_norm is not None:
        shorten(table, at, max_norm, norm_type)
        weight._writes[0] += 1
    if table.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    check_rows(at, count)
    return EMBEDDING(  # type: ignore[no-any-return]
        weight,
        input.detach(),  # type: ignore[attr-defined]
        padding_idx=-1 if padding_idx is None else padding_idx,
        by_frequency=scale_grad_by_freq,
    )


def check_indices(function: str, at: Any) -> None:
    if at.dtype.char not in "ilq":
        kind = "CPUBoolType" if at.dtype.kind == "b" else type_name(at.dtype)
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: "
            f"Long, Int; but got {kind} instead (while checking arguments for {function})"
        )


def check_rows(at: Any, count: int) -> None:
    at = numbers(at)
    if at.size and (at.min() < 0 or at.max() >= count):
        raise IndexError("index out of range in self")


def shorten(table: Any, at: Any, max_norm: float, norm_type: float) -> None:
    """Scale the rows that are named, and are longer than `max_norm`, down to it, in place."""
    check_rows(at, len(table))
    rows = np.unique(at)
    parts = table[rows]
    length = np.linalg.norm(parts, norm_type, axis=1)
    scale = np.where(length > max_norm, max_norm / (length + 1e-7), 1)
    table[rows] = parts * scale[:, None].astype(table.dtype)


def one_hot(input: Tensor, num_classes: int = -1) -> Tensor:
    """Return whole numbers as rows of zeros with a one at the place that the number names.

    The rows are `num_classes` long, or as long as the largest number needs. Raises RuntimeError
    for numbers below 0 or not below `num_classes`, and for other types than int64.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.one_hot(torch.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    if not isinstance(input, Tensor):
        raise argument_error("one_hot", "input", 1, input)
    if not hasattr(num_classes, "__index__"):
        raise argument_error("one_hot", "num_classes", 2, num_classes, "int")
    at: Any = input._array
    if at.dtype != np.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if at.size == 0:
        if num_classes <= 0:
            raise RuntimeError("Can not infer total number of classes from empty tensor.")
        return made(np.empty((*at.shape, num_classes), np.int64))  # type: ignore[no-any-return]
    if numbers(at).min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    largest = int(numbers(at).max())
    if num_classes == -1:
        num_classes = largest + 1
    elif largest >= num_classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    if type(at) is Batched:
        examples: Any = at
        return made((examples[..., None] == np.arange(num_classes)).astype(np.int64))  # type: ignore[no-any-return]
    rows = np.zeros((at.size, num_classes), np.int64)
    rows[np.arange(at.size), at.reshape(-1)] = 1
    return made(rows.reshape(*at.shape, num_classes))  # type: ignore[no-any-return]
