"""What becomes of the losses of all elements: their mean, their sum, or nothing."""

from __future__ import annotations

import warnings
from typing import Any

__all__ = ["reduction_of"]


def reduction_of(reduction: Any, size_average: bool | None, reduce: bool | None) -> str:
    """Return "mean", "sum" or "none", from the argument or from the two that it replaced.

    >>> reduction_of("sum", None, None)
    'sum'
    """
    if size_average is not None or reduce is not None:
        if reduce or reduce is None:
            reduction = "mean" if size_average or size_average is None else "sum"
        else:
            reduction = "none"
        warnings.warn(
            "size_average and reduce args will be deprecated, please use "
            f"reduction='{reduction}' instead.",
            UserWarning,
            stacklevel=3,
        )
    return reduction  # type: ignore[no-any-return]


def check_reduction(reduction: Any) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
