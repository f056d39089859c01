"""What a module may be given under a name: the checks, and PyTorch's words for what fails them."""

from __future__ import annotations

from typing import Any

from ..._kinds.dtypes import type_name
from ..._tensor import Tensor

__all__ = ["check_name", "typename"]


def typename(value: Any) -> str:
    """Return the name of a value's type, as PyTorch's messages give it.

    >>> typename(3), typename(int)
    ('int', 'type')
    """
    if isinstance(value, Tensor):
        return type_name(value._array.dtype)
    kind = value if isinstance(value, type) else type(value)
    module = "" if kind.__module__ in ("builtins", "__builtin__", None) else kind.__module__ + "."
    return module + (kind.__qualname__ if not isinstance(value, type) else "type")


def check_name(holder: Any, name: Any, kind: str, own: dict[str, Any]) -> None:
    """Raise unless `name` can become that of a parameter, a buffer or a module of `holder`."""
    if not isinstance(name, str):
        raise TypeError(f"{kind} name should be a string. Got {typename(name)}")
    if kind == "module" and hasattr(holder, name) and name not in own:
        raise KeyError(f"attribute '{name}' already exists")
    if "." in name:
        raise KeyError(f'{kind} name can\'t contain "."' + f", got: {name}" * (kind == "module"))
    if name == "":
        raise KeyError(f'{kind} name can\'t be empty string ""')
    if hasattr(holder, name) and name not in own:
        raise KeyError(f"attribute '{name}' already exists")
