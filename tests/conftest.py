"""What tests of every folder may ask for."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.browser import browser, open_page

__all__ = ["browser", "open_page"]

# Everybody runs the same tests; `--hypothesis-profile=anew` looks for calls that nobody thought of.
# Hypothesis tries numbers that it finds in our own files, too: which, depends on what was imported,
# and so does how many inputs a test lets go.
rarely = [HealthCheck.filter_too_much]
settings.register_profile("same", derandomize=True, suppress_health_check=rarely)
settings.register_profile("anew", derandomize=False)
settings.load_profile("same")


# Compiled code is kept from run to run, but not among what the user's own programs have compiled.
owner = f"-{os.getuid()}" if hasattr(os, "getuid") else ""
kept = Path(tempfile.gettempdir()) / f"chainrule-tests{owner}"
os.environ.setdefault("CHAINRULE_CACHE", str(kept))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens pages, so that `-m pages` finds it."""
    for item in items:
        if "open_page" in getattr(item, "fixturenames", ()):
            item.add_marker("pages")
