"""Powers and products of matrices, and of vectors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from chainrule._optional import library
from chainrule._rules.vector_products import product_in_space

from .._arguments import whole
from .._checks import argument_error, broadcast_error, check_tensors, dimension
from .._conversions.copies import clone
from .._functions.joining import cat
from .._functions.products import matmul
from .._functions.rearranging import diagonal as diagonal_of_two
from .._kinds.c_names import c_name
from .._tape.plans import Op, op_named
from .._tape.recording import recorded
from .._tensor import Tensor, made
from ._checks import check_floats, check_square, delivered
from ._inverses import inv

__all__ = ["chained", "cross", "diagonal", "in_space", "matrix_exp", "matrix_power", "multi_dot", "vander", "vecdot"]  # noqa: E501  # fmt: skip

CROSS = Op("LinalgCrossBackward0", product_in_space, ("other", "self"), "self other")
op_named(product_in_space, CROSS)


def matrix_power(A: Tensor, n: int, *, out: Tensor | None = None) -> Any:
    """Return the square matrix multiplied n times by itself; for n below 0, its inverse.

    >>> import chainrule.torch as torch
    >>> torch.linalg.matrix_power(torch.tensor([[1.0, 1.0], [0.0, 1.0]]), 5)
    tensor([[1., 5.],
            [0., 1.]])
    """
    check_tensors("linalg_matrix_power", input=A)
    if not whole(n):
        raise argument_error("linalg_matrix_power", "n", 2, n, "int")
    check_square("linalg.matrix_power", A, floats=False)
    return delivered("linalg_matrix_power", power(A, int(n)), out)


def power(A: Any, n: int) -> Any:
    if n == 0:
        x = A._array
        return clone(A).copy_(made(np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), x.shape)))
    if n < 0:
        A, n = inv(A), -n
        return A if n == 1 else power(A, n)
    if n == 1:
        return clone(A)
    if n == 3:
        return matmul(matmul(A, A), A)
    result, square = None, A
    while n:  # by squaring: the binary digits of n, from the last
        if n & 1:
            result = square if result is None else matmul(square, result)
        n >>= 1
        if n:
            square = matmul(square, square)
    return result


def matrix_exp(A: Tensor) -> Any:
    """Return the exponential of a square matrix, the sum of all A**n / n!.

    By SciPy's algorithm (Al-Mohy and Higham, 2009, "A new scaling and squaring algorithm for the
    matrix exponential"), which the extra `chainrule[scipy]` installs.

    >>> import chainrule.torch as torch
    >>> torch.linalg.matrix_exp(torch.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    check_tensors("linalg_matrix_exp", input=A)
    check_square("linalg.matrix_exp", A, floats=False)
    check_floats("linalg.matrix_exp", A)
    expm = library("scipy.linalg", "scipy").expm
    op = EXPONENTIAL.get("op")
    if op is None:
        from chainrule._rules.linear_algebra import matrix_functions  # noqa: F401  (the rule)

        op = EXPONENTIAL["op"] = Op("LinalgMatrixExpBackward0", expm, ("self",), "self")
        op_named(expm, op)
    return recorded(op, (A,), {}, lambda x: np.asarray(expm(x), x.dtype), None)


EXPONENTIAL: dict[str, Op] = {}  # made at the first use, for SciPy's sake


# ---------------------------------------------------------------- chains of products


def chained(name: str, tensors: Sequence[Any]) -> Any:
    """Return the product of a chain of matrices, in the order that takes fewest multiplications.

    Cormen, Leiserson, Rivest and Stein, "Introduction to Algorithms", section 15.2.
    """
    if not isinstance(tensors, (tuple, list)):
        raise argument_error(f"linalg_{name}", "tensors", 1, tensors, "tuple of Tensors")
    given = list(tensors)
    for k, one in enumerate(given):
        if not isinstance(one, Tensor):
            raise TypeError(
                f"expected Tensor as element {k} in argument 0, but got {type(one).__name__}"
            )
    count = len(given)
    if count < 2:
        raise RuntimeError(f"{name}(): expected at least 2 tensors but got {count}")
    into: list[int] = []
    first, last = given[0], given[-1]
    for which, one in (("first", first), ("last", last)):
        if one._array.ndim not in (1, 2):
            raise RuntimeError(
                f"{name}(): the {which} tensor must be 1D or 2D but got {one._array.ndim}D"
            )
    if first._array.ndim == 1:
        given[0] = first.unsqueeze(0)
    else:
        into.append(first._array.shape[0])
    if last._array.ndim == 1:
        given[-1] = last.unsqueeze(-1)
    else:
        into.append(last._array.shape[1])
    check_chain(name, given)
    sizes = [one._array.shape[0] for one in given] + [given[-1]._array.shape[1]]
    product = in_order(given, cheapest(sizes), 0, count - 1)
    result = product.view(into)
    result._view, result._writes = None, [0]
    return result


def check_chain(name: str, given: list[Any]) -> None:
    for k, one in enumerate(given[1:-1], 1):
        if one._array.ndim != 2:
            raise RuntimeError(f"{name}(): tensor {k} must be 2D but got {one._array.ndim}D")
    for k, one in enumerate(given):
        if one._array.dtype != given[0]._array.dtype:
            raise RuntimeError(
                f"{name}(): all tensors must have be the same dtype but tensor 0 is "
                f"{c_name(given[0]._array.dtype)} and tensor {k} {c_name(one._array.dtype)}"
            )
    for k, (a, b) in enumerate(pairwise(given)):
        if a._array.shape[1] != b._array.shape[0]:
            raise RuntimeError(
                f"{name}(): tensors {k} and {k + 1} with shapes {list(a._array.shape)} and "
                f"{list(b._array.shape)} cannot be multiplied"
            )


def cheapest(sizes: list[int]) -> dict[tuple[int, int], int]:
    """Return after which matrix each part of a chain is best divided."""
    count = len(sizes) - 1
    costs, ends = {(k, k): 0 for k in range(count)}, {}
    for length in range(1, count):
        for i in range(count - length):
            j = i + length
            costs[i, j], ends[i, j] = min(
                (costs[i, k] + costs[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k)
                for k in range(i, j)
            )
    return ends


def in_order(given: list[Any], ends: dict[tuple[int, int], int], i: int, j: int) -> Any:
    if i == j:
        return given[i]
    k = ends[i, j]
    return matmul(in_order(given, ends, i, k), in_order(given, ends, k + 1, j))


def multi_dot(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Any:
    """Return the product of matrices, in the order that takes fewest multiplications.

    The first and the last may be vectors.

    >>> import chainrule.torch as torch
    >>> torch.linalg.multi_dot([torch.ones(2, 9), torch.ones(9, 9), torch.ones(9)])
    tensor([81., 81.])
    """
    return delivered("linalg_multi_dot", chained("multi_dot", tensors), out)


# ---------------------------------------------------------------- vectors


def cross(input: Tensor, other: Tensor, *, dim: int = -1, out: Tensor | None = None) -> Any:
    """Return the cross products of vectors, which have three numbers along `dim`.

    >>> import chainrule.torch as torch
    >>> torch.linalg.cross(torch.tensor([1.0, 0.0, 0.0]), torch.tensor([0.0, 1.0, 0.0]))
    tensor([0., 0., 1.])
    """
    check_tensors("linalg_cross", input=input, other=other)
    return delivered("linalg_cross", in_space(input, other, dim), out)


def in_space(input: Tensor, other: Tensor, dim: int) -> Any:
    a, b = input._array, other._array
    if a.ndim != b.ndim:
        raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
    axis = dimension(dim, a.ndim)
    if a.shape[axis] != 3 or b.shape[axis] != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {a.shape[axis]} and "
            f"{b.shape[axis]}"
        )
    from .._tape.promotion import common

    try:
        return recorded(CROSS, (input, other), {"axis": axis}, product_in_space, common)
    except ValueError:
        raise broadcast_error(a.shape, b.shape) from None


def vecdot(x: Any, y: Any, *, dim: int = -1, out: Tensor | None = None) -> Any:
    """Return the sums of products along a dimension; complex numbers of `x` are conjugated.

    >>> import chainrule.torch as torch
    >>> torch.linalg.vecdot(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    check_tensors("linalg_vecdot", x=x, y=y)
    first = x.conj() if x._array.dtype.kind == "c" else x
    return delivered("linalg_vecdot", (first * y).sum(dim), out)


def vander(x: Any, *, N: int | None = None) -> Any:
    """Return for each number its powers 0 to N - 1, along a further dimension.

    >>> import chainrule.torch as torch
    >>> torch.linalg.vander(torch.tensor([2, 3]), N=3)
    tensor([[1, 2, 4],
            [1, 3, 9]])
    """
    check_tensors("linalg_vander", x=x)
    count = (x._array.shape or (1,))[-1] if N is None else int(N)
    if count <= 1:
        raise RuntimeError("N must be greater than 1.")
    powers = x.unsqueeze(-1).expand(*x.shape, count - 1).cumprod(-1)
    return cat([made(np.ones((*x.shape, 1), powers._array.dtype)), powers], -1)


def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """Return the view of the diagonal of a matrix, or of each in a stack.

    >>> import chainrule.torch as torch
    >>> torch.linalg.diagonal(torch.tensor([[1, 2], [3, 4]]))
    tensor([1, 4])
    """
    check_tensors("linalg_diagonal", A=A)
    return diagonal_of_two(A, offset, dim1, dim2)
