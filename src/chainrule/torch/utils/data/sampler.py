"""Orders in which to walk a set of examples, and their batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import islice
from typing import Any, Generic, TypeVar

from ..._creation.distributions import multinomial
from ..._creation.sharing import as_tensor
from ..._kinds.dtypes import float64
from ...random import Generator, default_generator

__all__ = [
    "BatchSampler",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "SubsetRandomSampler",
    "WeightedRandomSampler",
]

T_co = TypeVar("T_co", covariant=True)
AT_ONCE = 32  # numbers that PyTorch draws at once, with replacement


def positive(name: str, v: Any) -> None:
    if not isinstance(v, int) or isinstance(v, bool) or v <= 0:
        raise ValueError(f"{name} should be a positive integer value, but got {name}={v}")


class Sampler(Generic[T_co]):
    """An order of examples' numbers: subclass it with `__iter__`."""

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError


class SequentialSampler(Sampler[int]):
    """The numbers of all examples, from the first to the last."""

    def __init__(self, data_source: Sized) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """The numbers of all examples in random order; or `num_samples` draws, with `replacement`.

    Without `generator` each walk has one of its own, seeded by the shared one. Raises ValueError
    for an empty set.

    >>> import chainrule.torch as torch
    >>> from chainrule.torch.utils.data import RandomSampler
    >>> list(RandomSampler(range(5), generator=torch.Generator().manual_seed(0)))
    [4, 0, 1, 3, 2]
    """

    def __init__(
        self,
        data_source: Sized,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.data_source, self.replacement = data_source, replacement
        self._num_samples, self.generator = num_samples, generator
        if not isinstance(replacement, bool):
            raise TypeError(f"replacement should be a boolean value, but got {replacement=}")
        positive("num_samples", self.num_samples)

    @property
    def num_samples(self) -> int:
        """Return how many numbers there will be."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self) -> Iterator[int]:
        source, n = self.generator, len(self.data_source)
        if source is None:
            source = Generator().manual_seed(default_generator.random_int64())
        left = self.num_samples
        if self.replacement:
            while left >= AT_ONCE:
                yield from source.randint(0, n, AT_ONCE).tolist()
                left -= AT_ONCE
            yield from source.randint(0, n, left).tolist()
        else:
            while left >= n:
                yield from source.randperm(n).tolist()
                left -= n
            if left or self.generator is not None:  # PyTorch draws it even if none is left
                yield from source.randperm(n).tolist()[:left]

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """The given numbers in random order."""

    def __init__(self, indices: Sequence[int], generator: Generator | None = None) -> None:
        self.indices, self.generator = indices, generator

    def __iter__(self) -> Iterator[int]:
        order = (self.generator or default_generator).randperm(len(self.indices))
        return (self.indices[i] for i in order.tolist())

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """So many numbers, each in proportion to its weight, with replacement or without.

    Raises ValueError for weights that are no sequence of numbers.

    >>> import chainrule.torch as torch
    >>> from chainrule.torch.utils.data import WeightedRandomSampler
    >>> seeded = torch.Generator().manual_seed(1)
    >>> list(WeightedRandomSampler([0.1, 0.9, 0.4], 5, generator=seeded))
    [0, 1, 1, 1, 1]
    """

    def __init__(
        self,
        weights: Sequence[float],
        num_samples: int,
        replacement: bool = True,
        generator: Generator | None = None,
    ) -> None:
        positive("num_samples", num_samples)
        if not isinstance(replacement, bool):
            raise ValueError(f"replacement should be a boolean value, but got {replacement=}")
        self.weights = as_tensor(weights, dtype=float64)
        if self.weights.ndim != 1:
            raise ValueError(
                "weights should be a 1d sequence but given weights have shape "
                f"{tuple(self.weights.shape)}"
            )
        self.num_samples, self.replacement = num_samples, replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        source, count = self.generator or default_generator, self.num_samples
        found = multinomial(self.weights, count, self.replacement, generator=source)
        yield from found._array.tolist()

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """Lists of `batch_size` numbers of another sampler; `drop_last` leaves a shorter last one out.

    >>> from chainrule.torch.utils.data import BatchSampler
    >>> list(BatchSampler(range(5), 2, drop_last=False))
    [[0, 1], [2, 3], [4]]
    """

    def __init__(self, sampler: Iterable[int], batch_size: int, drop_last: bool) -> None:
        positive("batch_size", batch_size)
        if not isinstance(drop_last, bool):
            raise ValueError(f"drop_last should be a boolean value, but got drop_last={drop_last}")
        self.sampler, self.batch_size, self.drop_last = sampler, batch_size, drop_last

    def __iter__(self) -> Iterator[list[int]]:
        numbers = iter(self.sampler)
        while batch := list(islice(numbers, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield batch

    def __len__(self) -> int:
        count = len(self.sampler)  # type: ignore[arg-type]
        return (count if self.drop_last else count + self.batch_size - 1) // self.batch_size
