"""What is to run around a module's calls and its state dicts: the lists of its hooks."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

__all__ = ["GLOBAL", "Hooks", "hooks_of"]


class Hooks:
    """The hooks of one module, each with what it was registered with."""

    def __init__(self) -> None:
        self.before: Any = OrderedDict()  # (hook, whether it takes the options too)
        self.after: Any = OrderedDict()  # (hook, that, whether it runs after an error too)
        self.backward_before: Any = OrderedDict()
        self.backward: Any = OrderedDict()
        self.backward_is_full: bool | None = None
        self.before_saving: Any = OrderedDict()
        self.after_saving: Any = OrderedDict()  # (hook, whether it may return nothing but None)
        self.before_loading: Any = OrderedDict()  # (hook, whether it takes the module too)
        self.after_loading: Any = OrderedDict()


GLOBAL = Hooks()  # those of all modules


def hooks_of(module: Any) -> Hooks:
    """Return the hooks of a module, which has its own from now on."""
    if "_called" not in module.__dict__:
        module.__dict__["_called"] = Hooks()
    return module.__dict__["_called"]  # type: ignore[no-any-return]


def shown_as(kind: str) -> Any:
    """Return the attribute under which PyTorch keeps the hooks of one kind."""

    def get(self: Any) -> Any:
        return getattr(hooks_of(self), kind)

    def set_(self: Any, hooks: Any) -> None:
        setattr(hooks_of(self), kind, hooks)

    return property(get, set_)
