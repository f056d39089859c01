"""What a module holds, and what the modules below it hold: parameters, buffers, modules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..._tensor import Tensor
from ..parameter import Parameter

__all__: list[str] = []


def named_modules(
    self: Any, memo: set[Any] | None = None, prefix: str = "", remove_duplicate: bool = True
) -> Iterator[tuple[str, Any]]:
    """Yield this module, named "", and all those below it, each once."""
    memo = set() if memo is None else memo
    if self in memo:
        return
    if remove_duplicate:
        memo.add(self)
    yield prefix, self
    for name, module in self._modules.items():
        if module is not None:
            below = prefix + ("." if prefix else "") + name
            yield from module.named_modules(memo, below, remove_duplicate)


def modules(self: Any) -> Iterator[Any]:
    """Yield this module and all those below it, each once."""
    return (module for _, module in self.named_modules())


def named_children(self: Any) -> Iterator[tuple[str, Any]]:
    """Yield the modules that this one holds itself, each once, with their names."""
    seen: set[Any] = set()
    for name, module in self._modules.items():
        if module is not None and module not in seen:
            seen.add(module)
            yield name, module


def children(self: Any) -> Iterator[Any]:
    """Yield the modules that this one holds itself."""
    return (module for _, module in self.named_children())


def named(
    self: Any, kind: str, prefix: str, recurse: bool, once: bool
) -> Iterator[tuple[str, Any]]:
    seen: set[int] = set()
    holders = self.named_modules(prefix=prefix, remove_duplicate=once)
    for path, module in holders if recurse else [(prefix, self)]:
        for name, held in module.__dict__[kind].items():
            if held is not None and id(held) not in seen:
                if once:
                    seen.add(id(held))
                yield path + ("." if path else "") + name, held


def named_parameters(
    self: Any, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
) -> Iterator[tuple[str, Parameter]]:
    """Yield the parameters with their names, those of modules below by their paths."""
    if "_parameters" not in self.__dict__:
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '_parameters'")
    return named(self, "_parameters", prefix, recurse, remove_duplicate)


def parameters(self: Any, recurse: bool = True) -> Iterator[Parameter]:
    """Yield the parameters, each once."""
    return (parameter for _, parameter in self.named_parameters(recurse=recurse))


def named_buffers(
    self: Any, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
) -> Iterator[tuple[str, Tensor]]:
    """Yield the buffers with their names."""
    return named(self, "_buffers", prefix, recurse, remove_duplicate)


def buffers(self: Any, recurse: bool = True) -> Iterator[Tensor]:
    """Yield the buffers, each once."""
    return (buffer for _, buffer in self.named_buffers(recurse=recurse))
