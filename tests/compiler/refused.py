"""Calls of the table that cannot be compiled by their nature, each with the reason.

A test fails where one of them can be compiled after all.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["REFUSED", "Refused", "refused_ways"]

ALL_WAYS = ("value", "vjp", "jvp")
DERIVATIVES = ("vjp", "jvp")


@dataclass
class Refused:
    """Why calls of a function are refused: in which ways, at which of its samples."""

    reason: str
    ways: Collection[str] = DERIVATIVES
    samples: Collection[int] | None = None  # None: all

    def at(self, sample: int) -> bool:
        return self.samples is None or sample in self.samples


REFUSED: dict[Any, Refused] = {}

DIFFERENT = "How many different numbers there are depends on the numbers."
for name in ("unique", "union1d", "setdiff1d", "setxor1d", "intersect1d"):
    REFUSED[getattr(np, name)] = Refused(DIFFERENT, ALL_WAYS)
for name in ("unique_all", "unique_counts", "unique_inverse", "unique_values"):
    REFUSED[getattr(np, name)] = Refused(DIFFERENT)

ZEROS = "Zeros at the end of a series are cut off, so that its length depends on the numbers."
RANK = "The sums of squares are none where the matrix lacks a rank, which the numbers decide."
SCALE = "A line of slope 0 is a series of one number, not two."
CONSTANT = "The integral of a series of one number is one number where that is 0."
FAMILIES = {
    "poly": np.polynomial.polynomial, "cheb": np.polynomial.chebyshev,
    "leg": np.polynomial.legendre, "herm": np.polynomial.hermite,
    "herme": np.polynomial.hermite_e, "lag": np.polynomial.laguerre,
}  # fmt: skip
for prefix, module in FAMILIES.items():
    cut_off = ["add", "sub", "mul", "mulx", "div", "pow", "companion"]
    names = [prefix + name for name in cut_off]
    if prefix != "poly":
        names += [f"poly2{prefix}", f"{prefix}2poly"]
    REFUSED |= {getattr(module, name): Refused(ZEROS) for name in names}
    REFUSED[getattr(module, f"{prefix}line")] = Refused(SCALE)
    REFUSED[getattr(module, f"{prefix}int")] = Refused(CONSTANT, samples=[9])
    REFUSED[getattr(module, f"{prefix}fit")] = Refused(RANK, samples=[3])
REFUSED[np.polynomial.polyutils.trimcoef] = Refused(ZEROS)
REFUSED[np.polymul] = REFUSED[np.polydiv] = Refused(ZEROS)
REFUSED[np.polyfit] = Refused(RANK, samples=[10])
REFUSED[np.poly] = Refused(
    "Of roots in pairs of conjugates the coefficients are real, else complex.", samples=[1]
)

for name in ("sqrt", "log", "log2", "log10", "arcsin", "arccos", "arctanh"):
    REFUSED[getattr(np.emath, name)] = Refused(
        "The result is real or complex, as the real numbers are in the domain or not.",
        samples=[0, 1],
    )
for name in ("logn", "power"):
    REFUSED[getattr(np.emath, name)] = Refused(
        "The result is real or complex, as the real numbers are in the domain or not."
    )
for name in ("nanquantile", "nanpercentile"):
    REFUSED[getattr(np, name)] = Refused(
        "Methods that take the nearest number are found out for each count of numbers.",
        samples=[*range(6, 9), *range(15, 22), *range(28, 32)],
    )


def refused_ways(function: Any, sample: int) -> Collection[str]:
    """Return which of the value, its changes and its tangents cannot be compiled."""
    refused = REFUSED.get(function)
    return refused.ways if refused is not None and refused.at(sample) else ()
