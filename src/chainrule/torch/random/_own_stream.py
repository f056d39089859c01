"""The shared generator, which in a worker of a DataLoader stands for the worker's own stream."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from ._generator import Generator

__all__ = ["OWN", "Shared"]

OWN: ContextVar[Generator | None] = ContextVar("OWN", default=None)


def redirected(name: str) -> property:
    """Return a property that reads and writes a slot of the worker's own generator, if any."""
    slot = getattr(Generator, name)

    def read(self: Generator) -> Any:
        own = OWN.get()
        return slot.__get__(self if own is None else own)

    def write(self: Generator, value: Any) -> None:
        own = OWN.get()
        slot.__set__(self if own is None else own, value)

    return property(read, write)


class Shared(Generator):
    """A generator whose state each worker has of its own."""

    __slots__ = ()

    _engine = redirected("_engine")
    _kept = redirected("_kept")
    _seed = redirected("_seed")


Shared.__name__ = Shared.__qualname__ = "Generator"  # what users see is one
