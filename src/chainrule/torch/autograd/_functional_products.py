"""Products of a vector with a matrix of derivatives, which is never formed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._functional_parts import (
    JACOBIAN,
    Tensors,
    called,
    check_recorded,
    check_vector,
    gradients,
    independent,
    one_number,
    packed,
    prepared,
    tensors_of,
    without_graph,
)
from ._leaves import requires_grad_
from ._modes import enable_grad, is_grad_enabled, set_grad_enabled

__all__ = ["hvp", "jvp", "vhp", "vjp"]

Func = Callable[..., Any]
OF_INPUTS = "input to the user-provided function is"
GRADIENT = (
    "The gradient with respect to input {} is independent of the inputs of the user-provided "
    "function. This is not allowed in strict mode."
)


def vjp(
    func: Func, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """Return the outputs of `func`, and `v` times the Jacobian matrix: one backward pass.

    `v` has the shape of the outputs, the product that of the inputs; for one number out, `v` may
    be left away. `strict` raises where an output does not depend on an input (else there are
    zeros).

    >>> import chainrule.torch as torch
    >>> x, v = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 10.0])
    >>> torch.autograd.functional.vjp(lambda x: x**2, x, v)
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    outside = is_grad_enabled()
    with enable_grad():
        many_in, given = tensors_of(inputs, "inputs", "vjp")
        leaves = prepared(given, create_graph)
        many_out, outputs = called(func, leaves, "vjp", strict)
        what = "user-provided function returns"
        weights = check_vector(v, outputs, many_out, what, "vjp", create_graph)
    with set_grad_enabled(create_graph or outside):
        found = gradients(outputs, leaves, weights, create_graph)
        product = filled(found, leaves, strict, create_graph, "The output", "The jacobian")
    result = packed(outputs, many_out), packed(product, many_in)
    return without_graph(result, create_graph)  # type: ignore[no-any-return]


def jvp(
    func: Func, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """Return the outputs of `func`, and the Jacobian matrix times `v`: the change along `v`.

    `v` has the shape of the inputs, the product that of the outputs. A backward pass is linear in
    what it begins with; that linear function is passed through backward once more.

    >>> import chainrule.torch as torch
    >>> x, v = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 10.0])
    >>> torch.autograd.functional.jvp(lambda x: x.prod(), x, v)
    (tensor(2.), tensor(12.))
    """
    from .._creation.filled import zeros_like

    outside = is_grad_enabled()
    with enable_grad():
        many_in, given = tensors_of(inputs, "inputs", "jvp")
        vector = check_vector(v, given, many_in, OF_INPUTS, "jvp", create_graph)
        leaves = prepared(given, create_graph)
        many_out, outputs = called(func, leaves, "jvp", strict)
        weights = tuple(requires_grad_(zeros_like(y)) for y in outputs)
        back = gradients(outputs, leaves, weights, create_graph=True)
        if strict:
            check_recorded(back, GRADIENT)
        if vector is None:
            vector = tuple(one * 0 + 1 for one in prepared(given, False, differentiated=False))
    with set_grad_enabled(create_graph or outside):
        found = gradients(back, weights, vector, create_graph)
        product = filled(found, outputs, strict, create_graph, "The output", "The jacobian")
    result = packed(outputs, many_out), packed(product, many_out)
    return without_graph(result, create_graph)  # type: ignore[no-any-return]


def vhp(
    func: Func, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """Return `func`, which returns one number, and `v` times its Hessian matrix.

    `v` and the product have the shape of the inputs.

    >>> import chainrule.torch as torch
    >>> x, v = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 10.0])
    >>> torch.autograd.functional.vhp(lambda x: (x**3).sum(), x, v)
    (tensor(9.), tensor([  6., 120.]))
    """
    return hessian_product("vhp", func, inputs, v, create_graph, strict)


def hvp(
    func: Func, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """Return `func`, which returns one number, and its Hessian matrix times `v`.

    The matrix is symmetric: this is `vhp`, by another name.

    >>> import chainrule.torch as torch
    >>> x, v = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 10.0])
    >>> torch.autograd.functional.hvp(lambda x: (x**3).sum(), x, v)
    (tensor(9.), tensor([  6., 120.]))
    """
    return hessian_product("hvp", func, inputs, v, create_graph, strict)


def hessian_product(
    caller: str, func: Func, inputs: Any, v: Any, create_graph: bool, strict: bool
) -> tuple[Any, Any]:
    outside = is_grad_enabled()
    with enable_grad():
        several, given = tensors_of(inputs, "inputs", caller)
        leaves = prepared(given, create_graph)
        vector = check_vector(v, leaves, several, OF_INPUTS, caller, create_graph)
        output = one_number(func, leaves, caller, strict)
        first = gradients((output,), leaves, create_graph=True)
        if strict:
            check_recorded(first, JACOBIAN)
    with set_grad_enabled(create_graph or outside):
        found = gradients(first, leaves, vector, create_graph)
        product = filled(found, leaves, strict, create_graph, "The jacobian", "The hessian")
    result = output, packed(product, several)
    return without_graph(result, create_graph)  # type: ignore[no-any-return]


def filled(
    found: Tensors, like: Tensors, strict: bool, create_graph: bool, first: str, then: str
) -> Tensors:
    """Return gradients with zeros for those that are None, which is an error if `strict`."""
    from .._creation.filled import zeros_like

    for k, g in enumerate(found):
        if strict and g is None:
            raise RuntimeError(independent(first, k))
        if strict and create_graph and not g.requires_grad:
            raise RuntimeError(independent(then, k, create_graph=True))
    return tuple(zeros_like(t) if g is None else g for g, t in zip(found, like, strict=True))
