"""How exactly processors compute: NumPy computes in full, so these switches only remember."""

from __future__ import annotations

import warnings

__all__ = [
    "get_float32_matmul_precision",
    "set_float32_matmul_precision",
    "set_flush_denormal",
]

CHOICES = ("highest", "high", "medium")
_chosen = {"matmul": CHOICES[0]}


def get_float32_matmul_precision() -> str:
    """Return "highest", or what was set; products of float32 are computed in float32 in any case.

    >>> get_float32_matmul_precision()
    'highest'
    """
    return _chosen["matmul"]


def set_float32_matmul_precision(precision: str) -> None:
    """Remember "highest", "high" or "medium"; anything else warns and changes nothing."""
    if not isinstance(precision, str):
        raise RuntimeError(
            f"set_float32_matmul_precision expects a str, but got {type(precision).__name__}"
        )
    if precision not in CHOICES:
        warnings.warn(
            f"{precision} is not one of 'highest', 'high', or 'medium'; the current"
            "setFloat32MatmulPrecision call has no effect.",
            UserWarning,
            stacklevel=2,
        )
        return
    _chosen["matmul"] = precision


def set_flush_denormal(mode: bool, /) -> bool:
    """Return whether numbers too small to be normal become zero as asked: they never do here.

    >>> set_flush_denormal(True)
    False
    """
    if not isinstance(mode, bool):
        raise RuntimeError(f"flush_denormal expects a bool, but got {type(mode).__name__}")
    return not mode
