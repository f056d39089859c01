"""The functions behind layers and losses: values, gradients to second order, names, as PyTorch."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import chainrule.torch.nn.functional  # noqa: F401  (the expressions say torch.nn.functional)
from tests.torch.against import differences

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

rng = np.random.default_rng(5)
F = "torch.nn.functional"
SCORES, OTHERS = rng.normal(size=(6, 3)) * 2, rng.normal(size=(6, 3))
SHARES, TARGETS = rng.uniform(0.05, 0.95, (6, 3)), rng.uniform(0.05, 0.95, (6, 3))
CLASSES, BLOCK = rng.integers(0, 3, 6), rng.normal(size=(2, 3, 4))
NAMED = rng.integers(0, 3, (2, 4))
BOTH = pytest.mark.parametrize("dtype", ["float32", "float64"])


def check(text: str, dtype: str, order: int = 2, **arrays: Any) -> None:
    cast = {
        name: a.astype(dtype) if np.asarray(a).dtype.kind == "f" else a
        for name, a in arrays.items()
    }
    assert differences(text.replace("F.", f"{F}."), cast, order, rtol=1e-5) == []


@BOTH
@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh", "leaky_relu", "logsigmoid"])
def test_activations(name: str, dtype: str) -> None:
    for x in (SCORES, SCORES[0, 0], SCORES[:0], SCORES.T, np.array([-1.0, 0.0, 1.0, -90.0, 90.0])):
        check(f"F.{name}(x)", dtype, x=x)


@BOTH
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_shares(name: str, dtype: str) -> None:
    for x, dim in ((SCORES, 0), (SCORES, 1), (SCORES, -1), (BLOCK, 1), (SCORES[0], 0)):
        check(f"F.{name}(x, {dim})", dtype, x=x)
    for x in (SCORES[0, 0], SCORES[:0], np.array([1.0, -np.inf, 500.0])):
        check(f"F.{name}(x, 0)", dtype, 1, x=x)


@BOTH
def test_linear(dtype: str) -> None:
    weight, bias = OTHERS[:2], OTHERS[0, :2]
    for x in (SCORES, SCORES[0], BLOCK.swapaxes(1, 2), SCORES[:0]):
        check("F.linear(x, y, z)", dtype, x=x, y=weight, z=bias)
        check("F.linear(x, y)", dtype, x=x, y=weight)
    check("F.linear(x, y, z)", dtype, x=SCORES[:2].T.copy().T, y=weight, z=bias)
    check("F.linear(x, y, z)", dtype, x=SCORES[:, :1], y=OTHERS[:1, :1], z=bias[:1])


@BOTH
@pytest.mark.parametrize("how", ["mean", "sum", "none"])
def test_two_classes(how: str, dtype: str) -> None:
    end = f", reduction='{how}')"
    name = "F.binary_cross_entropy"
    for pair in ((SHARES, TARGETS), (SHARES[0], TARGETS[0]), (SHARES[0, 0], TARGETS[0, 0])):
        check(f"{name}(x, y{end}", dtype, x=pair[0], y=pair[1])
        check(f"{name}_with_logits(x, y{end}", dtype, x=pair[0] * 9 - 4, y=pair[1])
    constant = "torch.tensor([0.5, 2.0, 1.0], dtype=x.dtype)"
    check(f"{name}(x, y, {constant}{end}", dtype, x=SHARES, y=TARGETS)
    check(f"{name}_with_logits(x, y, {constant}{end}", dtype, x=SCORES, y=TARGETS)
    check(f"{name}_with_logits(x, y, None, pos_weight={constant}{end}", dtype, x=SCORES, y=TARGETS)
    check(f"{name}(x.t(), y.t(){end}", dtype, x=SHARES, y=TARGETS)
    wide = np.array([-800.0, -90.0, 90.0, 800.0])
    ends = np.array([1.0, 0.0, 1.0, 0.0])
    check(f"{name}_with_logits(x, y{end}", dtype, 1, x=wide, y=ends)


@BOTH
@pytest.mark.parametrize("how", ["mean", "sum", "none"])
def test_numbers(how: str, dtype: str) -> None:
    for name in ("mse_loss", "l1_loss"):
        check(f"F.{name}(x, y, reduction='{how}')", dtype, x=SCORES, y=OTHERS)
        check(f"F.{name}(x, y, reduction='{how}')", dtype, x=SCORES[:, :1], y=OTHERS[0])
        check(f"F.{name}(x, y.detach(), reduction='{how}')", dtype, x=SCORES[0, 0], y=OTHERS[0, 0])
        weight = "weight=torch.ones(6, 3, dtype=x.dtype) * 0.5"
        check(f"F.{name}(x, y, reduction='{how}', {weight})", dtype, x=SCORES, y=OTHERS)


@BOTH
@pytest.mark.parametrize("how", ["mean", "sum", "none"])
def test_classes(how: str, dtype: str) -> None:
    weight = "torch.tensor([0.5, 2.0, 1.0], dtype=x.dtype)"
    weights, ignored, smooth = ("None", weight), (-100, 1), (0.0, 0.2)
    for w, k, s in itertools.product(weights, ignored, smooth):
        end = f"weight={w}, ignore_index={k}, reduction='{how}'"
        for x, y in ((SCORES, CLASSES), (SCORES[0], CLASSES[0]), (BLOCK, NAMED)):
            check(f"F.cross_entropy(x, y, {end}, label_smoothing={s})", dtype, x=x, y=y)
            if s == 0:
                check(f"F.nll_loss(x, y, {end})", dtype, x=x, y=y)
    for w, s in itertools.product(weights, smooth):
        end = f"weight={w}, reduction='{how}', label_smoothing={s}"
        check(f"F.cross_entropy(x, y, {end})", dtype, x=SCORES, y=TARGETS)
        check(f"F.cross_entropy(x, y, {end})", dtype, x=BLOCK, y=BLOCK**2)


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss"])
def test_number_types_meet(name: str) -> None:
    arrays = {"x": SCORES.astype("f4"), "y": TARGETS}
    assert differences(f"{F}.{name}(x, y)", arrays, 1, rtol=1e-5) == []
