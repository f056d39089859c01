"""The engine: values, traces, and how rules are stated. It knows NumPy and nothing else of ours."""

from __future__ import annotations

from . import methods  # noqa: F401  (gives values their operators)
