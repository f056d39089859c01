"""The texts that tell how far two numbers, or two tensors, are apart."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["elements_text", "numbers_text"]


def title(what: str, rtol: float, atol: float) -> str:
    return f"{what} are not {'equal' if rtol == atol == 0 else 'close'}!\n\n"


def allowed(tolerance: float, exact: bool) -> str:
    return "" if exact else f" (up to {tolerance} allowed)"


def numbers_text(actual: Any, expected: Any, rtol: float, atol: float) -> str:
    """Return the text for two numbers that are not close."""
    exact = rtol == atol == 0
    apart = abs(actual - expected)
    relative = float("inf") if expected == 0 else apart / abs(expected)
    return (
        f"{title('Scalars', rtol, atol)}Expected {expected} but got {actual}.\n"
        f"Absolute difference: {apart}{allowed(atol, exact)}\n"
        f"Relative difference: {relative}{allowed(rtol, exact)}"
    )


def elements_text(
    a: np.ndarray[Any, Any],
    b: np.ndarray[Any, Any],
    same: np.ndarray[Any, Any],
    rtol: float,
    atol: float,
) -> str:
    """Return the text for two arrays of one shape and type, which are close where `same`."""
    exact = rtol == atol == 0
    missed, count = int((~same).sum()), same.size
    with np.errstate(all="ignore"):
        apart = np.abs(a - b)
        apart[same] = 0
        size = np.abs(b)
        if apart.dtype.kind == "i":  # PyTorch divides whole numbers in float32
            relative = apart.astype(np.float32) / size.astype(np.float32)
        else:
            relative = apart / size
        relative[same] = 0
    lines = []
    for name, one, tolerance in (("absolute", apart, atol), ("relative", relative, rtol)):
        at = np.unravel_index(int(np.argmax(one)), one.shape)
        place = tuple(map(int, at))
        lines.append(
            f"Greatest {name} difference: {one[at].item()} at index {place}"
            f"{allowed(tolerance, exact)}"
        )
    share = f"Mismatched elements: {missed} / {count} ({missed / count:.1%})\n"
    return title("Tensor-likes", rtol, atol) + share + "\n".join(lines)
