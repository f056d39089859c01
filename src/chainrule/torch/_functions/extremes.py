"""The largest and the smallest numbers, and where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.choosing import greatest, least, picked

from .._arguments import whole
from .._checks import argument_error, combination_error, dimension, not_implemented
from .._tape.plans import Op, op_named
from .._tape.recording import recorded
from .._tape.values import as_array
from .._tensor import Tensor, made
from .._writing.out import into_out
from .choices import maximum, minimum
from .reductions import axes, check_input, renamed
from .results import answered, result_type

__all__ = ["amax", "amin", "argmax", "argmin", "max", "min"]

least_of: Any = np.minimum.reduce
most_of: Any = np.maximum.reduce

# ---------------------------------------------------------------- the largest and the smallest


class Extreme:
    """What `max` and `min` differ in."""

    def __init__(
        self, name: str, rule: Any, of_all: Any, reduce: Any, place: Any, pair: Any
    ) -> None:
        title = name.title()
        self.name, self.reduce, self.place, self.pair = name, reduce, place, pair
        self.of_all = Op(f"{title}Backward1", of_all, ("self result",), "self")
        self.along = Op(f"{title}Backward0", picked, ("indices", ""), "self indices")
        self.amounts = Op(f"A{name}Backward0", rule, ("self result",), "self")
        self.result = result_type(name, "values", "indices")

    def found(self, x: Any, index: Any, axis: int, keepdims: bool) -> Any:
        """What the indices name, without looking them up."""
        return self.reduce(x, axis if x.ndim else None, None, None, keepdims)

    def call(self, x: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
        return self.reduce(x, axis, None, None, keepdims)


MAX = Extreme("max", np.max, greatest, most_of, np.argmax, maximum)
MIN = Extreme("min", np.min, least, least_of, np.argmin, minimum)
OVERLOADS = (
    "Tensor input, *, Tensor out = None",
    "Tensor input, Tensor other, *, Tensor out = None",
    "Tensor input, int dim, bool keepdim = False, *, tuple of Tensors out = None",
)


def check_ordered(function: str, x: Any) -> None:
    if x.dtype.kind == "c":
        raise RuntimeError(f"{function}(): does not support complex input")


def check_not_empty(function: str, x: Any, axis: Any) -> None:
    """Raise if there is no number to choose from."""
    if axis is None and not x.size and x.ndim:
        kind = IndexError if function.startswith("arg") else RuntimeError
        more = (
            ""
            if function.startswith("arg")
            else " Specify the reduction dim with the 'dim' argument."
        )
        raise kind(
            f"{function}(): Expected reduction dim to be specified for input.numel() == 0.{more}"
        )
    for i in () if axis is None else axis if isinstance(axis, tuple) else (axis,):
        if not x.shape[i]:
            raise IndexError(f"{function}(): Expected reduction dim {i} to have non-zero size.")


def chosen(
    op: Op, input: Tensor, index: Any, axis: int, keepdim: bool, call: Any = picked
) -> tuple[Any, Any]:
    """Return the elements that `index`, with 1 at `axis`, names; and the index, as tensors."""
    kept = keepdim or not input._array.ndim
    places = made(index if kept else index.squeeze(axis))
    return recorded(op, (input, places), {"axis": axis, "keepdims": kept}, call, None), places


def extreme(
    kind: Extreme, input: Any, dim: Any, keepdim: Any, other: dict[str, Any], out: Any
) -> Any:
    if isinstance(dim, Tensor):
        result = kind.pair(input, dim)
        return result if out is None else into_out(kind.name, result, out)
    if isinstance(other.get("other"), Tensor):
        return kind.pair(input, other["other"])
    if dim is None and not other:
        if not isinstance(input, Tensor):
            raise argument_error(kind.name, "input", 1, input)
        if input._array.dtype.kind == "c":
            not_implemented(f"{kind.name}_all", input._array.dtype)
        check_not_empty(kind.name, input._array, None)
        result = recorded(kind.of_all, (input,), {}, kind.call, None)
        return result if out is None else into_out(kind.name, result, out)
    dim, keepdim = renamed(kind.name, other, dim, keepdim)
    if not isinstance(input, Tensor) or not isinstance(dim, (int, np.integer)):
        raise combination_error(kind.name, (input, dim), OVERLOADS)
    if isinstance(out, Tensor):
        raise combination_error(kind.name, (input, dim), OVERLOADS, out=out)
    x = input._array
    check_ordered(kind.name, x)
    axis = dimension(dim, x.ndim)
    if x.ndim:
        check_not_empty(kind.name, x, axis)
        index = kind.place(x, axis, keepdims=True)
    else:
        index = np.zeros((), np.int64)
    parts = chosen(kind.along, input, index, axis, bool(keepdim), kind.found)
    return kind.result(parts) if out is None else answered(kind.result, parts, out)


def max(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, out: Any = None, **other: Any
) -> Any:
    """Return the largest number of all; or with `dim`, the largest along it and where they are.

    Equal ones share the gradient of the largest of all; along `dim` the first of them has it.
    `max(input, other)`, of two tensors, is `maximum`.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([[1.0, 5.0], [4.0, 2.0]])
    >>> torch.max(x), torch.max(x, dim=1).indices
    (tensor(5.), tensor([1, 0]))
    """
    return extreme(MAX, input, dim, keepdim, other, out)


def min(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, out: Any = None, **other: Any
) -> Any:
    """Return the smallest number of all; or with `dim`, the smallest along it and where they are.

    Equal ones share the gradient of the smallest of all; along `dim` the first of them has it.
    `min(input, other)`, of two tensors, is `minimum`.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([[1.0, 5.0], [4.0, 2.0]])
    >>> torch.min(x), torch.min(x, dim=1).values
    (tensor(1.), tensor([1., 2.]))
    """
    return extreme(MIN, input, dim, keepdim, other, out)


def amount(
    function: str, kind: Extreme, input: Any, dim: Any, keepdim: Any, other: Any, out: Any
) -> Any:
    check_input(function, input)
    dim, keepdim = renamed(function, other, dim, keepdim)
    axis = axes(function, input, dim)
    if input._array.dtype.kind == "c":
        not_implemented(f"{kind.name}_values_cpu", input._array.dtype)
    check_not_empty(function, input._array, axis)
    options = {"axis": axis, "keepdims": bool(keepdim)}
    result = recorded(kind.amounts, (input,), options, kind.call, None)
    return result if out is None else into_out(function, result, out)


def amax(
    input: Tensor,
    dim: Any = (),
    keepdim: bool = False,
    *,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Return the largest numbers along `dim`, one dimension or several; equals share the gradient.

    >>> import chainrule.torch as torch
    >>> torch.amax(torch.tensor([[1.0, 5.0], [4.0, 2.0]]), dim=0)
    tensor([4., 5.])
    """
    return amount("amax", MAX, input, dim, keepdim, other, out)


def amin(
    input: Tensor,
    dim: Any = (),
    keepdim: bool = False,
    *,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Return the smallest numbers along `dim`, one dimension or several; equals share the gradient.

    >>> import chainrule.torch as torch
    >>> torch.amin(torch.tensor([[1.0, 5.0], [4.0, 2.0]]), dim=0)
    tensor([1., 2.])
    """
    return amount("amin", MIN, input, dim, keepdim, other, out)


def place(function: str, find: Any, input: Any, dim: Any, keepdim: Any, other: Any) -> Any:
    check_input(function, input)
    dim, keepdim = renamed(function, other, dim, keepdim)
    x = input._array
    if x.dtype.kind == "b":
        raise RuntimeError(f"{function}(): does not support bool input")
    check_ordered(function, x)
    if dim is not None and not whole(dim):
        raise argument_error(function, "dim", 2, dim, "int")
    axis = axes(function, input, dim, several=False)
    check_not_empty(function, x, axis)
    if axis is None:
        y = as_array(find(x))
        return made(y.reshape((1,) * x.ndim) if keepdim else y)
    return made(as_array(find(x, axis, keepdims=bool(keepdim))))


def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False, **other: Any) -> Any:
    """Return where the largest number is, counted through all of them, or along `dim`.

    The first one is named where several are equal.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([[1.0, 5.0], [4.0, 2.0]])
    >>> torch.argmax(x), torch.argmax(x, dim=1)
    (tensor(1), tensor([1, 0]))
    """
    return place("argmax", np.argmax, input, dim, keepdim, other)


def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False, **other: Any) -> Any:
    """Return where the smallest number is, counted through all of them, or along `dim`.

    The first one is named where several are equal.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([[1.0, 5.0], [4.0, 2.0]])
    >>> torch.argmin(x), torch.argmin(x, dim=1)
    (tensor(0), tensor([0, 1]))
    """
    return place("argmin", np.argmin, input, dim, keepdim, other)


op_named(picked, MAX.along)
op_named(np.max, MAX.amounts)
op_named(greatest, MAX.of_all)
op_named(least, MIN.of_all)
op_named(np.min, MIN.amounts)

METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__}
