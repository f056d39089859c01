"""Modules that hold parameters: in a list, by name.

>>> import chainrule.torch as torch
>>> torch.nn.ParameterList([torch.ones(2), torch.zeros(1, 3)])
ParameterList(
    (0): Parameter containing: [torch.float32 of size 2]
    (1): Parameter containing: [torch.float32 of size 1x3]
)
>>> list(torch.nn.ParameterDict({"slope": torch.ones(1)}).keys())
['slope']
"""

from __future__ import annotations

import operator
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from ..._kinds.dtypes import type_name
from ..._tensor import Tensor
from ..parameter import Parameter
from .module import Module

__all__: list[str] = []

HOME = __package__ + ".container"  # where PyTorch has the two


def as_parameter(value: Any) -> Any:
    """Return a tensor as a parameter; anything else as it is."""
    return Parameter(value) if type(value) is Tensor else value


def line(name: Any, value: Any, kind: Any) -> str:
    """Return what is shown of one part of a container."""
    if not isinstance(value, Tensor):
        return f"  ({name}): Object of type: {type(value).__name__}"
    said = "Parameter" if isinstance(value, Parameter) else "Tensor"
    size = "x".join(map(str, value.shape))
    return f"  ({name}): {said} containing: [{kind(value)} of size {size}]"


def pairs(home: str, found: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Yield the pairs of a name and a value, each checked to be one."""
    for place, pair in enumerate(found):
        if not isinstance(pair, Container):
            raise TypeError(
                f"{home} update sequence element #{place} should be Iterable; "
                f"is{type(pair).__name__}"
            )
        if len(pair) != 2:  # type: ignore[arg-type]
            raise ValueError(
                f"{home} update sequence element #{place} has length {len(pair)}; 2 is required"  # type: ignore[arg-type]
            )
        yield pair[0], pair[1]  # type: ignore[index]


class ParameterList(Module):
    """Parameters in a list; tensors become parameters, anything else is held as it is."""

    __module__ = HOME
    _size: int

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        super().__init__()
        self._size = 0
        if values is not None:
            self += values

    def _at(self, place: Any) -> str:
        place = operator.index(place)
        if not -self._size <= place < self._size:
            raise IndexError(f"index {place} is out of range")
        return str(place % self._size)

    def __getitem__(self, idx: Any) -> Any:
        if isinstance(idx, slice):
            return type(self)(getattr(self, str(k)) for k in range(*idx.indices(self._size)))
        return getattr(self, self._at(idx))

    def __setitem__(self, idx: int, param: Any) -> None:
        setattr(self, self._at(idx), as_parameter(param))

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Any]:
        return iter(getattr(self, str(k)) for k in range(self._size))

    def __iadd__(self, parameters: Iterable[Any]) -> ParameterList:
        return self.extend(parameters)

    def append(self, value: Any) -> ParameterList:
        """Add a value at the end; return the list."""
        self._size += 1
        self[self._size - 1] = value
        return self

    def extend(self, values: Iterable[Any]) -> ParameterList:
        """Add the values at the end; return the list."""
        if not isinstance(values, Iterable) or isinstance(values, Tensor):
            raise TypeError(
                "ParameterList.extend should be called with an iterable, but got "
                f"{type(values).__name__}"
            )
        for value in values:
            self.append(value)
        return self

    def extra_repr(self) -> str:
        """Return a line for each value."""
        return "\n".join(line(k, value, lambda t: t.dtype) for k, value in enumerate(self))

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("ParameterList should not be called.")


class ParameterDict(Module):
    """Parameters by name; tensors become parameters, anything else is held as it is."""

    __module__ = HOME
    _keys: dict[str, None]

    def __init__(self, parameters: Any = None) -> None:
        super().__init__()
        self._keys = {}
        if parameters is not None:
            self.update(parameters)

    def __getitem__(self, key: str) -> Any:
        return getattr(self, checked_key(key))

    def __setitem__(self, key: str, value: Any) -> None:
        self._keys[key] = None  # before it is known to be a name, as in PyTorch
        checked_key(key)
        value = as_parameter(value)
        if isinstance(value, Parameter):
            self.register_parameter(key, value)
        else:
            setattr(self, key, value)

    def __delitem__(self, key: str) -> None:
        del self._keys[key]
        delattr(self, checked_key(key))

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __reversed__(self) -> Iterator[str]:
        return reversed(list(self._keys))

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def copy(self) -> ParameterDict:
        """Return another that holds the same."""
        return ParameterDict({key: self[key] for key in self._keys})

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Return what stands under `key`: if nothing does, `default` from now on."""
        if key not in self:
            self[key] = default
        return self[key]

    def clear(self) -> None:
        """Take all out."""
        for key in list(self._keys):
            del self[key]

    def pop(self, key: str) -> Any:
        """Take what stands under `key` out, and return it."""
        value = self[key]
        del self[key]
        return value

    def popitem(self) -> tuple[str, Any]:
        """Take the last out, and return it with its name."""
        key, _ = self._keys.popitem()
        value = self[key]
        delattr(self, key)
        return key, value

    def get(self, key: str, default: Any = None) -> Any:
        """Return what stands under `key`, or `default`."""
        return self[key] if key in self else default  # noqa: SIM401  (it is itself)

    def fromkeys(self, keys: Iterable[str], default: Any = None) -> ParameterDict:
        """Return a new one that holds `default` under each of the keys."""
        return ParameterDict((key, default) for key in keys)

    def keys(self) -> Any:
        """Return the names."""
        return self._keys.keys()

    def items(self) -> Iterator[tuple[str, Any]]:
        """Return the names with what stands under them."""
        return ((key, self[key]) for key in self._keys)

    def values(self) -> Iterator[Any]:
        """Return what stands under the names."""
        return (self[key] for key in self._keys)

    def update(self, parameters: Any) -> None:
        """Take parameters from a mapping, by sorted names, or from pairs in their order."""
        if not isinstance(parameters, Iterable):
            raise TypeError(
                "ParametersDict.update should be called with an iterable of key/value pairs, but "
                f"got {type(parameters).__name__}"
            )
        if isinstance(parameters, Mapping):
            found: Iterable[Any] = parameters.items()
            if type(parameters) is dict:
                found = sorted(found)
        elif isinstance(parameters, ParameterDict):
            found = parameters.items()
        else:
            found = pairs("ParameterDict", parameters)
        for key, parameter in found:
            self[key] = parameter

    def extra_repr(self) -> str:
        """Return a line for each name."""
        return "\n".join(
            line(k, value, lambda t: type_name(t._array.dtype)) for k, value in self.items()
        )

    def __call__(self, input: Any) -> Any:
        raise RuntimeError("ParameterDict should not be called.")

    def __or__(self, other: ParameterDict) -> ParameterDict:
        out = self.copy()
        out.update(other)
        return out

    def __ror__(self, other: Any) -> Any:
        out = other.copy()
        out.update(self.items())
        return out

    def __ior__(self, other: ParameterDict) -> ParameterDict:
        self.update(other)
        return self


def checked_key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(
            "Index given to ParameterDict cannot be used as a key as it is not a string (type is "
            f"'{type(key).__name__}'). Open an issue on github if you need non-string keys."
        )
    return key
