"""Pictures: curves and slopes, graphs, fitted models. Matplotlib is imported where it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .curves import draw_slopes
    from .graph import draw_graph

__all__ = ["draw_graph", "draw_slopes"]

# Curves need none of what graphs need, which takes as long to import as all the rest.
_LATER = {"draw_graph": "graph", "draw_slopes": "curves"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
