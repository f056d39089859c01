"""Sums, means, products, spreads, extremes, sorting: as PyTorch has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.torch.against import differences

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

rng = np.random.default_rng(5)
ARRAYS: dict[str, Any] = {
    "x": rng.normal(size=(3, 4)).astype("f4"),
    "c": rng.normal(size=(2, 3, 4)).astype("f4"),
    "v": rng.uniform(0.5, 2.0, 5).astype("f4"),
    "s": np.array(1.5, "f4"),
    "e": np.zeros((0, 3), "f4"),
}
SUMS = [
    f"{tensor}.{name}({arguments})"
    for name in ("sum", "mean")
    for tensor, arguments in (
        ("x", ""), ("x", "0"), ("x", "-1"), ("x", "dim=1"), ("c", "(0, 2)"), ("c", "[0, -1]"),
        ("x", "0, True"), ("c", "(1, 2), keepdim=True"), ("x", "axis=0"), ("x", "()"),
        ("c", "axis=(0, 1), keepdims=True"), ("s", ""), ("s", "0"), ("s", "-1"), ("s", "0, True"),
        ("e", ""), ("e", "0"), ("e", "1"), ("x", "dtype=torch.float64"), ("x", "1, keepdims=True"),
        ("x.t()", ""), ("x.double()", "0"), ("x", "0, dtype=torch.float64"), ("x.half()", ""),
        ("v", ""), ("x[:, ::2]", "1"),
    )
]  # fmt: skip
SUMS += [f"torch.{name}({a})" for name in ("sum", "mean") for a in ("x", "x, 1", "input=x, dim=0")]
PRODUCTS = [
    "v.prod()", "x.prod()", "x.prod(0)", "x.prod(1, True)", "c.prod(-1, keepdim=True)", "s.prod()",
    "s.prod(0)", "e.prod()", "e.prod(0)", "(x * (x > 0)).prod(1)", "x.cumsum(0)", "x.cumsum(-1)",
    "s.cumsum(0)", "v.cumprod(0)", "(x * (x > 0)).cumprod(1)", "x.cumprod(0)", "e.cumsum(0)",
    "c.cumsum(1)", "torch.cumsum(x, dim=1)", "torch.prod(x, 0)", "e.cumprod(1)", "s.cumprod(0)",
]  # fmt: skip


SPREADS = [
    f"{tensor}.{name}({arguments})"
    for name in ("std", "var")
    for tensor, arguments in (
        ("x", ""), ("x", "0"), ("c", "(0, 2)"), ("x", "1, True"), ("x", "1, False"), ("x", "False"),
        ("x", "unbiased=False"), ("x", "correction=0"), ("x", "dim=1, correction=2, keepdim=True"),
        ("x", "1, unbiased=False, keepdim=True"), ("x", "axis=0, keepdims=True"), ("x.half()", "0"),
        ("v", ""), ("c", "-1"), ("x.double()", ""), ("x[:1]", "0"), ("s", ""), ("v * 0 + 2", ""),
        ("x * 0 + x[:1]", "0"), ("e", ""), ("e", "0"), ("v * 1e-3 + 1000", ""),
    )
]  # fmt: skip
SPREADS += [
    "sum(torch.var_mean(x, 1))",
    "sum(torch.std_mean(x))",
    "torch.std(x, 0)",
    "torch.var(input=x)",
]
NORMS = [
    "x.norm()", "x.norm(1)", "x.norm(3)", "x.norm(p=inf)", "x.norm(p=-inf)",
    "x.norm('fro')", "x.norm(2, 1)", "x.norm(dim=0, keepdim=True)", "c.norm(dim=(0, 2))",
    "x.norm(p=1, dim=1)", "x.norm(2.5)", "x.norm(inf, 0)", "s.norm()",
    "x.norm(dtype=torch.float64)",
    "torch.norm(x)", "torch.norm(x, dim=1)", "(x * 0).norm()", "x.norm(0.5, 0)", "c.norm(p=2)",
    "torch.norm(x, 2)", "c.norm('fro', (1, 2))",
]  # fmt: skip
SHARES = [
    f"{tensor}.{name}({arguments})"
    for name in ("softmax", "log_softmax", "logsumexp")
    for tensor, arguments in (
        ("x", "0"), ("x", "-1"), ("c", "dim=1"), ("s", "0"), ("v", "0"), ("(x * 300)", "1"),
        ("e", "0"), ("e", "1"), ("v.double()", "0"),
    )
]  # fmt: skip
SHARES += [
    "x.logsumexp((0, 1))", "x.logsumexp(1, True)", "torch.logsumexp(x, dim=0, keepdim=True)",
    "x.softmax(axis=0)", "x.cumsum(axis=1)", "torch.softmax(x, dim=1)",
    "torch.softmax(x, 1, dtype=torch.float64)", "x.log_softmax(dim=0)",
]  # fmt: skip


@pytest.mark.parametrize("text", SPREADS + NORMS + SHARES)
def test_spreads_norms_and_shares(text: str) -> None:
    order = 1 if "e." in text or "* 0" in text or text in FIRST_ONLY else 2
    assert differences(text, ARRAYS, order, rtol=2e-5) == []


FIRST_ONLY = {"s.var()", "x.half().std(0)", "x.half().var(0)"}


@pytest.mark.parametrize("text", SUMS + PRODUCTS)
def test_sums_and_products(text: str) -> None:
    order = 1 if text[:2] in ("e.", "s.") else 2  # one says of the zeros that they depend on it
    assert differences(text, ARRAYS, order) == []


COUNTS = [
    f"{tensor}.{name}({arguments})"
    for name in ("all", "any")
    for tensor in ("b", "i", "f", "z", "u", "h")
    for arguments in ("", "0", "dim=0, keepdim=True")
]
COUNTS += [
    "m.all(1)", "m.any((0, 1))", "m.all(dim=(0, 1), keepdim=True)", "torch.any(m, axis=1)",
    "torch.count_nonzero(m)", "m.count_nonzero(0)", "m.count_nonzero((0, 1))", "i.sum()", "b.sum()",
    "u.sum()", "i.sum(0)", "b.sum(0, dtype=torch.int32)", "i.sum(dtype=torch.float32)",
    "i.prod()", "b.prod()", "i.cumsum(0)", "b.cumsum(0)", "i.int().cumsum(0)", "i.int().sum()",
    "i.cumprod(0)", "i.mean(dtype=torch.float64)", "f.sum(dtype=torch.int64)", "i.float().mean()",
    "f.cumsum(0, dtype=torch.float64)", "f.prod(dtype=torch.float64)", "z.all(), z.any()",
    "h.mean()", "h.sum()", "f.sum(dtype=torch.float16)",
]  # fmt: skip


@pytest.mark.parametrize("text", COUNTS)
def test_number_types(text: str) -> None:
    arrays: dict[str, Any] = {
        "b": [True, False], "i": [1, 2, -3], "f": np.array([0.5, 1.5], "f4"),
        "z": np.zeros(0, "f4"), "u": np.array([3, 200], "u1"), "m": [[1, 0], [2, 3]],
        "h": np.full(3, 30000, "f2"),
    }  # fmt: skip
    assert differences(text, arrays, order=0) == []


def test_precision() -> None:
    """As many digits as PyTorch, over a contiguous axis: a running sum would lose four of them."""
    x = rng.uniform(0, 1, (3, 200_000)).astype("f4")
    exact = x.astype("f8").sum(1)
    from chainrule.torch._tensor import made

    assert np.abs(made(x).sum(1)._array / exact - 1).max() < 3e-7
    assert np.abs(made(x).mean()._array / (exact.sum() / x.size) - 1) < 3e-7
    assert differences("x.sum(), x.mean(1), x.cumsum(1)[:, -1]", {"x": x}, 0) == []


MISTAKES = [
    "torch.sum(1.0)", "torch.mean([1.0])", "torch.sum(x, 'a')", "torch.sum(x, 1.5)", "x.sum(2)",
    "x.sum(-3)", "x.sum((0, 0))", "x.sum((0, -2))", "i.mean()", "b.mean(0)", "x.mean(3)",
    "x.mean(dtype=torch.int64)", "s.sum(1)", "torch.prod(x, 2)", "x.cumsum(2)",
    "torch.cumsum(x, 'a')", "x.any(5)", "torch.count_nonzero(2)", "x.count_nonzero(2)",
    "torch.cumprod(1, 0)", "i.std()", "torch.std(2.0)", "x.var(2)", "i.norm()", "x.norm(dim=3)",
    "x.softmax(2)", "torch.softmax(x, 'a')", "i.softmax(0)", "m.softmax(0)", "x.logsumexp(2)",
    "torch.softmax([1.0], 0)",
]  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes(text: str) -> None:
    arrays = {"x": ARRAYS["x"], "i": [1, 2], "b": [True, False], "s": ARRAYS["s"]}
    assert differences(text, arrays, order=0) == []
