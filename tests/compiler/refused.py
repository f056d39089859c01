"""Calls of the table that cannot be compiled by their nature, each with the reason.

A test fails where one of them can be compiled after all.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

__all__ = ["NOT_YET", "REFUSED", "Refused", "refused_ways"]

ALL_WAYS = ("value", "vjp", "jvp")


@dataclass
class Refused:
    """Why calls of a function are refused: which derivatives, of which of its samples."""

    reason: str
    ways: Collection[str] = ALL_WAYS
    samples: Collection[int] | None = None  # None: all

    def at(self, sample: int) -> bool:
        return self.samples is None or sample in self.samples


# being mended
NOT_YET = {
    "average",
    "cheb2poly",
    "chebadd",
    "chebcompanion",
    "chebdiv",
    "chebfit",
    "chebint",
    "chebline",
    "chebmul",
    "chebmulx",
    "chebpow",
    "chebsub",
    "compress",
    "delete",
    "diff",
    "einsum",
    "empty_like",
    "extract",
    "geomspace",
    "herm2poly",
    "hermadd",
    "hermcompanion",
    "hermdiv",
    "herme2poly",
    "hermeadd",
    "hermecompanion",
    "hermediv",
    "hermefit",
    "hermeint",
    "hermeline",
    "hermemul",
    "hermemulx",
    "hermepow",
    "hermesub",
    "hermfit",
    "hermint",
    "hermline",
    "hermmul",
    "hermmulx",
    "hermpow",
    "hermsub",
    "histogram",
    "histogram2d",
    "histogram_bin_edges",
    "histogramdd",
    "intersect1d",
    "lag2poly",
    "lagadd",
    "lagcompanion",
    "lagdiv",
    "lagfit",
    "lagint",
    "lagline",
    "lagmul",
    "lagmulx",
    "lagpow",
    "lagroots",
    "lagsub",
    "leg2poly",
    "legadd",
    "legcompanion",
    "legdiv",
    "legfit",
    "legint",
    "legline",
    "legmul",
    "legmulx",
    "legpow",
    "legsub",
    "logn",
    "nanpercentile",
    "nanquantile",
    "percentile",
    "pinv",
    "pinvh",
    "poly",
    "poly2cheb",
    "poly2herm",
    "poly2herme",
    "poly2lag",
    "poly2leg",
    "polyadd",
    "polycompanion",
    "polydiv",
    "polyfit",
    "polyint",
    "polyline",
    "polymul",
    "polymulx",
    "polypow",
    "polysub",
    "qr",
    "quantile",
    "reshape",
    "setdiff1d",
    "setxor1d",
    "trimcoef",
    "union1d",
    "unique",
    "unique_all",
    "unique_counts",
    "unique_inverse",
    "unique_values",
}

REFUSED: dict[Any, list[Refused]] = {}


def refused_ways(function: Any, sample: int) -> set[str]:
    """Return which of the value, its changes and its tangents cannot be compiled."""
    return {way for each in REFUSED.get(function, ()) if each.at(sample) for way in each.ways}
