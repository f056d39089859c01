"""Which calls the kernels have a text for; NumPy makes the others."""

from __future__ import annotations

import numpy as np

from chainrule._core.pieces import gather
from chainrule._core.values import take

from ..passes.lowering import lowered
from ..program import Call, Var
from ..roles import has_rows, is_elementwise
from ..sparse_rows import is_sparse_product
from .loop_text import STEPS, bodies
from .scalars import prints_elements
from .views import is_view
from .work import COMBINED

__all__ = ["prints"]

SIZED = {*COMBINED, np.einsum, np.transpose, np.broadcast_to, np.full}  # whatever the sizes are


def prints(call: Call) -> bool:
    """Say whether a kernel can make a call of the small vocabulary."""
    values = [*call.reads(), *call.outputs]
    if call.function in STEPS:
        return all(map(is_plain, values)) and all(
            prints(c) and (c.function in SIZED or is_elementwise(c) or not rows_among(c))
            for body in bodies(call)
            for c in lowered(body).calls
        )
    if call.several or not all(map(is_plain, values)):
        return False
    if is_elementwise(call):
        return prints_elements(call)
    if is_sparse_product(call):
        return all(v.dtype.kind == "f" for v in (call.inputs[0], call.inputs[4]))
    function = call.function
    if function is np.einsum:
        terms = call.inputs[0].replace(" ", "").split("->")[0].split(",")
        return "..." not in call.inputs[0] and all(len(t) == len(set(t)) for t in terms)
    if function is take:
        return picks(call.inputs[1])
    if function is gather:
        return all(map(picks, call.inputs[1]))
    if function is np.full or function is np.arange:
        return True
    if len(call.inputs) != 2 or call.options:
        return False
    if function is np.concatenate:
        return type(call.inputs[0]) is list and isinstance(call.inputs[1], int)
    if function is np.cumsum:
        return isinstance(call.inputs[1], int)
    return function in COMBINED or is_view(call)


def rows_among(call: Call) -> bool:
    """Say whether a value of a call has rows, of which the number is not known."""
    return any(map(has_rows, (*call.reads(), *call.outputs)))


def is_plain(v: Var) -> bool:
    """Say whether a value is of real numbers, at least one, that Numba computes with."""
    if 0 in v.shape:
        return False
    return v.dtype.kind in "biuf" and v.dtype.itemsize <= 8 and v.dtype != np.float16


def picks(at: object) -> bool:
    """Say whether an index is of numbers, slices and arrays of integers."""
    for p in at if type(at) is tuple else (at,):
        if isinstance(p, (Var, np.ndarray)):
            if p.dtype.kind not in "iu":
                return False
        elif isinstance(p, slice):
            if any(isinstance(bound, Var) for bound in (p.start, p.stop, p.step)):
                return False
        elif not isinstance(p, (int, np.integer)) or isinstance(p, bool):
            return False
    return True
