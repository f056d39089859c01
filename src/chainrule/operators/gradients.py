"""Gradients and slopes."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.errors import explain
from chainrule._core.pieces import zeros
from chainrule._core.traces import backward, tick
from chainrule._core.trees import is_number, leaves_of
from chainrule._core.values import RECORDING, Recorded, dtype_of, shape_of

from .arguments import (
    FLOAT,
    ArgNum,
    Function,
    checked_argnum,
    chosen_arguments,
    derived,
    float64,
    is_scalar,
    name_of,
    ndarray,
    refuse_output,
    replaced,
    started,
    taken_apart,
)
from .products import jvp, ones_like, vjp
from .watching import Watched, called, find_line, handed_out

ONE = float64(1)
SIMPLE = {float, ndarray, Recorded}


def differentiate(
    f: Function, args: tuple[Any, ...], options: dict[str, Any], argnum: ArgNum, operator: str
) -> Any:
    """Return the value of scalar-valued `f` and its gradient."""
    if not (argnum == 0 and args and (kind := type(args[0])) in SIMPLE):
        return differentiate_tree(f, args, options, argnum, operator)
    x = args[0]
    if kind is Recorded or (kind is ndarray and x.dtype is not FLOAT):
        x = started(x, f"argument 0 of {name_of(f)}")
    level, order = tick(), tick()
    v = Recorded()
    v.value, v.level, v.link = x, level, (order, None, None, None, None)
    before = RECORDING.set(True)
    try:
        y = f(v, *args[1:], **options) if options or len(args) > 1 else f(v)
    except (TypeError, ValueError) as error:
        explain(error)
        raise
    finally:
        RECORDING.reset(before)
    mine = type(y) is Recorded and y.level is level
    value = y.value if mine else y
    if not ((made := type(value)) is float64 or made is float or is_scalar(value)):
        refuse_output(operator, value)
    if not mine:
        return value, zeros(shape_of(x), dtype_of(x)) if kind is not float else 0.0
    one = ONE if made is float64 or made is float else ones_like(value)
    outputs = [y]
    del y  # so that what the record keeps is freed as the pass comes by
    try:
        g = backward(outputs.pop().link, one)[order]
    except Exception as error:
        find_line(error, level, lambda v: f(v, *args[1:], **options), x)
        raise
    if kind is float and type(g) is float64:
        return value, float(g)
    if kind is ndarray and type(g) is ndarray and g.base is None and g.dtype is x.dtype:
        return value, g
    return value, handed_out({order: g}, [order], [x], [])[0]


def differentiate_tree(
    f: Function, args: tuple[Any, ...], options: dict[str, Any], argnum: ArgNum, operator: str
) -> Any:
    """Do the same for containers, other argnums and other kinds of numbers."""
    x = chosen_arguments(f, argnum, args)
    watched = Watched(x, f"argument {argnum} of {name_of(f)}")
    y = called(f, replaced(args, argnum, watched.tree), options)
    mine = watched.is_mine(y)
    value = y.value if mine else y
    if not is_scalar(value):
        refuse_output(operator, value)
    seeds = [(y.link, ones_like(value))] if mine else []
    del y
    return value, watched.pull(seeds, lambda v: f(*replaced(args, argnum, v), **options))


def grad(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function that computes the gradient of scalar-valued `f`.

    The gradient is taken in the argument at position `argnum`, or in each of a tuple of positions
    (the result is a tuple then). That argument is a number or array, or a tuple, list, dict,
    named tuple or dataclass of them, nested as you like; the gradient has its shape and dtype. A
    float in gives a plain float out; whole numbers count as floats. For a complex argument z = a
    + ib the gradient of a real f is df/da - i df/db. All other arguments are passed on as they
    are.

    `f` may be written with `numpy` or with `chainrule.numpy`, and may itself use derivatives, to
    any depth.

    Raises TypeError if `f` returns anything but one real number, or an array of one.
    Method: reverse accumulation; Griewank and Walther (2008), *Evaluating Derivatives*, chapter 3.

    >>> import chainrule
    >>> chainrule.grad(lambda x: x / 2)(3.0)
    0.5
    >>> import numpy as np
    >>> chainrule.grad(lambda w: np.sum(w**2))(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    argnum = checked_argnum("grad", f, argnum)

    @derived(f, "grad", "Gradient", argnum)
    def gradient(*args: Any, **options: Any) -> Any:
        return differentiate(f, args, options, argnum, "grad")[1]

    return gradient


def value_and_grad(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function that computes both the value of scalar-valued `f` and its gradient.

    Arguments, shapes, dtypes and errors are those of `grad`; the two together cost one run of `f`
    and one backward pass.

    >>> import chainrule
    >>> chainrule.value_and_grad(lambda x: x**2)(3.0)
    (9.0, 6.0)
    """
    argnum = checked_argnum("value_and_grad", f, argnum)

    @derived(f, "value_and_grad", "Value and gradient", argnum)
    def both(*args: Any, **options: Any) -> Any:
        value, g = differentiate(f, args, options, argnum, "value_and_grad")
        return float(value) if type(g) is float and type(value) is np.float64 else value, g

    return both


def elementwise_grad(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function that computes the slope of an elementwise `f` at every element.

    For `f` whose every output element depends on the input element at the same place alone
    (`np.tanh`, a curve), the result is the array of slopes, of the shape and dtype of the
    argument. In general it is the gradient of the sum of all outputs. `argnum`, containers and
    errors are as for `grad`.

    >>> import chainrule, numpy as np
    >>> chainrule.elementwise_grad(np.square)(np.array([1.0, 2.0, 3.0]))
    array([2., 4., 6.])
    """
    argnum = checked_argnum("elementwise_grad", f, argnum)

    @derived(f, "elementwise_grad", "Slope at every element", argnum)
    def slopes(*args: Any, **options: Any) -> Any:
        x = chosen_arguments(f, argnum, args)
        starts = taken_apart(x, f"argument {argnum} of {name_of(f)}")[1]
        y, pull = vjp(lambda v: f(*replaced(args, argnum, v), **options), x)
        ys = leaves_of(y)
        if any(dtype_of(v).kind == "c" for v in ys) and all(
            dtype_of(v).kind != "c" for v in starts
        ):
            raise TypeError(
                "elementwise_grad of a complex output of a real argument would lose its imaginary "
                "part; see deriv, or take the real and imaginary parts apart."
            )
        return pull()[0]

    return slopes


def deriv(f: Function, argnum: int = 0) -> Function:
    """Return the function that computes the derivative of `f` in a number, by forward mode.

    `f` may return a number or arrays in any container; the result has its shape. The argument may
    also be an array, if `f` works element by element: then the slope at every element comes back.
    Orders stack: `deriv(deriv(f))`.

    Raises TypeError if the argument is not a number or an array.
    Method: forward accumulation; Griewank and Walther (2008), chapter 3.

    >>> import chainrule
    >>> chainrule.deriv(lambda x: x**3)(2.0)
    12.0
    """
    checked_argnum("deriv", f, argnum)

    @derived(f, "deriv", "Derivative", argnum)
    def derivative(*args: Any, **options: Any) -> Any:
        x = chosen_arguments(f, argnum, args)
        if not is_number(x):
            raise TypeError(
                f"deriv needs a number to differentiate in, but was given a {type(x).__name__}; "
                "see jacobian."
            )
        x = started(x, f"argument {argnum} of {name_of(f)}")
        one = np.ones(shape_of(x), dtype_of(x))[()]
        return jvp(lambda v: f(*replaced(args, argnum, v), **options), (x,), (one,))[1]

    return derivative
