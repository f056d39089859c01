"""Sets of examples: those of tensors, parts of others, and several as one."""

from __future__ import annotations

import bisect
import itertools
import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from ..._tensor import Tensor
from ...random import Generator, default_generator

__all__ = [
    "ChainDataset",
    "ConcatDataset",
    "Dataset",
    "IterableDataset",
    "StackDataset",
    "Subset",
    "TensorDataset",
    "random_split",
]

T_co = TypeVar("T_co", covariant=True)
WRONG_SUM = "Sum of input lengths does not equal the length of the input dataset!"


class Dataset(Generic[T_co]):
    """Examples by number: subclass it with `__getitem__` and `__len__`. Two are added by `+`."""

    def __getitem__(self, index: Any) -> T_co:
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other: Any) -> ConcatDataset:
        return ConcatDataset([self, other])


class IterableDataset(Dataset[T_co], Iterable[T_co]):
    """Examples one after the other, without numbers: subclass it with `__iter__`."""

    def __add__(self, other: Any) -> ChainDataset:  # type: ignore[override]
        return ChainDataset([self, other])


class ChainDataset(IterableDataset[Any]):
    """The examples of several sets without numbers, one set after the other."""

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = datasets

    def _checked(self) -> Iterator[Any]:
        for one in self.datasets:
            if not isinstance(one, IterableDataset):
                raise AssertionError("ChainDataset only supports IterableDataset")
            yield one

    def __iter__(self) -> Iterator[Any]:
        for one in self._checked():
            yield from one

    def __len__(self) -> int:
        return sum(len(one) for one in self._checked())


class TensorDataset(Dataset[Any]):
    """The rows of tensors: example i is the tuple of the i-th row of each.

    Raises AssertionError if the tensors have different numbers of rows.

    >>> import chainrule.torch as torch
    >>> from chainrule.torch.utils.data import TensorDataset
    >>> TensorDataset(torch.tensor([[1.0], [2.0]]), torch.tensor([0, 1]))[1]
    (tensor([2.]), tensor(1))
    """

    tensors: tuple[Tensor, ...]

    def __init__(self, *tensors: Any) -> None:
        if any(tensors[0].size(0) != tensor.size(0) for tensor in tensors):
            raise AssertionError("Size mismatch between tensors")
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        return tuple(tensor[index] for tensor in self.tensors)  # type: ignore[index]

    def __len__(self) -> int:
        return self.tensors[0].size(0)  # type: ignore[attr-defined, no-any-return]


class StackDataset(Dataset[Any]):
    """The examples of several sets side by side: a tuple of one of each, or a dict of them.

    Raises ValueError for sets of different lengths.

    >>> from chainrule.torch.utils.data import StackDataset
    >>> StackDataset(image=["a", "b"], label=[0, 1])[1]
    {'image': 'b', 'label': 1}
    """

    datasets: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if args and kwargs:
            raise ValueError(
                "Supported either ``tuple``- (via ``args``) or``dict``- (via ``kwargs``) like "
                "input/output, but both types are given."
            )
        if not args and not kwargs:
            raise ValueError("At least one dataset should be passed")
        self.datasets = args or kwargs
        each = list(args or kwargs.values())
        self._length = len(each[0])
        if any(len(one) != self._length for one in each):
            raise ValueError("Size mismatch between datasets")

    def __getitem__(self, index: Any) -> Any:
        if isinstance(self.datasets, dict):
            return {name: one[index] for name, one in self.datasets.items()}
        return tuple(one[index] for one in self.datasets)

    def __getitems__(self, indices: list[int]) -> list[Any]:
        """Return several examples: what a DataLoader asks for."""
        if isinstance(self.datasets, dict):
            parts = [several_of(one, indices) for one in self.datasets.values()]
            return [dict(zip(self.datasets, v, strict=True)) for v in zip(*parts, strict=True)]
        parts = [several_of(one, indices) for one in self.datasets]
        return list(zip(*parts, strict=True))

    def __len__(self) -> int:
        return self._length


def several_of(dataset: Any, indices: list[int]) -> Any:
    """Return the examples of these numbers, all at once if the set can do that."""
    if not callable(several := getattr(dataset, "__getitems__", None)):
        return [dataset[i] for i in indices]
    found = several(indices)
    if len(found) != len(indices):
        raise ValueError(
            f"Nested dataset's output size mismatch. Expected {len(indices)}, got {len(found)}"
        )
    return found


class ConcatDataset(Dataset[Any]):
    """The examples of several sets, one set after the other."""

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise AssertionError("datasets should not be an empty iterable")
        if any(isinstance(d, IterableDataset) for d in self.datasets):
            raise AssertionError("ConcatDataset does not support IterableDataset")
        self.cumulative_sizes = list(itertools.accumulate(map(len, self.datasets)))

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    def __getitem__(self, index: int) -> Any:
        if index < 0:
            if -index > len(self):
                raise ValueError("absolute value of index should not exceed dataset length")
            index += len(self)
        k = bisect.bisect_right(self.cumulative_sizes, index)
        return self.datasets[k][index - (self.cumulative_sizes[k - 1] if k else 0)]

    @property
    def cummulative_sizes(self) -> list[int]:
        """The old spelling of `cumulative_sizes`."""
        text = "`cummulative_sizes` attribute is renamed to `cumulative_sizes`"
        warnings.warn(text, FutureWarning, stacklevel=2)
        return self.cumulative_sizes


class Subset(Dataset[Any]):
    """Some examples of another set, by their numbers."""

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset, self.indices = dataset, indices

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, list):
            return self.dataset[[self.indices[i] for i in index]]
        return self.dataset[self.indices[index]]

    def __getitems__(self, indices: list[int]) -> list[Any]:
        """Return several examples: what a DataLoader asks for."""
        chosen = [self.indices[i] for i in indices]
        if callable(getattr(self.dataset, "__getitems__", None)):
            return self.dataset.__getitems__(chosen)  # type: ignore[no-any-return]
        return [self.dataset[i] for i in chosen]

    def __len__(self) -> int:
        return len(self.indices)


def random_split(
    dataset: Any, lengths: Sequence[float], generator: Generator | None = default_generator
) -> list[Subset]:
    """Return disjoint subsets of these lengths, the examples dealt out at random.

    Lengths that add up to at most 1 are parts of the whole; what rounding leaves goes to the first
    subsets. The order is one draw of `generator`. Raises ValueError where lengths do not add up.

    >>> import chainrule.torch as torch
    >>> from chainrule.torch.utils.data import random_split
    >>> _ = torch.manual_seed(0)
    >>> [part.indices for part in random_split(range(5), [2, 3])]
    [[4, 0], [1, 3, 2]]
    """
    total = len(dataset)
    if math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        sizes = []
        for k, part in enumerate(lengths):
            if part < 0 or part > 1:
                raise ValueError(f"Fraction at index {k} is not between 0 and 1")
            sizes.append(math.floor(total * part))
        for k in range(total - sum(sizes)):
            sizes[k % len(sizes)] += 1
        for k, size in enumerate(sizes):
            if size == 0:
                warnings.warn(
                    f"Length of split at index {k} is 0. This might result in an empty dataset.",
                    UserWarning,
                    stacklevel=2,
                )
        lengths = sizes
    if sum(lengths) != total:
        raise ValueError(WRONG_SUM)
    order = (generator or default_generator).randperm(total).tolist()
    ends = list(itertools.accumulate(int(n) for n in lengths))
    return [
        Subset(dataset, order[end - int(n) : end]) for end, n in zip(ends, lengths, strict=True)
    ]
