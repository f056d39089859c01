"""The largest, the smallest, the middle, and numbers in their order: as PyTorch has them."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

from tests.torch.against import differences

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

rng = np.random.default_rng(7)
ARRAYS: dict[str, Any] = {
    "x": rng.permutation(12).reshape(3, 4).astype("f4") / 3 - 1,
    "c": rng.permutation(24).reshape(2, 3, 4).astype("f4"),
    "s": np.array(1.5, "f4"),
    "e": np.zeros((0, 3), "f4"),
    "i": [3, 1, 2],
    "b": [True, False, True],
}
TIES = {"x": np.array([[1.0, 3.0, 3.0, 1.0], [2.0, 2.0, 2.0, 0.0]], "f4")}
HOLES = {"x": np.array([[1.0, np.nan, 3.0], [np.inf, 2.0, -np.inf], [np.nan, 1.0, np.nan]], "f4")}
ALONG = ["0", "1", "-1", "dim=0", "1, True", "0, keepdim=True", "axis=1", "axis=1, keepdims=True"]
TEXTS = [f"{t}.{f}({a})" for t in "xc" for f in ("max", "min", "argmax") for a in ["", *ALONG]]
TEXTS += [f"x.median({a})" for a in ["", *ALONG[:6]]]
TEXTS += [
    "s.max()", "s.max(0)", "s.min(-1)", "s.argmax()", "s.argmax(0)", "e.max(1)", "e.argmin(1)",
    "e.amax(1)", "s.amax()", "s.amin(0)", "s.median()", "s.median(0)", "x.argmin()", "x.argmin(0)",
    "x.argmax(keepdim=True)", "x.amax()", "x.amax(0)", "c.amin((0, 2))", "c.amax((1, 2), True)",
    "x.amin(dim=1, keepdim=True)", "x.max(1 - x)", "torch.max(x, x[0])", "i.max()", "i.max(0)",
    "i.argmax()", "i.amax(0)", "torch.min(x, other=-x)", "torch.max(input=x, dim=1)", "x.max(1)[0]",
    "x.max(1).values * 2", "x.t().max(0)", "torch.max(i, x[0, :3])", "x.sort()", "x.sort(0)",
    "x.sort(0, True)", "x.sort(descending=True)", "c.sort(dim=1)", "x.sort(stable=True)",
    "s.sort()", "e.sort()", "e.sort(0)", "x.argsort()", "x.argsort(0)",
    "x.argsort(descending=True)", "s.argsort()", "i.sort()", "x.topk(2)", "x.topk(2, 0)",
    "x.topk(1, largest=False)", "x.topk(4)", "x.topk(0)", "s.topk(1)", "c.topk(2, dim=1)",
    "i.topk(2)", "x.kthvalue(2)", "x.kthvalue(1, 0)", "x.kthvalue(3, dim=1, keepdim=True)",
    "x.max(0).values.sum() + x.min()", "i.median()", "i.min()",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_order(text: str) -> None:
    assert differences(text, ARRAYS, order=1) == []


@pytest.mark.parametrize(
    "text",
    [
        "x.max()", "x.min()", "x.max(1)", "x.min(1)", "x.max(0)", "x.amax(1)", "x.amin()",
        "x.argmax(1)", "x.argmin(0)", "x.sort(dim=1, stable=True)", "x.median()",
        "x.sort(dim=1, descending=True, stable=True)", "x.argsort(dim=1, stable=True)",
        "x.amax((0, 1))",
        "x.max(1).values", "x.sort(dim=1, stable=True).values[:, -1]",
    ],
)  # fmt: skip
def test_ties(text: str) -> None:
    assert differences(text, TIES, order=1) == []


@pytest.mark.parametrize(
    "text",
    [
        "x.max()", "x.min(1)", "x.max(0)", "x.amax(1)", "x.argmax()", "x.argmin(1)", "x.median()",
        "x.median(1)", "x.sort(stable=True)", "x.sort(dim=1, descending=True, stable=True)",
        "torch.isnan(x).any()",
        "x.max(1)", "x.median(0)",
    ],
)  # fmt: skip
def test_not_numbers(text: str) -> None:
    assert differences(text, HOLES, order=0) == []


@pytest.mark.parametrize(
    "text", ["x.max() ** 2", "x.max(1)[0] ** 2", "x.sort()[0] ** 2", "x.amin(0) ** 2"]
)
def test_second_derivatives(text: str) -> None:
    assert differences(text, ARRAYS) == []


MISTAKES = [
    "b.argmax()", "b.argmin(0)", "b.topk(1)", "b.median()", "b.median(0)", "b.kthvalue(1)",
    "e.max()", "e.min(0)", "e.max(0)", "e.argmax()", "e.argmin(0)", "e.amax()", "e.amin(0)",
    "x.max(2)", "x.min(-3)", "torch.max(x, 1.0)", "torch.max(2)", "x.argmax(2)", "x.sort(2)",
    "x.topk(5)", "x.topk(2, 2)", "x.median(2)", "torch.argmax([1.0])", "x.max(x[:2])",
    "x.amax((0, 0))", "torch.sort(1)", "torch.maximum(x, 2)", "torch.median(2.0)", "x.kthvalue(7)",
    "x.max(dim=5)",
]  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes(text: str) -> None:
    assert differences(text, ARRAYS, order=0) == []


def test_results_have_names() -> None:
    import chainrule.torch as torch

    x = torch.tensor([1.0, 3.0, 2.0])
    both = torch.max(x, 0)
    assert repr(both) == "torch.return_types.max(\nvalues=tensor(3.),\nindices=tensor(1))"
    values, indices = both
    assert values is both.values and indices is both.indices and len(both) == 2
    assert repr(type(both)) == "<class 'torch.return_types.max'>"
    for again in (pickle.loads(pickle.dumps(both)), copy.deepcopy(both)):
        assert type(again) is type(both) and again.indices.item() == 1


def test_a_write_to_the_indices_is_seen() -> None:
    text = "[m := x.max(1), m.indices.zero_(), m.values.sum().backward()]"
    assert differences(text, ARRAYS, 1) == []
