"""Sums over the data points written out: Σᵢ (pᵢ − tᵢ)·xᵢ as (p₁ − t₁)·x₁ + (p₂ − t₂)·x₂."""

from __future__ import annotations

import numpy as np

from .expressions import SUMS, Expr, Name, chained

__all__ = ["nth", "written_out"]


def nth(n: Expr, k: int) -> Expr:
    """Return the name of the value of `n` at data point k, counted from 0: x₁ for x and 0."""
    return Expr(Name(f"{n.head.text}{k + 1}", data=n.head.data))


def written_out(e: Expr, count: int, parent: object = None) -> Expr:
    """Return `e` with every sum over the `count` data points written out, those inside too."""
    if not e.args:
        return e
    if e.head is not np.sum:
        return Expr(e.head, tuple(written_out(arg, count, e.head) for arg in e.args))
    body = written_out(e.args[0], count)
    rows = {leaf for leaf in body.leaves() if leaf.head.row}
    terms = [body.put({n: nth(n, k) for n in rows}) for k in range(count)]
    found = chained(np.add, terms)
    return Expr(np.positive, (found,)) if parent in SUMS else found
