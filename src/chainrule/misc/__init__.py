"""Optimisers, fixed points, and containers as one vector: what programs often need besides.

>>> import numpy as np
>>> from chainrule.misc import flatten
>>> vector, unflatten = flatten({"w": np.array([[1.0, 2.0]]), "b": 3.0})
>>> vector, unflatten(vector)
(array([3., 1., 2.]), {'w': array([[1., 2.]]), 'b': 3.0})
"""

from __future__ import annotations

from .flatten import flatten
from .tracers import const_graph

__all__ = ["const_graph", "flatten"]
