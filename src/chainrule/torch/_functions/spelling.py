"""Results that are spelled out in several operations here, and are one operation in PyTorch."""

from __future__ import annotations

from typing import Any

from .._tape.nodes import PLAN
from .._writing.views import renamed

__all__ = ["called", "outside_a_view"]


def outside_a_view(t: Any) -> Any:
    """Return a result whose base nobody else has: it is no view of it."""
    if t._view is not None:
        t._view = None
        t._writes = [0]
    return t


def called(name: str, t: Any) -> Any:
    """Return a result whose node bears PyTorch's name."""
    node = t._node
    if node is not None and node[1] is not None:
        node[PLAN] = renamed(node[PLAN], name)
    return outside_a_view(t)
