"""A function applied along one dimension of its inputs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .._tensor import Tensor
from ._trees import leaves_of, like

__all__ = ["vmap"]

Func = Callable[..., Any]


def vmap(
    func: Func,
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Func:
    """Return the function that applies `func` along a dimension of its inputs.

    `in_dims` is that dimension, one for all inputs or a tuple with one for each; None for an input
    that is the same for all. The results are joined along the dimension `out_dims`. Here this is a
    loop: results are those of PyTorch, and `func` may do anything, but it is not faster than a
    loop. `randomness` and `chunk_size` change nothing.

    >>> import chainrule.torch as torch
    >>> rows = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> torch.func.vmap(torch.dot)(rows, rows)
    tensor([ 5., 25.])
    """
    name = getattr(func, "__name__", repr(func))

    @functools.wraps(func)
    def along(*inputs: Any, **options: Any) -> Any:
        if not inputs:
            raise ValueError(
                f"vmap({name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you "
                "are trying to vmap over a function with no inputs. The latter is unsupported."
            )
        dims = dims_of(name, in_dims, inputs)
        counts = [
            t._array.shape[dim]
            for v, dim in zip(inputs, dims, strict=True) if dim is not None
            for t in leaves_of(v)
        ]  # fmt: skip
        if len(set(counts)) > 1:
            raise ValueError(
                "vmap: Expected all tensors to have the same size in the mapped dimension, got "
                f"sizes {counts} for the mapped dimension"
            )
        results = [func(*entry(inputs, dims, k), **options) for k in range(counts[0])]
        if not results:
            results = [func(*empty_entry(inputs, dims), **options)]
        return joined(name, results, out_dims, counts[0])

    return along


def dims_of(name: str, in_dims: Any, inputs: tuple[Any, ...]) -> list[Any]:
    """Return the dimension of each input along which the function is applied."""
    if not isinstance(in_dims, (int, tuple)):
        raise ValueError(
            f"vmap({name}, in_dims={in_dims}, ...)(<inputs>): expected `in_dims` to be int or a "
            "(potentially nested) tuple matching the structure of inputs, got: "
            f"{type(in_dims)}."
        )
    dims = [in_dims] * len(inputs) if isinstance(in_dims, int) else list(in_dims)
    what = f"vmap({name}, in_dims={in_dims}, ...)(<inputs>): "
    if len(dims) != len(inputs):
        raise ValueError(
            f"{what}in_dims is not compatible with the structure of `inputs`. in_dims has "
            f"{len(dims)} items but there are {len(inputs)} inputs."
        )
    if all(dim is None for dim in dims):
        raise ValueError(f"{what}at least one of the inputs must have an in_dim that is not None.")
    for v, dim in zip(inputs, dims, strict=True):
        for t in leaves_of(v) if dim is not None else ():
            if not isinstance(t, Tensor):
                raise ValueError(
                    f"{what}Got in_dim={dim} for an input but the input is of type {type(t)}. We "
                    "cannot vmap over non-Tensor arguments, please use None as the respective "
                    "in_dim"
                )
            n = t._array.ndim
            if not -n <= dim < n:
                raise ValueError(
                    f"{what}Got in_dim={dim} for some input, but that input is a Tensor of "
                    f"dimensionality {n} so expected in_dim to satisfy -{n} <= in_dim < {n}."
                )
    return dims


def entry(inputs: tuple[Any, ...], dims: list[Any], k: int) -> list[Any]:
    return [
        v if dim is None else like(v, [t.select(dim, k) for t in leaves_of(v)])
        for v, dim in zip(inputs, dims, strict=True)
    ]


def empty_entry(inputs: tuple[Any, ...], dims: list[Any]) -> list[Any]:
    """Return zeros of the shape that an entry would have if there were one."""
    return [
        v if dim is None else like(v, [t.sum(dim) for t in leaves_of(v)])
        for v, dim in zip(inputs, dims, strict=True)
    ]


def joined(name: str, results: list[Any], out_dims: Any, count: int) -> Any:
    """Return the results of all entries, joined along a new dimension."""
    from .._functions.joining import stack

    columns = list(zip(*map(leaves_of, results), strict=True))
    dims = [out_dims] * len(columns) if isinstance(out_dims, int) else list(out_dims)
    found = []
    for column, dim in zip(columns, dims, strict=True):
        for one in column:
            if not isinstance(one, Tensor):
                raise ValueError(
                    f"vmap({name}, ...): `{name}` must only return Tensors, got type {type(one)}. "
                    "Did you mean to set out_dims= to None for output?"
                )
        found.append(stack(column, dim).narrow(dim, 0, count))
    return like(results[0], found)
