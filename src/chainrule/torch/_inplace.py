"""Writing into tensors: PyTorch's rules, and what a write does to the history.

An operation in place is the operation itself, whose result is then written over the tensor's
numbers; its node becomes the tensor's. If the tensor is a view, the node of its base becomes one
that puts the written part into the old base.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.indexing import overwritten

from ._quiet import QUIET, hush, unhush
from ._tape import EXTRA, PLAN, WATCH, Op, as_taped, node_of, recording, taped
from ._tensor import Tensor, made
from ._types import can_cast, of_numpy, scalar_name
from ._views import regenerate, renamed

__all__ = ["check_write", "in_place", "set_data", "write"]

LEAF = "a leaf Variable that requires grad is being used in an in-place operation."
NO_GRAD_VIEW = (
    "A view was created in no_grad mode and is being modified inplace with grad mode enabled. "
    "Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your "
    "code by moving both the view and the inplace either both inside the no_grad block (if you "
    "don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked)."
)
OVERLAP = (
    "unsupported operation: more than one element of the written-to tensor refers to a single "
    "memory location. Please clone() the tensor before performing the operation."
)
FILL = Op("FillBackward0", overwritten, ("", ""), "self value")
ZERO = Op("ZeroBackward0", overwritten, ("", ""), "self value")
COPY = Op("CopyBackwards", overwritten, ("", ""), "self src")
SLICES = Op("CopySlices", overwritten, ("", ""), "self value")


def check_write(t: Any, *, fills: bool = False) -> None:
    """Raise, in PyTorch's words, if `t` may not be written to."""
    view = t._view
    if recording.get() and t.requires_grad:
        if view is None:
            if t._node[1] is None:
                raise RuntimeError(LEAF)
        else:
            if view.one_of_several:
                raise RuntimeError(
                    f"Output {t.output_nr} of {view.one_of_several} is a view and is being "
                    "modified inplace. This view is the output of a function that returns "
                    "multiple views. Such functions do not allow the output views to be modified "
                    "inplace. You should replace the inplace operation by an out-of-place one."
                )
            if view.under_no_grad:
                raise RuntimeError(NO_GRAD_VIEW)
            if view.base._node is not None and view.base._node[1] is None:
                raise RuntimeError("a view of " + LEAF)
    if not fills and view is not None:
        array = t._array
        if 0 in array.strides and any(
            n > 1 and s == 0 for n, s in zip(array.shape, array.strides, strict=True)
        ):
            raise RuntimeError(OVERLAP)


def write(t: Any, result: Any) -> Any:
    """Write the numbers of `result` over those of `t`, which takes over its history; return `t`."""
    y = result._array
    if y.dtype != t._array.dtype:
        if not can_cast(of_numpy(y.dtype), t.dtype):
            raise RuntimeError(
                f"result type {scalar_name(y.dtype)} can't be cast to the desired output type "
                f"{scalar_name(t._array.dtype)}"
            )
        result = cast_alike(result, t)
        y = result._array
    if y.shape != t._array.shape:
        raise RuntimeError(
            f"output with shape {list(t._array.shape)} doesn't match the broadcast shape "
            f"{list(y.shape)}"
        )
    t._array[...] = y
    t._writes[0] += 1
    node = result._node
    if node is not None and (watch := node[WATCH]):
        node[WATCH] = [*watch]
        for k in range(0, len(watch), 3):
            if watch[k + 2] == -1:  # it saved its result, which is here now
                node[WATCH][k : k + 2] = t._writes, t._writes[0]
    if recording.get():
        rebase(t, node)
    return t


def cast_alike(result: Any, t: Any) -> Any:
    """Return `result` in the dtype of `t`, under its own name."""
    from ._conversions import cast_tensor

    name = result._node and result._node[PLAN].name
    result = cast_tensor(result, t._array.dtype)
    if name:
        result._node[PLAN] = renamed(result._node[PLAN], name)
    return result


def rebase(t: Any, node: Any) -> None:
    """Give `t` the history `node`; if it is a view, its base takes the written part over."""
    view = t._view
    if view is None:
        if node is not None:
            keep_retained(t._node, node)
            t._node = node
            if len(t._writes) > 1:
                regenerate(t)
        return
    base = view.base
    if node is None and base._node is None:
        return
    written = as_taped(t._array, node) if node is not None else t._array
    base._node = node_of(
        SLICES, (taped(base), written), (None, None), [base._array, t._array],
        {"steps": view.steps}, base._array, base._writes,
    )  # fmt: skip
    regenerate(base)


def keep_retained(old: Any, new: Any) -> None:
    """A gradient that is to be retained is that of the tensor as it is now."""
    if old is not None and old[1] is not None and old[EXTRA] is not None and old[EXTRA].retains:
        from .autograd._leaves import extra_of

        extra_of(new).retains = True
        old[EXTRA].retains = False


def in_place(function: Callable[..., Any], name: str = "") -> Callable[..., Any]:
    """Return the method that writes what `function` returns over the tensor itself."""

    @functools.wraps(function)
    def method(self: Any, *inputs: Any, **options: Any) -> Any:
        check_write(self)
        result = function(self, *inputs, **options)
        if result is NotImplemented:
            return NotImplemented
        return write(self, result)

    method.__name__ = method.__qualname__ = name or f"{function.__name__}_"
    method.__doc__ = f"`{function.__name__}` in place: the result is written over the tensor."
    return method


# ---------------------------------------------------------------- filling and copying


def fill(t: Any, value: Any, op: Op) -> Any:
    """Write `value`, a number or a tensor that fits, over all of `t`."""
    check_write(t, fills=True)
    array = value._array if isinstance(value, Tensor) else value
    wants = recording.get() and (
        t.requires_grad or (isinstance(value, Tensor) and value._node is not None)
    )
    token = hush(QUIET)
    try:
        t._array[...] = array
    except OverflowError:
        raise RuntimeError(
            f"value cannot be converted to type {scalar_name(t._array.dtype).lower()} "
            "without overflow"
        ) from None
    finally:
        unhush(token)
    t._writes[0] += 1
    if wants:
        before = made(t._array)
        before._node = t._node
        inputs = (taped(before), taped(value))
        node = node_of(
            op, inputs, (None, None), [t._array, array], {"steps": ()}, t._array, t._writes
        )
        rebase(t, node)
    return t


def fill_(self: Tensor, value: Any) -> Tensor:
    """Write one number over all of this tensor; return it."""
    if isinstance(value, Tensor) and value._array.ndim:
        raise RuntimeError(
            f"fill_ only supports 0-dimension value tensor but got tensor with "
            f"{value._array.ndim} dimensions."
        )
    if not isinstance(value, (Tensor, bool, int, float, complex, np.number, np.bool_)):
        raise TypeError(
            "fill_(): argument 'value' (position 1) must be Number or Tensor, not "
            f"{type(value).__name__}"
        )
    return fill(self, value, FILL)  # type: ignore[no-any-return]


def zero_(self: Tensor) -> Tensor:
    """Write zeros over this tensor; return it."""
    if self._node is None and self._view is None:
        self._array.fill(0)
        self._writes[0] += 1
        return self
    return fill(self, 0, ZERO)  # type: ignore[no-any-return]


def copy_(self: Tensor, src: Tensor, non_blocking: bool = False) -> Tensor:
    """Write the numbers of `src`, which broadcasts and is cast, over this tensor; return it."""
    if not isinstance(src, Tensor):
        raise TypeError(
            f"copy_(): argument 'other' (position 1) must be Tensor, not {type(src).__name__}"
        )
    from ._checks import expand_error

    try:
        fits = np.broadcast_shapes(self._array.shape, src._array.shape) == self._array.shape
    except ValueError:
        fits = False
    if not fits:
        raise expand_error(self._array.shape, src._array.shape)
    return fill(self, src, COPY)  # type: ignore[no-any-return]


def set_data(t: Tensor, other: Any) -> None:
    """Give `t` the numbers of `other`, as `t.data = other` does."""
    if not isinstance(other, Tensor):
        raise TypeError(f"Variable data has to be a tensor, but got {type(other).__name__}")
    t._array = other._array
    if t._node is not None and t._node[1] is None:
        t._node[EXTRA].array = t._array


METHODS: dict[str, Callable[..., Any]] = {"copy_": copy_, "fill_": fill_, "zero_": zero_}
