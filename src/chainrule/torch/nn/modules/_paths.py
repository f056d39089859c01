"""Single parts of a module, by their paths."""

from __future__ import annotations

from typing import Any

from ..._tensor import Tensor
from ..parameter import Parameter

__all__: list[str] = []


def get_submodule(self: Any, target: str) -> Any:
    """Return the module at a path such as "layers.0"; of "", this one."""
    found = self
    for name in target.split(".") if target else ():
        if not hasattr(found, name):
            raise AttributeError(f"{found._get_name()} has no attribute `{name}`")
        found = getattr(found, name)
        if not hasattr(found, "named_modules"):
            raise AttributeError(f"`{name}` is not an nn.Module")
    return found


def set_submodule(self: Any, target: str, module: Any, strict: bool = False) -> None:
    """Put `module` at a path; with `strict`, only where there is one."""
    if target == "":
        raise ValueError("Cannot set the submodule without a target name!")
    if not hasattr(module, "named_modules"):
        raise ValueError(f"`module` is not an nn.Module, found {type(module)}")
    path, _, name = target.rpartition(".")
    holder = self.get_submodule(path)
    if strict and not hasattr(holder, name):
        raise AttributeError(f"{holder._get_name()} has no attribute `{name}`")
    if hasattr(holder, name) and not hasattr(getattr(holder, name), "named_modules"):
        raise AttributeError(f"`{name}` is not an nn.Module")
    setattr(holder, name, module)


def member(self: Any, target: str) -> tuple[Any, str, Any]:
    path, _, name = target.rpartition(".")
    module = self.get_submodule(path)
    if not hasattr(module, name):
        raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
    return module, name, getattr(module, name)


def get_parameter(self: Any, target: str) -> Parameter:
    """Return the parameter at a path such as "layers.0.weight"."""
    _, name, found = member(self, target)
    if not isinstance(found, Parameter):
        raise AttributeError(f"`{name}` is not an nn.Parameter")
    return found


def get_buffer(self: Any, target: str) -> Tensor:
    """Return the buffer at a path."""
    module, name, found = member(self, target)
    if name not in module._buffers:
        raise AttributeError(f"`{name}` is not a buffer")
    return found  # type: ignore[no-any-return]
