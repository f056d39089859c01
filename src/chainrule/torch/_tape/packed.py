"""What nodes save, handed to a user's hooks: packed as it is saved, unpacked as it is used.

A node so treated keeps none of its arrays. Its pulls are built when a backward pass comes to it,
from what the hook returns.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from chainrule._core.pieces import output_pull
from chainrule._core.traces import edges

from .._tensor import Tensor
from .edges import edges_of
from .nodes import EXTRA, FREED, HELD, KEPT, MORE, PLAN, PULL, WATCH, unpacked
from .values import TAPE, Taped, as_taped, cell, recording

__all__ = ["Hooks", "PackedTensor", "pack_node", "packing"]

Hooks = tuple[Callable[[Any], Any], Callable[[Any], Any]]
packing: ContextVar[tuple[Hooks, ...]] = ContextVar("packing", default=())

IN_PLACE = (
    "A saved tensor pack hook is modifying its input in place. Tensors provided as input to pack "
    "hook cannot be modified by in-place operations as this can lead to unexpected side-effects. "
    "Please open an issue if you need to perform in-place operations on the input to a pack hook."
)


class PackedTensor:
    """What a hook made of one tensor, and the hook that makes a tensor of it again."""

    __slots__ = ("packed", "unpack")

    def __init__(self, hooks: Hooks, t: Tensor) -> None:
        pack, self.unpack = hooks
        mode = recording.set(False)
        try:
            before = t._writes[0]
            self.packed = pack(t)
            if t._writes[0] != before:
                raise RuntimeError(IN_PLACE)
        finally:
            recording.reset(mode)

    def tensor(self) -> Any:
        """Return the tensor that the other hook makes of it."""
        found = self.unpack(self.packed)
        if not isinstance(found, Tensor):
            raise TypeError(
                "Output of saved tensor unpack_hook expected to be a Tensor but got result of "
                f"type {type(found).__name__}"
            )
        return found


class PackedNode:
    """What a node holds when what it saves is packed: all that its pulls are built from."""

    __slots__ = ("g", "inputs", "links", "options", "order", "pulls", "things", "y")

    def __init__(self, node: Any, hooks: Hooks) -> None:
        inputs, self.options, self.y = unpacked(node[HELD])
        node[HELD] = self  # from here on it counts as packed
        self.inputs, self.things = list(inputs), dict[int, PackedTensor]()
        self.links: dict[int, tuple[Any, Any]] = {}
        self.g: Any = None
        self.pulls: Any = None
        watch, names = node[WATCH], node[PLAN].op.inputs
        saved = {watch[k + 2]: watch[k] for k in range(0, len(watch), 3)}
        # PyTorch packs inputs in the order of their names, then the result, and so it unpacks
        self.order = sorted(saved, key=lambda i: (i < 0, names[i] if i >= 0 else ""))
        for i in self.order:
            if i < 0:
                v: Any = as_taped(self.y, node, saved[i])
            elif type(v := self.inputs[i]) is Taped:
                self.links[i] = v.link, v.writes
            self.things[i] = PackedTensor(hooks, tensor_of(v, saved[i]))
            if i < 0:
                self.y = None
            else:
                self.inputs[i] = None

    def unpacked(self) -> tuple[tuple[Any, ...], dict[str, Any], Any]:
        """Return the inputs, the options and the output, as `nodes.unpacked` does."""
        inputs, y = list(self.inputs), self.y
        for i in self.order:
            array = self.things[i].tensor()._array
            if i < 0:
                y = array
            else:
                inputs[i] = as_taped(array, *self.links[i]) if i in self.links else array
        return tuple(inputs), self.options, y

    def pulls_for(self, g: Any, rule: Any) -> Any:
        """Return the pulls of all edges, last input first, for the pass that brings `g`."""
        if self.pulls is None or self.g is not g:
            inputs, options, y = self.unpacked()
            values = [plain(v) for v in inputs]
            edge = edges(Taped, rule, TAPE, inputs, values, options, y)
            self.g, self.pulls = g, edges_of(edge)[::-1]
        return self.pulls


def plain(v: Any) -> Any:
    if type(v) is list:
        return [plain(one) for one in v]
    return v.value if type(v) is Taped else v


def tensor_of(v: Any, writes: Any) -> Any:
    """Return the tensor that an operation saved."""
    if type(v) is Taped and v.link[PULL] is None:
        return v.link[EXTRA].variable(v.link)
    found = cell(v)
    found._writes = writes
    return found


def pull_packed(g: Any, kept: Any) -> Any:
    packed, rule, k = kept
    pull, _, kept = packed.pulls_for(g, rule)[k]
    return pull(g, kept)


def pack_node(t: Tensor, node: Any) -> None:
    """Let the hooks that are set see what a new node saved."""
    if node is None or node[PULL] is None or not packing.get():
        return
    if node[PULL] is output_pull:
        node = node[2]
    watch = node[WATCH]
    if not watch or watch is FREED or type(node[HELD]) is PackedNode:
        return
    packed, rule = PackedNode(node, packing.get()[-1]), node[PLAN].op.rule
    node[WATCH], node[HELD], node[PULL], node[KEPT] = (), packed, pull_packed, (packed, rule, 0)
    node[MORE] = hidden(node[MORE], packed, rule, 1)


def hidden(more: Any, packed: PackedNode, rule: Any, k: int) -> Any:
    if more is None:
        return None
    return pull_packed, more[1], (packed, rule, k), hidden(more[3], packed, rule, k + 1)
