"""What a module may be given, and under which names: checks, in PyTorch's words."""

from __future__ import annotations

from typing import Any

from ..._conversions.attributes import typename

__all__ = ["check_name", "refuse_arguments"]


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


def refuse_arguments(module: Any, args: Any, options: dict[str, Any]) -> None:
    """Raise for arguments that reached `Module.__init__`: the class has none of its own."""
    called = f"{type(module).__name__}.__init__()"
    if options:
        raise TypeError(f"{called} got an unexpected keyword argument '{next(iter(options))}'")
    raise TypeError(f"{called} takes 1 positional argument but {len(args) + 1} were given")
