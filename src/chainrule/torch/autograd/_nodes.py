"""The graph as it is shown: `grad_fn`, `next_functions`, what a node saved."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from .._tape import EXTRA, FREED, HELD, LIST_PLAN, PLAN, WATCH, as_taped, cell, unpacked
from .._walk import check_saved
from ._hooks import RemovableHandle
from ._leaves import extra_of

__all__ = ["Node", "shown"]

KINDS: dict[str, type[Node]] = {}
SHOWN: weakref.WeakValueDictionary[int, Node] = weakref.WeakValueDictionary()


class Node:
    """A node of the graph: the operation that made a tensor.

    `next_functions` are the nodes of its inputs, each with the number of the output that it was.
    """

    __slots__ = ("__weakref__", "_node", "metadata")

    _node: Any

    def name(self) -> str:
        """Return the name of the operation, such as "AddBackward0"."""
        if self._node[1] is None:
            return "torch::autograd::AccumulateGrad"
        return str(self._node[PLAN].name)

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """Return the nodes of the inputs; None for one that wants no gradient."""
        node = self._node
        if node[1] is None:
            return ()
        parents = edges_of(node)
        if len(parents) == 1 and parents[0][PLAN] is LIST_PLAN:
            parents = edges_of(parents[0])
            return tuple((shown(parent), parent[PLAN].output) for parent in parents)
        mask, count = node[PLAN].mask, max(len(node[PLAN].op.inputs), 1)
        if mask.bit_count() != len(parents) or len(parents) >= count:
            return tuple((shown(parent), parent[PLAN].output) for parent in parents)
        found: list[tuple[Node | None, int]] = []
        waiting = iter(parents)
        for i in range(count):
            if mask >> i & 1:
                parent = next(waiting)
                found.append((shown(parent), parent[PLAN].output))
            else:
                found.append((None, 0))
        return tuple(found)

    @property
    def variable(self) -> Any:
        """Return the leaf in which gradients are added up."""
        if self._node[1] is not None:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute 'variable'")
        return self._node[EXTRA].variable(self._node)

    def register_prehook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(grad_outputs)` before the node's gradient is passed on."""
        return RemovableHandle(extra_of(self._node).prehooks, hook)

    def _saved(self, name: str) -> Any:
        node = self._node
        if node[WATCH] is FREED:
            check_saved(node, FREED)
        held = node[HELD]
        names = node[PLAN].op.inputs
        if held is None or (name != "result" and name not in names):
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '_saved_{name}'")
        inputs, _, y = unpacked(held)
        if name == "result":
            return cell(as_taped(y, node))
        v = inputs[names.index(name)]
        return cell(v) if hasattr(v, "shape") else v

    def __repr__(self) -> str:
        return f"<{type(self).__name__} object at {id(self):#x}>"


def edges_of(node: Any) -> list[Any]:
    """Return the nodes that a node's edges lead to, in the order of the inputs."""
    found, more = [node[2]], node[4]
    while more is not None:
        found.append(more[1])
        more = more[3]
    return found[::-1]  # the engine puts the last input's edge first


def saved(name: str) -> property:
    return property(lambda self: self._saved(name))


for _name in ("self", "other", "result", "exponent", "input", "target", "weight", "mat2", "vec"):
    setattr(Node, f"_saved_{_name}", saved(_name))


def shown(node: Any) -> Node:
    """Return the object that stands for a node of the tape: always the same while it is held."""
    found = SHOWN.get(node[0])
    if found is None:
        name = node[PLAN].name
        kind = KINDS.get(name)
        if kind is None:
            kind = KINDS[name] = type(name, (Node,), {"__slots__": ()})
        found = SHOWN[node[0]] = kind()
        found._node = node
    return found
