"""Ufuncs where the loop over the table cannot look: kinks, hard points, NaN, options, methods."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest

from chainrule import vjp
from chainrule._core.table import RULES, SPELLED, known
from chainrule._core.values import Value
from chainrule.checking import check_grads
from tests._rules.samples.arrays import B, P, Q

known(np.add.reduce)
UFUNCS = [
    f
    for f in dict.fromkeys([*RULES, *SPELLED])
    if isinstance(f, np.ufunc) and f.signature is None and hasattr(np, f.__name__)
]
MOVING = [f for f in UFUNCS if f not in RULES or not RULES[f].constant]
name_of = operator.attrgetter("__name__")


def inputs_of(f: Any) -> tuple[Any, ...]:
    """Arrays away from kinks that `f` takes."""
    if f is np.ldexp:
        return P, np.array([1, 2, 0, 3])
    first = P + 1 if f is np.arccosh else P / 3
    return (first,) if f.nin == 1 else (first, Q)


def outputs(y: Any) -> list[Any]:
    return list(y) if isinstance(y, tuple) else [y]


# ---------------------------------------------------------------- options


def where_on(f: Any, where: Any) -> Any:
    """`f` where `where` is true and else 0, as NumPy says it."""

    def call(*inputs: Any) -> Any:
        if any(isinstance(v, Value) for v in inputs):
            return f(*inputs, where=where)
        shape = np.broadcast_shapes(np.shape(where), *map(np.shape, inputs))
        kinds = [v.dtype for v in outputs(f(*inputs))]
        return f(*inputs, where=where, out=tuple(np.zeros(shape, kind) for kind in kinds))

    return call


def of_moving(f: Any, inputs: Any) -> tuple[Any, list[Any]]:
    """`f` as a function of those inputs that are no whole numbers."""
    moving = [v for v in inputs if np.asarray(v).dtype.kind in "fc"]
    return lambda *v: f(*v, *inputs[len(v) :]), moving


@pytest.mark.parametrize("f", MOVING, ids=name_of)
@pytest.mark.parametrize("where", [B, B[0], np.stack([B, ~B]), np.zeros((3, 1), bool)])
def test_where(f: Any, where: Any) -> None:
    call, moving = of_moving(where_on(f, where), inputs_of(f))
    for found, expected in zip(outputs(vjp(call, *moving)[0]), outputs(call(*moving)), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-14)
        assert found.dtype == expected.dtype
    check_grads(call, *moving)
