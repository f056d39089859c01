"""What tests of tensors' graphs ask of them."""

from __future__ import annotations

from typing import Any

import chainrule.torch as torch
from chainrule.drawing.graph import Graph, Node

__all__ = ["by_label", "gradients", "leaf"]


def by_label(graph: Graph) -> dict[str, Node]:
    assert len({node.label for node in graph.nodes}) == len(graph.nodes)
    return {node.label: node for node in graph.nodes}


def leaf(*numbers: float) -> Any:
    return torch.tensor(list(numbers), requires_grad=True)


def gradients(graph: Graph) -> dict[str, str]:
    return {node.label: node.gradient for node in graph.nodes}
