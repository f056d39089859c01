"""Calls of primitives as most are: numbers and arrays in, one array out, one recording.

They take a quarter of the time that `Call` takes, which does all others.
"""

from __future__ import annotations

from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, NoneType
from typing import Any

import numpy as np

from chainrule._core.traces import fitted, tick
from chainrule._core.values import RECORDING, Recorded, dtype_of, made, shape_of

from .spaces import SparseObject, dense
from .stated import Rules

__all__ = ["OTHER", "plain_call"]

NUMBERS = {np.ndarray, float, complex, np.float64, np.float32, np.complex128}
PLAIN = NUMBERS | {int, bool, str, NoneType, slice, FunctionType, BuiltinFunctionType, np.int64}
OTHER = object()  # the answer for all calls that are not of this kind


def plain_call(
    f: Callable[..., Any], rules: Rules, args: tuple[Any, ...], options: dict[str, Any]
) -> tuple[Any, Any]:
    """Return the recorded answer of a call.

    If `f` has run but its answer is of another kind: OTHER, and that answer; if it has not run,
    OTHER and OTHER.
    """
    level, plain = None, []
    for v in args:
        if type(v) is Recorded:
            if level is None:
                level = v.level
            if v.level != level or type(v.value) not in NUMBERS:
                return OTHER, OTHER
            plain.append(v.value)
        elif type(v) in PLAIN:
            plain.append(v)
        else:
            return OTHER, OTHER
    if level is None or rules.constant or rules.pull_of_all is not None:
        return OTHER, OTHER
    for v in options.values():
        if type(v) not in PLAIN:
            return OTHER, OTHER
    pulls = rules.pulls
    before = RECORDING.set(False)
    try:
        ans = f(*plain, **options)
        if type(ans) not in NUMBERS or dtype_of(ans).kind not in "fc":
            return OTHER, ans
        more: Any = None
        for i, v in enumerate(args):
            if type(v) is Recorded:
                if i not in pulls:
                    return OTHER, ans
                if maker := pulls[i]:
                    x = v.value
                    into = shape_of(x)
                    asks = maker(ans, *plain, **options), into, rules, i
                    more = (fitted, v.link, (pulled, asks, into, dtype_of(x)), more)
    finally:
        RECORDING.reset(before)
    return (made(Recorded, ans, level, (tick(), *more)) if more else ans), None


def pulled(g: Any, asks: tuple[Callable[[Any], Any], Any, Rules, int]) -> Any:
    pull, into, rules, i = asks
    h = rules.run(pull, g, i)
    if type(h) is SparseObject:
        h = dense(h)
    if type(h) not in NUMBERS or getattr(h, "shape", ()) != into:
        rules.check_change(h, into, i)
    return h
