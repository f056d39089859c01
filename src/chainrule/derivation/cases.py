"""A choice between cases inside of something larger: what it is in each case.

Whatever stands around it may as well stand inside: 2·{x if x > 0; 0 otherwise} is
{2x if x > 0; 0 otherwise}. And in the case x > 0, max(x, 0) is x.
"""

from __future__ import annotations

import numpy as np

from .expressions import Expr

__all__ = ["first_cases", "in_case", "within"]

GREATER, LESS = (np.greater, np.greater_equal), (np.less, np.less_equal)


def first_cases(e: Expr) -> Expr | None:
    """Return the first choice between cases in `e`, none of a sum over the rows."""
    if e.head is np.where:
        return e
    inside = () if e.head is np.sum else e.args
    return next((found for arg in inside if (found := first_cases(arg)) is not None), None)


def within(e: Expr, chosen: Expr, case: Expr) -> Expr:
    """Return `e` in one of the cases: what has the same condition is in that case too."""
    if e.head is np.where and e.args[0] == chosen.args[0]:
        return within(e.args[1] if case is chosen.args[1] else e.args[2], chosen, case)
    if e.head is np.sum or not e.args:
        return e
    return Expr(e.head, tuple(within(arg, chosen, case) for arg in e.args))


def in_case(e: Expr, condition: Expr, holds: bool) -> Expr:
    """Return `e` where `condition` holds, or where it does not: in it, nothing asks again."""
    if not e.args or e.head is np.sum:
        return e
    if e.head is np.where and e.args[0] == condition:
        return in_case(e.args[1 if holds else 2], condition, holds)
    larger = e.head in (np.maximum, np.minimum) and condition.head in (*GREATER, *LESS)
    if larger and set(e.args) == set(condition.args):
        a, b = condition.args
        first_is_greater = (condition.head in GREATER) == holds
        return a if first_is_greater == (e.head is np.maximum) else b
    return Expr(e.head, tuple(in_case(arg, condition, holds) for arg in e.args))
