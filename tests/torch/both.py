"""One expression, evaluated by PyTorch and here: what it gives, raises and warns of, as text."""

from __future__ import annotations

import copy
import math
import re
import warnings
from typing import Any

import numpy as np

OURS_ONLY = ("__array_wrap__ must accept", "doesn't accept a copy keyword")  # NumPy, of PyTorch


def seen(module: Any, expression: str) -> tuple[str, list[str]]:
    """Return the result with its type, strides and bits, or what was raised; and the warnings."""
    module.manual_seed(0)
    names = {"torch": module, "np": np, "math": math, "copy": copy}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found = eval(expression, names)  # noqa: S307  (our own lists of expressions)
            said = repr(found)
            if isinstance(found, module.Tensor):
                said += f" {found.dtype} {found.requires_grad} {found.stride()}"
                said += found.detach().numpy().tobytes().hex()
        except Exception as e:
            said = f"{type(e).__name__}: {e}"
    texts = [f"{one.category.__name__}: {one.message}" for one in caught]
    texts = [re.sub(r" ?\(Triggered internally.*?\)", "", text) for text in texts]
    return re.sub(r"0x[0-9a-f]{6,}", "0x", said), [
        text for text in texts if not any(one in text for one in OURS_ONLY)
    ]


def check_same(torch: Any, expression: str) -> None:
    """Raise unless PyTorch and chainrule do the same with `expression`."""
    import chainrule.torch as mine

    torch.set_warn_always(True)
    try:
        assert seen(mine, expression) == seen(torch, expression)
    finally:
        torch.set_warn_always(False)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]
