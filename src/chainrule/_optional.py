"""Libraries that only some of the work needs; the base install does without them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

__all__ = ["MissingLibraryError", "library"]


class MissingLibraryError(ImportError):
    """A library that this work needs is not installed: says how to install it."""


def library(name: str, extra: str) -> ModuleType:
    """Return the optional library `name`, which the extra `extra` of this package installs.

    >>> library("json", extra="fit").dumps([1])
    '[1]'
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise MissingLibraryError(
            f"this needs {name.partition('.')[0]}, which is not installed; "
            f'get it with: python -m pip install "chainrule[{extra}]"'
        ) from error
