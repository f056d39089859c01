"""What prepares numbers for functions that have no complex form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._checks import not_implemented
from .unary import of_floats

__all__ = ["real_angles", "real_only"]


def real_only(kernel: str) -> Callable[[str, Any], Any]:
    """Return what prepares numbers for a function that has no complex form."""

    def prepare(name: str, x: Any) -> Any:
        if x.dtype.kind == "c":
            not_implemented(kernel, x.dtype)
        return of_floats(name, x)

    return prepare


def real_angles(name: str, x: Any) -> Any:
    if x.dtype.kind == "c":
        raise RuntimeError(f"{name} is not supported for complex tensors.")
    return of_floats(name, x)
