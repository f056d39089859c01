"""Whole matrices of derivatives: `jacobian` and `hessian`; and products with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._missing import lookup
from ._functional_parts import (
    JACOBIAN,
    called,
    check_recorded,
    gradients,
    independent,
    one_number,
    packed,
    prepared,
    tensors_of,
    without_graph,
)
from ._functional_products import hvp, jvp, vhp, vjp
from ._modes import enable_grad

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]

Func = Callable[..., Any]
STRATEGIES = ("forward-mode", "reverse-mode")
STRATEGY = 'Expected strategy to be either "forward-mode" or "reverse-mode".'
HINT = (
    ' Hint: If your function has more outputs than inputs, "forward-mode" tends to be more '
    'performant. Otherwise, prefer to use "reverse-mode".'
)


def jacobian(
    func: Func,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """Return the derivatives of every output of `func` in every input.

    For a tensor in and a tensor out the shape is that of the output, then that of the input;
    tuples of them give tuples (outputs) of tuples (inputs). `strict` raises where an output does
    not depend on an input (else there are zeros); `vectorize` and `strategy` change nothing.

    >>> import chainrule.torch as torch
    >>> torch.autograd.functional.jacobian(lambda x: x**2, torch.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    if strategy not in STRATEGIES:
        raise AssertionError(STRATEGY + HINT)
    check_strategy(strategy, create_graph, strict, vectorize)
    with enable_grad():
        many_in, given = tensors_of(inputs, "inputs", "jacobian")
        leaves = prepared(given, create_graph)
        many_out, outputs = called(func, leaves, "jacobian", strict)
        if strict and vectorize:
            raise RuntimeError(
                "torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not "
                "supported together. Please either set `strict=False` or `vectorize=False`."
            )
        rows = [
            packed(matrices_of(y, k, leaves, create_graph, strict), many_in)
            for k, y in enumerate(outputs)
        ]
        found = without_graph(packed(rows, many_out), create_graph)
        if strategy == "forward-mode" and many_in:  # PyTorch gives lists there
            found = [list(row) for row in found] if many_out else list(found)
        return found


def check_strategy(strategy: str, create_graph: bool, strict: bool, vectorize: bool) -> None:
    if strategy == "reverse-mode":
        return
    for name, wanted, kind in (
        ("create_graph", create_graph, NotImplementedError), ("strict", strict, RuntimeError),
    ):  # fmt: skip
        if wanted:
            raise kind(
                f'torch.autograd.functional.jacobian: `{name}=True` and `strategy="forward-mode"` '
                f"are not supported together (yet). Please either set `{name}=False` or "
                '`strategy="reverse-mode"`.'
            )
    if not vectorize:
        raise NotImplementedError(
            "Computing Jacobian using forward-AD or forward-over-reverse Hessian isonly "
            "implemented for `vectorize=True`."
        )


def matrices_of(
    y: Any, k: int, inputs: tuple[Any, ...], create_graph: bool, strict: bool
) -> tuple[Any, ...]:
    """Return the derivatives of one output in each input: a backward pass for each number."""
    from .._creation.filled import zeros_like
    from .._functions.joining import stack

    columns: list[list[Any]] = [[] for _ in inputs]
    for one in y.reshape(-1):
        found = gradients((one,), inputs, create_graph=create_graph, retain_graph=True)
        for i, (g, x, column) in enumerate(zip(found, inputs, columns, strict=True)):
            if strict and g is None:
                raise RuntimeError(independent(f"Output {k}", i))
            if strict and create_graph and not g.requires_grad:
                raise RuntimeError(independent("The jacobian", i, create_graph=True))
            column.append(zeros_like(x) if g is None else g)
    return tuple(
        stack(column).view(y.shape + x.shape) for column, x in zip(columns, inputs, strict=True)
    )


def hessian(
    func: Func,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """Return the second derivatives of `func`, which returns one number, in every pair of inputs.

    For a tensor the shape is that of the input twice; for a tuple of inputs there is a tuple of
    tuples. The other parameters are as in `jacobian`.

    >>> import chainrule.torch as torch
    >>> torch.autograd.functional.hessian(lambda x: (x**3).sum(), torch.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    several, given = tensors_of(inputs, "inputs", "hessian")
    if outer_jacobian_strategy not in STRATEGIES:
        raise AssertionError(STRATEGY)

    def number(*values: Any) -> Any:
        return one_number(func, values, "hessian", strict).squeeze()

    def first(*values: Any) -> Any:
        found = jacobian(number, values, create_graph=True)
        if strict:
            check_recorded(found, JACOBIAN)
        return found

    rows = jacobian(
        first, given, create_graph=create_graph, strict=strict, vectorize=vectorize,
        strategy=outer_jacobian_strategy,
    )  # fmt: skip
    return packed([packed(row, several) for row in rows], several)


__getattr__ = lookup(globals(), "torch.autograd.functional", {})
