"""Names from inside of the `autograd` package that other packages import.

Of its modules core, tracer, util and wrap_util, and of numpy.numpy_boxes, numpy.numpy_vspaces and
numpy.numpy_vjps: `chainrule run` serves this module for each of them.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from chainrule._core.traces import typed, unstretched
from chainrule._core.values import Value as ArrayBox
from chainrule._core.values import dtype_of, shape_of
from chainrule._rules.reductions import axes_of
from chainrule.operators import jvp, vjp
from chainrule.operators.arguments import (
    ArgNum,
    checked_argnum,
    chosen_arguments,
    derived,
    name_of,
    replaced,
)

from . import (
    Box,
    JVPNode,
    SparseObject,
    VJPNode,
    VSpace,
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    getval,
    isbox,
    notrace_primitive,
    primitive,
    register_notrace,
    vspace,
)
from .spaces import ArrayVSpace

__all__ = [
    "ArrayBox",
    "ArrayVSpace",
    "Box",
    "ComplexArrayVSpace",
    "JVPNode",
    "SparseObject",
    "VJPNode",
    "VSpace",
    "balanced_eq",
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "get_name",
    "getval",
    "isbox",
    "make_jvp",
    "make_vjp",
    "match_complex",
    "metadata",
    "notrace_primitive",
    "primitive",
    "register_notrace",
    "repeat_to_match_shape",
    "replace_zero",
    "subval",
    "subvals",
    "unary_to_nary",
    "unbroadcast",
    "unbroadcast_f",
    "vspace",
    "wraps",
]

Function = Callable[..., Any]
ComplexArrayVSpace = ArrayVSpace
get_name = name_of

# ---- core


def make_vjp(f: Function, x: Any) -> tuple[Function, Any]:
    """Return the pull of changes of `f(x)`, and `f(x)`: of one argument, and at once.

    >>> from chainrule.extend.inside import make_vjp
    >>> pull, y = make_vjp(lambda x: x**2, 3.0)
    >>> pull(1.0), y
    (6.0, 9.0)
    """
    y, pull = vjp(f, x)
    return (lambda g: pull(g)[0]), y


def make_jvp(f: Function, x: Any) -> Function:
    """Return the function of a tangent that gives `f(x)` and its change.

    >>> from chainrule.extend.inside import make_jvp
    >>> make_jvp(lambda x: x**2, 3.0)(1.0)
    (9.0, 6.0)
    """
    return lambda t: jvp(f, (x,), (t,))


# ---- wrap_util and util


def unary_to_nary(operator: Function) -> Function:
    """Return an operator of functions of many arguments, from one of functions of one.

    `operator(f, x)` works on `f` at `x`; what is returned takes `f` and the position of the
    argument that is to be x, or several, and gives a function of `f`'s arguments.

    >>> from chainrule.extend.inside import make_vjp, unary_to_nary
    >>> slope = unary_to_nary(lambda f, x: make_vjp(f, x)[0](1.0))
    >>> slope(lambda a, b: a * b**2, 1)(2.0, 3.0)
    12.0
    """

    @functools.wraps(operator)
    def of_many(f: Function, argnum: ArgNum = 0, *more: Any, **further: Any) -> Function:
        which = checked_argnum(name_of(operator), f, argnum)

        @derived(f, name_of(operator), name_of(operator))
        def at(*args: Any, **options: Any) -> Any:
            of_one = functools.wraps(f)(lambda x: f(*replaced(args, which, x), **options))
            return operator(of_one, chosen_arguments(f, which, args), *more, **further)

        return at

    return of_many


def wraps(f: Function, *_: Any, **__: Any) -> Callable[[Function], Function]:
    """Return what gives a function the name and the text of `f`."""
    return functools.wraps(f)


def subvals(values: Sequence[Any], places: Iterable[tuple[int, Any]]) -> tuple[Any, ...]:
    """Return a tuple of `values`, with others at some places.

    >>> from chainrule.extend.inside import subvals
    >>> subvals("abc", [(1, "x")])
    ('a', 'x', 'c')
    """
    out = list(values)
    for i, v in places:
        out[i] = v
    return tuple(out)


def subval(values: Sequence[Any], i: int, v: Any) -> tuple[Any, ...]:
    """Return a tuple of `values`, with another at one place."""
    return subvals(values, [(i, v)])


# ---- numpy.numpy_vjps


def metadata(x: Any) -> tuple[Any, int, Any, bool]:
    """Return shape, number of axes and dtype, and whether that is complex."""
    shape, dtype = shape_of(x), dtype_of(x)
    return shape, len(shape), dtype, dtype.kind == "c"


def unbroadcast(g: Any, meta: Any, broadcast_idx: int = 0) -> Any:
    """Return a change summed over the axes along which a value of `meta` was stretched.

    >>> import numpy as np
    >>> from chainrule.extend.inside import metadata, unbroadcast
    >>> unbroadcast(np.ones((2, 3)), metadata(np.ones((1, 3))))
    array([[2., 2., 2.]])
    """
    into, _, dtype, is_complex = meta
    shape = shape_of(g)
    g = g if shape == into else unstretched(g, shape, into)
    return g if is_complex or dtype_of(g).kind != "c" else typed(g, dtype)


def unbroadcast_f(target: Any, pull: Function) -> Function:
    """Return `pull`, its change summed to the shape of `target`.

    >>> import numpy as np
    >>> from chainrule.extend.inside import unbroadcast_f
    >>> unbroadcast_f(1.0, lambda g: g * np.ones(3))(2.0)
    np.float64(6.0)
    """
    meta = metadata(target)
    return lambda g: unbroadcast(pull(g), meta)


def replace_zero(x: Any, v: Any) -> Any:
    """Return `x`, with `v` where it is zero."""
    return np.where(x, x, v)


def balanced_eq(x: Any, z: Any, y: Any) -> Any:
    """Return the share of `x` in the slope of `z`, the larger or smaller of x and y: ties halve it.

    >>> import numpy as np
    >>> from chainrule.extend.inside import balanced_eq
    >>> x, y = np.array([1.0, 2.0, 3.0]), 2.0
    >>> balanced_eq(x, np.maximum(x, y), y)
    array([0. , 0.5, 1. ])
    """
    return np.where(x == y, 0.5, 1.0) * (x == z)


def match_complex(target: Any, x: Any) -> Any:
    """Return `x` complex where `target` is, and real where it is not.

    >>> from chainrule.extend.inside import match_complex
    >>> match_complex(1.0, 2 + 3j), match_complex(1j, 2.0)
    (2.0, (2+0j))
    """
    if dtype_of(target).kind == "c":
        return x if dtype_of(x).kind == "c" else x + 0j
    return np.real(x) if dtype_of(x).kind == "c" else x


def repeat_to_match_shape(
    g: Any, shape: tuple[int, ...], dtype: Any, axis: Any, keepdims: bool
) -> tuple[Any, int]:
    """Return `g` stretched back to the shape that was reduced along `axis`, and how often.

    >>> import numpy as np
    >>> from chainrule.extend.inside import repeat_to_match_shape
    >>> repeat_to_match_shape(np.array([1.0, 2.0]), (2, 3), float, 1, False)
    (array([[1., 1., 1.],
           [2., 2., 2.]]), 3)
    """
    axes = axes_of(axis, len(shape))
    kept = [1 if i in axes else n for i, n in enumerate(shape)]
    stretched = np.broadcast_to(np.reshape(g, kept), shape)
    return typed(stretched, np.dtype(dtype)), math.prod(shape[i] for i in axes)
