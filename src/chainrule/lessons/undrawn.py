"""A stand-in for Matplotlib where it is not installed: what is drawn is nowhere, but nothing fails.

A lesson's program draws besides what it prints; without this, it could not be run at all.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import numpy as np

__all__ = ["Undrawn", "undrawn"]


class Undrawn:
    """A thing of Matplotlib's that takes whatever is asked of it, and does nothing.

    >>> axes = Undrawn()
    >>> axes.plot([1, 2], color="black").get_label()
    Undrawn()
    """

    def __repr__(self) -> str:
        return "Undrawn()"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __call__(self, *args: object, **options: object) -> Undrawn:
        return self


def subplots(rows: int = 1, columns: int = 1, **options: object) -> tuple[Undrawn, Any]:
    """Return a figure and as many panels as Matplotlib's `subplots` does.

    >>> figure, panels = subplots(2, 3)
    >>> panels.shape, subplots(1, 2)[1].shape, subplots()[1]
    ((2, 3), (2,), Undrawn())
    """
    panels = np.full((rows, columns), Undrawn()).squeeze()
    return Undrawn(), panels if panels.ndim else panels.item()


class _Nowhere(MetaPathFinder, Loader):
    """Finds `matplotlib` and its parts: empty modules that have every name."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name.partition(".")[0] != "matplotlib":
            return None
        return ModuleSpec(name, self, is_package=True)

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(subplots=subplots, __getattr__=Undrawn().__getattr__)


@contextmanager
def undrawn() -> Iterator[None]:
    """A context in which `import matplotlib` gets the stand-in."""
    finder = _Nowhere()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
            del sys.modules[name]
