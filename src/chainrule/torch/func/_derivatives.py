"""Functions that compute derivatives of a function: gradients and matrices."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from .._tape.transforms import transforming
from .._tensor import Tensor, made
from ..autograd._functional_parts import gradients
from ..autograd._modes import enable_grad, is_grad_enabled
from ._batches import check_randomness, drawing_in, vmap
from ._levels import check_argnums, closed, leads_on, opened, replaced
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

    @functools.wraps(func, updated=())
    def both(*inputs: Any, **options: Any) -> Any:
        outside = is_grad_enabled()
        at = check_argnums(argnums, len(inputs))
        with enable_grad(), transforming():
            inside = opened(tuple(inputs[k] for k in at))
            found = func(*replaced(inputs, at, inside), **options)
            y, aux = parted(found, has_aux, "grad_and_value(f)(*args)")
            check_number(y)
            leaves = tuple(leaves_of(inside))
            again = outside and leads_on((y,), inside)
            slopes = like(inside, zeros_for(gradients((y,), leaves, create_graph=again), leaves))
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

    @functools.wraps(func, updated=())
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
    One backward pass computes all rows, or `chunk_size` of them at a time.

    >>> import chainrule.torch as torch
    >>> torch.func.jacrev(lambda x: x**2)(torch.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """

    if chunk_size is not None and chunk_size <= 0:
        raise ValueError("jacrev: `chunk_size` should be greater than 0.")
    what = "vjp(f, *primals)"

    def matrices(*inputs: Any, **options: Any) -> Any:
        return jacobians(func, argnums, has_aux, what, chunk_size, inputs, options)

    return functools.wraps(func, updated=())(matrices)


def jacfwd(
    func: Func, argnums: Argnums = 0, has_aux: bool = False, *, randomness: str = "error"
) -> Func:
    """Return the same as `jacrev`: here, too, the passes go backward.

    `randomness` says what random numbers in `func` do, as in `vmap`.

    >>> import chainrule.torch as torch
    >>> torch.func.jacfwd(lambda x: x.prod())(torch.tensor([2.0, 3.0]))
    tensor([3., 2.])
    """
    check_randomness(randomness)
    what = "jvp(f, primals, tangents)"

    def matrices(*inputs: Any, **options: Any) -> Any:
        for one in leaves_of(tuple(inputs[k] for k in check_argnums(argnums, len(inputs)))):
            if isinstance(one, Tensor) and one._array.dtype.kind not in "fc":
                raise ValueError(
                    f"Expected primal to be floating point or complex, but got: {one.dtype}"
                )
        with drawing_in(randomness):
            return jacobians(func, argnums, has_aux, what, None, inputs, options)

    return functools.wraps(func, updated=())(matrices)


def hessian(func: Func, argnums: Argnums = 0) -> Func:
    """Return the function that computes the second derivatives of `func`.

    >>> import chainrule.torch as torch
    >>> torch.func.hessian(lambda x: (x**3).sum())(torch.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    return jacfwd(jacrev(func, argnums), argnums)


# ---------------------------------------------------------------- parts of the above


def jacobians(
    func: Func,
    argnums: Argnums,
    has_aux: bool,
    what: str,
    chunk_size: int | None,
    inputs: tuple[Any, ...],
    options: dict[str, Any],
) -> Any:
    """Return the derivatives of all outputs: one backward pass for each, with a batch of rows."""
    outside = is_grad_enabled()
    at = check_argnums(argnums, len(inputs))
    with enable_grad(), transforming():
        inside = opened(tuple(inputs[k] for k in at))
        found = func(*replaced(inputs, at, inside), **options)
        outputs, aux = parted(found, has_aux, what)
        ys = leaves_of(outputs)
        check_outputs(ys, what)
        again = outside and leads_on(ys, inside)
        rows = []
        for y in ys:
            row = like(inside, rows_of(y, leaves_of(inside), again, chunk_size))
            rows.append(row[0] if isinstance(argnums, int) else row)
        result = rows[0] if isinstance(outputs, Tensor) else like(outputs, rows)
        result, aux = closed((result, aux), inside, outside)
    return (result, aux) if has_aux else result


def parted(found: Any, has_aux: bool, what: str) -> tuple[Any, Any]:
    """Return what a function returned to be differentiated, and what besides."""
    if not has_aux:
        return found, None
    if not (isinstance(found, tuple) and len(found) == 2):
        raise RuntimeError(
            f"{what}: output of function f should be a tuple: (output, aux) if has_aux is True"
        )
    for one in leaves_of(found[1]):
        if not isinstance(one, Tensor):
            raise RuntimeError(f"Expected tensors, got unsupported type {type(one)}")
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
    if y._array.dtype.kind == "c":
        raise RuntimeError(
            f"grad can be implicitly created only for real scalar outputs but got {y.dtype}"
        )


def check_outputs(ys: list[Any], what: str) -> None:
    for y in ys:
        if not isinstance(y, Tensor):
            raise RuntimeError(
                f"{what}: expected f(*primals) to return only tensors, got unsupported type "
                f"{type(y)}"
            )
        if what.startswith("vjp") and y._array.dtype.kind not in "fc":
            raise RuntimeError(
                "vjp(f, ...): All outputs of f must be floating-point or complex Tensors, got "
                f"Tensor with dtype {y.dtype}"
            )


def zeros_for(found: Any, leaves: Any) -> list[Any]:
    from .._creation.filled import zeros_like

    return [zeros_like(t) if g is None else g for g, t in zip(found, leaves, strict=True)]


def rows_of(y: Any, leaves: list[Any], again: bool, chunk_size: int | None) -> list[Any]:
    """Return the derivatives of one output in each input: a batch of backward passes."""
    count = y._array.size
    if not y.requires_grad or not count:
        return [t.new_zeros((*y.shape, *t.shape), dtype=y.dtype) for t in leaves]

    def row(g: Any) -> Any:
        found = gradients((y,), tuple(leaves), (g,), create_graph=again, retain_graph=True)
        return tuple(zeros_for(found, leaves))

    seeds = made(np.eye(count, dtype=y._array.dtype).reshape(count, *y._array.shape))
    rows = vmap(row, chunk_size=chunk_size)(seeds)
    return [r.reshape((*y.shape, *t.shape)) for r, t in zip(rows, leaves, strict=True)]
