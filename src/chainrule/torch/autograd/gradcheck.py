"""Gradients of a function compared with differences of its values."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .._tensor import Tensor, made
from ._leaves import make_leaf
from ._passes import grad

__all__ = ["GradcheckError", "gradcheck", "gradgradcheck"]

Func = Callable[..., Any]
Array = np.ndarray[Any, Any]


class GradcheckError(RuntimeError):
    """A gradient that is not that of the function, or not the same each time."""


GradcheckError.__module__ = "torch.autograd.gradcheck"

NO_GRADIENT = (
    "gradcheck expects at least one input tensor to require gradient, but none of them have "
    "requires_grad=True."
)
NOT_DOUBLE = (
    "Input #{} requires gradient and is not a double precision floating point or complex. This "
    "check will likely fail if all the inputs are not of double precision floating point or "
    "complex. "
)
OVERLAPPING = (
    "The {}th input has a dimension with stride 0. gradcheck only supports inputs that are "
    "non-overlapping to be able to compute the numerical gradients correctly. You should call "
    ".contiguous on the input before passing it to gradcheck."
)
MISMATCH = (
    "Jacobian mismatch for output {} with respect to input {},\nnumerical:{}\nanalytical:{}\n"
)
NOT_THE_SAME = """\
Backward is not reentrant, i.e., running backward with same input and grad_output multiple times \
gives different values, although analytical gradient matches numerical gradient.\
The tolerance for nondeterminism was {}.

NOTE: If your op relies on non-deterministic operations i.e., it is listed here:
https://pytorch.org/docs/stable/generated/torch.use_deterministic_algorithms.html
this failure might be expected.

If you are adding a new operator, please file an issue and then use one of the
workarounds. The workaround depends on how your test invokes gradcheck/gradgradcheck.
If the test
- manually invokes gradcheck/gradgradcheck, then call gradcheck/gradgradcheck
  with `nondet_tol=<tol>` as a keyword argument.
- is OpInfo-based (e.g., in test_ops_gradients.py), then modify the OpInfo for the test
  to have `gradcheck_nondet_tol=<tol>`.
- is a Module test (e.g., in common_nn.py), then modify the corresponding
  module_test entry to have `gradcheck_nondet_tol=<tol>`
"""


def gradcheck(
    func: Func,
    inputs: Any,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Return True if the gradients of `func` are what central differences give.

    Of `inputs`, a tensor or a tuple, those that require a gradient are moved by `eps` each way,
    number by number; the differences may be off by `atol + rtol * |difference|`. Use float64: in
    float32 they have no more than three digits. Where the two disagree a GradcheckError shows
    both matrices, with a row for each number put in; with `raise_exception=False` the answer is
    False. A second backward pass must give the same up to `nondet_tol`. The other parameters are
    PyTorch's, and change nothing.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradcheck(lambda x: (x**3).exp(), x, atol=1e-3)
    True
    """
    if not (check_forward_ad or check_backward_ad):
        raise AssertionError(
            "Expected at least one of check_forward_ad or check_backward_ad to be True"
        )
    given = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    check_inputs(given)
    try:
        compare(func, given, eps, atol, rtol, nondet_tol)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Func,
    inputs: Any,
    grad_outputs: Any = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """Return True if the gradients of the gradients of `func` are what central differences give.

    `grad_outputs` are the gradients that the first pass begins with, random ones if they are left
    away; all else is as in `gradcheck`.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradgradcheck(lambda x: x**3, x)
    True
    """
    given = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    if grad_outputs is None:
        outputs = differentiable(func(*given))
        weights = tuple(random_like(y) for y in outputs)
    else:
        weights = (grad_outputs,) if isinstance(grad_outputs, Tensor) else tuple(grad_outputs)

    def first(*values: Any) -> Any:
        own, begin = values[: len(given)], values[len(given) :]
        wanted = [x for x in own if isinstance(x, Tensor) and x.requires_grad]
        found = grad(
            differentiable(func(*own)), wanted, begin, create_graph=True, allow_unused=True
        )
        return tuple(g for g in found if g is not None)

    return gradcheck(
        first, (*given, *weights), eps=eps, atol=atol, rtol=rtol, nondet_tol=nondet_tol,
        raise_exception=raise_exception,
    )  # fmt: skip


def random_like(y: Tensor) -> Any:
    from .._creation.sampling import randn_like

    return make_leaf(randn_like(y))


# ---------------------------------------------------------------- inputs and outputs


def check_inputs(inputs: tuple[Any, ...]) -> None:
    wanted = [(k, x) for k, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]
    for k, x in wanted:
        array = x._array
        if array.dtype.name not in ("float64", "complex128"):
            warnings.warn(NOT_DOUBLE.format(k), UserWarning, stacklevel=3)
        if any(s == 0 and n > 1 for s, n in zip(array.strides, array.shape, strict=True)):
            raise RuntimeError(OVERLAPPING.format(k))
    if not wanted:
        raise ValueError(NO_GRADIENT)


def differentiable(outputs: Any) -> list[Any]:
    """Return those outputs that have a gradient."""
    found = outputs if isinstance(outputs, (tuple, list)) else (outputs,)
    return [y for y in found if y.requires_grad]


# ---------------------------------------------------------------- the comparison


def compare(
    func: Func, inputs: tuple[Any, ...], eps: float, atol: float, rtol: float, nondet_tol: float
) -> None:
    outputs = differentiable(func(*inputs))
    leaves = [x for x in inputs if isinstance(x, Tensor) and x.requires_grad]
    numerical = [differences(func, inputs, x, eps) for x in leaves]
    for i, y in enumerate(outputs):
        analytical = matrices(y, leaves)
        again = matrices(y, leaves)
        for a, b in zip(analytical, again, strict=True):
            if not np.allclose(a, b, rtol=0, atol=nondet_tol, equal_nan=True):
                raise GradcheckError(NOT_THE_SAME.format(nondet_tol))
        for j, a in enumerate(analytical):
            n = numerical[j][i]
            if not np.allclose(a, n, rtol=rtol, atol=atol):
                raise GradcheckError(MISMATCH.format(i, j, made(n), made(a)))


def matrices(y: Tensor, leaves: Sequence[Any]) -> list[Array]:
    """Return the derivatives of one output in each input: a row for each number put in."""
    found = [np.zeros((x._array.size, y._array.size), x._array.dtype) for x in leaves]
    for column in range(y._array.size):
        seed = np.zeros(y._array.shape, y._array.dtype)
        seed.reshape(-1)[column] = 1
        gradients = grad(y, leaves, made(seed), retain_graph=True, allow_unused=True)
        for matrix, g in zip(found, gradients, strict=True):
            if g is not None:
                matrix[:, column] = g._array.reshape(-1)
    return found


def differences(func: Func, inputs: tuple[Any, ...], x: Any, eps: float) -> list[Array]:
    """Return the central differences of each output in one input, a row for each of its numbers."""
    array, rows = x._array, []
    for at in np.ndindex(array.shape):
        before, ends = array[at], []
        try:
            for step in (eps, -eps):
                array[at] = before + step
                ends.append([y._array.copy() for y in differentiable(func(*inputs))])
        finally:
            array[at] = before
        with np.errstate(all="ignore"):
            rows.append(
                [
                    ((up - down) / y.dtype.type(2 * eps)).reshape(-1)
                    for y, up, down in zip(ends[0], *ends, strict=True)
                ]
            )
    return [np.stack(column) for column in zip(*rows, strict=True)]
