"""Functions that compute derivatives of a function: gradients and matrices."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .._tensor import Tensor
from ..autograd._functional_parts import gradients
from ..autograd._modes import enable_grad, is_grad_enabled
from ._levels import check_argnums, closed, opened, replaced
from ._trees import leaves_of, like

__all__ = ["grad", "grad_and_value", "hessian", "jacfwd", "jacrev"]

Func = Callable[..., Any]
Argnums = int | tuple[int, ...]


def grad_and_value(func: Func, argnums: Argnums = 0, has_aux: bool = False) -> Func:
    """Return the function that computes the gradient of `func`, and its value.

    >>> import chainrule.torch as torch
    >>> torch.func.grad_and_value(lambda x: (x**3).sum())(torch.tensor([1.0, 2.0]))
    (tensor([ 3., 12.]), tensor(9.))
    """

    @functools.wraps(func)
    def both(*inputs: Any, **options: Any) -> Any:
        outside = is_grad_enabled()
        with enable_grad():
            at = check_argnums(argnums, len(inputs))
            inside = opened(tuple(inputs[k] for k in at))
            found = func(*replaced(inputs, at, inside), **options)
            y, aux = parted(found, has_aux, "grad_and_value(f)(*args)")
            check_number(y)
            leaves = tuple(leaves_of(inside))
            slopes = like(inside, zeros_for(gradients((y,), leaves, create_graph=True), leaves))
            slope = slopes[0] if isinstance(argnums, int) else slopes
            slope, y, aux = closed((slope, y, aux), inside, outside)
        return slope, ((y, aux) if has_aux else y)

    return both


def grad(func: Func, argnums: Argnums = 0, has_aux: bool = False) -> Func:
    """Return the function that computes the gradient of `func`, which returns one number.

    Nothing needs to require a gradient. `argnums` says in which inputs to differentiate, one or a
    tuple of them; each is a tensor, or tuples, lists and dictionaries of tensors. With `has_aux`
    the function returns a pair, of which only the first is differentiated.

    >>> import chainrule.torch as torch
    >>> slope = torch.func.grad(torch.sin)
    >>> slope(torch.tensor(0.0)), torch.func.grad(slope)(torch.tensor(0.0))
    (tensor(1.), tensor(-0.))
    """
    both = grad_and_value(func, argnums, has_aux)

    @functools.wraps(func)
    def slope(*inputs: Any, **options: Any) -> Any:
        found, value = both(*inputs, **options)
        return (found, value[1]) if has_aux else found

    return slope


def jacrev(
    func: Func, argnums: Argnums = 0, has_aux: bool = False, *, chunk_size: int | None = None
) -> Func:
    """Return the function that computes the derivatives of every output of `func` in every input.

    For a tensor out and a tensor in the shape is that of the output, then that of the input;
    where there are several, results are nested as the outputs are, and in them as the inputs.

    >>> import chainrule.torch as torch
    >>> torch.func.jacrev(lambda x: x**2)(torch.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """

    @functools.wraps(func)
    def matrices(*inputs: Any, **options: Any) -> Any:
        outside = is_grad_enabled()
        with enable_grad():
            at = check_argnums(argnums, len(inputs))
            inside = opened(tuple(inputs[k] for k in at))
            found = func(*replaced(inputs, at, inside), **options)
            outputs, aux = parted(found, has_aux, "jacrev(f)(*args)")
            rows = []
            for y in leaves_of(outputs):
                row = like(inside, rows_of(y, leaves_of(inside)))
                rows.append(row[0] if isinstance(argnums, int) else row)
            result = rows[0] if isinstance(outputs, Tensor) else like(outputs, rows)
            result, aux = closed((result, aux), inside, outside)
        return (result, aux) if has_aux else result

    return matrices


def jacfwd(
    func: Func, argnums: Argnums = 0, has_aux: bool = False, *, randomness: str = "error"
) -> Func:
    """Return the same as `jacrev`: here, too, the passes go backward.

    >>> import chainrule.torch as torch
    >>> torch.func.jacfwd(lambda x: x.prod())(torch.tensor([2.0, 3.0]))
    tensor([3., 2.])
    """
    return jacrev(func, argnums, has_aux)


def hessian(func: Func, argnums: Argnums = 0) -> Func:
    """Return the function that computes the second derivatives of `func`.

    >>> import chainrule.torch as torch
    >>> torch.func.hessian(lambda x: (x**3).sum())(torch.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    return jacfwd(jacrev(func, argnums), argnums)


# ---------------------------------------------------------------- parts of the above


def parted(found: Any, has_aux: bool, what: str) -> tuple[Any, Any]:
    """Return what a function returned to be differentiated, and what besides."""
    if not has_aux:
        return found, None
    if not (isinstance(found, tuple) and len(found) == 2):
        raise RuntimeError(
            f"{what}: output of function f should be a tuple: (output, aux) if has_aux is True"
        )
    return found


def check_number(y: Any) -> None:
    what = "grad_and_value(f)(*args): Expected f(*args) to return a"
    if not isinstance(y, Tensor):
        raise RuntimeError(f"{what} Tensor, got {type(y)}")
    if y._array.ndim:
        raise RuntimeError(
            f"{what} scalar Tensor, got tensor with {y._array.ndim} dims. Maybe you wanted to use "
            "the vjp or jacrev APIs instead?"
        )


def zeros_for(found: Any, leaves: Any) -> list[Any]:
    from .._creation.filled import zeros_like

    return [zeros_like(t) if g is None else g for g, t in zip(found, leaves, strict=True)]


def rows_of(y: Any, leaves: list[Any]) -> list[Any]:
    """Return the derivatives of one output in each input: a backward pass for each number."""
    from .._functions.joining import stack

    rows = [
        zeros_for(gradients((one,), tuple(leaves), create_graph=True), leaves)
        for one in y.reshape(-1)
    ]
    if not rows:
        return [t.new_zeros((*y.shape, *t.shape)) for t in leaves]
    return [
        stack(column).view((*y.shape, *t.shape))
        for column, t in zip(zip(*rows, strict=True), leaves, strict=True)
    ]
