"""How a tensor lies in memory, as programs say it: there is one layout, by strides."""

from __future__ import annotations

from typing import TypeVar

__all__ = [
    "channels_last",
    "channels_last_3d",
    "contiguous_format",
    "layout",
    "memory_format",
    "preserve_format",
    "strided",
]

_T = TypeVar("_T", bound="_Named")


class _Named:
    """A value that has a name and nothing else; copies and pickles are the value itself."""

    __slots__ = ("_name",)

    _name: str

    def __init__(self) -> None:
        raise TypeError(f"cannot create 'torch.{type(self).__name__}' instances")

    def __repr__(self) -> str:
        return f"torch.{self._name}"

    def __reduce__(self) -> str:
        return self._name


class layout(_Named):
    """How the numbers are kept: `torch.strided`.

    >>> strided
    torch.strided
    """

    __slots__ = ()


class memory_format(_Named):
    """The order in which a new tensor would have its numbers in memory; taken, and of no effect.

    >>> contiguous_format
    torch.contiguous_format
    """

    __slots__ = ()


def _named(kind: type[_T], name: str) -> _T:
    self = kind.__new__(kind)
    self._name = name
    return self


strided = _named(layout, "strided")
contiguous_format = _named(memory_format, "contiguous_format")
preserve_format = _named(memory_format, "preserve_format")
channels_last = _named(memory_format, "channels_last")
channels_last_3d = _named(memory_format, "channels_last_3d")
