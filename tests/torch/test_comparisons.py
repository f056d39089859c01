"""Comparisons and truth values: as PyTorch has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.torch.against import differences

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

X = np.array([[-1.0, 0.5, np.nan], [2.0, 0.0, np.inf]], "f4")
ARRAYS: dict[str, Any] = {
    "x": X, "y": X[:, ::-1].copy(), "v": X[0], "d": X.astype("f8"), "i": [1, 2, -3],
    "j": [1, 0, 7], "b": [True, False, True], "a": [True, True, False],
    "u": np.array([3, 200], "u1"), "s": np.array([1, -2], "i1"), "c": np.array([1 + 2j], "c8"),
}  # fmt: skip
TEXTS = [
    f"{left} {sign} {right}"
    for sign in ("==", "!=", "<", "<=", ">", ">=")
    for left, right in (
        ("x", "y"), ("x", "0.5"), ("x", "0"), ("0.5", "x"), ("x", "v"), ("x", "d"), ("i", "1.5"),
        ("i", "j"), ("b", "1"), ("b", "a"), ("i", "v"), ("x", "True"), ("s", "300"), ("u", "-1"),
        ("c", "c"), ("x", "None"), ("x", "'a'"), ("x", "u"), ("d", "0.1"),
        ("x", "torch.tensor(0.5)"),
    )
]  # fmt: skip
TEXTS += [f"torch.{name}(x, 0.5)" for name in ("eq", "ne", "lt", "le", "gt", "ge")]
TEXTS += [f"x.{name}(y)" for name in ("eq", "greater", "less", "not_equal", "greater_equal")]
TEXTS += [
    "torch.equal(x, x)", "torch.equal(i, i)", "torch.equal(x, v)", "torch.equal(i, i.float())",
    "torch.equal(x, d)", "torch.allclose(v, v)", "torch.allclose(i, i)",
    "torch.allclose(v, v, equal_nan=True)", "torch.isclose(x, x + 1e-6)",
    "torch.isclose(x, y, 0.5, 1)", "torch.isclose(i, j, atol=7)",
    "torch.isclose(x, x * 1.1, rtol=0.2)",
    "torch.isclose(b, a)", "x.allclose(x + 1e-9, equal_nan=True)",
    "torch.isnan(x)", "torch.isinf(-x)", "torch.isfinite(x)", "torch.isposinf(x)",
    "torch.isneginf(-x)", "torch.isnan(i)", "x.isnan()", "torch.isfinite(i)", "torch.signbit(x)",
    "torch.signbit(i)", "torch.logical_not(x)", "torch.logical_and(x, y)", "torch.logical_or(i, b)",
    "torch.logical_xor(x, v)", "b.logical_and(a)", "~b", "~i", "~u", "b & a", "b | a", "b ^ a",
    "i & j", "i | 1", "i ^ 3", "1 & i", "1 | i", "b & 1", "i & b", "u & 255", "i << 1", "i >> 1",
    "b & True", "torch.bitwise_and(i, j)", "torch.bitwise_not(b)",
    "torch.bitwise_or(i, 1)", "b.bitwise_xor(a)",
    "torch.bitwise_left_shift(i, 2)", "u >> 1",
]  # fmt: skip
MISTAKES = [
    "torch.eq(x, 'a')", "torch.eq(x, i)", "x == u", "torch.equal(x, 1)", "torch.allclose(x, d)",
    "torch.isclose(x, u)", "torch.isclose(v, i)", "torch.isclose(x, x, rtol=-1)",
    "torch.isclose(x, x, atol=-0.5)", "~x", "x & x", "b & 'a'", "x | 1", "torch.isnan(2.0)",
    "torch.logical_and(x, 1)", "torch.logical_and(x, u)", "torch.bitwise_not(x)", "i & u",
    "bool(x == y)", "torch.eq(2, x)",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS + MISTAKES)
def test_comparison(text: str) -> None:
    assert differences(text, ARRAYS, order=0) == []


def test_nothing_is_recorded() -> None:
    for text in ("x > 0", "torch.eq(x, y)", "torch.isclose(x, y)", "torch.isnan(x)"):
        assert differences(text, ARRAYS, order=1) == []
