"""The arrays and numbers that a function reads from around it: frozen when it is written down.

They stand in a program as constants. A fingerprint of them is looked at before every call, so that
a change is seen: the function is written down again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from types import CodeType, FunctionType, MethodType
from typing import Any

import numpy as np

from chainrule._core.constants import sample
from chainrule.operators.arguments import Derivative

__all__ = ["Surroundings"]

NUMBERS = (int, float, complex, bool, str)
MOST = 64  # items of a container, attributes of an object
LARGE = 1_000_000  # numbers from which on an array should be an argument


class Surroundings:
    """What a function reads of closures and global names, as it was when this was made."""

    def __init__(self, f: Callable[..., Any]) -> None:
        self.looks: list[Callable[[], bool]] = []
        self.large: list[tuple[str, np.ndarray]] = []
        self._seen: set[int] = set()
        self._follow(f)

    def unchanged(self) -> bool:
        try:
            for look in self.looks:  # noqa: SIM110  (a generator takes three times as long)
                if not look():
                    return False
        except LookupError:  # an item is gone
            return False
        return True

    def _follow(self, f: Any) -> None:
        """Look at what a function reads, and at what the functions that it reads read."""
        if id(f) in self._seen:
            return
        self._seen.add(id(f))
        if isinstance(f, Derivative):
            self._follow(f.made_by[1][0])
        elif isinstance(f, functools.partial):
            self._meet("an argument of partial", (f.func, *f.args, *f.keywords.values()), lambda: f)
        elif isinstance(f, MethodType):
            self._items(type(f.__self__).__name__, getattr(f.__self__, "__dict__", {}))
            self._follow(f.__func__)
        elif isinstance(f, FunctionType):
            cells = zip(f.__code__.co_freevars, f.__closure__ or (), strict=True)
            self._items("", Cells(cells))
            if not (f.__module__ or "").startswith("chainrule."):
                self._items("", Names(f))

    def _items(self, name: str, space: Any) -> None:
        """Look at the items of a container: of names, or of a dict or list, the first of many."""
        keys = range(len(space)) if isinstance(space, (list, tuple)) else list(space)
        for k in keys[:MOST]:
            get = functools.partial(space.__getitem__, k)
            self._meet(f"{name}.{k}" if name else str(k), get(), get)

    def _meet(self, name: str, v: Any, get: Callable[[], Any]) -> None:
        if type(v) is np.ndarray:
            if v.size > LARGE:
                self.large.append((name, v))
            read = sample(v) if v.size and v.ndim else v.tobytes
            before = read()
            self.looks.append(lambda: get() is v and read() == before)
        elif type(v) in NUMBERS or isinstance(v, np.generic):
            self.looks.append(lambda: get() is v)
        elif isinstance(v, (list, tuple, dict)):
            self._items(name, v)
            size = len(v)
            self.looks.append(lambda: get() is v and len(v) == size)
        elif isinstance(v, (FunctionType, MethodType, Derivative, functools.partial)):
            self._follow(v)


class Cells(dict[str, Any]):
    """What a function closes over, by name, as it is now."""

    def __init__(self, cells: Iterable[tuple[str, Any]]) -> None:
        super().__init__(cells)

    def __getitem__(self, name: str) -> Any:
        try:
            return super().__getitem__(name).cell_contents
        except ValueError:  # a name that is bound later
            return None


class Names(dict[str, Any]):
    """The global names that a function reads, as they are bound now."""

    def __init__(self, f: FunctionType) -> None:
        space = f.__globals__
        super().__init__({name: space for name in names_in(f.__code__) if name in space})

    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(name).get(name)


def names_in(code: CodeType) -> set[str]:
    """The global names that a function reads, those of functions inside it too."""
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= names_in(constant)
    return found
