"""The names that functions of `nn.init` had before they ended in an underscore: they warn."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

__all__ = ["old"]


def old(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` under its name without the underscore, with a FutureWarning."""
    new = function.__name__
    name = new.rstrip("_")

    @functools.wraps(function)
    def called(*args: Any, **options: Any) -> Any:
        warnings.warn(
            f"`nn.init.{name}` is now deprecated in favor of `nn.init.{new}`.",
            FutureWarning,
            stacklevel=2,
        )
        return function(*args, **options)

    called.__name__ = called.__qualname__ = name
    called.__doc__ = f"Do as `{new}`, which is its name now."
    return called
