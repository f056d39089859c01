"""What PyTorch's compilers need and this package does not: functions without writes in place."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

__all__ = ["functionalize"]


def functionalize(func: Callable[..., Any], *, remove: str = "mutations") -> Callable[..., Any]:
    """Return a function that gives what `func` gives.

    PyTorch's rewrites operations in place, and views with "mutations_and_views", for tracing. The
    results are the same, and here there is nothing to trace.

    >>> import chainrule.torch as torch
    >>> torch.func.functionalize(lambda x: x.clone().add_(1))(torch.tensor([1.0]))
    tensor([2.])
    """
    if remove not in ("mutations", "mutations_and_views"):
        raise RuntimeError(
            "functionalize(f, remove='mutations'): received invalid argument for remove="
            f"{remove}. Valid options are:\n     remove='mutations': all inplace and out= operators"
            " will be removed from the program, and replaced with their out-of-place equivalents.\n"
            "     remove='mutations_and_views': In addition to the above, all aliasing operators "
            "{view} will be replaced with their non-aliasing counterparts, {view}_copy.\n"
        )

    @functools.wraps(func, updated=())
    def called(*inputs: Any, **options: Any) -> Any:
        return func(*inputs, **options)

    return called
