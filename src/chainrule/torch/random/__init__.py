"""The random stream that all draws share, and the order in which a shuffled epoch is walked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from .._missing import lookup
from ._generator import Generator
from ._own_stream import Shared

__all__ = [
    "Generator",
    "default_generator",
    "fork_rng",
    "get_rng_state",
    "initial_seed",
    "manual_seed",
    "seed",
    "set_rng_state",
    "shuffled",
]

default_generator: Generator = Shared()
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


def get_rng_state() -> Any:
    """Return the state of the shared stream, a tensor of 5056 bytes as PyTorch's.

    >>> get_rng_state().shape
    torch.Size([5056])
    """
    return default_generator.get_state()


def set_rng_state(new_state: Any) -> None:
    """Let the shared stream go on from a state that `get_rng_state` returned."""
    default_generator.set_state(new_state)


@contextmanager
def fork_rng(
    devices: Iterable[Any] | None = None,
    enabled: bool = True,
    _caller: str = "fork_rng",
    _devices_kw: str = "devices",
    device_type: str = "cuda",
) -> Iterator[None]:
    """Let the shared stream go on after a `with` block from where it was before.

    >>> _ = manual_seed(0)
    >>> with fork_rng():
    ...     drawn = default_generator.uniform(2)
    >>> bool((default_generator.uniform(2) == drawn).all())
    True
    """
    if enabled and devices:
        raise AssertionError("Torch not compiled with CUDA enabled")
    state = get_rng_state() if enabled else None
    try:
        yield
    finally:
        if enabled:
            set_rng_state(state)


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
