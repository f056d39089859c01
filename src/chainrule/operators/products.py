"""Products with the Jacobian and the Hessian, which are never formed."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.constants import owned, unchanged
from chainrule._core.pieces import zeros
from chainrule._core.pushing import settled
from chainrule._core.traces import tick
from chainrule._core.trees import build, flatten
from chainrule._core.values import Moving, Value, dtype_of, freed, made, shape_of

from .arguments import FLOAT, Function, float64, name_of, ndarray, taken_apart
from .watching import Watched, called


def vjp(f: Function, *args: Any) -> tuple[Any, Function]:
    """Return `f(*args)` and the function that pulls a change of it back to `args`.

    `pull(g)` takes a `g` of the structure, shapes and dtype of the output and returns a tuple
    with one entry an argument, each of that argument's structure: the product of `g` with the
    Jacobian, g transposed from the left. Without `g`, all ones. It may be called any number of
    times. Arrays of `args` and of the output may be changed in place meanwhile: it answers for what
    they were, or, of large arrays, raises ChangedConstantError. Complex numbers are paired by
    Re(sum(g * t)), without conjugates.

    Raises TypeError or ValueError if `g` does not fit the output.

    >>> import chainrule, numpy as np
    >>> y, pull = chainrule.vjp(np.multiply, 2.0, 3.0)
    >>> y, pull(1.0)
    (6.0, (3.0, 2.0))
    """
    watched = Watched(args, f"an argument of {name_of(f)}")
    mine, prints = owned(v.value for v in watched.leaves)
    for v, value in zip(watched.leaves, mine, strict=True):
        v.value = value
    ys: list[Any] = []
    structure = outputs(f, called(f, watched.tree, {}), ys)
    values = [y.value if watched.is_mine(y) else y for y in ys]
    given, more_prints = owned(values)
    prints += more_prints

    def pull(g: Any = ALL_ONES) -> Any:
        if g is ALL_ONES:
            gs: Any = map(ones_like, values)
        else:
            gs = fitting(g, structure, values, f"the change of what {name_of(f)} returned")
        unchanged(prints)
        return watched.pull(
            [(y.link, h) for y, h in zip(ys, gs, strict=True) if watched.is_mine(y)],
            lambda tree: f(*tree),
        )

    return build(structure, [plain_number(v, watched.starts) for v in given]), pull


ALL_ONES = object()


def outputs(f: Function, y: Any, ys: list[Any]) -> Any:
    """Take apart what `f` returned into `ys`; return its structure."""
    structure = flatten(y, f"what {name_of(f)} returned", ys)
    ys[:] = map(freed, ys)
    if not ys:
        raise TypeError(
            f"{name_of(f)} returned {y!r}, which holds no numbers; is a return missing?"
        )
    return structure


def plain_number(v: Any, starts: list[Any]) -> Any:
    """Return a float as Python's own, if floats went in."""
    if (
        type(v) is ndarray
        and not v.ndim
        and all(isinstance(x, (float, np.generic)) for x in starts)
    ):
        v = v[()]
    return float(v) if type(v) is float64 and all(type(x) is float for x in starts) else v


def jvp(f: Function, args: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """Return `f(*args)` and its change when `args` change by `tangents`.

    `tangents` has the structure of `args`, a tuple with one entry an argument; the change has the
    structure of the output: the product of the Jacobian with the tangents. One run of `f`, with
    about twice its work.

    Raises TypeError or ValueError if `tangents` does not fit `args`.

    >>> import chainrule, numpy as np
    >>> chainrule.jvp(np.multiply, (2.0, 3.0), (1.0, 0.0))
    (6.0, 3.0)
    """
    if not isinstance(args, tuple) or not isinstance(tangents, tuple):
        raise TypeError(
            "jvp needs a tuple of arguments and a tuple of tangents; for one argument write "
            "jvp(f, (x,), (t,))."
        )
    structure, starts = taken_apart(args, f"an argument of {name_of(f)}")
    ts = fitting(tangents, structure, starts, f"the tangent of an argument of {name_of(f)}")
    level = tick()
    moving = [made(Moving, x, level, t) for x, t in zip(starts, ts, strict=True)]
    ys: list[Any] = []
    out = outputs(f, called(f, build(structure, moving), {}), ys)
    mine = [type(y) is Moving and y.level is level for y in ys]
    values = [y.value if own else y for y, own in zip(ys, mine, strict=True)]
    moves = [
        moved_number(y.link, v) if own else zeros(shape_of(v), changing_dtype(v))
        for y, v, own in zip(ys, values, mine, strict=True)
    ]
    return (
        build(out, [plain_number(v, starts) for v in values]),
        build(out, [plain_number(t, starts) for t in moves]),
    )


def moved_number(t: Any, v: Any) -> Any:
    """Return the change of the value `v` as the caller may keep it."""
    if type(t) is ndarray:
        return t.copy()
    return float(t) if type(v) is float and type(t) is float64 else t


def changing_dtype(v: Any) -> Any:
    dtype = dtype_of(v)
    return dtype if dtype.kind in "fc" else FLOAT


def ones_like(v: Any) -> Any:
    shape, dtype = shape_of(v), changing_dtype(v)
    return np.ones(shape, dtype) if shape else dtype.type(1)


def fitting(tree: Any, structure: Any, likes: list[Any], where: str) -> list[Any]:
    """Return the leaves of `tree`, checked against the structure.

    Shapes and dtypes that they must have.
    """
    leaves: list[Any] = []
    if flatten(tree, where, leaves) != structure:
        raise TypeError(
            f"{where} must have the same containers as the value, with the same names and lengths."
        )
    return [fitting_leaf(v, like, where) for v, like in zip(leaves, likes, strict=True)]


def fitting_leaf(v: Any, like: Any, where: str) -> Any:
    """Return the change `v` of `like` in its dtype, or raise if it cannot be one."""
    if type(v) is float:
        v = float64(v)  # with NumPy's meaning where they differ: 1 / 0 is inf
    if type(v) is ndarray and v.shape == shape_of(like) and v.dtype == dtype_of(like):
        return v
    if shape_of(v) != shape_of(like):
        raise ValueError(
            f"{where} has shape {shape_of(v)}, but the value has shape {shape_of(like)}; "
            "they must agree."
        )
    if dtype_of(v).kind == "c" and dtype_of(like).kind != "c":
        raise TypeError(f"{where} is complex, but the value is real; give a real change.")
    if isinstance(v, Value) or dtype_of(like).kind not in "fc":
        return v
    return settled(np.asarray(v)[()] if type(v) is int else v, like)
