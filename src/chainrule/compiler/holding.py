"""Results whose shape or type the numbers decide are held to those of the example.

A program is written for one shape and one type: where roots are complex that were real when it was
written down, it says so, in place of computing on.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.values import dtype_of

__all__ = ["as_written", "is_of_numbers"]


def is_of_numbers(function: Any) -> bool:
    """Say whether the numbers decide what shape or type the results have."""
    name, home = getattr(function, "__name__", ""), getattr(function, "__module__", "") or ""
    if home.startswith("numpy.polynomial"):
        return name.endswith(("add", "sub", "mul", "mulx", "div", "pow", "roots", "companion"))
    return function is np.real_if_close or (
        home.startswith(("numpy", "scipy.linalg"))
        and name in ("roots", "eig", "eigvals", "polymul", "polydiv", "polyadd", "polysub")
    )


def as_written(x: Any, name: str, shape: tuple[int, ...], dtype: Any) -> Any:
    """Return `x`, if it has that shape and type."""
    if np.shape(x) != shape or dtype_of(x) != dtype:
        raise ValueError(
            f"{name} returned {dtype_of(x)}{list(np.shape(x))}, and {dtype}{list(shape)} when the "
            "function was compiled: the numbers decide which, and what follows is written for one. "
            "Call the function itself for such numbers."
        )
    return x
