"""The shape of a tensor."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from typing import Any, SupportsIndex, overload

import numpy as np

__all__ = ["Size", "size_of"]


class Size(tuple[int, ...]):
    """The shape of a tensor: a tuple that stays one of its kind when sliced and joined.

    >>> Size([2, 3])[:1] + (4,), Size([2, 3]).numel()
    (torch.Size([2, 4]), 6)
    """

    __slots__ = ()

    def __new__(cls, items: Iterable[SupportsIndex] = ()) -> Size:
        lengths = []
        for place, one in enumerate(items):
            try:
                lengths.append(operator.index(one))
            except TypeError:
                raise TypeError(
                    f"torch.Size() takes an iterable of 'int' "
                    f"(item {place} is '{type(one).__name__}')"
                ) from None
        return tuple.__new__(cls, lengths)

    def numel(self) -> int:
        """Return how many numbers a tensor of this shape has."""
        return math.prod(self)

    def __repr__(self) -> str:
        return f"torch.Size([{', '.join(map(str, self))}])"

    @overload
    def __getitem__(self, at: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> Size: ...
    def __getitem__(self, at: Any) -> Any:
        found = tuple.__getitem__(self, at)
        return tuple.__new__(Size, found) if type(found) is tuple else found

    def __add__(self, other: Any) -> Size:
        if not isinstance(other, tuple):
            raise TypeError(
                f"can only concatenate tuple (not {type(other).__name__}) to torch.Size"
            )
        return Size(tuple.__add__(self, other))

    def __radd__(self, other: Any) -> Size:
        if not isinstance(other, tuple):
            return NotImplemented
        return Size(tuple.__add__(other, tuple(self)))

    def __mul__(self, times: SupportsIndex) -> Size:
        return tuple.__new__(Size, tuple.__mul__(self, times))

    __rmul__ = __mul__

    def __reduce__(self) -> Any:
        return size_from, (tuple(self),)  # pickle would look for torch.Size itself


Size.__module__ = "torch"  # users look for PyTorch's words: <class 'torch.Size'>


def size_of(array: np.ndarray[Any, Any]) -> Size:
    """Return the shape of an array, which needs no checks, as a `Size`."""
    return tuple.__new__(Size, array.shape)


def size_from(lengths: tuple[int, ...]) -> Size:
    return Size(lengths)
