"""Views among recorded arrays: which array each reads, so that a write to one is seen in all.

NumPy's views share memory. A recorded array is written to by recording its new numbers, so what
shares them must follow: a view knows its source and the step from there, a source knows its views
as long as they live, and after a write the living ones are read anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import ref

import numpy as np

from .parts import again
from .values import BATCHES, OPAQUE, Batched, Value, bare, numbers, take

if TYPE_CHECKING:
    from .stating import Rule

__all__ = [
    "forget",
    "is_part",
    "is_place",
    "living",
    "path_to",
    "remember",
    "seen",
    "seen_call",
    "shares",
    "step_of",
]

ndarray = np.ndarray
FORGET = 16


def seen(
    view: Any, source: Any, function: Any, inputs: tuple[Any, ...], options: dict[str, Any]
) -> None:
    """Remember that `view` is `function(source, *inputs, **options)`, if they share numbers."""
    if type(bare(view)) in OPAQUE and not view.ndim:
        return  # a number, which of a batch is an array
    if is_view(view, source, inputs[0] if function is take else None):
        step = (take, inputs[0]) if function is take else (again, (function, inputs, options))
        remember(view, source, step)


def seen_call(view: Any, source: Any, rule: Rule, options: dict[str, Any]) -> None:
    """Do the same for a call of the function of `rule` with `options` by name."""
    if not is_view(view, source, options.get("at")):
        return
    positional = [o.name for o in rule.options if not o.by_name and o.name in options]
    rest = tuple(options[name] for name in positional)
    by_name = {name: v for name, v in options.items() if name not in positional}
    seen(view, source, rule.function, rest, by_name)


def remember(view: Any, source: Any, step: Any) -> None:
    """Let `view` and `source` know each other."""
    view.source = source, step
    views = getattr(source, "views", None)
    if views is None:
        source.views = [ref(view)]
        return
    views.append(ref(view))
    count = len(views)
    if count >= FORGET and not count & (count - 1):  # at powers of two: the list stays short
        views[:] = [other for other in views if other() is not None]


def forget(view: Any, source: Any) -> None:
    """Let `source` no longer know `view`."""
    source.views = [other for other in source.views if other() is not view]


def shares(y: Any, x: Any) -> bool:
    """Say whether `y`, which a function gave of the array `x`, is `x` or a view of its numbers."""
    if type(y) is not ndarray or type(x) is not ndarray:
        return False
    return y is x or y.base is x or (y.base is not None and y.base is x.base)


def is_view(view: Any, source: Any, at: Any) -> bool:
    """Say whether `view`, which is `source[at]` if it is an element, shares numbers in NumPy."""
    if shares(numbers(view), numbers(source)):
        return True
    return bool(BATCHES) and isinstance(source, Value) and is_place(at)


def is_place(at: Any) -> bool:
    """Say whether an index of one example gives a view, and of a batch a copy: other numbers."""
    items = at if type(at) is tuple else (at,)
    return any(type(i) is Batched for i in items) and all(
        i is None
        or isinstance(i, (slice, int, np.integer, type(...)))
        or (type(i) is Batched and not i.ndim and i.dtype.kind in "iu")
        for i in items
    )


def path_to(array: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return the array that owns the numbers of `array`, and the steps from there."""
    steps: tuple[Any, ...] = ()
    while (found := getattr(array, "source", None)) is not None:
        array, step = found
        steps = (step, *steps)
    return array, steps


def step_of(step: Any) -> Any:
    """Return the function that a step calls."""
    function, argument = step
    return argument[0] if function is again else function


def living(array: Any) -> list[Any]:
    """Return the views of `array` that somebody still holds."""
    found = [view() for view in getattr(array, "views", None) or ()]
    return [view for view in found if view is not None]


def is_part(v: Any, array: Any, at: Any) -> bool:
    """Say whether `v` is the view `array[at]`: Python's `array[at] += 1` puts it back there."""
    source = getattr(v, "source", None)
    if source is None or source[0] is not array or source[1][0] is not take:
        return False
    known = source[1][1]
    return known is at or (type(at) is slice and type(known) is slice and known == at)
