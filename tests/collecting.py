"""The garbage collector, brought to rest before a test counts what it finds."""

from __future__ import annotations

import gc

__all__ = ["collect_all"]


def collect_all() -> None:
    """Collect until nothing is found: what one pass finalises may let go of more for the next.

    Tests that ran before in the process leave such things, whole modules that were imported anew
    among them.
    """
    while gc.collect():
        pass
