"""Nodes of the graph, and what can be done about what they save."""

from __future__ import annotations

from collections.abc import Iterable

from .._missing import lookup
from .._tensor import Tensor
from ._nodes import Node

__all__ = ["Node", "increment_version", "save_on_cpu"]

Node.__module__ = "torch.autograd.graph"
__test__ = {"Node": Node}


class save_on_cpu:
    """A context in which what is saved lies in the CPU's memory, as everything does here."""

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda") -> None:
        pass

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


def increment_version(tensor: Tensor | Iterable[Tensor]) -> None:
    """Count a write to a tensor, or to each of several: to tell of one made behind its back.

    >>> import chainrule.torch as torch
    >>> x = torch.ones(2)
    >>> x.numpy()[0] = 5.0
    >>> torch.autograd.graph.increment_version(x)
    >>> x._version
    1
    """
    for one in [tensor] if isinstance(tensor, Tensor) else tensor:
        one._writes[0] += 1


__getattr__ = lookup(globals(), "torch.autograd.graph", {})
