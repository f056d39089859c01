"""Arguments that are dimensions, lengths and shapes, checked in PyTorch's words."""

from __future__ import annotations

from typing import Any

from .._arguments import title_of, whole
from .._checks import argument_error, dimension

__all__ = ["dim_named", "filled_in", "lengths", "tuple_of"]


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
