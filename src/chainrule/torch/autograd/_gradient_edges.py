"""Edges of the graph by themselves: places where gradients pass, without the tensor's numbers."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .._tensor import Tensor, made

__all__ = ["GradientEdge", "get_gradient_edge", "tensor_of"]


class _Fields(NamedTuple):
    node: Any
    output_nr: int
    ownership_token: Any = None


class GradientEdge(_Fields):
    """A place in the graph: a node, and which of its outputs is meant.

    `backward` and `grad` take one wherever they take a tensor.
    """

    _stand_in: Any = None


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """Return the edge at which gradients of `tensor` arrive; it does not keep the numbers alive.

    >>> import chainrule.torch as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> y = 3 * x
    >>> edge = get_gradient_edge(y)
    >>> edge.node.name(), edge.output_nr
    ('MulBackward0', 0)
    >>> torch.autograd.grad((y * y).sum(), edge)
    (tensor([6., 6.]),)
    """
    if not tensor.requires_grad:
        raise RuntimeError(
            "It is not possible to get the gradient edge for a Tensor that does not require "
            "gradients"
        )
    from ._nodes import shown

    node = tensor._node
    edge = GradientEdge(shown(node), tensor.output_nr)
    edge._stand_in = made(np.broadcast_to(np.zeros((), tensor._array.dtype), tensor._array.shape))
    edge._stand_in._node = node
    return edge


def tensor_of(one: Any) -> Any:
    """Return what stands for an edge where a tensor is asked for; anything else as it is."""
    if not isinstance(one, GradientEdge):
        return one
    if one._stand_in is None:  # made by hand of a node
        one._stand_in = made(np.zeros((), np.float32))
        one._stand_in._node = one.node._node
    return one._stand_in


for _one in (GradientEdge, get_gradient_edge):
    _one.__module__ = "torch.autograd.graph"
__test__ = {one.__name__: one for one in (GradientEdge, get_gradient_edge)}
