"""Views in another shape: the same numbers, in the same memory where that can be."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .._arguments import no_overload, title_of, whole
from .._checks import argument_error, check_tensors, dimension, expand_error
from .._kinds.dtypes import dtype, scalar_name, type_name
from .._kinds.size import Size
from .._tape.plans import Op
from .._tensor import Tensor, made
from .._writing.views import UNSAFE_VIEW, VIEW, expanded, reshaped

__all__ = [
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "broadcast_shapes",
    "broadcast_tensors",
    "broadcast_to",
    "flatten",
    "ravel",
    "reshape",
    "squeeze",
    "unflatten",
    "unsqueeze",
]

SQUEEZE = Op("SqueezeBackward0", np.reshape, ("",), "self")
SQUEEZE_DIM = Op("SqueezeBackward1", np.reshape, ("",), "self")
SQUEEZE_DIMS = Op("SqueezeBackward2", np.reshape, ("",), "self")
UNSQUEEZE = Op("UnsqueezeBackward0", np.reshape, ("",), "self")
RESHAPE_ALIAS = Op("ReshapeAliasBackward0", np.reshape, ("",), "self")
EXPAND = Op("ExpandBackward0", np.broadcast_to, ("",), "self")


def dim_named(name: str, argument: str, position: int, dim: Any, ndim: int) -> int:
    """Return the number of a dimension that an argument names."""
    if type(dim) is int and -ndim <= dim < ndim:
        return dim if dim >= 0 else dim + ndim
    if not whole(dim):
        raise argument_error(name, argument, position, dim, "int")
    return dimension(int(dim), ndim)


def lengths(name: str, argument: str, given: tuple[Any, ...]) -> tuple[int, ...]:
    """Return lengths, or numbers of dimensions, that are given one by one or as one tuple."""
    if len(given) == 1 and type(given[0]) is not int and not whole(given[0]):
        return tuple_of(name, argument, given[0], 1)
    return tuple_of(name, argument, given, 1)


def tuple_of(name: str, argument: str, given: Any, position: int = 2) -> tuple[int, ...]:
    """Return an argument that is to be a tuple of whole numbers."""
    if not isinstance(given, (tuple, list)):
        raise argument_error(name, argument, position, given, "tuple of ints")
    for n in given:
        if type(n) is not int:
            break
    else:
        return tuple(given)
    for k, n in enumerate(given, 1):
        if not whole(n):
            raise TypeError(
                f"{name}(): argument '{argument}' failed to unpack the object at pos {k} with "
                f'error "type must be tuple of ints,but got {title_of(n)}"'
            )
    return tuple(int(n) for n in given)


def filled_in(shape: tuple[int, ...], count: int) -> tuple[int, ...]:
    """Return a shape for `count` numbers with what -1 stands for."""
    known, hole = 1, -1
    for k, n in enumerate(shape):
        if n >= 0:
            known *= n
        elif n < -1:
            raise RuntimeError(f"invalid shape dimension {n} at index {k} of shape {list(shape)}")
        elif hole >= 0:
            raise RuntimeError("only one dimension can be inferred")
        else:
            hole = k
    if hole < 0 and known == count:
        return shape
    if hole >= 0 and known and not count % known:
        return (*shape[:hole], count // known, *shape[hole + 1 :])
    if hole >= 0 and known == count == 0:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {list(shape)} because the "
            "unspecified dimension size -1 can be any value and is ambiguous"
        )
    raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {count}")


# ---------------------------------------------------------------- another shape


def view(self: Tensor, *shape: Any, **named: Any) -> Any:
    """Return a view of the same numbers in another shape; -1 stands for what is left over.

    >>> import chainrule.torch as torch
    >>> torch.tensor([1, 2, 3, 4]).view(2, -1)
    tensor([[1, 2],
            [3, 4]])
    """
    if named and not shape:
        shape = (named.pop("size", named.pop("dtype", None)),)
    if len(shape) == 1 and isinstance(shape[0], dtype):
        return read_as(self, shape[0])
    first = shape[0] if shape else None
    if named or not (type(first) is int or isinstance(first, (tuple, list)) or whole(first)):
        raise no_overload("view", shape, named, "torch.dtype dtype", "tuple of ints size")
    into = filled_in(lengths("view", "size", shape), self._array.size)
    out = reshaped(self, into)
    if out is None:
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
        )
    return out


def read_as(t: Tensor, kind: dtype) -> Any:
    """Return a tensor of the same memory, whose bytes are read as numbers of another type."""
    x, into = t._array, kind.numpy
    ratio = into.itemsize // x.itemsize
    if x.ndim and into.itemsize != x.itemsize and x.strides[-1] != x.itemsize:
        raise RuntimeError(
            f"self.stride(-1) must be 1 to view {scalar_name(x.dtype)} as {scalar_name(into)} "
            f"(different element sizes), but got {x.strides[-1] // x.itemsize}"
        )
    if ratio > 1 and x.shape[-1] % ratio:
        raise RuntimeError(
            f"self.size(-1) must be divisible by {ratio} to view {scalar_name(x.dtype)} as "
            f"{scalar_name(into)} (different element sizes), but got {x.shape[-1]}"
        )
    out = made(x.view(into))
    out._writes = t._writes
    return out


def view_as(self: Tensor, other: Tensor) -> Any:
    """Return a view in the shape of `other`."""
    if not isinstance(other, Tensor):
        raise argument_error("view_as", "other", 1, other)
    return view(self, other._array.shape)


def reshaped_or_copied(t: Tensor, into: tuple[int, ...]) -> Any:
    """Return the view in another shape; a copy where the numbers do not lie as a view needs."""
    out: Any = reshaped(t, into, VIEW if t._array.flags.c_contiguous else RESHAPE_ALIAS)
    if out is None:
        from .._conversions.copies import contiguous

        out = reshaped(contiguous(t), into, UNSAFE_VIEW)
        out._view = None
        out._writes = [0]
    return out


def reshape(input: Tensor, shape: Sequence[int]) -> Any:
    """Return the same numbers in another shape: a view where that can be.

    >>> import chainrule.torch as torch
    >>> torch.reshape(torch.tensor([[1, 2], [3, 4]]), (-1,))
    tensor([1, 2, 3, 4])
    """
    check_tensors("reshape", input=input)
    into = filled_in(tuple_of("reshape", "shape", shape), input._array.size)
    return reshaped_or_copied(input, into)


def reshape_method(self: Tensor, *given: Any, shape: Any = None) -> Any:
    """Return the same numbers in another shape: a view where that can be."""
    given = given if shape is None else (tuple(shape),)
    if not given:
        raise TypeError('reshape() missing 1 required positional arguments: "shape"')
    return reshaped_or_copied(self, filled_in(lengths("reshape", "shape", given), self._array.size))


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Return the tensor with the dimensions from `start_dim` to `end_dim` made one.

    >>> import chainrule.torch as torch
    >>> torch.flatten(torch.tensor([[1, 2], [3, 4]]))
    tensor([1, 2, 3, 4])
    """
    if not isinstance(input, Tensor):
        raise argument_error("flatten", "input", 1, input)
    shape = input._array.shape
    first = dim_named("flatten", "start_dim", 2, start_dim, len(shape))
    last = dim_named("flatten", "end_dim", 3, end_dim, len(shape))
    if first > last:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if not shape:
        return reshaped_or_copied(input, (1,))
    if first == last:
        return input
    middle = math.prod(shape[first : last + 1])
    return reshaped_or_copied(input, (*shape[:first], middle, *shape[last + 1 :]))


def ravel(input: Tensor) -> Any:
    """Return all numbers in one dimension.

    >>> import chainrule.torch as torch
    >>> torch.ravel(torch.tensor([[1, 2], [3, 4]]))
    tensor([1, 2, 3, 4])
    """
    from .._conversions.copies import contiguous

    check_tensors("ravel", input=input)
    return reshaped(contiguous(input), (input._array.size,))


def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Any:
    """Return a view with a dimension split into several; -1 stands for what is left over.

    >>> import chainrule.torch as torch
    >>> torch.unflatten(torch.tensor([1, 2, 3, 4]), 0, (2, -1))
    tensor([[1, 2],
            [3, 4]])
    """
    check_tensors("unflatten", input=input)
    shape = input._array.shape
    parts = tuple_of("unflatten", "sizes", sizes)
    if not parts:
        raise RuntimeError("unflatten: sizes must be non-empty")
    at = dim_named("unflatten", "dim", 1, dim, len(shape))
    n = shape[at] if shape else 1
    rest = math.prod(m for m in parts if m != -1)
    if parts.count(-1) == 1 and rest and not n % rest:
        parts = tuple(n // rest if m == -1 else m for m in parts)
    if math.prod(parts) != n or -1 in parts:
        raise RuntimeError(
            f"unflatten: Provided sizes {list(parts)} don't multiply up to the size of dim {at} "
            f"({n}) in the input tensor"
        )
    return reshaped(input, (*shape[:at], *parts, *shape[at + 1 :]))


# ---------------------------------------------------------------- dimensions of length 1


def squeeze(input: Tensor, dim: Any = None) -> Any:
    """Return a view without the dimensions of length 1, or without `dim` if it is one.

    >>> import chainrule.torch as torch
    >>> torch.squeeze(torch.tensor([[1, 2]]))
    tensor([1, 2])
    """
    if not isinstance(input, Tensor):
        raise argument_error("squeeze", "input", 1, input)
    shape = input._array.shape
    if dim is None:
        return reshaped(input, tuple([n for n in shape if n != 1]), SQUEEZE)
    if isinstance(dim, (tuple, list)):
        op, gone = SQUEEZE_DIMS, [dimension(d, len(shape)) for d in dim]
        for k, d in enumerate(gone):
            if d in gone[:k]:
                raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    elif whole(dim):
        op, gone = SQUEEZE_DIM, [dimension(int(dim), len(shape))]
    else:
        ways = "Tensor input", "Tensor input, int dim", "Tensor input, tuple of ints dim"
        raise no_overload("squeeze", (input, dim), {}, *ways)
    into = tuple([n for k, n in enumerate(shape) if n != 1 or k not in gone])
    return reshaped(input, into, op)


def unsqueeze(input: Tensor, dim: int) -> Any:
    """Return a view with a dimension of length 1 put in at `dim`.

    >>> import chainrule.torch as torch
    >>> torch.unsqueeze(torch.tensor([1, 2]), 1)
    tensor([[1],
            [2]])
    """
    if not isinstance(input, Tensor):
        raise argument_error("unsqueeze", "input", 1, input)
    shape = input._array.shape
    at = dim_named("unsqueeze", "dim", 2, dim, len(shape) + 1)
    return reshaped(input, (*shape[:at], 1, *shape[at:]), UNSQUEEZE)


def of_one_or_several(function: Callable[[Tensor], Any]) -> Callable[..., Any]:
    """Return a function of one tensor as one of one or more, or of a list: of a tuple then."""

    def apply(*tensors: Any) -> Any:
        if len(tensors) == 1:
            if isinstance(tensors[0], Tensor):
                return function(tensors[0])
            tensors = tuple(tensors[0])
        return tuple(function(one) for one in tensors)

    apply.__name__ = apply.__qualname__ = function.__name__
    apply.__doc__ = function.__doc__
    return apply


@of_one_or_several
def atleast_1d(tensor: Tensor) -> Any:
    """Return a tensor with at least one dimension; for several, a tuple of such.

    >>> import chainrule.torch as torch
    >>> torch.atleast_1d(torch.tensor(1))
    tensor([1])
    """
    return tensor if tensor._array.ndim else reshaped(tensor, (1,))


@of_one_or_several
def atleast_2d(tensor: Tensor) -> Any:
    """Return a tensor with at least two dimensions; for several, a tuple of such.

    >>> import chainrule.torch as torch
    >>> torch.atleast_2d(torch.tensor([1, 2]))
    tensor([[1, 2]])
    """
    ndim = tensor._array.ndim
    return tensor if ndim > 1 else unsqueeze(tensor, 0) if ndim else reshaped(tensor, (1, 1))


@of_one_or_several
def atleast_3d(tensor: Tensor) -> Any:
    """Return a tensor with at least three dimensions; for several, a tuple of such.

    >>> import chainrule.torch as torch
    >>> torch.atleast_3d(torch.tensor([1, 2])).shape
    torch.Size([1, 2, 1])
    """
    ndim = tensor._array.ndim
    if ndim > 2:
        return tensor
    if ndim == 2:
        return unsqueeze(tensor, -1)
    return unsqueeze(unsqueeze(tensor, 0), -1) if ndim else reshaped(tensor, (1, 1, 1))


def sum_to_size(self: Any, *size: Any) -> Any:
    """Return the sums over the dimensions along which a tensor of this size would be expanded."""
    if not size:
        raise TypeError('sum_to_size() missing 1 required positional arguments: "size"')
    into, own = lengths("sum_to_size", "size", size), self._array.shape
    extra = len(own) - len(into)
    pairs = list(zip(own[max(extra, 0) :], into, strict=False))
    if extra < 0 or any(m not in (1, n) for n, m in pairs):
        raise RuntimeError(f"size {{{list(into)}}} is not expandable to size {{{list(own)}}}.")
    over = [*range(extra), *(extra + k for k, (n, m) in enumerate(pairs) if m == 1 != n)]
    summed = self.sum(over, keepdim=True) if over else self
    return reshape(summed, into) if extra else summed


# ---------------------------------------------------------------- larger shapes


def expand(self: Tensor, *shape: Any, size: Any = None) -> Any:
    """Return a view in a larger shape, along which the numbers repeat; -1 leaves a length."""
    if size is not None and not shape:
        shape = (tuple(size),)
    if not shape:
        raise TypeError('expand() missing 1 required positional arguments: "size"')
    said, own = lengths("expand", "size", shape), self._array.shape
    into, extra = list(said), len(said) - len(own)
    if extra < 0:
        raise expand_error(said, own, type_name(self._array.dtype))
    for k in range(len(into) - 1, -1, -1):
        n = own[k - extra] if k >= extra else -1
        if into[k] == -1 and k < extra:
            raise RuntimeError(
                "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing "
                f"dimension {k}"
            )
        if into[k] == -1:
            into[k] = n
        elif n not in (-1, 1, into[k]) or into[k] < 0:
            text = str(expand_error(into, own, type_name(self._array.dtype)))
            raise RuntimeError(text.replace(f"izes: {into}", f"izes: {list(said)}", 1))
    return expanded(self, tuple(into), EXPAND)


def expand_as(self: Tensor, other: Tensor) -> Any:
    """Return a view expanded to the shape of `other`."""
    if not isinstance(other, Tensor):
        raise argument_error("expand_as", "other", 1, other)
    return expand(self, other._array.shape)


def broadcast_to(input: Tensor, size: Sequence[int]) -> Any:
    """Return `input` expanded to `size`.

    >>> import chainrule.torch as torch
    >>> torch.broadcast_to(torch.tensor([1, 2]), (2, 2))
    tensor([[1, 2],
            [1, 2]])
    """
    check_tensors("broadcast_to", input=input)
    return expand(input, tuple(size))


def broadcast_shapes(*shapes: Any) -> Any:
    """Return the shape that tensors of these shapes have together.

    >>> import chainrule.torch as torch
    >>> torch.broadcast_shapes((2, 1), (3,))
    torch.Size([2, 3])
    """
    into: list[int] = []
    for k, given in enumerate(shapes):
        shape = (int(given),) if whole(given) else tuple(int(n) for n in given)
        into[:0] = [1] * (len(shape) - len(into))
        for d in range(-1, -1 - len(shape), -1):
            if shape[d] < 0:
                raise ValueError("Attempting to broadcast a dimension with negative length!")
            if shape[d] == 1 or shape[d] == into[d]:
                continue
            if into[d] != 1:
                raise RuntimeError(
                    f"Attempting to broadcast a dimension of length {shape[d]} at {d}! Mismatching "
                    f"argument at index {k} had {shape}; but expected shape should be "
                    f"broadcastable to {into}"
                )
            into[d] = shape[d]
    return Size(into)


def broadcast_tensors(*tensors: Any) -> tuple[Any, ...]:
    """Return the tensors expanded to the shape that they have together.

    >>> import chainrule.torch as torch
    >>> a, b = torch.broadcast_tensors(torch.tensor([[1], [2]]), torch.tensor([3, 4]))
    >>> b
    tensor([[3, 4],
            [3, 4]])
    """
    given = tuple(tensors[0]) if len(tensors) == 1 and isinstance(tensors[0], list) else tensors
    into: tuple[int, ...] = ()
    for one in given:
        try:
            into = np.broadcast_shapes(into, one._array.shape)
        except ValueError:
            from .._checks import broadcast_error

            raise broadcast_error(into, one._array.shape) from None
    return tuple(expand(one, into) for one in given)


METHODS: dict[str, Callable[..., Any]] = {
    "broadcast_to": broadcast_to,
    "expand": expand,
    "expand_as": expand_as,
    "flatten": flatten,
    "ravel": ravel,
    "reshape": reshape_method,
    "reshape_as": lambda self, other: reshape(self, other._array.shape),
    "squeeze": squeeze,
    "sum_to_size": sum_to_size,
    "unflatten": unflatten,
    "unsqueeze": unsqueeze,
    "view": view,
    "view_as": view_as,
}
