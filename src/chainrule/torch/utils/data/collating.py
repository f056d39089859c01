"""How examples become a batch: tensors are stacked, numbers become tensors, containers stay."""

from __future__ import annotations

import copy
from collections.abc import Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any

import numpy as np

from ..._creation.from_data import tensor
from ..._creation.sharing import as_tensor
from ..._functions.joining import stack
from ..._kinds.dtypes import float64
from ..._tensor import Tensor

__all__ = ["default_collate", "default_convert"]

UNKNOWN = (
    "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {}"
)


def rebuilt(like: Any, items: Any) -> Any:
    """Return `items` in a container of the type of `like`, if that can be made of them.

    A container that can be written to is copied, with all else that it holds.
    """
    if type(like) in (dict, list):
        return items
    try:
        if isinstance(like, MutableMapping):
            other: Any = copy.copy(like)
            other.update(items)
            return other
        if isinstance(like, MutableSequence):
            other = copy.copy(like)
            for i, item in enumerate(items):
                other[i] = item
            return other
        return type(like)(items)
    except TypeError:
        return items


def default_collate(batch: Any) -> Any:
    """Return a list of examples as one batch.

    Tensors and arrays are stacked along a new first dimension, numbers become a tensor, texts a
    list; of dictionaries, lists and tuples the parts are collated. Raises TypeError for anything
    else, RuntimeError for parts of different lengths.

    >>> from chainrule.torch.utils.data import default_collate
    >>> default_collate([(1, "a"), (2, "b")])
    [tensor([1, 2]), ('a', 'b')]
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return stack(batch, 0)
    if isinstance(first, np.ndarray):
        if first.dtype.kind in "SUOVMm":
            raise TypeError(UNKNOWN.format(first.dtype))
        return stack([as_tensor(array) for array in batch], 0)
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, np.generic):
        if first.dtype.kind in "OVMm":
            raise TypeError(UNKNOWN.format(type(first)))
        if all(type(number) is type(first) for number in batch):
            return as_tensor(np.array(batch))
        return stack([as_tensor(number) for number in batch], 0)
    if isinstance(first, float):
        return tensor(batch, dtype=float64)
    if isinstance(first, int):
        return tensor(batch)
    if isinstance(first, Mapping):
        return rebuilt(first, {key: default_collate([one[key] for one in batch]) for key in first})
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return type(first)(*map(default_collate, zip(*batch, strict=True)))
    if isinstance(first, Sequence):
        if any(len(one) != len(first) for one in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        parts = [default_collate(part) for part in zip(*batch, strict=True)]
        return parts if isinstance(first, tuple) else rebuilt(first, parts)
    raise TypeError(UNKNOWN.format(type(first)))


def default_convert(data: Any) -> Any:
    """Return one example with its NumPy arrays and numbers as tensors: what is not batched.

    >>> import numpy as np
    >>> from chainrule.torch.utils.data import default_convert
    >>> default_convert({"x": np.ones(2), "name": "a"})
    {'x': tensor([1., 1.], dtype=torch.float64), 'name': 'a'}
    """
    if isinstance(data, np.ndarray) and data.dtype.kind in "SUOVMm":
        return data
    if isinstance(data, (np.ndarray, np.generic)) and not isinstance(data, (str, bytes)):
        return as_tensor(data)
    if isinstance(data, Mapping):
        return rebuilt(data, {key: default_convert(v) for key, v in data.items()})
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*map(default_convert, data))
    if isinstance(data, tuple):
        return [default_convert(v) for v in data]
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return rebuilt(data, [default_convert(v) for v in data])
    return data
