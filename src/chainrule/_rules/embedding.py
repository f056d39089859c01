"""Rows of a table, looked up by their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.composing import composed
from chainrule._core.pieces import add_at
from chainrule._core.stating import linear, pulled
from chainrule._core.values import dtype_of, ndim_of, recordable, take

from .batched_places import filled

__all__ = ["looked_up", "put_down"]


@recordable
def looked_up(table: Any, index: Any, padding_idx: int = -1, by_frequency: bool = False) -> Any:
    """Return the rows of `table` that the whole numbers `index` name.

    The gradient does not reach the row `padding_idx`, and with `by_frequency` that of each row is
    divided by how often it was named: so PyTorch learns, and it is no derivative then.
    """
    return take(table, index)


def shares(index: Any, rows: int, padding_idx: int, by_frequency: bool) -> Any:
    """Return what part of a change each place passes on to its row; None if it is all."""
    part = None
    if by_frequency:
        count = np.bincount(np.reshape(index, -1), minlength=rows)
        part = 1 / count[index]
    if padding_idx >= 0:
        part = np.where(index == padding_idx, 0, 1 if part is None else part)
    return part


@recordable
def put_down(parts: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Return zeros of `shape`, to whose rows that `index` names `parts` are added."""
    whole = np.zeros(shape, dtype_of(parts))
    add_at(whole, (index,), parts)
    return whole


def to_table(g: Any, b: Any, into: Any, padding_idx: int = -1, by_frequency: bool = False) -> Any:
    part = shares(b, into[0], padding_idx, by_frequency)
    if part is not None:
        g = g * np.expand_dims(part, -1).astype(dtype_of(g))
    return put_down(g, b, into)


pulled(looked_up, to_table, None, batched=composed)


def put_down_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    """One table below the other: the rows of each example are counted from its own first one."""
    shape = options["shape"]
    parts, index = filled(values[0], ranks[0], size), filled(values[1], ranks[1], size)
    firsts = np.reshape(np.arange(size) * shape[0], (size, *(1,) * (ndim_of(index) - 1)))
    whole = f(parts, index % shape[0] + firsts, shape=(size * shape[0], *shape[1:]))
    return np.reshape(whole, (size, *shape))


linear(put_down, lambda g, b, shape: g[b], None, batched=put_down_batch)
