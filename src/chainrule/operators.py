"""The operators: from a function, the function that computes its derivative."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule import _rules  # noqa: F401  (states the table)
from chainrule._core.traces import backward, leaf, settled, tick, zeros
from chainrule._core.trees import build, flatten, is_number
from chainrule._core.values import Moving, Recorded, Value, dtype_of, made, shape_of

__all__ = [
    "deriv", "elementwise_grad", "grad", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp",
]  # fmt: skip

Function = Callable[..., Any]
ArgNum = int | tuple[int, ...]
ndarray, float64 = np.ndarray, np.float64
ONE = float64(1)
FLOAT = np.dtype(float)

# ---------------------------------------------------------------- what goes in


def started(x: Any, where: str) -> Any:
    """Return `x` as what can be differentiated: whole numbers become floats."""
    kind = type(x)
    if kind is float or kind is Recorded or kind is Moving:
        return x
    if kind is np.ndarray and x.dtype.kind in "fc":
        return x
    if kind is bool or dtype_of(x).kind not in "fciu":
        what = "a truth value" if kind is bool or dtype_of(x).kind == "b" else f"of dtype {dtype_of(x)}"
        raise TypeError(f"{where} is {what}, which cannot be differentiated; pass numbers, such as 1.0.")
    if kind is int:
        return float(x)
    return x.astype(FLOAT) if dtype_of(x).kind in "iu" else x


def chosen_arguments(f: Function, argnum: ArgNum, args: tuple[Any, ...]) -> Any:
    """Return the argument that `argnum` names, or the tuple of those."""
    for i in argnum if isinstance(argnum, tuple) else (argnum,):
        if not -len(args) <= i < len(args):
            raise TypeError(
                f"argument {i} of {name_of(f)} is to be differentiated, but it was called with {len(args)} positional "
                "arguments; pass that argument by position, or choose another argnum."
            )
    if isinstance(argnum, tuple) and len({i % len(args) for i in argnum}) < len(argnum):
        raise TypeError(f"argnum {argnum} names an argument of {name_of(f)} twice; name each once.")
    return tuple(args[i] for i in argnum) if isinstance(argnum, tuple) else args[argnum]


def replaced(args: tuple[Any, ...], argnum: ArgNum, value: Any) -> list[Any]:
    out = list(args)
    for i, v in zip(argnum, value, strict=True) if isinstance(argnum, tuple) else ((argnum, value),):
        out[i] = v
    return out


def checked_argnum(operator: str, f: Any, argnum: Any) -> None:
    if not callable(f):
        raise TypeError(f"{operator} needs a function, but was given {f!r}; write {operator}(f)(x), not {operator}(f(x)).")
    every = argnum if isinstance(argnum, tuple) else (argnum,)
    if not every or not all(isinstance(i, (int, np.integer)) and not isinstance(i, bool) for i in every):
        raise TypeError(f"argnum is the position of an argument, or a tuple of positions, but was {argnum!r}.")
    if len(set(every)) < len(every):
        raise TypeError(f"argnum names an argument twice: {argnum!r}; name each once.")


def name_of(f: Any) -> str:
    return getattr(f, "__name__", None) or type(f).__name__


def derived(f: Function, operator: str, what: str) -> Callable[[Function], Function]:
    """Name the function that an operator returns, for help() and stack traces."""

    def named(derivative: Function) -> Function:
        derivative.__name__ = derivative.__qualname__ = f"{operator}_of_{name_of(f)}".replace("<lambda>", "lambda")
        derivative.__doc__ = f"{what} of {name_of(f)}." + (f"\n\n{f.__doc__}" if f.__doc__ else "")
        return derivative

    return named


# ---------------------------------------------------------------- recording


class Watched:
    """A tree whose leaves are watched by a new level."""

    __slots__ = ("leaves", "level", "starts", "structure", "tree")

    def __init__(self, tree: Any, where: str) -> None:
        self.starts: list[Any] = []
        self.structure = flatten(tree, where, self.starts)
        if not self.starts:
            raise TypeError(f"{where} holds nothing that can be differentiated: it is {tree!r}; pass numbers or arrays.")
        self.starts = [started(x, where) for x in self.starts]
        self.level = tick()
        self.leaves = [leaf(x, self.level) for x in self.starts]
        self.tree = build(self.structure, self.leaves)

    def is_mine(self, y: Any) -> bool:
        return type(y) is Recorded and y.level is self.level

    def pull(self, seeds: list[tuple[Any, Any]]) -> Any:
        """Return the tree of what reaches the leaves."""
        reached = backward(seeds)
        given = [g for _, g in seeds]
        return build(self.structure, handed_out(reached, self.leaves, self.starts, given))


def handed_out(reached: dict[int, Any], leaves: list[Any], starts: list[Any], given: list[Any]) -> list[Any]:
    """Return the gradients as the caller may keep them: floats for floats, arrays that are nobody else's."""
    out: list[Any] = []
    for v, x in zip(leaves, starts, strict=True):
        g = reached.get(v.link[0])
        if g is None:
            g = zeros(shape_of(x), dtype_of(x))
        if type(x) is float:
            g = float(g) if isinstance(g, (float, np.ndarray)) else g
        elif type(x) is np.ndarray and not isinstance(g, Value):
            if type(g) is not np.ndarray:
                g = np.array(g, x.dtype)
            elif g.base is not None or any(g is other for other in (*given, *out)):
                g = g.copy()
        out.append(g)
    return out


def called(f: Function, args: Sequence[Any], options: dict[str, Any]) -> Any:
    """Call the user's function; explain what plain NumPy can only say in its own terms."""
    try:
        return f(*args, **options)
    except ValueError as error:
        explain(error)
        raise


def explain(error: ValueError) -> None:
    if "setting an array element with a sequence" in str(error):
        raise TypeError(
            "plain NumPy cannot put a value that is being differentiated into an ordinary array (np.array([v]), np.full, "
            "x[i] = v); use array or stack of chainrule.numpy, or build the array with numpy.stack or numpy.concatenate."
        ) from error


def refuse_output(operator: str, y: Any) -> None:
    """Raise the sentence for an output that is not the number that `operator` needs."""
    if y is None:
        raise TypeError(f"{operator} needs a scalar to differentiate, but the function returned None; is a return missing?")
    if not is_number(y):
        raise TypeError(
            f"{operator} needs a scalar to differentiate, but the function returned a {type(y).__name__}; see jacobian."
        )
    if shape_of(y) != ():
        raise TypeError(
            f"{operator} needs a scalar to differentiate, but the function returned shape {shape_of(y)}; see jacobian."
        )
    if dtype_of(y).kind == "c":
        raise TypeError(
            f"{operator} needs a real number to differentiate, but the function returned a complex one; "
            "take its real or imaginary part, or see vjp."
        )


def differentiate(f: Function, args: tuple[Any, ...], options: dict[str, Any], argnum: ArgNum, operator: str) -> Any:
    """Return the value of scalar-valued `f` and its gradient."""
    if argnum == 0 and args and ((kind := type(x := args[0])) is float or kind is ndarray or kind is Recorded):
        if kind is ndarray and x.dtype is not FLOAT:
            x = started(x, f"argument 0 of {name_of(f)}")
        level, order = tick(), tick()  # the common case, without trees
        v = Recorded()
        v.value, v.level, v.link = x, level, (order, None, None, None, None)
        try:
            y = f(v, *args[1:], **options)
        except ValueError as error:
            explain(error)
            raise
        if type(y) is Recorded and y.level is level:
            value = y.value
            if type(value) is float64 or is_scalar(value):
                g = backward(((y.link, ONE if type(value) is float64 else dtype_of(value).type(1)),)).get(order)
                if type(g) is float64 and kind is float:
                    return value, float(g)
                if type(g) is ndarray and g.base is None and kind is ndarray:
                    return value, g
                return value, handed_out({order: g}, [v], [x], [])[0]
        else:
            value = y
        if not is_scalar(value):
            refuse_output(operator, value)
        return value, zeros(shape_of(x), dtype_of(x)) if kind is not float else 0.0
    x = chosen_arguments(f, argnum, args)
    watched = Watched(x, f"argument {argnum} of {name_of(f)}")
    y = called(f, replaced(args, argnum, watched.tree), options)
    mine = watched.is_mine(y)
    value = y.value if mine else y
    if not is_scalar(value):
        refuse_output(operator, value)
    return value, watched.pull([(y.link, dtype_of(value).type(1))] if mine else [])


def is_scalar(y: Any) -> bool:
    kind = type(y)
    return kind is float64 or kind is float or (is_number(y) and shape_of(y) == () and dtype_of(y).kind != "c")


# ---------------------------------------------------------------- gradients


def grad(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function that computes the gradient of scalar-valued `f`.

    The gradient is taken in the argument at position `argnum`, or in each of a tuple of positions (the result is
    a tuple then). That argument is a number or array, or a tuple, list, dict, named tuple or dataclass of them, nested as you
    like; the gradient has its shape and dtype. A float in gives a plain float out; whole numbers count as floats. For a complex argument z = a + ib
    the gradient of a real f is df/da - i df/db. All other arguments are passed on as they are.

    `f` may be written with `numpy` or with `chainrule.numpy`, and may itself use derivatives, to any depth.

    Raises TypeError if `f` returns anything but one real number.
    Method: reverse accumulation; Griewank and Walther (2008), *Evaluating Derivatives*, chapter 3.

    >>> import chainrule
    >>> chainrule.grad(lambda x: x / 2)(3.0)
    0.5
    >>> import numpy as np
    >>> chainrule.grad(lambda w: np.sum(w**2))(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    checked_argnum("grad", f, argnum)

    @derived(f, "grad", "Gradient")
    def gradient(*args: Any, **options: Any) -> Any:
        return differentiate(f, args, options, argnum, "grad")[1]

    return gradient


def value_and_grad(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function that computes both the value of scalar-valued `f` and its gradient.

    Arguments, shapes, dtypes and errors are those of `grad`; the two together cost one run of `f` and one
    backward pass.

    >>> import chainrule
    >>> chainrule.value_and_grad(lambda x: x**2)(3.0)
    (9.0, 6.0)
    """
    checked_argnum("value_and_grad", f, argnum)

    @derived(f, "value_and_grad", "Value and gradient")
    def both(*args: Any, **options: Any) -> Any:
        value, g = differentiate(f, args, options, argnum, "value_and_grad")
        return float(value) if type(g) is float and type(value) is np.float64 else value, g

    return both


def elementwise_grad(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function that computes the slope of an elementwise `f` at every element of its argument.

    For `f` whose every output element depends on the input element at the same place alone (`np.tanh`, a curve), the
    result is the array of slopes, of the shape and dtype of the argument. In general it is the gradient of the
    sum of all outputs. `argnum`, containers and errors are as for `grad`.

    >>> import chainrule, numpy as np
    >>> chainrule.elementwise_grad(np.square)(np.array([1.0, 2.0, 3.0]))
    array([2., 4., 6.])
    """
    checked_argnum("elementwise_grad", f, argnum)

    @derived(f, "elementwise_grad", "Slope at every element")
    def slopes(*args: Any, **options: Any) -> Any:
        x = chosen_arguments(f, argnum, args)
        _, pull = vjp(lambda v: f(*replaced(args, argnum, v), **options), x)
        return pull()[0]

    return slopes


def deriv(f: Function, argnum: int = 0) -> Function:
    """Return the function that computes the derivative of `f` in a number, by forward mode.

    `f` may return a number or arrays in any container; the result has its shape. The argument may also be an array, if `f` works
    element by element: then the slope at every element comes back. Orders stack: `deriv(deriv(f))`.

    Raises TypeError if the argument is not a number or an array.
    Method: forward accumulation; Griewank and Walther (2008), chapter 3.

    >>> import chainrule
    >>> chainrule.deriv(lambda x: x**3)(2.0)
    12.0
    """
    checked_argnum("deriv", f, argnum)

    @derived(f, "deriv", "Derivative")
    def derivative(*args: Any, **options: Any) -> Any:
        x = chosen_arguments(f, argnum, args)
        if not is_number(x):
            raise TypeError(f"deriv needs a number to differentiate in, but was given a {type(x).__name__}; see jacobian.")
        x = started(x, f"argument {argnum} of {name_of(f)}")
        one = 1.0 if type(x) is float else np.ones(shape_of(x), dtype_of(x))[()]
        return jvp(lambda v: f(*replaced(args, argnum, v), **options), (x,), (one,))[1]

    return derivative


# ---------------------------------------------------------------- products with the Jacobian


def vjp(f: Function, *args: Any) -> tuple[Any, Function]:
    """Return `f(*args)` and the function that pulls a change of it back to `args`.

    `pull(g)` takes a `g` of the structure, shapes and dtype of the output and returns a tuple with one entry an argument, each
    of that argument's structure: the product of `g` with the Jacobian, g transposed from the left. Without `g`, all ones. It may be called any number of times.
    Complex numbers are paired by Re(sum(g * t)), without conjugates.

    Raises TypeError or ValueError if `g` does not fit the output.

    >>> import chainrule, numpy as np
    >>> y, pull = chainrule.vjp(np.multiply, 2.0, 3.0)
    >>> y, pull(1.0)
    (6.0, (3.0, 2.0))
    """
    watched = Watched(args, f"an argument of {name_of(f)}")
    ys: list[Any] = []
    structure = outputs(f, called(f, watched.tree, {}), ys)
    values = [y.value if watched.is_mine(y) else y for y in ys]

    def pull(g: Any = ALL_ONES) -> Any:
        if g is ALL_ONES:
            gs: Any = map(ones_like, values)
        else:
            gs = fitting(g, structure, values, f"the change of what {name_of(f)} returned")
        return watched.pull([(y.link, h) for y, h in zip(ys, gs, strict=True) if watched.is_mine(y)])

    return build(structure, [plain_number(v, watched.starts) for v in values]), pull


ALL_ONES = object()


def outputs(f: Function, y: Any, ys: list[Any]) -> Any:
    """Take apart what `f` returned into `ys`; return its structure."""
    structure = flatten(y, f"what {name_of(f)} returned", ys)
    if not ys:
        raise TypeError(f"{name_of(f)} returned {y!r}, which holds no numbers; is a return missing?")
    return structure


def plain_number(v: Any, starts: list[Any]) -> Any:
    """Return a float as Python's own, if floats went in."""
    return float(v) if type(v) is float64 and all(type(x) is float for x in starts) else v


def jvp(f: Function, args: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """Return `f(*args)` and its change when `args` change by `tangents`.

    `tangents` has the structure of `args`, a tuple with one entry an argument; the change has the structure of the
    output: the product of the Jacobian with the tangents. One run of `f`, with about twice its work.

    Raises TypeError or ValueError if `tangents` does not fit `args`.

    >>> import chainrule, numpy as np
    >>> chainrule.jvp(np.multiply, (2.0, 3.0), (1.0, 0.0))
    (6.0, 3.0)
    """
    if not isinstance(args, tuple) or not isinstance(tangents, tuple):
        raise TypeError("jvp needs a tuple of arguments and a tuple of tangents; for one argument write jvp(f, (x,), (t,)).")
    starts: list[Any] = []
    structure = flatten(args, f"the arguments of {name_of(f)}", starts)
    starts = [started(x, f"an argument of {name_of(f)}") for x in starts]
    ts = fitting(tangents, structure, starts, f"the tangent of an argument of {name_of(f)}")
    level = tick()
    moving = [made(Moving, x, level, t) for x, t in zip(starts, ts, strict=True)]
    ys: list[Any] = []
    out = outputs(f, called(f, build(structure, moving), {}), ys)
    mine = [type(y) is Moving and y.level is level for y in ys]
    values = [y.value if own else y for y, own in zip(ys, mine, strict=True)]
    moves = [
        (y.link.copy() if type(y.link) is ndarray else y.link) if own else zeros(shape_of(v), changing_dtype(v))
        for y, v, own in zip(ys, values, mine, strict=True)
    ]
    return build(out, [plain_number(v, starts) for v in values]), build(out, [plain_number(t, starts) for t in moves])


def changing_dtype(v: Any) -> Any:
    return dtype_of(v) if dtype_of(v).kind in "fc" else FLOAT


def ones_like(v: Any) -> Any:
    return np.ones(shape_of(v), changing_dtype(v))[()]


def fitting(tree: Any, structure: Any, likes: list[Any], where: str) -> list[Any]:
    """Return the leaves of `tree`, checked against the structure, shapes and dtypes that they must have."""
    leaves: list[Any] = []
    if flatten(tree, where, leaves) != structure:
        raise TypeError(f"{where} must have the same containers as the value, with the same names and lengths.")
    for v, like in zip(leaves, likes, strict=True):
        if shape_of(v) != shape_of(like):
            raise ValueError(f"{where} has shape {shape_of(v)}, but the value has shape {shape_of(like)}; they must agree.")
        if dtype_of(v).kind == "c" and dtype_of(like).kind != "c":
            raise TypeError(f"{where} is complex, but the value is real; give a real change.")
    return [
        v if isinstance(v, Value) or dtype_of(like).kind not in "fc" else settled(np.asarray(v)[()] if type(v) is int else v, like)
        for v, like in zip(leaves, likes, strict=True)
    ]


def hvp(f: Function, args: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    """Return the product of the Hessian of scalar-valued `f` at `args` with `tangents`.

    A tuple with one entry an argument, of its structure, shape and dtype. The Hessian itself is never formed: the work is a
    few runs of `f`, whatever the number of inputs. Method: the gradient, differentiated in reverse once more (the Hessian is its own transpose);
    Griewank and Walther (2008), chapter 5.

    >>> import chainrule
    >>> chainrule.hvp(lambda x: x**3, (2.0,), (1.0,))
    (12.0,)
    """
    if not isinstance(args, tuple) or not isinstance(tangents, tuple):
        raise TypeError("hvp needs a tuple of arguments and a tuple of tangents; for one argument write hvp(f, (x,), (t,)).")
    return vjp(grad(f, tuple(range(len(args)))), *args)[1](tangents)


# ---------------------------------------------------------------- whole matrices


def jacobian(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function that computes the Jacobian of `f`.

    For an argument of shape `s` and an output of shape `r` the result has shape `r + s`: entry [i, j] is the derivative of
    output i in input j. With containers, the output's structure holds the argument's structure in each place. Row by row in reverse mode where
    outputs are no more than inputs, else column by column in forward mode.

    >>> import chainrule, numpy as np
    >>> chainrule.jacobian(lambda x: x * x[0])(np.array([2.0, 3.0]))
    array([[4., 0.],
           [3., 2.]])
    """
    checked_argnum("jacobian", f, argnum)

    @derived(f, "jacobian", "Jacobian")
    def matrix(*args: Any, **options: Any) -> Any:
        x = chosen_arguments(f, argnum, args)
        return jacobian_at(lambda v: f(*replaced(args, argnum, v), **options), x, f"argument {argnum} of {name_of(f)}")

    return matrix


def jacobian_at(f: Function, x: Any, where: str) -> Any:
    starts: list[Any] = []
    structure = flatten(x, where, starts)
    starts = [started(v, where) for v in starts]
    at = build(structure, starts)
    y, pull = vjp(f, at)
    ys: list[Any] = []
    out = flatten(y, "the output", ys)
    if sum(size_of(v) for v in ys) <= sum(size_of(v) for v in starts):
        rows = [[leaves_of(pull(g)[0]) for g in units(ys, k, out)] for k in range(len(ys))]
        blocks = [[assembled([row[j] for row in rows[k]], v, x) for j, x in enumerate(starts)] for k, v in enumerate(ys)]
    else:
        columns = [[leaves_of(jvp(f, (at,), (t,))[1]) for t in units(starts, j, structure)] for j in range(len(starts))]
        blocks = [[turned([column[k] for column in columns[j]], v, x) for j, x in enumerate(starts)] for k, v in enumerate(ys)]
    return build(out, [build(structure, row) for row in blocks])


def leaves_of(tree: Any) -> list[Any]:
    leaves: list[Any] = []
    flatten(tree, "", leaves)
    return leaves


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
    """Return the function that computes the Hessian of scalar-valued `f`: the matrix of its second derivatives.

    For an argument of shape `s` the result has shape `s + s`; for a number, a float. Containers hold containers, as for `jacobian`.
    Method: forward mode over reverse mode, one product a column.

    >>> import chainrule, numpy as np
    >>> chainrule.hessian(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    checked_argnum("hessian", f, argnum)

    @derived(f, "hessian", "Hessian")
    def matrix(*args: Any, **options: Any) -> Any:
        return jacobian(grad(f, argnum), argnum)(*args, **options)

    return matrix
