"""Libraries that only some of the work needs; the base install does without them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from chainrule._languages import tr

__all__ = ["MissingLibraryError", "how_to_get", "library"]


class MissingLibraryError(ImportError):
    """A library that this work needs is not installed: says how to install it."""


def how_to_get(extra: str) -> str:
    """Return the end of the sentence about a library that is not installed.

    >>> print(how_to_get("plot"))
    get it with: python -m pip install "chainrule[plot]" (in chainrule's own folder: ".[plot]")
    """
    return tr(
        'get it with: python -m pip install "chainrule[{extra}]" '
        '(in chainrule\'s own folder: ".[{extra}]")',
        extra=extra,
    )


def library(name: str, extra: str) -> ModuleType:
    """Return the optional library `name`, which the extra `extra` of this package installs.

    >>> library("json", extra="fit").dumps([1])
    '[1]'
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise MissingLibraryError(
            tr(
                "this needs {library}, which is not installed; {how_to_get}",
                library=name.partition(".")[0],
                how_to_get=how_to_get(extra),
            )
        ) from error
