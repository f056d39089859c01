"""Jacobians and Hessians, whole, and the Hessian times a vector."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.trees import build, flatten, leaves_of
from chainrule._core.values import dtype_of, shape_of

from .arguments import (
    ArgNum,
    Function,
    checked_argnum,
    chosen_arguments,
    derived,
    name_of,
    replaced,
    taken_apart,
)
from .gradients import differentiate
from .products import changing_dtype, fitting, jvp, vjp
from .watching import Watched


def jacobian(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function that computes the Jacobian of `f`.

    For an argument of shape `s` and an output of shape `r` the result has shape `r + s`: entry
    [i, j] is the derivative of output i in input j. With containers, the output's structure holds
    the argument's structure in each place. Row by row in reverse mode where outputs are no more
    than inputs, else column by column in forward mode.

    >>> import chainrule, numpy as np
    >>> chainrule.jacobian(lambda x: x * x[0])(np.array([2.0, 3.0]))
    array([[4., 0.],
           [3., 2.]])
    """
    argnum = checked_argnum("jacobian", f, argnum)

    @derived(f, "jacobian", "Jacobian", argnum)
    def matrix(*args: Any, **options: Any) -> Any:
        x = chosen_arguments(f, argnum, args)
        return jacobian_at(
            lambda v: f(*replaced(args, argnum, v), **options),
            x,
            f"argument {argnum} of {name_of(f)}",
        )

    return matrix


def jacobian_at(f: Function, x: Any, where: str) -> Any:
    structure, starts = taken_apart(x, where)
    at = build(structure, starts)
    y, pull = vjp(f, at)
    ys: list[Any] = []
    out = flatten(y, "the output", ys)
    # a complex output of a real input has no pull that keeps both its parts, and a real output of
    # a complex input no push that does
    widened = any_complex(ys) and not any_complex(starts)
    narrowed = any_complex(starts) and not any_complex(ys)
    fewer = sum(map(size_of, ys)) <= sum(map(size_of, starts))
    if narrowed or (fewer and not widened):
        rows = [[leaves_of(pull(g)[0]) for g in units(ys, k, out)] for k in range(len(ys))]
        blocks = [
            [assembled([row[j] for row in rows[k]], v, x) for j, x in enumerate(starts)]
            for k, v in enumerate(ys)
        ]
    else:
        columns = [
            [leaves_of(jvp(f, (at,), (t,))[1]) for t in units(starts, j, structure)]
            for j in range(len(starts))
        ]
        blocks = [
            [turned([column[k] for column in columns[j]], v, x) for j, x in enumerate(starts)]
            for k, v in enumerate(ys)
        ]
    return build(out, [build(structure, row) for row in blocks])


def any_complex(leaves: list[Any]) -> bool:
    return any(dtype_of(v).kind == "c" for v in leaves)


def size_of(v: Any) -> int:
    return int(np.prod(shape_of(v), dtype=int))


def units(values: list[Any], k: int, structure: Any) -> Any:
    """Yield the trees that are 1 at one place of leaf `k` and 0 everywhere else."""
    for place in np.ndindex(shape_of(values[k])):
        one = [np.zeros(shape_of(v), changing_dtype(v)) for v in values]
        one[k][place] = 1
        yield build(structure, [v[()] for v in one])


def assembled(rows: list[Any], y: Any, x: Any) -> Any:
    """Return rows, one an output element, as one array; a number for numbers."""
    if shape_of(y) == ():
        return rows[0]
    if not rows:
        return np.zeros((*shape_of(y), *shape_of(x)), dtype_of(x))
    return np.reshape(np.stack(rows), (*shape_of(y), *shape_of(x)))


def turned(columns: list[Any], y: Any, x: Any) -> Any:
    """Return columns, one an input element, as one array with the output's axes first."""
    if shape_of(x) == ():
        return columns[0]
    if not columns:
        return np.zeros((*shape_of(y), *shape_of(x)), dtype_of(y))
    return np.reshape(np.moveaxis(np.stack(columns), 0, -1), (*shape_of(y), *shape_of(x)))


def hessian(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function that computes the Hessian of scalar-valued `f`.

    The Hessian is the matrix of second derivatives.
    For an argument of shape `s` the result has shape `s + s`; for a number, a float. Containers
    hold containers, as for `jacobian`. Method: forward mode over reverse mode, one product a
    column.

    >>> import chainrule, numpy as np
    >>> chainrule.hessian(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    argnum = checked_argnum("hessian", f, argnum)

    @derived(f, "hessian", "Hessian", argnum)
    def matrix(*args: Any, **options: Any) -> Any:
        x = chosen_arguments(f, argnum, args)
        if any_complex(taken_apart(x, f"argument {argnum} of {name_of(f)}")[1]):
            raise TypeError(
                "hessian of a complex argument is not one matrix; take its real and imaginary "
                "parts as two arguments, or see hvp."
            )

        def gradient(v: Any) -> Any:
            at = tuple(replaced(args, argnum, v))
            return differentiate(f, at, options, argnum, "hessian")[1]

        return jacobian_at(
            gradient,
            x,
            f"argument {argnum} of {name_of(f)}",
        )

    return matrix


def hvp(f: Function, args: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    """Return the product of the Hessian of scalar-valued `f` at `args` with `tangents`.

    A tuple with one entry an argument, of its structure, shape and dtype. The Hessian itself is
    never formed: the work is a few runs of `f`, whatever the number of inputs. Method: the
    gradient, differentiated in reverse once more (the Hessian is its own transpose); Griewank and
    Walther (2008), chapter 5.

    >>> import chainrule
    >>> chainrule.hvp(lambda x: x**3, (2.0,), (1.0,))
    (12.0,)
    """
    if not isinstance(args, tuple) or not isinstance(tangents, tuple):
        raise TypeError(
            "hvp needs a tuple of arguments and a tuple of tangents; for one argument write "
            "hvp(f, (x,), (t,))."
        )
    watched = Watched(args, f"an argument of {name_of(f)}")
    ts = fitting(
        tangents, watched.structure, watched.starts, f"the tangent of an argument of {name_of(f)}"
    )
    argnum = 0 if len(args) == 1 else tuple(range(len(args)))
    gradient = differentiate(f, watched.tree, {}, argnum, "hvp")[1]
    pairs = zip(leaves_of(gradient), ts, strict=True)
    return watched.pull(
        [(h.link, t) for h, t in pairs if watched.is_mine(h)],
        lambda tree: differentiate(f, tree, {}, argnum, "hvp")[1],
    )
