"""The batched reading: what a call does to every example of a batch at once.

A batched value stands for one example and holds all of them, along the first axis. A call is made
once, as the statement about its function says (`batched=`, batching.py); the values that it meets
may be of outer levels, which record that call like any other.

What has no batched form is computed one example after the other.
"""

from __future__ import annotations

import inspect
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .batched_constants import batched_constant
from .batched_indices import INDEXED, is_of
from .batching import aligned, all_stacked, looped, nth, of_shapes
from .errors import name_of
from .pieces import bundled
from .traces import READ, WRITTEN, innermost_batch, joined
from .values import Batched, Value, made, ndim_of
from .views import seen_call

if TYPE_CHECKING:
    from .stating import Rule

ndarray = np.ndarray

__all__ = [
    "Batch",
    "LoopWarning",
    "by_example",
    "constant_batch",
    "innermost_batch",
    "read_batch",
]


class LoopWarning(UserWarning):
    """A function has no batched form, and was called for one example after the other."""


TOLD: dict[Any, Any] = {}  # the functions of which that was said, by their texts


def text_of(function: Any) -> Any:
    """Return what all closures that one definition makes under one name have in common."""
    return getattr(inspect.unwrap(function), "__code__", type(function)), name_of(function)


class Batch:
    """What the values of one batch have in common."""

    __slots__ = ("diagonal", "says", "size")

    def __init__(self, size: int, says: bool) -> None:
        self.size, self.says = size, says  # `says` where it loops
        self.diagonal: Any = None  # which stack has rows of a diagonal matrix: unit_changes.py

    def tell(self, function: Any, why: str = "") -> None:
        """Say, once for each function, that it is called for one example after the other."""
        if self.says and (text := text_of(function)) not in TOLD:
            TOLD[text] = function
            warnings.warn(
                f"{name_of(function)} has no batched form: vmap calls it for one example after "
                f"the other, which takes as long as a loop in Python. {why}".rstrip(),
                LoopWarning,
                stacklevel=users_level(),
            )


def users_level() -> int:
    """Return how many calls above that of a warning the user's own line stands."""
    from .calling import is_users

    level = 1
    frame: Any = sys._getframe(1)
    while frame is not None and not is_users(frame):
        level, frame = level + 1, frame.f_back
    return level


# ---------------------------------------------------------------- which values are whose


def picked(tree: Any, level: int, k: int | None) -> Any:
    """Return `tree` with example `k` in place of the batched values of `level`."""
    if is_of(tree, level):
        return nth(tree.value, k)
    if type(tree) is dict:
        return {name: picked(v, level, k) for name, v in tree.items()}
    if isinstance(tree, (list, tuple)) and innermost_batch(tree) is not None:
        return bundled(type(tree), [picked(v, level, k) for v in tree])
    return tree


def wrapped(y: Any, level: int, batch: Batch) -> Any:
    if isinstance(y, (tuple, list)):
        return bundled(type(y), [wrapped(v, level, batch) for v in y])
    return made(Batched, y, level, batch)


# ---------------------------------------------------------------- calls


def read_batch(rule: Rule, inner: Any, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """Call the function of `rule` for all examples of the batch of `inner`."""
    views = len(inputs) == 1 and (rule.word == "linear" or rule.function in (np.real, np.imag))
    if rule.batched is aligned and not options and not views:
        y = side_by_side(rule.call, inner, inputs)
        if y is not None:
            return y
    y = of_all(rule.function, rule.call, rule.batched, inner, inputs, options)
    if views and type(y) is Batched and y.ndim:  # a number is no view
        seen_call(y, inputs[0], rule, options)
    return y


def side_by_side(call: Callable[..., Any], inner: Any, inputs: Sequence[Any]) -> Any:
    """Call what broadcasts, if the examples have the rank of the result; else return None.

    This is most calls, and what `aligned` would do: it has nothing to reshape here.
    """
    level = inner.level
    values = []
    top, least = 0, len(inner.value.shape)
    for v in inputs:
        kind = type(v)
        if kind is Batched and v.level == level:
            v = v.value
            ndim = len(v.shape) - 1
            least = min(least, ndim)
        elif kind is ndarray or isinstance(v, Value):
            ndim = len(v.shape)
        elif kind is list or kind is tuple:
            return None
        else:
            ndim = 0
        top = max(top, ndim)
        values.append(v)
    if least < top:
        return None
    y = call(*values)
    if isinstance(y, (tuple, list)):
        return wrapped(y, level, inner.link)
    return made(Batched, y, level, inner.link)


def constant_batch(
    function: Any, inner: Any, inputs: Sequence[Any], options: dict[str, Any]
) -> Any:
    """Call a function without a derivative for all examples of the batch of `inner`."""
    if isinstance(function, np.ufunc):
        inputs = tuple(map(joined, inputs))
    if type(inner) in WRITTEN:
        return WRITTEN[type(inner)](function, inputs, options)
    form, inputs, options = batched_constant(function, inputs, options)
    return of_all(function, function, form, inner, inputs, options)


def of_all(
    function: Any,
    call: Callable[..., Any],
    form: Callable[..., Any],
    inner: Any,
    inputs: Sequence[Any],
    options: dict[str, Any],
) -> Any:
    level, batch = inner.level, inner.link
    if form is of_shapes:
        return function(*map(stand_in, inputs), **options)
    mine = innermost_batch(options)
    if mine is not None and mine.level == level:
        if function in INDEXED:
            y = INDEXED[function](inputs, options, level, batch.size)
            if y is not None:
                return made(Batched, y, level, batch)
        return by_example(function, call, inner, inputs, options)
    if form is looped:
        batch.tell(function)
    values: list[Any] = []
    ranks: list[Any] = []
    for v in inputs:
        if isinstance(v, (list, tuple)):
            values.append([w.value if is_of(w, level) else w for w in v])
            ranks.append([ndim_of(w) if is_of(w, level) else None for w in v])
        else:
            values.append(v.value if is_of(v, level) else v)
            ranks.append(ndim_of(v) if is_of(v, level) else None)
    return wrapped(form(call, values, ranks, batch.size, options), level, batch)


def by_example(
    function: Any,
    call: Callable[..., Any],
    inner: Any,
    inputs: Sequence[Any],
    options: dict[str, Any],
) -> Any:
    """Call a function for one example after the other, and stack what it returns."""
    level, batch = inner.level, inner.link
    batch.tell(function)
    example = lambda k: call(*picked(tuple(inputs), level, k), **picked(options, level, k))
    return wrapped(all_stacked(example, batch.size, function), level, batch)


def stand_in(v: Any) -> Any:
    """Return a plain array of the shape and dtype of a value, for functions that ask no more."""
    return np.ones(v.shape, v.dtype) if isinstance(v, Value) else v


READ[Batched] = read_batch
