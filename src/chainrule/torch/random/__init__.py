"""The random stream that all draws share, and the order in which a shuffled epoch is walked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._missing import lookup
from ._generator import Generator

__all__ = ["Generator", "default_generator", "initial_seed", "manual_seed", "seed", "shuffled"]

default_generator = Generator()
default_generator.seed()


def manual_seed(seed: Any) -> Generator:
    """Return the generator that all draws share by default, begun anew from `seed`.

    >>> manual_seed(0).uniform(3)
    array([0.4962566 , 0.7682218 , 0.08847743], dtype=float32)
    """
    return default_generator.manual_seed(int(seed))


def seed() -> int:
    """Return a seed thrown by the operating system, from which the shared stream begins anew."""
    return default_generator.seed()


def initial_seed() -> int:
    """Return the seed that the shared stream began from."""
    return default_generator.initial_seed()


def shuffled(n: int, generator: Generator | None = None) -> Iterator[int]:
    """Return 0 to n - 1 in the order in which a shuffling DataLoader's sampler walks an epoch.

    Nothing is drawn before the first number is asked for. Before that the DataLoader's iterator
    has drawn its base seed: `random_int64` of `generator`, or of the shared one, shuffled or not.

    >>> _ = manual_seed(1)
    >>> base = default_generator.random_int64()
    >>> list(shuffled(5))
    [4, 1, 3, 0, 2]
    """
    if generator is None:
        own = Generator().manual_seed(default_generator.random_int64())
        yield from own.randperm(n).tolist()
    else:
        yield from generator.randperm(n).tolist()
        generator.randperm(n)  # PyTorch draws an order also for the rest of n / n, which is empty


__getattr__ = lookup(globals(), "torch.random", {})
