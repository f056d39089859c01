"""Variances, norms, and shares of a sum of exponentials."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from chainrule._rules.choosing import deviation, variance
from chainrule._rules.learning import log_softmax as log_softmax_rule
from chainrule._rules.learning import logsumexp as logsumexp_rule
from chainrule._rules.learning import softmax as softmax_rule
from chainrule._rules.linear_algebra.norms import vector_norm as norm_rule

from .._checks import argument_error, combination_error, dimension, not_implemented
from .._kinds.dtypes import as_numpy, scalar_name
from .._tape.plans import Op, op_named
from .._tape.promotion import floating
from .._tape.recording import recorded
from .._tensor import Tensor
from .._writing.out import into_out
from .reductions import axes, check_input, mean, renamed
from .spelling import called

__all__ = ["log_softmax", "logsumexp", "norm", "softmax", "std", "std_mean", "var", "var_mean"]

# ---------------------------------------------------------------- spreads

VAR = Op("VarBackward0", variance, ("self",), "self")
STD = Op("StdBackward0", deviation, ("self result",), "self")
SPREAD_SIGNATURES = (
    "Tensor input, tuple of ints dim, bool unbiased = True, bool keepdim = False, *, "
    "Tensor out = None",
    "Tensor input, tuple of ints dim = None, *, Number correction = None, bool keepdim = False, "
    "Tensor out = None",
    "Tensor input, bool unbiased = True",
)


def spread(
    function: str,
    op: Op,
    input: Any,
    dim: Any,
    unbiased: Any,
    keepdim: Any,
    correction: Any,
    other: Any,
    out: Any,
) -> Any:
    if not isinstance(input, Tensor) or isinstance(dim, str):
        given = (input,) if dim is None else (input, dim)
        raise combination_error(function, given, SPREAD_SIGNATURES)
    if other:
        dim, keepdim = renamed(function, other, dim, keepdim)
    if isinstance(dim, bool):  # std(False)
        dim, unbiased = None, dim
    x = input._array
    if x.dtype.kind not in "fc":
        said = function if function.endswith("_mean") else "std and var"
        raise RuntimeError(f"{said} only support floating point and complex dtypes")
    if correction is None:
        correction = 1 if unbiased else 0
    axis = axes(function, input, dim)
    options = {"axis": axis, "correction": correction, "keepdims": bool(keepdim)}
    if x.dtype.kind == "c":
        result = of_complex(op, input, options)
    else:
        result = recorded(op, (input,), options, op.stated().call, None)
    y = result._array
    if x.size <= correction * y.size:
        warnings.warn(
            f"{function}(): degrees of freedom is <= 0. Correction should be strictly less than "
            "the reduction factor (input numel divided by output numel).",
            UserWarning,
            stacklevel=3,
        )
    return result if out is None else into_out(function, result, out)


def of_complex(op: Op, input: Any, options: dict[str, Any]) -> Any:
    """The variance of complex numbers is the sum of those of their parts."""
    parts = [recorded(VAR, (part,), options, VAR.stated().call, None)
             for part in (input.real, input.imag)]  # fmt: skip
    total = parts[0] + parts[1]
    return called(op.name, total if op is VAR else total.sqrt())


def var(
    input: Tensor,
    dim: Any = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: Any = None,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Return the mean squared distance from the mean, of all numbers or along `dim`.

    The sum is divided by the number of them less `correction`, which is 1; `unbiased=False` is
    another word for 0.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([1.0, 3.0])
    >>> torch.var(x), torch.var(x, correction=0)
    (tensor(2.), tensor(1.))
    """
    return spread("var", VAR, input, dim, unbiased, keepdim, correction, other, out)


def std(
    input: Tensor,
    dim: Any = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: Any = None,
    out: Tensor | None = None,
    **other: Any,
) -> Any:
    """Return the standard deviation, the root of the variance: see `var`.

    Its slope is 0 where all numbers are equal.

    >>> import chainrule.torch as torch
    >>> torch.std(torch.tensor([[1.0, 3.0], [2.0, 2.0]]), dim=1)
    tensor([1.4142, 0.0000])
    """
    return spread("std", STD, input, dim, unbiased, keepdim, correction, other, out)


def var_mean(
    input: Tensor,
    dim: Any = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: Any = None,
    **other: Any,
) -> Any:
    """Return the variance and the mean; the arguments are those of `var`.

    >>> import chainrule.torch as torch
    >>> torch.var_mean(torch.tensor([1.0, 3.0]))
    (tensor(2.), tensor(2.))
    """
    return with_mean("var_mean", VAR, input, dim, unbiased, keepdim, correction, other)


def std_mean(
    input: Tensor,
    dim: Any = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: Any = None,
    **other: Any,
) -> Any:
    """Return the standard deviation and the mean; the arguments are those of `std`.

    >>> import chainrule.torch as torch
    >>> torch.std_mean(torch.tensor([1.0, 3.0]), correction=0)
    (tensor(1.), tensor(2.))
    """
    return with_mean("std_mean", STD, input, dim, unbiased, keepdim, correction, other)


def with_mean(
    function: str,
    op: Op,
    input: Any,
    dim: Any,
    unbiased: Any,
    keepdim: Any,
    correction: Any,
    other: Any,
) -> tuple[Any, Any]:
    if other:
        dim, keepdim = renamed(function, other, dim, keepdim)
    wide = spread(function, op, input, dim, unbiased, keepdim, correction, {}, None)
    middle = mean(input, None if isinstance(dim, bool) else dim, keepdim)
    name = f"{function.title().replace('_', '')}Backward0"
    return called(name, wide), called(name, middle)


# ---------------------------------------------------------------- norms

NORM = Op("LinalgVectorNormBackward0", norm_rule, ("self result",), "self")


def vector_norm(
    input: Tensor, order: Any, dim: Any, keepdim: bool, dtype: Any, out: Any = None
) -> Any:
    """Return the norm of the numbers along `dim`, taken as one vector."""
    if dtype is not None and as_numpy(dtype) != input._array.dtype:
        from .._conversions.casts import cast_tensor

        input = cast_tensor(input, dtype.numpy)
    if input._array.dtype.kind not in "fc":
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
            f"{scalar_name(input._array.dtype)}"
        )
    axis = axes("norm", input, dim)
    options = {"order": order, "axis": axis, "keepdims": bool(keepdim)}
    result = recorded(NORM, (input,), options, NORM.stated().call, None)
    return result if out is None else into_out("linalg_vector_norm", result, out)


def norm(
    input: Tensor,
    p: Any = "fro",
    dim: Any = None,
    keepdim: bool = False,
    out: Tensor | None = None,
    dtype: Any = None,
    **other: Any,
) -> Any:
    """Return the root of the sum of squares: the length of the numbers taken as one vector.

    `p` is another exponent than 2; inf stands for the largest size, 0 for the count of what is
    not 0. The slope is 0 where the norm is.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([[3.0, 4.0], [0.0, 1.0]])
    >>> torch.norm(x, dim=1), torch.norm(x, p=1)
    (tensor([5., 1.]), tensor(8.))
    """
    check_input("norm", input)
    if other:
        dim, keepdim = renamed("norm", other, dim, keepdim)
    if p == "nuc":
        raise NotImplementedError(
            "norm(p='nuc') needs singular values, which have no derivative rule here."
        )
    order = 2 if p in (None, "fro") else float(p)
    if order == 2:
        order = 2
    return vector_norm(input, order, dim, keepdim, dtype, out)


# ---------------------------------------------------------------- exponentials and their sum

LOGSUMEXP = Op("LogsumexpBackward0", logsumexp_rule, ("self result",), "self")
SOFTMAX = Op("SoftmaxBackward0", softmax_rule, ("result",), "self")
LOG_SOFTMAX = Op("LogSoftmaxBackward0", log_softmax_rule, ("result",), "self")
for _op in (VAR, STD, NORM, LOGSUMEXP, SOFTMAX, LOG_SOFTMAX):
    op_named(_op.function, _op)


def logsumexp(
    input: Tensor, dim: Any, keepdim: bool = False, *, out: Tensor | None = None, **other: Any
) -> Any:
    """Return log(sum(exp(x))) along `dim`, without an overflow on the way.

    >>> import chainrule.torch as torch
    >>> torch.logsumexp(torch.tensor([1000.0, 1000.0]), dim=0)
    tensor(1000.6932)
    """
    check_input("logsumexp", input)
    if other:
        dim, keepdim = renamed("logsumexp", other, dim, keepdim)
    axis = axes("logsumexp", input, dim)
    ndim = input._array.ndim
    options = {"axis": tuple(range(ndim)) if axis is None else axis, "keepdims": bool(keepdim)}
    result = recorded(LOGSUMEXP, (input,), options, LOGSUMEXP.stated().call, floating)
    return result if out is None else into_out("logsumexp", result, out)


def shares(function: str, op: Op, input: Any, dim: Any, dtype: Any, other: Any) -> Any:
    check_input(function, input)
    if other:
        dim, _ = renamed(function, other, dim, False)
    if not isinstance(dim, int) or isinstance(dim, bool):
        raise argument_error(function, "dim", 2, dim, "int")
    if dtype is not None and as_numpy(dtype) != input._array.dtype:
        from .._conversions.casts import cast_tensor

        input = cast_tensor(input, dtype.numpy)
    x = input._array
    axis = dimension(dim, x.ndim)
    if x.dtype.kind != "f":
        last = "lastdim_" if axis >= x.ndim - 1 else ""
        not_implemented(f"{function}_{last}kernel_impl", x.dtype)
    return recorded(op, (input,), {"axis": axis if x.ndim else ()}, op.stated().call, None)


def softmax(input: Tensor, dim: int | None = None, dtype: Any = None, **other: Any) -> Any:
    """Return exp(x) divided by its sum along `dim`: numbers between 0 and 1 with sum 1.

    >>> import chainrule.torch as torch
    >>> torch.softmax(torch.tensor([0.0, 0.0, 1000.0]), dim=0)
    tensor([0., 0., 1.])
    """
    return shares("softmax", SOFTMAX, input, dim, dtype, other)


def log_softmax(input: Tensor, dim: int | None = None, dtype: Any = None, **other: Any) -> Any:
    """Return log(softmax(x)) along `dim`, with all digits where a share is near 0.

    >>> import chainrule.torch as torch
    >>> torch.log_softmax(torch.tensor([0.0, 0.0, 1000.0]), dim=0)
    tensor([-1000., -1000.,     0.])
    """
    return shares("log_softmax", LOG_SOFTMAX, input, dim, dtype, other)


METHODS: dict[str, Callable[..., Any]] = {
    "log_softmax": log_softmax, "logsumexp": logsumexp, "norm": norm, "softmax": softmax,
    "std": std, "var": var,
}  # fmt: skip
