"""The context of a user's own operation: what forward leaves for backward.

It is the operation's node as well, as PyTorch shows it. The list on the tape refers to it, and it
refers to that list only weakly: so no cycle arises.
"""

from __future__ import annotations

import weakref
from typing import Any

from .._tape.nodes import outputs_of
from .._tape.packed import PackedTensor, packing
from .._tape.saved import SECOND_TIME, check_writes
from .._tape.values import as_taped, cell
from .._tensor import Tensor
from ._nodes import Node

__all__ = ["BackwardCFunction", "FunctionCtx", "TapeNode"]


class TapeNode(list[Any]):
    """A node of the tape to which one can refer weakly."""

    __slots__ = ("__weakref__",)


class FunctionCtx:
    """What forward leaves for backward: saved tensors, and any attribute that is set."""

    needs_input_grad: tuple[bool, ...] = ()
    materialize_grads = True
    to_save: tuple[Any, ...] = ()
    saved_for_forward: tuple[Any, ...] = ()
    dirty_tensors: tuple[Any, ...] = ()
    non_differentiable: tuple[Any, ...] = ()

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep inputs or outputs for backward, guarded against writes."""
        self.to_save = tensors

    def save_for_forward(self, *tensors: Any) -> None:
        """Keep inputs or outputs for jvp, which finds them in `saved_tensors`."""
        self.saved_for_forward = tensors

    def mark_dirty(self, *tensors: Any) -> None:
        """Say which inputs forward has written to."""
        self.dirty_tensors = tensors

    def mark_non_differentiable(self, *tensors: Any) -> None:
        """Say which outputs have no gradient."""
        self.non_differentiable = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Say whether backward is given zeros (the default) or None for outputs without use."""
        self.materialize_grads = value


class SavedOutput:
    """An output that forward saved: to refer to the tensor itself would be a cycle."""

    def __init__(self, t: Tensor, number: int) -> None:
        self.array, self.writes, self.number = t._array, t._writes, number


class BackwardCFunction(FunctionCtx, Node):
    """The context of one call, and its node: each Function has a subclass of this."""

    _places: tuple[int, ...] = ()  # which inputs are tensors
    _shapes: tuple[Any, ...] = ()  # of the inputs; None for what is no tensor
    _kinds: Any = None  # of several outputs: shape and dtype of each; None for what is no tensor
    _parts: Any = None  # the order of the node and what stands in it
    _reference: Any = None
    _kept: Any = ()  # (tensor or SavedOutput or None, its write count then); None: freed

    @property
    def _node(self) -> Any:
        """Return the node on the tape; anew, if the tensors that referred to it are gone."""
        node = None if self._reference is None else self._reference()
        if node is None and self._parts is not None:
            node = self._stand()
        return node

    def _stand(self) -> Any:
        order, pull, parent, plan = self._parts
        node = TapeNode([order, pull, parent, self, None, plan, None, None, None])
        self._reference = weakref.ref(node)
        return node

    def name(self) -> str:
        """Return the name of the operation: that of the class and "Backward"."""
        return type(self).__name__

    # ---- what is saved

    def _keep(self, outputs: list[Any]) -> None:
        """Take over what forward asked to save."""
        kept: list[tuple[Any, int]] = []
        for position, t in enumerate(self.to_save):
            if t is None:
                kept.append((None, 0))
                continue
            if not isinstance(t, Tensor):
                raise TypeError(
                    "save_for_backward can only save variables, but argument "
                    f"{position} is of type {type(t).__name__}"
                )
            number = next((k for k, v in enumerate(outputs) if v is t), None)
            one: Any = t if number is None or t._node is None else SavedOutput(t, number)
            if pairs := packing.get():
                one = PackedTensor(pairs[-1], t)
            kept.append((one, t._writes[0]))
        self._kept, self.to_save = tuple(kept), ()

    def _free(self) -> None:
        if self._kept:
            self._kept = None

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """Return the tensors that `save_for_backward` kept."""
        if self._kept is None:
            raise RuntimeError(SECOND_TIME)
        found: list[Any] = []
        for one, then in self._kept:
            if isinstance(one, PackedTensor):
                one = one.tensor()
            elif isinstance(one, SavedOutput):
                link = self._node
                check_writes(one.writes, then, one.array, link, own=True)
                if self._kinds is not None:
                    link = outputs_of(link, [one.array] * len(self._kinds))[one.number]
                one = cell(as_taped(one.array, link, one.writes))
            elif one is not None:
                check_writes(one._writes, then, one._array, one._node)
            found.append(one)
        return tuple(found)


FunctionCtx.__module__ = BackwardCFunction.__module__ = "torch.autograd.function"
