"""Writing into tensors: PyTorch's rules, and what a write does to the history.

An operation in place is the operation itself, whose result is then written over the tensor's
numbers; its node becomes the tensor's. If the tensor is a view, the node of its base becomes one
that puts the written part into the old base.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from chainrule._core.values import cast
from chainrule._rules.indexing import indices_put, overwritten, part

from .._checks import write_error
from .._kinds.dtypes import can_cast, of_numpy, scalar_name
from .._tape.inference import check_inference
from .._tape.nodes import EXTRA, PLAN, WATCH, node_of
from .._tape.plans import Op
from .._tape.quiet import QUIET, hush, unhush
from .._tape.recording import recorded
from .._tape.saved import short
from .._tape.values import as_taped, recording, taped
from .._tensor import Tensor, made
from .overlap import check_beside, check_distinct
from .views import Views, keep_retained, output_name, regenerate, renamed, trouble_text

__all__ = [
    "become",
    "check_history",
    "check_write",
    "in_place",
    "overwrite",
    "set_data",
    "stand_in",
    "wanted",
    "write",
]

LEAF = "a leaf Variable that requires grad is being used in an in-place operation."
NUMBERS = {int, float}
SLICES = Op("CopySlices", overwritten, ("function", "function"), "self value")
SLICES_PUT = Op("CopySlices", indices_put, ("function", "function"), "self value")
TO_COPY = Op("ToCopyBackward0", cast, ("",), "self")


# ---------------------------------------------------------------- what may be written


def wanted(t: Tensor, inputs: Iterable[Any] = ()) -> bool:
    """Say whether a write to `t` that reads `inputs` is to be recorded."""
    return (
        recording.get()
        and t._array.dtype.kind in "fc"
        and (tracked(t) or any(isinstance(v, Tensor) and tracked(v) for v in inputs))
    )


def tracked(t: Tensor) -> bool:
    """Say whether `t` has a history: of gradients, or of tangents alone."""
    return t._node is not None or t.requires_grad


def check_history(t: Tensor, of_part: str = "") -> None:
    """Raise if the history of `t` cannot tell of a write to it, or to what `of_part` made of it."""
    view = t._view
    if view is not None and view.trouble:
        of = output_name(t)
        if of_part:
            of = f"Output 0 of {short(of_part)}" if t._node is not None else ""
        raise RuntimeError(trouble_text(view.trouble, of))
    if t.requires_grad:
        if view is not None and view.base.is_leaf:
            raise RuntimeError(f"a view of {LEAF}")
        if t.is_leaf:
            raise RuntimeError(f"a view of {LEAF}" if of_part else LEAF)


def check_write(t: Tensor, *inputs: Any) -> None:
    """Raise, in PyTorch's words, if `t` may not be written to by what reads `inputs`."""
    if wanted(t, inputs):
        check_history(t)
    check_distinct(t._array)
    check_beside(t._array, inputs)


# ---------------------------------------------------------------- operations in place


def stand_in(t: Tensor) -> Tensor:
    """Return a tensor of the numbers and the history that `t` has before it is written to."""
    out: Tensor = made(t._array.copy())
    out._node = t._node
    return out


def in_place(function: Callable[..., Any], name: str = "") -> Callable[..., Any]:
    """Return the method that writes what `function` returns over the tensor itself."""
    node_name = function.__name__.strip("_").title() + "Backward0"

    @functools.wraps(function)
    def method(self: Any, *inputs: Any, **options: Any) -> Any:
        before = self
        if self._node or self._view or options or not NUMBERS.issuperset(map(type, inputs)):
            check_write(self, *inputs, *options.values())
            if self._node is not None or wanted(self, inputs):
                before = stand_in(self)  # what is saved of the tensor is not to change with it
        result = function(before, *inputs, **options)
        return NotImplemented if result is NotImplemented else write(self, result, node_name)

    method.__name__ = method.__qualname__ = name or f"{function.__name__}_"
    method.__doc__ = f"`{function.__name__}` in place: the result is written over the tensor."
    return method


def write(t: Any, result: Any, name: str = "ZeroBackward0") -> Any:
    """Write the numbers of `result` over those of `t`, which takes over its history; return `t`.

    `name` is that of its node if the result has none: the tensor's own history ends there then.
    """
    y, array = result._array, t._array
    if type(t._writes) is not list:
        check_inference(t)
    if y.shape != array.shape:
        raise write_error(array.shape, y.shape)
    if y.dtype != array.dtype:
        if not can_cast(of_numpy(y.dtype), t.dtype):
            raise RuntimeError(
                f"result type {scalar_name(y.dtype)} can't be cast to the desired output type "
                f"{scalar_name(array.dtype)}"
            )
        result = cast_alike(result, array.dtype)
        y = result._array
    array[...] = y
    t._writes[0] += 1
    node = result._node
    if node is not None and (watch := node[WATCH]):
        node[WATCH] = [*watch]
        for k in range(0, len(watch), 3):
            if watch[k + 2] == -1:  # it saved its result, which is here now
                node[WATCH][k : k + 2] = t._writes, t._writes[0]
    base = t if t._view is None else t._view.base
    if recording.get() and (node is not None or base._node is not None):
        if base is not t:
            value = array if node is None else as_taped(array, node)
            node = cut(base, value, t._view.steps, SLICES)
        elif node is None:
            node = cut(t, array, (), Op(name, overwritten, ("", ""), "self other"))
        become(base, node)
    elif len(t._writes) > 1:
        regenerate(t._writes)
    return t


def cast_alike(result: Any, dtype: Any) -> Any:
    """Return `result` in `dtype`, under its own name."""
    node = result._node
    result = recorded(TO_COPY, (result,), {"dtype": dtype}, cast, None)
    if node is not None:
        result._node[PLAN] = renamed(result._node[PLAN], node[PLAN].name)
    return result


# ---------------------------------------------------------------- history


def cut(t: Any, value: Any, steps: Any, op: Op) -> Any:
    """Return the node of `t` after `value` was written over the part that `steps` lead to."""
    array = value.value if hasattr(value, "link") else value
    return node_of(
        op, (taped(t), value), (None, None), [t._array, array], {"steps": steps}, t._array, None
    )


def become(t: Any, node: Any) -> None:
    """Give `t`, which is no view, a new history; it is that of its views, too."""
    if node is not t._node:
        keep_retained(t._node, node)
        if t._node is None and t._old_leaf is not None:
            keep_gradient(t._old_leaf, node)
    t._node = node
    if len(t._writes) == 1:
        t._writes.append(Views())
    t._writes[1].latest = node[PLAN].name
    regenerate(t._writes)


def keep_gradient(leaf: Any, new: Any) -> None:
    """What was a leaf, and has become a result, still shows the gradient that it was given."""
    gradient = leaf[EXTRA].grad
    if gradient is not None:
        from ..autograd._leaves import extra_of

        extra_of(new).grad = gradient


def overwrite(t: Any, value: Any, steps: Any, op: Op, of_part: str = "") -> Any:
    """Write `value`, a number or a tensor that fits, over what `steps` lead to; return `t`.

    The node is named after `op` unless that is a view of `t`, made by the operation `of_part`.
    """
    of_tensor = isinstance(value, Tensor)
    if type(t._writes) is not list:
        check_inference(t)
    wants = wanted(t, (value,))
    view = t._view
    if wants:
        check_history(t, of_part)
    array = value._array if of_tensor else value
    token = hush(QUIET)
    try:
        if steps:
            *before, (_, at) = steps  # the last step is an index, which may pick copies
            part(t._array, before)[at] = array
        else:
            t._array[...] = array
    finally:
        unhush(token)
    t._writes[0] += 1
    if wants:
        source = taped(value) if of_tensor else array
        slices = SLICES_PUT if op.function is indices_put else SLICES
        if view is None:
            become(t, cut(t, source, steps, slices if of_part else op))
        else:
            become(view.base, cut(view.base, source, (*view.steps, *steps), slices))
    elif len(t._writes) > 1:
        regenerate(t._writes)
    return t


def set_data(t: Tensor, other: Any) -> None:
    """Give `t` the numbers of `other`, as `t.data = other` does."""
    if not isinstance(other, Tensor):
        raise TypeError(f"Variable data has to be a tensor, but got {type(other).__name__}")
    if t.requires_grad and other._array.dtype.kind not in "fc":
        raise RuntimeError(
            "data set to a tensor that requires gradients must be floating point or complex dtype"
        )
    t._array = other._array
    if t._node is not None and t._node[1] is None:
        t._node[EXTRA].array = t._array
