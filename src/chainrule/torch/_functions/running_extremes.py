"""The largest and the smallest number so far, and running sums of exponentials."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.indexing import gathered
from chainrule._rules.running import running_logsumexp

from .._calls import title_of
from .._checks import argument_error, dimension, not_implemented
from .._tape.plans import Op, op_named
from .._tape.recording import recorded
from .._tensor import Tensor, made
from .._writing.out import into_out
from .reductions import check_input, renamed
from .results import answered, result_type

__all__ = ["cummax", "cummin", "logcumsumexp"]

CUMMAX = Op("CummaxBackward0", gathered, ("self indices", ""), "self indices")
CUMMIN = Op("CumminBackward0", gathered, ("self indices", ""), "self indices")
LOGCUMSUMEXP = Op("LogcumsumexpBackward0", running_logsumexp, ("self result",), "self")
op_named(running_logsumexp, LOGCUMSUMEXP)


def places_of(x: Any, axis: int, best: Any) -> Any:
    """Return where each extreme so far was last met; NaN is beyond all numbers."""
    if not x.ndim:
        return np.zeros((), np.int64)
    is_new = x == best
    if x.dtype.kind == "f":
        is_new |= np.isnan(x)
    count = np.arange(x.shape[axis]).reshape(-1, *(1,) * (x.ndim - axis - 1))
    return np.maximum.accumulate(np.where(is_new, count, 0), axis)


def so_far(name: str, op: Op, ufunc: Any, word: str, results: str) -> Callable[..., Any]:
    """Return `cummax` or `cummin`."""
    Result = result_type(name, "values", "indices")

    def function(input: Tensor, dim: Any = None, *, out: Any = None, **other: Any) -> Any:
        check_input(name, input)
        if other:
            dim, _ = renamed(name, other, dim, False)
        if dim is None:
            raise TypeError(f'{name}() missing 1 required positional arguments: "dim"')
        if not isinstance(dim, (int, np.integer)):
            raise argument_error(name, "dim", 2, dim, "int")
        x = input._array
        axis = dimension(dim, x.ndim)
        if x.dtype.kind == "c":
            not_implemented(f"{name}_cpu", x.dtype)
        best = ufunc.accumulate(x, axis) if x.ndim and x.size else x
        places = made(places_of(x, axis, best) if x.size else np.zeros(x.shape, np.int64))
        values = recorded(op, (input, places), {"axis": axis}, gathered, None)
        return answered(Result, (values, places), out)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""Return, along `dim`, the {word} number so far, and where it was last met.

    >>> import chainrule.torch as torch
    >>> torch.{name}(torch.tensor([3.0, 1.0, 4.0]), dim=0).values
    tensor([{results}])
    """
    return function


cummax = so_far("cummax", CUMMAX, np.maximum, "largest", "3., 3., 4.")
cummin = so_far("cummin", CUMMIN, np.minimum, "smallest", "3., 1., 1.")


def logcumsumexp(input: Tensor, dim: Any, *, out: Tensor | None = None, **other: Any) -> Any:
    """Return, along `dim`, log(sum(exp(x))) of each number and all before it.

    >>> import chainrule.torch as torch
    >>> torch.logcumsumexp(torch.tensor([1000.0, 1000.0]), dim=0)
    tensor([1000.0000, 1000.6932])
    """
    check_input("logcumsumexp", input)
    if other:
        dim, _ = renamed("logcumsumexp", other, dim, False)
    if not isinstance(dim, (int, np.integer)):
        raise TypeError(
            f"logcumsumexp(): argument 'dim' (position 2) must be int, not {title_of(dim)}"
        )
    x = input._array
    axis = dimension(dim, x.ndim)
    if x.dtype.kind != "f":
        not_implemented("logcumsumexp_out_cpu", x.dtype)
    if x.ndim:
        call = LOGCUMSUMEXP.stated().call
        result = recorded(LOGCUMSUMEXP, (input,), {"axis": axis}, call, None)
    else:
        result = recorded(LOGCUMSUMEXP_OF_ONE, (input,), {}, np.copy, None)
    return result if out is None else into_out("logcumsumexp", result, out)


LOGCUMSUMEXP_OF_ONE = Op("LogcumsumexpBackward0", np.copy, ("self result",), "self")

METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__}
