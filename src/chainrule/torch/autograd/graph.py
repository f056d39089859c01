"""Nodes of the graph, edges between them, and what can be done about what they save."""

from __future__ import annotations

from collections.abc import Iterable

from .._missing import lookup
from .._tensor import Tensor
from ._gradient_edges import GradientEdge, get_gradient_edge
from ._multi_hooks import register_multi_grad_hook
from ._nodes import Node
from ._saving import (
    allow_mutation_on_saved_tensors,
    disable_saved_tensors_hooks,
    save_on_cpu,
    saved_tensors_hooks,
)

__all__ = [
    "GradientEdge",
    "Node",
    "allow_mutation_on_saved_tensors",
    "disable_saved_tensors_hooks",
    "get_gradient_edge",
    "increment_version",
    "register_multi_grad_hook",
    "save_on_cpu",
    "saved_tensors_hooks",
]

Node.__module__ = "torch.autograd.graph"
__test__ = {"Node": Node}


def increment_version(tensor: Tensor | Iterable[Tensor]) -> None:
    """Count a write to a tensor, or to each of several: to tell of one made behind its back.

    >>> import chainrule.torch as torch
    >>> x = torch.ones(2)
    >>> x.numpy()[0] = 5.0
    >>> torch.autograd.graph.increment_version(x)
    >>> x._version
    1
    """
    try:
        tensors = [tensor] if isinstance(tensor, Tensor) else [*tensor]
    except TypeError:
        raise RuntimeError("increment_version expect a Iterable[Tensor] as input") from None
    for one in tensors:
        if not isinstance(one, Tensor):
            raise RuntimeError("increment_version expects each element of the iterable to be a "
                               "tensor")  # fmt: skip
        one._writes[0] += 1


__getattr__ = lookup(globals(), "torch.autograd.graph", {})
