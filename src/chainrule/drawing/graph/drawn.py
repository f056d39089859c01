"""`draw_graph`: from tensors, from a function with its arguments, from a derivation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chainrule._languages import speaking

from .model import Graph
from .reading_functions import argument_names, read_function

__all__ = ["draw_graph"]


def draw_graph(
    what: Any,
    *args: Any,
    names: Mapping[str, Any] | Sequence[str] | None = None,
    wrt: str | Sequence[str] | None = None,
    lang: str | None = None,
) -> Graph:
    """Return the graph of a computation, values forward and gradients backward.

    >>> from chainrule.drawing import draw_graph
    >>> graph = draw_graph(lambda x, w: (x + w) * (w + 1), 2.0, 1.0)
    >>> for node in graph.nodes:
    ...     print(node.label, node.formula, node.value, node.gradient)
    x  2 2
    w  1 5
    a x + w 3 2
    b w + 1 2 3
    y a·b 6 1
    """
    with speaking(lang):
        return read_function(what, args, list(argument_names(what, args)), wrt)
