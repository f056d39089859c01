"""How an activation is applied: to a tensor of floating-point numbers, or in its place."""

from __future__ import annotations

from typing import Any

from .._checks import argument_error, not_implemented
from .._tape.nodes import PLAN
from .._tensor import Tensor
from .._writing.in_place import check_write, stand_in, write
from .._writing.views import renamed

__all__ = ["applied", "check_input", "number", "over"]


def check_input(function: str, kernel: str, input: Any, kinds: str = "f") -> None:
    """Raise, in PyTorch's words, for what is no tensor of such numbers; `kernel` is its name."""
    if not isinstance(input, Tensor):
        raise argument_error(function, "input", 1, input)
    if input._array.dtype.kind not in kinds:
        not_implemented(kernel, input._array.dtype)


def number(function: str, name: str, position: int, v: Any) -> Any:
    """Return a number that is an option; raise for what is none."""
    if isinstance(v, (int, float)):
        return v
    if isinstance(v, Tensor) and v._array.ndim == 0:
        return v.item()  # type: ignore[attr-defined]
    if hasattr(v, "__float__") and not isinstance(v, Tensor):
        return float(v)
    raise argument_error(function, name, position, v, "Number")


def applied(op: Any, input: Any, inplace: bool = False, node: str = "", **options: Any) -> Any:
    """Return what `op` makes of a tensor, or write it over the tensor.

    `node` is PyTorch's name of the operation in place, where that has one of its own.
    """
    if not inplace:
        return op(input, **options)
    return over(input, lambda before: op(before, **options), node)


def over(input: Any, make: Any, node: str = "") -> Any:
    """Write what `make` returns for a tensor over it."""
    check_write(input)
    y = make(stand_in(input))
    if node and y._node is not None:
        y._node[PLAN] = renamed(y._node[PLAN], f"{node}Backward1")
    return write(input, y)
