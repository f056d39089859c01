"""Tests and the examples in docstrings speak English, whatever language the system speaks."""

from __future__ import annotations

import os
import pkgutil

import pytest

# The first variable that is looked at; the commands that tests start inherit it.
os.environ["LANGUAGE"] = "en"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the examples of NumPy's and SciPy's docstrings, which functions of ours carry."""
    items[:] = [item for item in items if not hasattr(item, "dtest") or ours(item.name)]


def ours(name: str) -> bool:
    try:
        wrapped = getattr(pkgutil.resolve_name(name), "__wrapped__", None)
    except (AttributeError, ImportError, ValueError):  # a text, not a function
        return True
    return (getattr(wrapped, "__module__", None) or "chainrule").startswith("chainrule")
