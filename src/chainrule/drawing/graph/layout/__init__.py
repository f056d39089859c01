"""The layout of a graph: layers, an order with few crossings, heights, and room for every text."""

from __future__ import annotations

from .laying import laid_out
from .placing import FLOW_SIZE, Box, Edge, Layout

__all__ = ["FLOW_SIZE", "Box", "Edge", "Layout", "laid_out"]
