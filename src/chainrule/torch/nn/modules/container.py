"""Modules that hold others: in a row, in a list, by name."""

from __future__ import annotations

import operator
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, overload

from ._parameter_containers import ParameterDict, ParameterList, pairs
from .module import Module

__all__ = ["ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Sequential"]


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

    def __delitem__(self, place: int | slice) -> None:
        names = list(self._modules)
        gone = names[place] if isinstance(place, slice) else [self._at(place)]
        for name in gone:
            delattr(self, name)
        self._renumber(list(self._modules.values()))


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

    def __init__(self, *args: Any) -> None:
        super().__init__()
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            for name, module in args[0].items():
                self.add_module(name, module)
        else:
            for place, module in enumerate(args):
                self.add_module(str(place), module)

    def forward(self, input: Any) -> Any:
        """Return what the last module returns."""
        for module in self._modules.values():
            input = module(input)  # type: ignore[misc]
        return input

    @overload
    def __getitem__(self, idx: slice) -> Sequential: ...
    @overload
    def __getitem__(self, idx: int) -> Any: ...
    def __getitem__(self, idx: slice | int) -> Any:
        if isinstance(idx, slice):
            return type(self)(OrderedDict(list(self._modules.items())[idx]))
        return self._modules[self._at(idx)]

    def __setitem__(self, idx: int, module: Module) -> None:
        setattr(self, self._at(idx), module)

    def append(self, module: Module) -> Any:
        """Add a module at the end; return the row."""
        self.add_module(str(len(self)), module)
        return self

    def pop(self, key: int | slice) -> Any:
        """Take the module at a place out, and return it."""
        module = self[key]
        del self[key]
        return module

    def insert(self, index: int, module: Module) -> Any:
        """Put a module before the one at `index`; return the row."""
        if not isinstance(module, Module):
            raise AssertionError(f"module should be of type: {Module}")
        modules = list(self._modules.values())
        if not -len(modules) <= index <= len(modules):
            raise IndexError(f"Index out of range: {index}")
        modules.insert(index, module)
        self._renumber(modules)
        return self

    def extend(self, sequential: Iterable[Module]) -> Sequential:
        """Add modules at the end; return the row."""
        for module in sequential:
            self.append(module)
        return self

    def __add__(self, other: Any) -> Sequential:
        check_row(other)
        return Sequential(*self, *other)

    def __iadd__(self, other: Any) -> Sequential:
        check_row(other)
        return self.extend(other)

    def __mul__(self, other: int) -> Sequential:
        check_times(self, other)
        return Sequential(*(module for _ in range(other) for module in self))

    __rmul__ = __mul__

    def __imul__(self, other: int) -> Sequential:
        check_times(self, other)
        return self.extend([module for _ in range(other - 1) for module in self])


def check_row(other: Any) -> None:
    if not isinstance(other, Sequential):
        raise ValueError(
            f"add operator supports only objects of Sequential class, but {type(other)} is given."
        )


def check_times(row: Any, times: Any) -> None:
    if not isinstance(times, int):
        raise TypeError(f"unsupported operand type(s) for *: {type(row)} and {type(times)}")
    if times <= 0:
        raise ValueError(f"Non-positive multiplication factor {times} for {type(row)}")


class ModuleList(_Row):
    """Modules in a list: held, but not called.

    >>> import chainrule.torch as torch
    >>> len(torch.nn.ModuleList([torch.nn.Linear(1, 1) for _ in range(3)]))
    3
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self += modules

    @overload
    def __getitem__(self, idx: slice) -> ModuleList: ...
    @overload
    def __getitem__(self, idx: int) -> Any: ...
    def __getitem__(self, idx: slice | int) -> Any:
        if isinstance(idx, slice):
            return type(self)(list(self._modules.values())[idx])  # type: ignore[arg-type]
        return self._modules[self._at(idx)]

    def __setitem__(self, idx: int, module: Module) -> None:
        setattr(self, self._at(idx), module)

    def append(self, module: Module) -> Any:
        """Add a module at the end; return the row."""
        self.add_module(str(len(self)), module)
        return self

    def pop(self, key: int | slice) -> Any:
        """Take the module at a place out, and return it."""
        module = self[key]
        del self[key]
        return module

    def insert(self, index: int, module: Module) -> None:
        """Put a module before the one at `index`, which is not counted from the end."""
        for place in range(len(self), index, -1):
            self._modules[str(place)] = self._modules[str(place - 1)]
        self._modules[str(index)] = module

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
        return ModuleList(module for modules in (self, iter(other)) for module in modules)

    def __iadd__(self, modules: Iterable[Module]) -> ModuleList:
        return self.extend(modules)

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
        for key, module in (
            modules.items() if named else pairs("ModuleDict", modules)  # type: ignore[attr-defined]
        ):
            self[key] = module
