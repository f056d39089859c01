"""The graph as it is shown: `grad_fn`, `next_functions`, what a node saved."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from math import inf
from typing import Any

from chainrule._core.pieces import output_pull

from .._tape.edges import slots_of
from .._tape.nodes import EXTRA, FREED, HELD, PLAN, WATCH, unpacked
from .._tape.plans import Op
from .._tape.saved import check_saved
from .._tape.unfolding import unfold
from .._tape.values import Taped, as_array, as_taped, cell
from .._tensor import Tensor, made
from ._hooks import RemovableHandle, hook_into
from ._leaves import extra_of
from ._saved_options import OPTIONS, option_of, options_of

__all__ = ["Node", "shown"]

# Numbers among what operations save, and where they stand in a call: those that lessons print.
NUMBERS = {
    "ClampBackward1": {"max": 2, "min": 1},
    "PowBackward0": {"exponent": 1},
    "PowBackward2": {"self": 0},
}
WRITTEN_OUT = ("CopyBackwards", "CopySlices")
KINDS: dict[str, type[Node]] = {}
SHOWN: weakref.WeakValueDictionary[int, Node] = weakref.WeakValueDictionary()


class Node:
    """A node of the graph: the operation that made a tensor.

    `next_functions` are the nodes of its inputs, each with the number of the output that it was;
    `_saved_self`, `_saved_result` and the like are what it saved for the backward pass.

    >>> import chainrule.torch as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> y = (3 * x).exp()
    >>> y.grad_fn.name()
    'ExpBackward0'
    >>> y.grad_fn.next_functions[0][0].next_functions[0][0].variable is x
    True
    """

    __slots__ = ("__weakref__", "_node")

    _node: Any

    def name(self) -> str:
        """Return the name of the operation, such as "AddBackward0"."""
        if self._node[1] is None:
            return "torch::autograd::AccumulateGrad"
        name = str(self._node[PLAN].name)
        return f"torch::autograd::{name}" if name in WRITTEN_OUT else name

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """Return the nodes of the inputs; None for one that wants no gradient."""
        node = self._node
        if node is None or node[1] is None:
            return ()
        return tuple(
            (None, 0) if parent is None else (shown(parent), parent[PLAN].output)
            for parent in slots_of(node)
        )

    @property
    def metadata(self) -> dict[Any, Any]:
        """Return a dictionary for whatever one wants to remember of the node."""
        extra = extra_of(self._node)
        if extra.metadata is None:
            extra.metadata = {}
        return extra.metadata  # type: ignore[no-any-return]

    @property
    def requires_grad(self) -> bool:
        """Return True: a node stands only where gradients pass."""
        return True

    @property
    def variable(self) -> Any:
        """Return the leaf in which gradients are added up."""
        if self._node[1] is not None:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute 'variable'")
        return self._node[EXTRA].variable(self._node)

    def register_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(grad_inputs, grad_outputs)` after the node has computed.

        It may return a tuple that takes the place of `grad_inputs`.
        """
        return hook_into(extra_of(self._node), "after_node", hook)

    def register_prehook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(grad_outputs)` before the node computes.

        It may return a tuple that takes their place.
        """
        return hook_into(extra_of(self._node), "before_node", hook)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_saved_"):
            return saved(self, name)
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __dir__(self) -> list[str]:
        node = self._node
        names = {*savable(node[PLAN].op), *options_of(node)} if node else ()
        return [*super().__dir__(), *(f"_saved_{name}" for name in names)]

    def __repr__(self) -> str:
        kind = type(self)
        place = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
        return f"<{place}{kind.__name__} object at {id(self):#x}>"


def savable(op: Op) -> set[str]:
    """Return the names of what nodes of an operation can save, as far as they are tensors."""
    names = {name for text in op.saves for name in text.split()}
    return (names & {*op.inputs, "result"}) | NUMBERS.get(op.name, {}).keys()


def saved(shown: Node, attribute: str) -> Any:
    """Return what a node saved of an input, or its result; None if it needed not save it."""
    node, name = shown._node, attribute.removeprefix("_saved_")
    plan = node[PLAN]
    names = plan.op.inputs
    known = name in savable(plan.op)
    if node[WATCH] is FREED and (known or name in OPTIONS.get(plan.name, ())):
        check_saved(node, FREED)
    if not known:
        try:
            return option_of(node, name)
        except LookupError:
            raise AttributeError(
                f"'{type(shown).__name__}' object has no attribute '{attribute}'"
            ) from None
    if (place := NUMBERS.get(plan.op.name, {}).get(name)) is not None:
        inputs = unpacked(node[HELD])[0]
        number = inputs[place] if place < len(inputs) else 2  # of square, a power there
        return None if number in (-inf, inf) else number  # a bound that was not given
    if name == "result":
        return cell(as_taped(unpacked(node[HELD])[2], node)) if plan.watches_result else None
    k = names.index(name)
    if k not in plan.watched or node[HELD] is None:
        return None
    check_saved(node, node[WATCH])
    inputs = unpacked(node[HELD])[0]
    if k >= len(inputs):
        return None  # of several operations of PyTorch in one
    v = inputs[k]
    if type(v) is Taped:
        return v.link[EXTRA].variable(v.link) if v.link[1] is None else cell(v)
    return v if isinstance(v, Tensor) else made(as_array(v))


def shown(node: Any) -> Any:
    """Return the object that stands for a node of the tape: always the same while it is held."""
    if node[1] is output_pull:
        node = node[2]  # the call, of which this is one output
    if node[PLAN].special:
        return node[3]  # a user's own function: its context
    found = SHOWN.get(node[0])
    if found is None:
        unfold(node)
        name = node[PLAN].name
        kind = KINDS.get(name)
        if kind is None:
            kind = KINDS[name] = type(name, (Node,), {"__slots__": (), "__module__": "builtins"})
        found = SHOWN[node[0]] = kind()
        found._node = node
    return found
