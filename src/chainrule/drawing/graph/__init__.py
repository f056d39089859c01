"""The graph of a computation: values forward, gradients backward, on one picture.

`drawn` has `draw_graph`, and `model` the `Graph` that it returns. Readers make one: `tape` of
tensors, `reading_functions` of a function, `reading_derivations` of a derivation; they fill in
`steps`, and say formulas by `wording`, numbers by `numerals`. Writers show one: `svg`, `dot`,
`png`, and `stepping`, whose page is walked by `walking`. On the way to a picture, `grouping` folds
what repeats, `cards` says what stands on each node, `layout` where it stands.
"""

from __future__ import annotations

from .drawn import draw_graph
from .model import Graph, GraphError, Node

__all__ = ["Graph", "GraphError", "Node", "draw_graph"]
