"""NumPy's floating-point warnings, switched off around a call: PyTorch has none.

`np.errstate` takes 1.2 us, which is what a whole small operation may cost. NumPy keeps the state
in a context variable; setting and resetting that takes 0.15 us. Where the private names are gone,
errstate serves.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["QUIET", "hush", "unhush"]

QUIET: Any
hush: Any  # hush(QUIET) returns what unhush takes
unhush: Any


def _enter(options: dict[str, Any]) -> Any:
    context = np.errstate(**options)
    context.__enter__()
    return context


def _leave(context: Any) -> None:
    context.__exit__()


try:
    from numpy._core.umath import _extobj_contextvar, _make_extobj

    QUIET = _make_extobj(all="ignore")
    hush, unhush = _extobj_contextvar.set, _extobj_contextvar.reset
except (ImportError, AttributeError, TypeError):  # another release of NumPy
    QUIET, hush, unhush = {"all": "ignore"}, _enter, _leave
