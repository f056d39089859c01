"""Modules that look like another module, with its functions answered by the table of rules."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

from .table import RECORD, RULES, known
from .values import Value

__all__ = ["face_of", "served"]


def holds_value(v: Any) -> bool:
    """Say whether an argument is, or holds in lists, a value that is being differentiated."""
    if isinstance(v, (list, tuple)):
        return any(map(holds_value, v))
    return isinstance(v, Value)


def served(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` for plain arrays.

    And what records it for values that are being differentiated.
    """
    if (
        known(function)
        and (rule := RULES.get(function))
        and not rule.constant
        and len(rule.inputs) <= 2
        and not rule.lists
    ):
        from .dispatch import recording_function

        if not rule.endless:
            return like(recording_function(rule), function)

    @functools.wraps(function)
    def call(*inputs: Any, **options: Any) -> Any:
        if any(map(holds_value, inputs)) or any(map(holds_value, options.values())):
            return RECORD[function](*inputs, **options)
        return function(*inputs, **options)

    return call


def like(record: Callable[..., Any], function: Any) -> Callable[..., Any]:
    record.__doc__ = function.__doc__
    record.__wrapped__ = function  # type: ignore[attr-defined]
    for method in ("reduce", "accumulate", "outer", "at", "reduceat", "nin", "nout", "types"):
        if hasattr(function, method):
            setattr(record, method, getattr(function, method))
    return record


def face_of(
    space: dict[str, Any], module: types.ModuleType, submodules: dict[str, str]
) -> Callable[[str], Any]:
    """Return the `__getattr__` of a module whose names are those of `module`.

    `space` is the face's own namespace, where names are kept once looked up; `submodules` are
    those with a face of their own.
    """

    def __getattr__(name: str) -> Any:
        if name in submodules:
            import importlib

            found: Any = importlib.import_module(submodules[name])
        else:
            try:
                found = getattr(module, name)
            except AttributeError:
                raise AttributeError(
                    f"{module.__name__} has no name {name!r}, and so neither has "
                    f"{space['__name__']}."
                ) from None
            if callable(found) and not isinstance(found, type):
                found = served(found)
        space[name] = found
        return found

    return __getattr__
