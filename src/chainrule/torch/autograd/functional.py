"""Whole matrices of derivatives: `jacobian` and `hessian` of a function of tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._tensor import Tensor
from ._modes import enable_grad
from ._passes import grad

__all__ = ["hessian", "jacobian"]

Func = Callable[..., Any]


def several(v: Any, name: str, of_what: str) -> tuple[bool, tuple[Tensor, ...]]:
    """Return whether `v` is a tuple, and its tensors; raise if they are none."""
    if isinstance(v, Tensor):
        return False, (v,)
    if not isinstance(v, tuple) and of_what == "inputs":
        v = tuple(v) if isinstance(v, list) else (v,)
    if not isinstance(v, tuple):
        raise TypeError(
            f"The {of_what} of the user-provided function given to {name} must be either a Tensor "
            f"or a tuple of Tensors but the given {of_what} has type {type(v)}."
        )
    for k, one in enumerate(v):
        if not isinstance(one, Tensor):
            raise TypeError(
                f"The {of_what} given to {name} must be either a Tensor or a tuple of Tensors but "
                f"the value at index {k} has type {type(one)}."
            )
    return True, v


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
    many_in, given = several(inputs, "jacobian", "inputs")
    with enable_grad():
        leaves = tuple(
            one.view_as(one) if create_graph and one.requires_grad
            else one.detach().requires_grad_() for one in given
        )  # fmt: skip
        many_out, outputs = several(func(*leaves), "jacobian", "outputs")
        rows = [matrices_of(out, k, leaves, create_graph, strict) for k, out in enumerate(outputs)]
    if not many_in:
        flat = tuple(row[0] for row in rows)
        return flat if many_out else flat[0]
    return tuple(rows) if many_out else rows[0]


def matrices_of(
    out: Tensor, k: int, inputs: tuple[Tensor, ...], create_graph: bool, strict: bool
) -> tuple[Any, ...]:
    """Return the derivatives of one output in each input."""
    from .._creation import zeros_like
    from .._joining import stack

    columns: list[list[Any]] = [[] for _ in inputs]
    for one in out.reshape(-1) if out.numel() else ():
        found: tuple[Any, ...] = (None,) * len(inputs)
        if one.requires_grad:
            found = grad(
                one, inputs, retain_graph=True, create_graph=create_graph, allow_unused=True
            )
        for i, (g, x) in enumerate(zip(found, inputs, strict=True)):
            if g is None:
                if strict:
                    raise RuntimeError(
                        f"Output {k} of the user-provided function is independent of input {i}. "
                        "This is not allowed in strict mode."
                    )
                g = zeros_like(x)
            elif strict and create_graph and not g.requires_grad:
                raise RuntimeError(
                    "The jacobian of the user-provided function is independent of input "
                    f"{i}. This is not allowed in strict mode when create_graph=True."
                )
            columns[i].append(g)
    return tuple(
        stack(column).reshape(*out.shape, *x.shape) if column
        else zeros_like(x).new_zeros((*out.shape, *x.shape))
        for column, x in zip(columns, inputs, strict=True)
    )  # fmt: skip


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
    tuples.

    >>> import chainrule.torch as torch
    >>> torch.autograd.functional.hessian(lambda x: (x**3).sum(), torch.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    many, _ = several(inputs, "hessian", "inputs")

    def first(*given: Any) -> Any:
        out = func(*given)
        is_tuple, outs = several(out, "hessian", "outputs")
        if is_tuple:
            raise RuntimeError("The function given to hessian should return a single Tensor")
        if outs[0].numel() != 1:
            raise RuntimeError(
                "The Tensor returned by the function given to hessian should contain a single "
                "element"
            )
        found = jacobian_of_scalar(outs[0], given)
        return found if many else found[0]

    def jacobian_of_scalar(out: Tensor, given: tuple[Any, ...]) -> tuple[Any, ...]:
        matrices = matrices_of(out, 0, given, create_graph=True, strict=strict)
        return tuple(m.reshape(x.shape) for m, x in zip(matrices, given, strict=True))

    return jacobian(first, inputs, create_graph=create_graph, strict=strict)
