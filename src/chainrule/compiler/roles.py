"""What a call does to rows: one at a time, adding them up, or something else.

Row-local calls can be made for a block of rows at a time; sums over rows are added up over the
blocks. Everything else has to wait for all rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from chainrule._core.pieces import gather
from chainrule._core.values import cast, take
from chainrule._rules.trigonometric import sech2

from .program import Call, Var, among
from .sizes import ROWS, Size

__all__ = ["Role", "has_rows", "is_elementwise", "role_of", "row_axis"]

Role = Literal["rows", "sum", "whole"]


def row_axis(v: Var) -> int | None:
    """The axis of `v` that has a place for each row; None if there is none, -1 if it is not one."""
    symbolic = [k for k, size in enumerate(v.shape) if isinstance(size, Size)]
    if not symbolic:
        return None
    return symbolic[0] if len(symbolic) == 1 and v.shape[symbolic[0]] == ROWS else -1


def has_rows(v: Var) -> bool:
    return any(isinstance(size, Size) for size in v.shape)


def is_elementwise(call: Call) -> bool:
    function = call.function
    if isinstance(function, np.ufunc):
        return function.signature is None and not call.several
    return function in (cast, sech2) or (function is np.where and len(call.inputs) == 3)


def role_of(call: Call) -> Role:
    """Return what a call, with rows among what it reads or returns, does to them."""
    if any(row_axis(v) == -1 for v in (*call.reads(), *call.outputs)):
        return "whole"
    answer = ROLES.get(call.function)
    if answer is None and is_elementwise(call):
        answer = aligned
    return answer(call) if answer and not call.several else "whole"


def aligned(call: Call) -> Role:
    """Of functions that broadcast: the axis of the rows must be the same, from behind."""
    out = call.output
    if (axis := row_axis(out)) is None:
        return "whole"
    behind = out.ndim - axis
    for v in among((call.inputs, call.options)):
        if (mine := row_axis(v)) is not None and v.ndim - mine != behind:
            return "whole"
    return "rows"


def made(call: Call) -> Role:
    return "rows"


def arranged(call: Call) -> Role:
    """Of np.arange: the number of each row."""
    return "rows" if call.inputs == (ROWS,) else "whole"


def reshaped(call: Call) -> Role:
    """Rows stay rows if as many numbers stand before and behind them."""
    x, y = call.inputs[0], call.output
    a, b = row_axis(x), row_axis(y)
    if a is None or b is None:
        return "whole"
    return "rows" if np.prod(x.shape[:a], dtype=int) == np.prod(y.shape[:b], dtype=int) else "whole"


def moved(call: Call) -> Role:
    return "rows"


def reduced(call: Call) -> Role:
    x, axes = call.inputs[0], call.inputs[1]
    if row_axis(x) not in axes:
        return "rows"
    return "sum" if call.function is np.sum else "whole"


def contracted(call: Call) -> Role:
    subscripts, *operands = call.inputs
    terms, out = subscripts.split("->")
    letters = {
        term[row_axis(v)]
        for term, v in zip(terms.split(","), operands, strict=True)
        if row_axis(v) is not None
    }
    if len(letters) != 1:
        return "whole"
    (letter,) = letters
    if any(
        letter in term and row_axis(v) is None
        for term, v in zip(terms.split(","), operands, strict=True)
    ):
        return "whole"
    return "rows" if letter in out else "sum"


def taken(call: Call) -> Role:
    """Of `x[at]`: all rows, and the same places of each; or of each row the place it names."""
    x, at = call.inputs
    axis = row_axis(x)
    places = at if type(at) is tuple else (at,)
    if axis is None:  # a table, looked up for each row
        arrays = [p for p in places if isinstance(p, Var)]
        return "rows" if len(arrays) == 1 and row_axis(arrays[0]) == 0 else "whole"
    return "rows" if keeps_rows(places, axis) and row_axis(call.output) is not None else "whole"


def keeps_rows(places: tuple[Any, ...], axis: int) -> bool:
    if any(p is None or p is ... for p in places):
        return False
    if axis >= len(places):
        return not any(isinstance(p, Var) for p in places)
    mine = places[axis]
    if mine == slice(None):
        return not any(isinstance(p, Var) for p in places)
    if not (isinstance(mine, Var) and axis == 0 and row_axis(mine) == 0 and mine.ndim == 1):
        return False
    return mine.counts and all(
        isinstance(p, int) or (isinstance(p, Var) and p.shape == (ROWS,)) for p in places[1:]
    )


def gathered(call: Call) -> Role:
    parts, places, _ = call.inputs
    axis = row_axis(call.output)
    if axis is None:
        arrays = [p for at in places for p in among(at)]
        one = len(parts) == 1 and len(arrays) == 1 and row_axis(arrays[0]) == 0
        return "sum" if one and row_axis(parts[0]) == 0 else "whole"
    for part, at in zip(parts, places, strict=True):
        if not keeps_rows(at if type(at) is tuple else (at,), axis) or row_axis(part) is None:
            return "whole"
    return "rows"


def joined(call: Call) -> Role:
    items, axis = call.inputs
    return "rows" if all(row_axis(v) not in (None, axis) for v in items) else "whole"


def along(call: Call) -> Role:
    x, axis = call.inputs[:2]
    return "rows" if row_axis(x) != axis else "whole"


ROLES: dict[Any, Callable[[Call], Role]] = {
    np.broadcast_to: aligned,
    np.full: made,
    np.arange: arranged,
    np.reshape: reshaped,
    np.transpose: moved,
    np.sum: reduced,
    np.max: reduced,
    np.min: reduced,
    np.prod: reduced,
    np.einsum: contracted,
    take: taken,
    gather: gathered,
    np.concatenate: joined,
    np.cumsum: along,
}
