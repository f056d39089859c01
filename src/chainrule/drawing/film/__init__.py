"""The film of a training: one HTML file to play, or a GIF; and the homework's grid."""

from __future__ import annotations

from .grid import draw_grid, save_grid
from .saving import check_film, save_film

__all__ = ["check_film", "draw_grid", "save_film", "save_grid"]
