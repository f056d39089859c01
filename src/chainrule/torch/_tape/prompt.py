"""Leaves at once: as soon as a leaf's gradient is complete, before the walk goes on.

PyTorch's order, which hooks on leaves can see: those of one operation in the order of its inputs.
The engine comes to leaves last, as they are oldest. To know that a gradient is complete, the edges
that lead to each leaf are counted beforehand; so this is done only once a leaf has a hook.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

from .edges import chained, edges_of, whole

__all__ = ["Prompt", "underway"]

# The walk that is under way, for hooks that wait for several gradients.
underway: ContextVar[Prompt | None] = ContextVar("underway", default=None)


class Prompt:
    """Goes between the engine and a visit: takes the edges to leaves out of each step."""

    def __init__(self, visit: Any, roots: Sequence[Any], needed: dict[int, int] | None) -> None:
        self.visit, self.needed = visit, needed
        self.roots = {node[0] for node in roots}  # these the engine brings
        self.sums: dict[int, tuple[Any, Any]] = {}
        self.left: dict[int, int] = {}  # edges to each leaf that were not walked yet
        self.seen = seen = set[int]()
        waiting = list(roots)
        while waiting:
            node = waiting.pop()
            if node[0] in seen or node[1] is None:
                continue
            seen.add(node[0])
            for _, parent, _ in edges_of(node[1:5]):
                if self.is_leaf(parent):
                    self.left[parent[0]] = self.left.get(parent[0], 0) + 1
                elif needed is None or parent[0] in needed:
                    waiting.append(parent)

    def comes_to(self, node: Any) -> bool:
        """Say whether this walk comes to a node."""
        return node[0] in self.seen or node[0] in self.left or node[0] in self.roots

    def is_leaf(self, node: Any) -> bool:
        return (
            node[1] is None
            and node[0] not in self.roots
            and (self.needed is None or node[0] in self.needed)
        )

    def __call__(self, node: Any, g: Any) -> Any:
        """Visit a node, and those leaves whose gradients are complete with what it passes on."""
        own = edges_of(node[1:5]) if node[1] is not None else []
        step = self.visit(node, g)
        rest = []
        if step is not None:
            g, *edge = step
            for pull, parent, kept in edges_of(edge):
                if self.is_leaf(parent):
                    self.add(parent, whole(pull(g, kept)))
                else:
                    rest.append((pull, parent, kept))
        for _, parent, _ in own:
            if self.is_leaf(parent):
                self.left[parent[0]] -= 1
                if not self.left[parent[0]] and parent[0] in self.sums:
                    self.visit(*self.sums.pop(parent[0]))
        return (g, *chained(rest)) if rest else None

    def add(self, leaf: Any, h: Any) -> None:
        if leaf[0] in self.sums:
            h = self.sums[leaf[0]][1] + h
        self.sums[leaf[0]] = leaf, h

    def finish(self) -> None:
        """Visit the leaves that some edge was never walked to."""
        for leaf, h in self.sums.values():
            self.visit(leaf, h)
