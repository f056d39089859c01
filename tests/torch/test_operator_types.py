"""The type and the numbers of every operator, for operands of all pairs of types and ranks."""

from __future__ import annotations

import itertools
import operator
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainrule.torch as mine

TYPES = ["uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64", "complex64",
         "complex128", "bool"]  # fmt: skip
NUMBERS = [True, 3, 1.5, 1 + 2j, np.float64(1.5), np.float32(1.5), np.int64(2), np.int32(2),
           np.uint8(3)]  # fmt: skip
FUNCTIONS = ["add", "sub", "mul", "div", "true_divide", "floor_divide", "remainder", "fmod", "eq",
             "ne", "lt", "ge", "atan2", "hypot", "bitwise_and", "bitwise_xor",
             "bitwise_left_shift", "logical_and", "logical_xor", "result_type"]  # fmt: skip
OPERATORS = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor",
             "lshift", "rshift", "eq", "lt"]  # fmt: skip
IN_PLACE = ["iadd", "isub", "imul", "itruediv", "ilshift", "irshift"]
Call = Callable[[Any, Any, Any], Any]
CALLS: dict[str, Call] = {
    **{name: lambda torch, a, b, name=name: getattr(torch, name)(a, b) for name in FUNCTIONS},
    **{f"operator {name}": lambda torch, a, b, name=name: getattr(operator, name)(a, b)
       for name in OPERATORS},
    **{f"operator {name}": lambda torch, a, b, name=name: getattr(operator, name)(copied(a), b)
       for name in IN_PLACE},
    "where": lambda torch, a, b: torch.where(torch.tensor([True, False]), a, b),
    "add with alpha": lambda torch, a, b: torch.add(a, b, alpha=2),
}  # fmt: skip


def copied(v: Any) -> Any:
    return v.clone() if hasattr(v, "clone") else v


def operands(torch: Any) -> list[Any]:
    made = [torch.tensor(v).to(getattr(torch, t)) for t in TYPES for v in ([3, 1], 2)]
    return [*made, *NUMBERS]


def outcome(call: Call, torch: Any, a: Any, b: Any) -> tuple[str, str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            y = call(torch, a, b)
        except Exception as error:
            return "raised", type(error).__name__, str(error).split("\n")[0]
    return type(y).__name__, str(getattr(y, "dtype", y)), getattr(y, "tolist", lambda: None)()


def alike(mine: tuple[str, str, Any], theirs: tuple[str, str, Any]) -> bool:
    if mine[0] == theirs[0] == "raised" and theirs[2].startswith(("result type", "output with")):
        return True  # PyTorch looks at what is to be written to before the operation's own type
    if mine[:2] != theirs[:2] or mine[0] == "raised" or mine[2] is None:
        return mine == theirs
    return np.allclose(mine[2], theirs[2], rtol=2e-3, equal_nan=True)


@pytest.mark.peers
@pytest.mark.parametrize("name", CALLS)
def test_every_pair_of_types_gives_pytorchs(name: str) -> None:
    torch = pytest.importorskip("torch")
    pairs = [*itertools.product(zip(operands(mine), operands(torch), strict=True), repeat=2)]
    different = []
    for (a, a_theirs), (b, b_theirs) in pairs:
        found = outcome(CALLS[name], mine, a, b)
        expected = outcome(CALLS[name], torch, a_theirs, b_theirs)
        if not any(isinstance(v, mine.Tensor) for v in (a, b)):
            continue
        if name == "operator pow" and str(getattr(a, "dtype", a)) == "torch.bool" and b is True:
            continue  # a truth value to the power of True, which PyTorch leaves as it is
        half = "omplex32" in str(expected) or "ComplexHalf" in str(expected)  # NumPy has none
        if not half and not alike(found, expected):
            different.append((a, b, found, expected))
    assert not different


def test_known_types() -> None:
    whole, truth = mine.ones(2, dtype=mine.int8), mine.ones(2, dtype=mine.bool)
    assert (whole + 1.5).dtype is mine.float32
    assert (whole + np.int64(1)).dtype is mine.int8
    assert (truth + np.int32(1)).dtype is mine.int64
    assert mine.add(1, whole).tolist() == [2, 2]
    assert mine.sub(1.5, whole).dtype is mine.float32
    with pytest.raises(NotImplementedError, match=r"^\"remainder_cpu\" not implemented for 'Bool'"):
        truth % truth
    before = whole
    whole <<= 2
    assert whole is before
    assert whole.tolist() == [4, 4]
