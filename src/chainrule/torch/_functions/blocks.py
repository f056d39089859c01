"""Every number of one tensor with every number of others: products, pairs, blocks."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from .._arguments import title_of
from .._checks import check_tensors
from .._tape.promotion import common
from .._tensor import Tensor, made
from .._writing.out import into_out
from .joining import cat, stack, tensors_in
from .rearranging import flip, meshgrid
from .shapes import reshape
from .spelling import called

__all__ = ["block_diag", "cartesian_prod", "combinations", "kron", "vander"]


def kron(input: Any, other: Any, *, out: Tensor | None = None) -> Any:
    """Return Kronecker's product: every number of `input` times all of `other`, as blocks.

    >>> import chainrule.torch as torch
    >>> torch.kron(torch.eye(2), torch.tensor([1.0, 2.0]))
    tensor([[1., 2., 0., 0.],
            [0., 0., 1., 2.]])
    """
    check_tensors("kron", input=input, other=other)
    ndim = max(input._array.ndim, other._array.ndim)
    left, right = ((1,) * (ndim - v._array.ndim) + v._array.shape for v in (input, other))
    first = reshape(input, tuple(n for size in left for n in (size, 1)))
    second = reshape(other, tuple(n for size in right for n in (1, size)))
    into = tuple(n * m for n, m in zip(left, right, strict=True))
    result = called("UnsafeViewBackward0", reshape(first * second, into))
    return result if out is None else into_out("kron", result, out)


def check_vectors(tensors: Any) -> None:
    for one in tensors:
        if one._array.ndim != 1:
            raise RuntimeError(f"Expect a 1D vector, but got shape {list(one._array.shape)}")


def cartesian_prod(*tensors: Any) -> Any:
    """Return all choices of one number of each vector, as rows.

    >>> import chainrule.torch as torch
    >>> torch.cartesian_prod(torch.tensor([1, 2]), torch.tensor([3, 4]))
    tensor([[1, 3],
            [1, 4],
            [2, 3],
            [2, 4]])
    """
    given = list(tensors[0]) if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)) else [*tensors]  # noqa: E501  # fmt: skip
    given = tensors_in("cartesian_prod", given) if given else []
    check_vectors(given)
    if len(given) == 1:
        return given[0]
    return stack([reshape(one, (-1,)) for one in meshgrid(*given, indexing="ij")], 1)


def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Any:
    """Return all choices of `r` numbers of a vector, in its order, as rows.

    >>> import chainrule.torch as torch
    >>> torch.combinations(torch.tensor([1, 2, 3]))
    tensor([[1, 2],
            [1, 3],
            [2, 3]])
    """
    check_tensors("combinations", input=input)
    check_vectors([input])
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    if r == 0:
        return made(np.empty(0, input._array.dtype))
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    chosen = np.array(list(choose(range(input._array.size), r)), np.int64).reshape(-1, r)
    from .places import index_select

    columns = [index_select(input, 0, made(np.ascontiguousarray(at))) for at in chosen.T]
    return stack(columns, 1)


def block_diag(*tensors: Any) -> Any:
    """Return the matrix with these on its diagonal, one after the other; vectors count as rows.

    >>> import chainrule.torch as torch
    >>> torch.block_diag(torch.ones(2, 1), torch.tensor([2.0, 3.0]))
    tensor([[1., 0., 0.],
            [1., 0., 0.],
            [0., 2., 3.]])
    """
    for k, one in enumerate(tensors):
        if not isinstance(one, Tensor):
            raise TypeError(
                f"expected Tensor as element {k} in argument 0, but got {title_of(one)}"
            )
        if one._array.ndim > 2:
            raise RuntimeError(
                "torch.block_diag: Input tensors must have 2 or fewer dimensions. Input "
                f"{k} has {one._array.ndim} dimensions"
            )
    if not tensors:
        return made(np.empty((1, 0), np.float32))
    kind = np.result_type(*(a.dtype for a in common([one._array for one in tensors])))
    blocks: list[Any] = [reshape(one, (1, -1)) if one._array.ndim < 2 else one for one in tensors]
    width, before, rows = sum(b._array.shape[1] for b in blocks), 0, []
    for block in blocks:
        m, n = block._array.shape
        sides = [made(np.zeros((m, k), kind)) for k in (before, width - before - n)]
        rows.append(cat([sides[0], block, sides[1]], 1))
        before += n
    return called("BlockDiagBackward0", cat(rows, 0))


def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """Return for each number of a vector its powers, the highest first, or last if `increasing`.

    >>> import chainrule.torch as torch
    >>> torch.vander(torch.tensor([2, 3]), N=3)
    tensor([[4, 2, 1],
            [9, 3, 1]])
    """
    check_tensors("vander", x=x)
    if x._array.ndim != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    count = x._array.size if N is None else int(N)
    if count < 0:
        raise RuntimeError("N must be non-negative.")
    kind = np.dtype(np.int64) if x._array.dtype.kind in "biu" else x._array.dtype
    powers = [made(np.ones((x._array.size, 1), kind))][:count]
    if count > 1:
        powers.append(x.unsqueeze(-1).expand(-1, count - 1).cumprod(-1))
    result = cat(powers, -1) if powers else made(np.empty((x._array.size, 0), kind))
    return called("CopySlices", result) if increasing else flip(result, (1,))


METHODS: dict[str, Callable[..., Any]] = {"kron": kron}
