"""Tests and the examples in docstrings speak English, whatever language the system speaks."""

from __future__ import annotations

import os

# The first variable that is looked at; the commands that tests start inherit it.
os.environ["LANGUAGE"] = "en"
