"""What tests of every folder may ask for."""

from __future__ import annotations

import pytest

from tests.browser import browser, open_page

__all__ = ["browser", "open_page"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens pages, so that `-m pages` finds it."""
    for item in items:
        if "open_page" in getattr(item, "fixturenames", ()):
            item.add_marker("pages")
