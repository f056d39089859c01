"""What a module may be given under a name: the checks, and PyTorch's words for what fails them."""

from __future__ import annotations

from typing import Any

from ..._conversions.attributes import typename

__all__ = ["check_name"]


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
