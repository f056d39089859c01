"""What PyTorch says when shapes, number types, dimensions or arguments do not fit.

Its words are kept, so that a message can be looked up where PyTorch's messages are explained.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from ._calls import combination_text, title_of
from ._kinds.dtypes import scalar_name

__all__ = [
    "argument_error",
    "broadcast_error",
    "check_tensors",
    "combination_error",
    "dimension",
    "dimensions",
    "expand_error",
    "not_implemented",
    "write_error",
]

# ---------------------------------------------------------------- shapes


def broadcast_error(a: Sequence[int], b: Sequence[int]) -> RuntimeError:
    """Return the error for two shapes that cannot be broadcast together.

    >>> broadcast_error((4, 2), (3,)).args[0]
    'The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 1'
    """
    rank = max(len(a), len(b))
    for i in range(rank - 1, -1, -1):
        m = a[i - rank + len(a)] if i - rank + len(a) >= 0 else 1
        n = b[i - rank + len(b)] if i - rank + len(b) >= 0 else 1
        if m != n and m != 1 and n != 1:
            return RuntimeError(
                f"The size of tensor a ({m}) must match the size of tensor b ({n}) at "
                f"non-singleton dimension {i}"
            )
    return RuntimeError(f"shapes {list(a)} and {list(b)} can be broadcast together")


def expand_error(into: Sequence[int], shape: Sequence[int], kind: str = "") -> RuntimeError:
    """Return the error for a tensor of `shape` that cannot be expanded to the sizes `into`.

    `kind` is what `type_name` calls its number type.
    """
    extra = len(into) - len(shape)
    if extra < 0:
        return RuntimeError(
            f"expand({kind}{{{list(shape)}}}, size={list(into)}): the number of sizes provided "
            f"({len(into)}) must be greater or equal to the number of dimensions in the tensor "
            f"({len(shape)})"
        )
    for i in range(len(into) - 1, -1, -1):
        n = shape[i - extra] if i >= extra else 1
        if n not in (1, into[i]):
            return RuntimeError(
                f"The expanded size of the tensor ({into[i]}) must match the existing size ({n}) "
                f"at non-singleton dimension {i}.  Target sizes: {list(into)}.  "
                f"Tensor sizes: {list(shape)}"
            )
    return RuntimeError(f"a tensor of shape {list(shape)} can be expanded to {list(into)}")


def write_error(shape: Sequence[int], other: Sequence[int]) -> RuntimeError:
    """Return the error for writing a tensor of shape `other` over one of `shape`."""
    error = broadcast_error(shape, other)
    if "must match" in error.args[0]:
        return error
    extra = len(other) - len(shape)
    ones = (1,) * -extra
    pairs = zip(((1,) * extra + tuple(shape)), (ones + tuple(other)), strict=True)
    whole = [max(m, n) if m and n else 0 for m, n in pairs]
    return RuntimeError(
        f"output with shape {list(shape)} doesn't match the broadcast shape {whole}"
    )


# ---------------------------------------------------------------- dimensions


def dimension(dim: Any, ndim: int) -> int:
    """Return the number of a dimension, counted from 0 on; an IndexError if there is none.

    A tensor without dimensions is treated as if it had one.
    """
    least = -ndim or -1
    if not least <= dim < -least:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{least}, {-least - 1}], "
            f"but got {dim})"
        )
    return int(dim if dim >= 0 else dim - least)


def dimensions(dim: Any, ndim: int) -> Any:
    """Return one dimension or several as a number or tuple for NumPy; None, and none, mean all."""
    if dim is None:
        return None
    if not isinstance(dim, (tuple, list)):
        i = dimension(dim, ndim)
        return i if ndim else None
    found = tuple(dimension(i, ndim) for i in dim)
    for k, i in enumerate(found):
        if i in found[:k]:
            raise RuntimeError(f"dim {i} appears multiple times in the list of dims")
    return found if ndim and found else None


# ---------------------------------------------------------------- arguments


def argument_error(
    function: str, name: str, position: int, v: Any, wanted: str = "Tensor"
) -> TypeError:
    """Return the error for an argument of a wrong type.

    >>> argument_error("exp", "input", 1, 2.5).args[0]
    "exp(): argument 'input' (position 1) must be Tensor, not float"
    """
    return TypeError(
        f"{function}(): argument '{name}' (position {position}) must be {wanted}, not {title_of(v)}"
    )


def check_tensors(function: str, **inputs: Any) -> None:
    """Raise if one of the arguments, named as PyTorch names them, is not a tensor."""
    from ._tensor import Tensor

    for position, (name, v) in enumerate(inputs.items(), 1):
        if not isinstance(v, Tensor):
            raise argument_error(function, name, position, v)


def combination_error(
    function: str, given: Sequence[Any], signatures: Sequence[str], **options: Any
) -> TypeError:
    """Return the error for arguments that fit none of the function's signatures."""
    return TypeError(combination_text(function, [f"({one})" for one in signatures], given, options))


# ---------------------------------------------------------------- number types


def not_implemented(kernel: str, kind: Any) -> NoReturn:
    """Raise that `kernel`, PyTorch's name for it, is not there for numbers of the dtype `kind`."""
    raise NotImplementedError(f"\"{kernel}\" not implemented for '{scalar_name(kind)}'")
