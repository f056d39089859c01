"""Numbers repeated, turned, moved around, and those on or beside a diagonal."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule._rules.indexing import put_back
from chainrule._rules.rearranging import diagonal_of

from .._arguments import whole
from .._checks import check_tensors, combination_error, dimension, not_implemented
from .._conversions.copies import clone, in_order
from .._tape.plans import Op
from .._tape.recording import operation
from .._tensor import Tensor, made
from .._writing.views import diagonal_view, plan_of
from .broadcasts import expand
from .places import index_select
from .shape_arguments import lengths, tuple_of
from .shapes import reshape
from .unit_dimensions import unsqueeze

__all__ = [
    "diag",
    "diagonal",
    "flip",
    "fliplr",
    "flipud",
    "meshgrid",
    "repeat_interleave",
    "roll",
    "rot90",
    "tile",
    "tril",
    "triu",
]

DIAGONAL = Op("DiagonalBackward0", diagonal_of, ("",), "self")
diagonal_copied = operation(
    "DiagonalBackward0_copy", diagonal_of, "", "self", call=lambda x, at: diagonal_of(x, at).copy()
)
embedded = operation("DiagEmbed", put_back, "", "self")
turned = operation(
    "Rot90", np.rot90, "", "self", call=lambda x, k, axes: np.rot90(x, k, axes).copy("K")
)
flipped = operation("Flip", np.flip, "", "self", call=lambda x, axis: np.flip(x, axis).copy("K"))
rolled = operation("Roll", np.roll, "", "self", call=lambda x, **at: in_order(np.roll(x, **at)))
tiled = operation("Repeat", np.tile, "", "self")
lower = operation("Tril", np.tril, "", "self", call=lambda x, k: in_order(np.tril(x, k)))
upper = operation("Triu", np.triu, "", "self", call=lambda x, k: in_order(np.triu(x, k)))


# ---------------------------------------------------------------- repeated


def repeat(self: Tensor, *repeats: Any) -> Any:
    """Return copies of this tensor laid side by side, so many along each dimension."""
    if not repeats:
        raise TypeError('repeat() missing 1 required positional arguments: "repeats"')
    return tiles(self, lengths("repeat", "repeats", repeats))


def tiles(t: Tensor, times: tuple[int, ...]) -> Any:
    shape = t._array.shape
    if len(times) < len(shape):
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
            "tensor"
        )
    if any(n < 0 for n in times):
        own = (1,) * (len(times) - len(shape)) + shape
        into = [n * m for n, m in zip(times, own, strict=True)]
        bad = next(n for n in into if n < 0)
        raise RuntimeError(f"Trying to create tensor with negative dimension {bad}: {into}")
    return tiled(t, reps=times)


def tile(input: Tensor, dims: Sequence[int]) -> Any:
    """Return copies of `input` laid side by side; dimensions not named are as they are.

    >>> import chainrule.torch as torch
    >>> torch.tile(torch.tensor([1, 2]), (2,))
    tensor([1, 2, 1, 2])
    """
    check_tensors("tile", input=input)
    times = tuple_of("tile", "dims", dims)
    return tiles(input, (1,) * (input._array.ndim - len(times)) + times)


def tile_method(self: Tensor, *dims: Any) -> Any:
    """Return copies of this tensor laid side by side; dimensions not named are as they are."""
    if not dims:
        raise TypeError('tile() missing 1 required positional arguments: "dims"')
    return tile(self, lengths("tile", "dims", dims))


def repeat_interleave(
    input: Tensor, repeats: Any = None, dim: int | None = None, *, output_size: int | None = None
) -> Any:
    """Return every number, or every slice along `dim`, repeated on the spot.

    `repeats` is how often, a number or one for each. Without it, `input` says how often its own
    places are repeated.

    >>> import chainrule.torch as torch
    >>> torch.repeat_interleave(torch.tensor([1, 2]), 2)
    tensor([1, 1, 2, 2])
    """
    check_tensors("repeat_interleave", input=input)
    if repeats is None:
        return made(np.repeat(np.arange(input._array.size), input._array))
    if not (isinstance(repeats, Tensor) or whole(repeats)):
        ends = "int dim = None, *, int output_size = None"
        raise combination_error(
            "repeat_interleave", (repeats,), [f"Tensor repeats, {ends}", f"int repeats, {ends}"]
        )
    t = reshape(input, (-1,)) if dim is None else input
    shape = t._array.shape
    if not shape:
        if isinstance(repeats, Tensor):
            raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
        dimension(1 if dim in (-1, 0) else dim, 0)
    at = dimension(dim or 0, len(shape))
    if isinstance(repeats, Tensor):
        times = repeats._array
        if times.dtype.kind != "i":
            not_implemented("repeat_interleave_cpu", times.dtype)
        if times.size not in (1, shape[at]):
            raise RuntimeError(
                "repeats must have the same size as input along dim, but got repeats.size(0) = "
                f"{times.size} and input.size({at}) = {shape[at]}"
            )
        if (times < 0).any():
            raise RuntimeError("repeats can not be negative")
        return index_select(t, at, made(np.repeat(np.arange(shape[at]), times.reshape(-1))))
    count = int(repeats)
    if count < 0:
        raise RuntimeError("Repeats must be non-negative")
    wide = expand(unsqueeze(t, at + 1), (*shape[: at + 1], count, *shape[at + 1 :]))
    return reshape(clone(wide), (*shape[:at], shape[at] * count, *shape[at + 1 :]))


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Any, ...]:
    """Return for each of the vectors a view that runs along its own dimension of a common grid.

    With `indexing="xy"` the first two dimensions are exchanged.

    >>> import chainrule.torch as torch
    >>> x, y = torch.meshgrid(torch.tensor([1, 2]), torch.tensor([3, 4]), indexing="ij")
    >>> x
    tensor([[1, 1],
            [2, 2]])
    """
    given = list(
        tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)) else tensors
    )
    if indexing is None:
        warnings.warn(
            "torch.meshgrid: in an upcoming release, it will be required to pass the indexing "
            "argument.",
            UserWarning,
            stacklevel=2,
        )
    if not given:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    for one in given:
        if one._array.ndim > 1:
            raise RuntimeError(
                f"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {one}"
            )
        if one._array.dtype != given[0]._array.dtype:
            raise RuntimeError("meshgrid expects all tensors to have the same dtype")
    if indexing not in (None, "ij", "xy"):
        raise RuntimeError(
            'torch.meshgrid: indexing must be one of "xy" or "ij", but received: ' + str(indexing)
        )
    swaps = indexing == "xy" and len(given) > 1
    if swaps:
        given[:2] = given[1::-1]
    shape = tuple(one._array.size for one in given)
    grid = []
    for k, n in enumerate(shape):
        line = reshape(given[k], (*(1,) * k, n, *(1,) * (len(shape) - k - 1)))
        grid.append(expand(line, shape))
    if swaps:
        grid[:2] = grid[1::-1]
    return tuple(grid)


# ---------------------------------------------------------------- turned and moved


def flip(input: Tensor, dims: Sequence[int]) -> Any:
    """Return a copy in which the order along `dims` is reversed.

    >>> import chainrule.torch as torch
    >>> torch.flip(torch.tensor([1, 2, 3]), (0,))
    tensor([3, 2, 1])
    """
    check_tensors("flip", input=input)
    axes: list[int] = []
    for d in tuple_of("flip", "dims", dims):
        axis = dimension(d, input._array.ndim)
        if axis in axes:
            raise RuntimeError(f"dim {axis} appears multiple times in the list of dims")
        axes.append(axis)
    return flipped(input, axis=tuple(axes) if input._array.ndim else ())


def flip_method(self: Tensor, *dims: Any) -> Any:
    """Return a copy in which the order along `dims` is reversed."""
    if not dims:
        raise TypeError('flip() missing 1 required positional arguments: "dims"')
    return flip(self, lengths("flip", "dims", dims))


def fliplr(input: Tensor) -> Any:
    """Return a copy in which the order along the second dimension is reversed.

    >>> import chainrule.torch as torch
    >>> torch.fliplr(torch.tensor([[1, 2]]))
    tensor([[2, 1]])
    """
    if input._array.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return flip(input, (1,))


def flipud(input: Tensor) -> Any:
    """Return a copy in which the order along the first dimension is reversed.

    >>> import chainrule.torch as torch
    >>> torch.flipud(torch.tensor([1, 2]))
    tensor([2, 1])
    """
    if input._array.ndim < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return flip(input, (0,))


def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Any:
    """Return a copy turned by `k` quarters in the plane of two dimensions.

    >>> import chainrule.torch as torch
    >>> torch.rot90(torch.tensor([[1, 2], [3, 4]]))
    tensor([[2, 4],
            [1, 3]])
    """
    check_tensors("rot90", input=input)
    i, j = tuple_of("rot90", "dims", dims)
    if input._array.ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {input._array.ndim}")
    if i == j:
        raise RuntimeError(
            f"expected rotation dims to be different, but got dim0 = {i} and dim1 = {j}"
        )
    return turned(
        input, k=k, axes=(dimension(i, input._array.ndim), dimension(j, input._array.ndim))
    )


def roll(input: Tensor, shifts: Any, dims: Any = None) -> Any:
    """Return a copy in which numbers are moved along `dims`; those that fall off come in again.

    Without `dims`, all numbers are moved in one row.

    >>> import chainrule.torch as torch
    >>> torch.roll(torch.tensor([1, 2, 3]), 1)
    tensor([3, 1, 2])
    """
    check_tensors("roll", input=input)
    steps = lengths("roll", "shifts", (shifts,))
    axes = () if dims is None else lengths("roll", "dims", (dims,))
    if len(axes) != len(steps) and (axes or len(steps) != 1):
        raise RuntimeError(
            f"shifts and dimensions must align. shifts: {len(steps)}, dims:{len(axes)}"
        )
    if axes and not input._array.ndim:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    axis = tuple(dimension(d, input._array.ndim) for d in axes)
    return (
        rolled(input, shift=steps, axis=axis) if axes else rolled(input, shift=steps[0], axis=None)
    )


# ---------------------------------------------------------------- diagonals and triangles


def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """Return the view of a diagonal between two dimensions; it is the last dimension then.

    >>> import chainrule.torch as torch
    >>> torch.diagonal(torch.tensor([[1, 2], [3, 4]]))
    tensor([1, 4])
    """
    check_tensors("diagonal", input=input)
    ndim = input._array.ndim
    i, j = dimension(dim1, ndim), dimension(dim2, ndim)
    if i == j:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    at = (offset, i, j)
    return diagonal_view(input, diagonal_of(input._array, at), at, plan_of(DIAGONAL))


def diag(input: Tensor, diagonal: int = 0) -> Any:
    """Return a copy of the diagonal of a matrix; of a vector, the matrix with that diagonal.

    >>> import chainrule.torch as torch
    >>> torch.diag(torch.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])
    """
    check_tensors("diag", input=input)
    shape, at = input._array.shape, (int(diagonal), 0, 1)
    if len(shape) == 2:
        return diagonal_copied(input, at=at)
    if len(shape) != 1:
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {len(shape)}D")
    n = shape[0] + abs(at[0])
    return embedded(input, steps=((diagonal_of, at),), shape=(n, n))


def triangle(name: str, function: Callable[..., Any], of: str) -> Callable[..., Any]:
    """Return the function that keeps one side of a diagonal."""

    def call(input: Tensor, diagonal: int = 0) -> Any:
        check_tensors(name, input=input)
        if input._array.ndim < 2:
            raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")
        return function(input, k=diagonal)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = (
        f"Return a copy with zeros {of} the diagonal `diagonal`, counted from the main one."
    )
    return call


tril = triangle("tril", lower, "above")
triu = triangle("triu", upper, "below")


METHODS: dict[str, Callable[..., Any]] = {
    "diag": diag,
    "diagonal": diagonal,
    "flip": flip_method,
    "fliplr": fliplr,
    "flipud": flipud,
    "repeat": repeat,
    "repeat_interleave": repeat_interleave,
    "roll": roll,
    "rot90": rot90,
    "tile": tile_method,
    "tril": tril,
    "triu": triu,
}
