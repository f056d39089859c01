"""The graph of a computation: values forward, gradients backward, on one picture."""

from __future__ import annotations

from .drawn import draw_graph
from .model import Graph, GraphError, Node

__all__ = ["Graph", "GraphError", "Node", "draw_graph"]
