"""108 expressions that PyTorch 2.13 evaluated in float64: values, gradients and names of nodes.

`recorded_operations.json` holds the inputs, and for each expression its value, the name of its
node, and the gradient of sum(value * cos(1, 2, …)) in each input. Second derivatives, which were
not recorded, are held against differences of first ones.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainrule.torch as torch
import chainrule.torch.nn.functional as F

RECORD = json.loads(
    (Path(__file__).parent / "recorded_operations.json").read_text(encoding="utf-8")
)
CASES = RECORD["cases"]
SCIPY = ("torch.lgamma",)  # what needs it


def inputs(module: Any = torch, moved: dict[str, Any] | None = None) -> dict[str, Any]:
    found = {}
    for name, kept in RECORD["inputs"].items():
        array = np.array(kept["data"], np.float64).reshape(kept["shape"])
        if moved and name in moved:
            array = array + moved[name]
        found[name] = module.tensor(array, requires_grad=True)
    return found


def evaluated(case: dict[str, Any], found: dict[str, Any]) -> Any:
    return eval(case["expr"], {"torch": torch, "F": F, **found})  # noqa: S307  (our own record)


def weights(y: Any) -> Any:
    return torch.tensor(np.cos(1 + np.arange(y.numel())).reshape(tuple(y.shape)))


def gradients(case: dict[str, Any], found: dict[str, Any], *, create: bool = False) -> list[Any]:
    y = evaluated(case, found)
    names = sorted(case["grads"])
    return list(
        torch.autograd.grad(y, [found[name] for name in names], weights(y), create_graph=create)
    )


def by_expression(case: dict[str, Any]) -> str:
    return case["expr"]


@pytest.fixture(autouse=True)
def scipy_where_needed(request: pytest.FixtureRequest) -> None:
    if request.node.callspec.params["case"]["expr"].startswith(SCIPY):
        pytest.importorskip("scipy")


@pytest.mark.parametrize("case", CASES, ids=by_expression)
def test_values_gradients_and_names_are_pytorchs(case: dict[str, Any]) -> None:
    found = inputs()
    y = evaluated(case, found)
    assert list(y.shape) == case["shape"]
    assert y.dtype is torch.float64
    expected = np.array(case["value"], np.float64).reshape(case["shape"])
    np.testing.assert_allclose(y.detach().numpy(), expected, rtol=1e-10, atol=1e-10)
    assert y.grad_fn.name() == case["grad_fn"]
    y.backward(weights(y))
    for name, t in found.items():
        if name not in case["grads"]:
            assert t.grad is None, name
            continue
        expected = np.array(case["grads"][name], np.float64).reshape(t.shape)
        np.testing.assert_allclose(t.grad.numpy(), expected, rtol=1e-10, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("case", CASES, ids=by_expression)
def test_second_derivatives_are_those_of_differences(case: dict[str, Any]) -> None:
    """Along one direction v: the change of the gradient, and the gradient of <gradient, v>."""
    found, names, random = inputs(), sorted(case["grads"]), np.random.default_rng(7)
    v = {name: random.normal(size=tuple(found[name].shape)) for name in names}
    if "t" in v:
        v["t"][:] = 0  # targets, all 0 or 1: beyond, a loss refuses them
    first = gradients(case, found, create=True)
    slope: Any = sum(
        ((g * torch.tensor(v[n])).sum() for g, n in zip(first, names, strict=True)),
        torch.zeros((), dtype=torch.float64),
    )
    if slope.requires_grad:
        second = torch.autograd.grad(slope, [found[n] for n in names], allow_unused=True)
    else:
        second = (None,) * len(names)  # linear
    step = 1e-6
    ahead, behind = (
        gradients(case, inputs(moved={n: sign * step * v[n] for n in names})) for sign in (1, -1)
    )
    for h, more, less, name in zip(second, ahead, behind, names, strict=True):
        expected = (more.numpy() - less.numpy()) / (2 * step)
        got = np.zeros(expected.shape) if h is None else h.numpy()
        np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-7, err_msg=name)
