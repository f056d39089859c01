"""Larger shapes, along which numbers repeat, and the sums that lead back from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .._arguments import whole
from .._checks import argument_error, broadcast_error, check_tensors, expand_error
from .._kinds.dtypes import type_name
from .._kinds.size import Size
from .._tape.plans import Op
from .._tensor import Tensor
from .._writing.views import expanded
from .shape_arguments import lengths
from .shapes import reshape

__all__ = ["broadcast_shapes", "broadcast_tensors", "broadcast_to"]

EXPAND = Op("ExpandBackward0", np.broadcast_to, ("",), "self")


def sum_to_size(self: Any, *size: Any) -> Any:
    """Return the sums over the dimensions along which a tensor of this size would be expanded."""
    if not size:
        raise TypeError('sum_to_size() missing 1 required positional arguments: "size"')
    into, own = lengths("sum_to_size", "size", size), self._array.shape
    extra = len(own) - len(into)
    pairs = list(zip(own[max(extra, 0) :], into, strict=False))
    if extra < 0 or any(m not in (1, n) for n, m in pairs):
        raise RuntimeError(f"size {{{list(into)}}} is not expandable to size {{{list(own)}}}.")
    over = [*range(extra), *(extra + k for k, (n, m) in enumerate(pairs) if m == 1 != n)]
    summed = self.sum(over, keepdim=True) if over else self
    return reshape(summed, into) if extra else summed


def expand(self: Tensor, *shape: Any, size: Any = None) -> Any:
    """Return a view in a larger shape, along which the numbers repeat; -1 leaves a length."""
    if size is not None and not shape:
        shape = (tuple(size),)
    if not shape:
        raise TypeError('expand() missing 1 required positional arguments: "size"')
    said, own = lengths("expand", "size", shape), self._array.shape
    into, extra = list(said), len(said) - len(own)
    if extra < 0:
        raise expand_error(said, own, type_name(self._array.dtype))
    for k in range(len(into) - 1, -1, -1):
        n = own[k - extra] if k >= extra else -1
        if into[k] == -1 and k < extra:
            raise RuntimeError(
                "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing "
                f"dimension {k}"
            )
        if into[k] == -1:
            into[k] = n
        elif n not in (-1, 1, into[k]) or into[k] < 0:
            text = str(expand_error(into, own, type_name(self._array.dtype)))
            raise RuntimeError(text.replace(f"izes: {into}", f"izes: {list(said)}", 1))
    return expanded(self, tuple(into), EXPAND)


def expand_as(self: Tensor, other: Tensor) -> Any:
    """Return a view expanded to the shape of `other`."""
    if not isinstance(other, Tensor):
        raise argument_error("expand_as", "other", 1, other)
    return expand(self, other._array.shape)


def broadcast_to(input: Tensor, size: Sequence[int]) -> Any:
    """Return `input` expanded to `size`.

    >>> import chainrule.torch as torch
    >>> torch.broadcast_to(torch.tensor([1, 2]), (2, 2))
    tensor([[1, 2],
            [1, 2]])
    """
    check_tensors("broadcast_to", input=input)
    return expand(input, tuple(size))


def broadcast_shapes(*shapes: Any) -> Any:
    """Return the shape that tensors of these shapes have together.

    >>> import chainrule.torch as torch
    >>> torch.broadcast_shapes((2, 1), (3,))
    torch.Size([2, 3])
    """
    into: list[int] = []
    for k, given in enumerate(shapes):
        shape = (int(given),) if whole(given) else tuple(int(n) for n in given)
        into[:0] = [1] * (len(shape) - len(into))
        for d in range(-1, -1 - len(shape), -1):
            if shape[d] < 0:
                raise ValueError("Attempting to broadcast a dimension with negative length!")
            if shape[d] == 1 or shape[d] == into[d]:
                continue
            if into[d] != 1:
                raise RuntimeError(
                    f"Attempting to broadcast a dimension of length {shape[d]} at {d}! Mismatching "
                    f"argument at index {k} had {shape}; but expected shape should be "
                    f"broadcastable to {into}"
                )
            into[d] = shape[d]
    return Size(into)


def broadcast_tensors(*tensors: Any) -> tuple[Any, ...]:
    """Return the tensors expanded to the shape that they have together.

    >>> import chainrule.torch as torch
    >>> a, b = torch.broadcast_tensors(torch.tensor([[1], [2]]), torch.tensor([3, 4]))
    >>> b
    tensor([[3, 4],
            [3, 4]])
    """
    given = tuple(tensors[0]) if len(tensors) == 1 and isinstance(tensors[0], list) else tensors
    into: tuple[int, ...] = ()
    for one in given:
        try:
            into = np.broadcast_shapes(into, one._array.shape)
        except ValueError:
            raise broadcast_error(into, one._array.shape) from None
    return tuple(expand(one, into) for one in given)


METHODS: dict[str, Callable[..., Any]] = {
    "broadcast_to": broadcast_to,
    "expand": expand,
    "expand_as": expand_as,
    "sum_to_size": sum_to_size,
}
