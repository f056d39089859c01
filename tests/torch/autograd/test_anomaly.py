"""Backward passes that look for NaN."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from tests.torch.autograd.saying import leaf, raises, warns

ENABLED = (
    "Anomaly Detection has been enabled. This mode will increase the runtime and should only be "
    "enabled for debugging."
)


@pytest.mark.parametrize(
    ("f", "name", "place"),
    [
        (lambda torch, x: x.sqrt() * 0, "SqrtBackward0", "0th"),
        (lambda torch, x: x * torch.tensor([float("nan"), 1.0]), "MulBackward0", "0th"),
        (lambda torch, x: torch.tensor([float("nan"), 1.0]) * x, "MulBackward0", "1th"),
        (lambda torch, x: (x / x).exp(), "ExpBackward0", "0th"),
    ],
)
def test_the_operation_is_named(
    torch: Any, f: Callable[[Any, Any], Any], name: str, place: str
) -> None:
    x = leaf(torch, 0, 1)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        with torch.autograd.detect_anomaly():
            y = f(torch, x).sum()
            with raises(
                RuntimeError, f"Function '{name}' returned nan values in its {place} output."
            ):
                y.backward()
    texts = [str(one.message) for one in found]
    assert texts[0] == ENABLED
    assert re.match(f"Error detected in {name}. ", texts[1])
    assert x.grad is None


def test_a_function_of_ones_own_is_named(torch: Any) -> None:
    class Wrong(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any, y: Any) -> Any:
            return x * y

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g, g * float("nan")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.autograd.detect_anomaly():
            y = Wrong.apply(leaf(torch, 1), leaf(torch, 2))
            with raises(
                RuntimeError, "Function 'WrongBackward' returned nan values in its 1th output."
            ):
                y.backward()


def test_infinity_is_a_number(torch: Any) -> None:
    x = leaf(torch, 0, 1)
    with warns(UserWarning, ENABLED), torch.autograd.detect_anomaly():
        x.sqrt().sum().backward()
    assert x.grad.tolist() == [float("inf"), 0.5]


def test_without_looking_for_nan(torch: Any) -> None:
    x = leaf(torch, 0, 1)
    with warns(UserWarning, ENABLED), torch.autograd.detect_anomaly(check_nan=False):
        (x.sqrt() * 0).sum().backward()
    assert x.grad.isnan().tolist() == [True, False]


def test_gradients_are_the_same(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3, 4)

    def loss() -> Any:
        return (torch.cat([x * w, x]).exp() * 0.1).sum() + x[0] * w.view(2, 1).sum()

    plain = torch.autograd.grad(loss(), [x, w])
    with torch.autograd.set_detect_anomaly(True):
        watched = torch.autograd.grad(loss(), [x, w], create_graph=True)
        loss().backward()
    assert [g.tolist() for g in watched] == [g.tolist() for g in plain]
    assert x.grad.tolist() == plain[0].tolist()
    assert watched[0].requires_grad


def test_on_and_off(torch: Any) -> None:
    def state() -> tuple[bool, bool]:
        return torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()

    assert state() == (False, True)
    with torch.autograd.set_detect_anomaly(True):
        assert state() == (True, True)
        with torch.autograd.set_detect_anomaly(False, check_nan=False):
            assert state() == (False, False)
        assert state() == (True, True)
    assert state() == (False, True)
    torch.autograd.set_detect_anomaly(True, check_nan=False)
    assert state() == (True, False)
    torch.autograd.set_detect_anomaly(False)
    assert state() == (False, True)
    x = leaf(torch, 0)
    (x.sqrt() * 0).backward()
    assert x.grad.isnan().item()
