"""Gradients of a function compared with differences of its values."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from .._tensor import Tensor
from ._gradcheck_parts import Comparison, GradcheckError, differentiable
from ._leaves import make_leaf
from ._passes import grad

__all__ = ["GradcheckError", "gradcheck", "gradgradcheck"]

Func = Callable[..., Any]


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
    False. A second backward pass must give the same up to `nondet_tol`, and gradients of zeros must
    be zeros (unless `check_undefined_grad=False`). `check_forward_ad` looks at tangents, too.

    Always all numbers are compared, also with `fast_mode`, which changes only the words of an
    error; batches of gradients are passes one by one, and need no check; gradients have the types
    of their inputs, so `check_grad_dtypes` finds nothing.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradcheck(lambda x: (x**3).exp(), x, atol=1e-3)
    True
    """
    said = "Expected at least one of check_forward_ad or check_backward_ad to be True"
    assert_that(check_forward_ad or check_backward_ad, said)
    said = "Setting check_batched_grad=True requires check_backward_ad to be True"
    assert_that(check_backward_ad or not check_batched_grad, said)
    said = "Setting check_batched_forward_grad=True requires check_forward_ad to be True"
    assert_that(check_forward_ad or not check_batched_forward_grad, said)
    given = as_tuple(inputs)
    check_inputs(given)
    comparison = Comparison(func, given, eps, atol, rtol, fast_mode)
    try:
        if comparison.outputs:
            if check_forward_ad:
                comparison.forward()
            if check_backward_ad:
                comparison.backward(nondet_tol)
                if check_undefined_grad:
                    comparison.of_zeros()
        else:
            comparison.constant()
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
    said = "Expected at least one of check_fwd_over_rev or check_rev_over_rev to be True"
    assert_that(check_fwd_over_rev or check_rev_over_rev, said)
    said = "Setting check_undefined_grad=True requires check_rev_over_rev to be True"
    assert_that(check_rev_over_rev or not check_undefined_grad, said)
    said = "Setting check_batched_grad=True requires check_rev_over_rev to be True"
    assert_that(check_rev_over_rev or not check_batched_grad, said)
    given = as_tuple(inputs)
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
        raise_exception=raise_exception, check_undefined_grad=check_undefined_grad,
        check_forward_ad=check_fwd_over_rev, check_backward_ad=check_rev_over_rev,
        fast_mode=fast_mode,
    )  # fmt: skip


def as_tuple(inputs: Any) -> tuple[Any, ...]:
    return tuple(inputs) if isinstance(inputs, (tuple, list)) else (inputs,)


def assert_that(condition: bool, said: str) -> None:
    if not condition:
        raise AssertionError(said)


def random_like(y: Tensor) -> Any:
    from .._creation.sampling import randn_like

    return make_leaf(randn_like(y))


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
