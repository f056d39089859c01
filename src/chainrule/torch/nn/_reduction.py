"""What becomes of the losses of all elements: their mean, their sum, or nothing."""

from __future__ import annotations

import warnings
from typing import Any

__all__ = ["check_reduction", "checked", "finished", "reduction_of"]


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


def checked(reduction: Any, size_average: bool | None, reduce: bool | None) -> str:
    """Return the reduction that the three arguments ask for; raise for one that there is not."""
    if size_average is not None or reduce is not None:
        reduction = reduction_of(reduction, size_average, reduce)
    check_reduction(reduction)
    return reduction  # type: ignore[no-any-return]


def finished(each: Any, reduction: str) -> Any:
    """Return what is made of the losses of all elements, which are a tensor."""
    if reduction == "none":
        return each
    return each.mean() if reduction == "mean" else each.sum()
