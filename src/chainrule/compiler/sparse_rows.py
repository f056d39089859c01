"""Products with the rows of a sparse matrix, which is its parts.

Its stored `values`, their `columns`, and for each row where its own begin and end among them, in
`starts` and `ends`: two vectors with a number for each row, which are cut like other rows. How many
values are stored is no part of a program.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .program import Call
from .roles import ROLES, Role, has_rows, row_axis

__all__ = ["STORED", "is_sparse_product", "rows_times", "times_rows"]


class Stored(int):
    """A size that is known only when a program runs."""

    def __repr__(self) -> str:
        return "stored"

    __str__ = __repr__


STORED = Stored(-1)


def rows_times(values: Any, columns: Any, starts: Any, ends: Any, x: Any, width: int) -> Any:
    """Return the product of these rows, of so many numbers each, and a vector or matrix."""
    return of_rows(values, columns, starts, ends, width) @ x


def times_rows(values: Any, columns: Any, starts: Any, ends: Any, r: Any, width: int) -> Any:
    """Return the sum of these rows, each multiplied by its numbers in `r`."""
    return of_rows(values, columns, starts, ends, width).T @ r


def of_rows(values: Any, columns: Any, starts: Any, ends: Any, width: int) -> Any:
    from scipy.sparse import csr_array

    if not len(starts):
        return csr_array((0, width), dtype=values.dtype)
    first, last = starts[0], ends[-1]
    cuts = np.append(starts, ends[-1:]) - first
    return csr_array((values[first:last], columns[first:last], cuts), shape=(len(starts), width))


def is_sparse_product(call: Call) -> bool:
    """Say whether a call is one of these products, over rows whose number is not known."""
    return call.function in (rows_times, times_rows) and has_rows(call.inputs[2])


def product_role(call: Call) -> Role:
    x = call.inputs[4]
    if call.function is rows_times:
        return "rows" if not has_rows(x) else "whole"
    return "sum" if row_axis(x) == 0 else "whole"


ROLES[rows_times] = ROLES[times_rows] = product_role
