"""Pictures: curves and slopes, graphs, fitted models. Matplotlib is imported where it is used."""

from __future__ import annotations

from .curves import draw_slopes
from .graph import draw_graph

__all__ = ["draw_graph", "draw_slopes"]
