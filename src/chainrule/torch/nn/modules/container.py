"""Modules that hold others, in a row, in a list or by name; and two that only pass on."""

from __future__ import annotations

import operator
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, overload

from ._registry import typename
from .module import Module

__all__ = ["Flatten", "Identity", "ModuleDict", "ModuleList", "Sequential", "Unflatten"]


class _Row(Module):
    """Modules in a row, named by their places."""

    def _at(self, place: Any) -> str:
        """Return the name of the module at a place, counted from either end."""
        place = operator.index(place)
        if not -len(self) <= place < len(self):
            raise IndexError(f"index {place} is out of range")
        return list(self._modules)[place]  # type: ignore[no-any-return]

    def _renumber(self, modules: Iterable[Any]) -> None:
        self._modules.clear()
        self._modules.update((str(k), module) for k, module in enumerate(modules))

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._modules.values())

    def __setitem__(self, place: int, module: Module) -> None:
        setattr(self, self._at(place), module)

    def __delitem__(self, place: int | slice) -> None:
        names = list(self._modules)
        gone = names[place] if isinstance(place, slice) else [self._at(place)]
        for name in gone:
            delattr(self, name)
        self._renumber(list(self._modules.values()))

    def append(self, module: Module) -> Any:
        """Add a module at the end; return the row."""
        self.add_module(str(len(self)), module)
        return self

    def pop(self, place: int | slice) -> Any:
        """Take the module at `place` out, and return it."""
        module = self[place]  # type: ignore[index]
        del self[place]
        return module

    def insert(self, index: int, module: Module) -> Any:
        """Put a module before the one at `index`."""
        modules = list(self._modules.values())
        check_module(module)
        if not -len(modules) <= index <= len(modules):
            raise IndexError(f"Index out of range: {index}")
        modules.insert(index, module)
        self._renumber(modules)
        return self


def check_module(module: Any) -> None:
    if not isinstance(module, Module):
        raise TypeError(f"{typename(module)} is not a Module subclass")


class Sequential(_Row):
    """Modules in a row: each computes with what the one before it returned.

    Takes the modules, or one OrderedDict of them by name. Slices are rows again.

    >>> import chainrule.torch as torch
    >>> torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Sigmoid())
    Sequential(
      (0): Linear(in_features=2, out_features=1, bias=True)
      (1): Sigmoid()
    )
    """

    def __init__(self, *modules: Any) -> None:
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], OrderedDict):
            for name, module in modules[0].items():
                self.add_module(name, module)
        else:
            for place, module in enumerate(modules):
                self.add_module(str(place), module)

    def forward(self, input: Any) -> Any:
        """Return what the last module returns."""
        for module in self._modules.values():
            input = module(input)  # type: ignore[misc]
        return input

    @overload
    def __getitem__(self, place: slice) -> Sequential: ...
    @overload
    def __getitem__(self, place: int) -> Any: ...
    def __getitem__(self, place: slice | int) -> Any:
        if isinstance(place, slice):
            return type(self)(OrderedDict(list(self._modules.items())[place]))
        return self._modules[self._at(place)]

    def extend(self, sequential: Iterable[Module]) -> Sequential:
        """Add modules at the end; return the row."""
        for module in sequential:
            self.append(module)
        return self

    def __add__(self, other: Any) -> Sequential:
        if not isinstance(other, Sequential):
            raise ValueError(
                "add operator supports only objects of Sequential class, but "
                f"{type(other)} is given."
            )
        return Sequential(*self, *other)

    def __iadd__(self, other: Any) -> Sequential:
        if not isinstance(other, Sequential):
            raise ValueError(
                "add operator supports only objects of Sequential class, but "
                f"{type(other)} is given."
            )
        return self.extend(other)

    def __mul__(self, times: int) -> Sequential:
        if not isinstance(times, int):
            raise TypeError(f"unsupported operand type(s) for *: {type(self)} and {type(times)}")
        if times <= 0:
            raise ValueError(f"Non-positive multiplication factor {times} for {type(self)}")
        return Sequential(*(module for _ in range(times) for module in self))

    __rmul__ = __mul__


class ModuleList(_Row):
    """Modules in a list: held, but not called.

    >>> import chainrule.torch as torch
    >>> len(torch.nn.ModuleList([torch.nn.Linear(1, 1) for _ in range(3)]))
    3
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.extend(modules)

    @overload
    def __getitem__(self, place: slice) -> ModuleList: ...
    @overload
    def __getitem__(self, place: int) -> Any: ...
    def __getitem__(self, place: slice | int) -> Any:
        if isinstance(place, slice):
            return type(self)(list(self._modules.values())[place])  # type: ignore[arg-type]
        return self._modules[self._at(place)]

    def extend(self, modules: Iterable[Module]) -> ModuleList:
        """Add modules at the end; return the list."""
        if not isinstance(modules, Iterable):
            raise TypeError(
                "ModuleList.extend should be called with an iterable, but got "
                f"{type(modules).__name__}"
            )
        for module in modules:
            self.append(module)
        return self

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList([*self, *other])

    def __iadd__(self, other: Iterable[Module]) -> ModuleList:
        return self.extend(other)

    def _shown(self) -> list[str]:
        """Equal neighbours are shown once, with their number."""
        lines, place = [], 0
        for text, equal in groupby(map(repr, self)):
            count = len(list(equal))
            many = f"{place}-{place + count - 1}): {count} x " if count > 1 else f"{place}): "
            lines.append("(" + many + text.replace("\n", "\n  "))
            place += count
        return lines


class ModuleDict(Module):
    """Modules by name: held, but not called.

    >>> import chainrule.torch as torch
    >>> list(torch.nn.ModuleDict({"last": torch.nn.Tanh()}))
    ['last']
    """

    def __init__(self, modules: Any = None) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key: str) -> Any:
        return self._modules[key]

    def __setitem__(self, key: str, module: Module) -> None:
        self.add_module(key, module)

    def __delitem__(self, key: str) -> None:
        del self._modules[key]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: str) -> bool:
        return key in self._modules

    def clear(self) -> None:
        """Take all modules out."""
        self._modules.clear()

    def pop(self, key: str) -> Any:
        """Take the module of this name out, and return it."""
        return self._modules.pop(key)

    def keys(self) -> Any:
        """Return the names."""
        return self._modules.keys()

    def values(self) -> Any:
        """Return the modules."""
        return self._modules.values()

    def items(self) -> Any:
        """Return the names with the modules."""
        return self._modules.items()

    def update(self, modules: Any) -> None:
        """Take modules from a mapping, or from pairs of a name and a module."""
        if not isinstance(modules, Iterable):
            raise TypeError(
                "ModuleDict.update should be called with an iterable of key/value pairs, but got "
                f"{type(modules).__name__}"
            )
        named = isinstance(modules, (Mapping, ModuleDict))
        for key, module in modules.items() if named else modules:  # type: ignore[attr-defined]
            self[key] = module


class Identity(Module):
    """Returns its input; whatever it is made with is ignored."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__()

    def forward(self, input: Any) -> Any:
        """Return `input`."""
        return input


class Flatten(Module):
    """Makes the dimensions from `start_dim` to `end_dim` one; without arguments, one row each."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: Any) -> Any:
        """Return `input` in its new shape."""
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """Return the dimensions."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """Makes one dimension several, of the sizes given."""

    def __init__(self, dim: int, unflattened_size: Any) -> None:
        super().__init__()
        self.dim, self.unflattened_size = dim, unflattened_size

    def forward(self, input: Any) -> Any:
        """Return `input` in its new shape."""
        shape = list(input.shape)
        at = self.dim % len(shape)
        return input.reshape(*shape[:at], *self.unflattened_size, *shape[at + 1 :])

    def extra_repr(self) -> str:
        """Return the dimension and its sizes."""
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
