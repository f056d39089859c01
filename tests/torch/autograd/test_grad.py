"""`autograd.grad`: gradients returned, and gradients of gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.torch.autograd.saying import NO_HISTORY, SECOND_TIME, leaf, raises, warns


def unused(k: int) -> str:
    return (
        f"The differentiated Tensor at index {k} appears to not have been used in the graph. Set "
        "allow_unused=True if this is the desired behavior."
    )


# ---------------------------------------------------------------- what comes back


def test_a_tuple_and_nothing_is_added_up(torch: Any) -> None:
    x = leaf(torch, 1, 2, 3)
    found = torch.autograd.grad((x * x).sum(), x)
    assert repr(found) == "(tensor([2., 4., 6.]),)"
    assert x.grad is None


def test_several_outputs_and_inputs(torch: Any) -> None:
    a, b = leaf(torch, 1, 2), leaf(torch, 3, 4)
    found = torch.autograd.grad(
        [a * b, (b * b).sum()], [b, a], [torch.tensor([1.0, 10.0]), torch.tensor(100.0)]
    )
    assert [g.tolist() for g in found] == [[601, 820], [3, 40]]


def test_by_keywords(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    (g,) = torch.autograd.grad(
        outputs=(x * x).sum(), inputs=x, grad_outputs=None, retain_graph=None, create_graph=False,
        only_inputs=True, allow_unused=None, is_grads_batched=False, materialize_grads=False,
    )  # fmt: skip
    assert g.tolist() == [2, 4]


def test_in_results_and_in_the_output_itself(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = x * 2
    z = (y * y).sum()
    g_y, g_x, g_z = torch.autograd.grad(z, [y, x, z])
    assert (g_y.tolist(), g_x.tolist(), g_z.item()) == ([4, 8], [8, 16], 1)
    (itself,) = torch.autograd.grad(x, x, torch.tensor([7.0, 8.0]))
    assert itself.tolist() == [7, 8]


def test_the_same_input_twice(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    first, second = torch.autograd.grad((x * x).sum(), [x, x])
    assert first.tolist() == second.tolist() == [2, 4]


def test_only_the_way_to_the_inputs_is_walked(torch: Any) -> None:
    x = leaf(torch, 2)
    y = x * x
    z = y * y
    assert torch.autograd.grad(z, y)[0].tolist() == [8]
    assert torch.autograd.grad(y, x)[0].tolist() == [4]
    with raises(RuntimeError, SECOND_TIME):
        torch.autograd.grad(z, y)


def test_a_gradient_is_the_callers_own(torch: Any) -> None:
    x, y = leaf(torch, 1, 2), leaf(torch, 3, 4)
    z = 2 * x + 2 * y
    (g,) = torch.autograd.grad(z.sum(), x, retain_graph=True)
    g += 5
    assert g.tolist() == [7, 7]
    (h,) = torch.autograd.grad(z.sum(), y)
    assert h.tolist() == [2, 2]


# ---------------------------------------------------------------- grad_outputs


def test_weights_have_the_shape_of_their_outputs(torch: Any) -> None:
    x = leaf(torch, 1, 2, 3)
    with raises(RuntimeError, "grad can be implicitly created only for scalar outputs"):
        torch.autograd.grad(x * x, x)
    with raises(
        RuntimeError,
        "Mismatch in shape: grad_output[0] has a shape of torch.Size([2]) and output[0] has a "
        "shape of torch.Size([3]).",
    ):
        torch.autograd.grad(x * x, x, torch.ones(2))
    with raises(RuntimeError, "got 2 tensors and 1 gradients"):
        torch.autograd.grad([(x * x).sum(), x * x], x, [None])
    with raises(TypeError, "'int' object is not iterable"):
        torch.autograd.grad(x * x, x, 3)


def test_weights_are_cast(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    for weights in [torch.tensor([1, 10]), torch.tensor([1.0, 10.0], dtype=torch.float64)]:
        (g,) = torch.autograd.grad(x * x, x, weights)
        assert g.dtype is torch.float32
        assert g.tolist() == [2, 40]


def test_weights_are_differentiated_too(torch: Any) -> None:
    x, v = leaf(torch, 1, 2), leaf(torch, 3, 4)
    (g,) = torch.autograd.grad(x * x, x, v)
    assert not g.requires_grad
    (g,) = torch.autograd.grad(x * x, x, v, create_graph=True)
    assert g.tolist() == [6, 16]
    by_v, by_x = torch.autograd.grad(g.sum(), [v, x])
    assert (by_v.tolist(), by_x.tolist()) == ([2, 4], [6, 8])


# ---------------------------------------------------------------- unused inputs


def test_an_unused_input_is_an_error(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3)
    with raises(RuntimeError, unused(1)):
        torch.autograd.grad((x * x).sum(), [x, w])
    with raises(RuntimeError, unused(0)):
        torch.autograd.grad((x * x).sum(), w)
    with raises(RuntimeError, unused(0)):
        torch.autograd.grad([], x)


def test_unless_it_may_be_none_or_zeros(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3)
    g, none = torch.autograd.grad((x * x).sum(), [x, w], allow_unused=True)
    assert none is None
    g, zeros = torch.autograd.grad((x * x).sum(), [x, w], materialize_grads=True)
    assert g.tolist() == [2, 4]
    assert repr(zeros) == "tensor([0.])"
    (zeros,) = torch.autograd.grad(x.sum(), w, create_graph=True, materialize_grads=True)
    assert repr(zeros) == "tensor([0.], requires_grad=True)"
    with raises(
        ValueError,
        "Expected allow_unused to be True or not passed when materialize_grads=True, but got: "
        "allow_unused=False.",
    ):
        torch.autograd.grad((x * x).sum(), [x, w], allow_unused=False, materialize_grads=True)


def test_a_result_is_unused_by_what_it_was_made_of(torch: Any) -> None:
    x = leaf(torch, 1)
    y = x * 2
    z = y * 3
    assert torch.autograd.grad(y, [z], allow_unused=True) == (None,)


def test_inputs_require_a_gradient(torch: Any) -> None:
    y = leaf(torch, 1).sum()
    with raises(RuntimeError, "One of the differentiated Tensors does not require grad"):
        torch.autograd.grad(y, torch.ones(1))
    with raises(RuntimeError, "`inputs` argument to `grad()` cannot be empty."):
        torch.autograd.grad(y, [])
    with raises(RuntimeError, "all inputs have to be Tensors or GradientEdges, but got int"):
        torch.autograd.grad(y, [3])
    with raises(TypeError, "'int' object is not iterable"):
        torch.autograd.grad(y, 3)


def test_outputs_have_a_history(torch: Any) -> None:
    x = leaf(torch, 1)
    with raises(RuntimeError, NO_HISTORY.format(0)):
        torch.autograd.grad(torch.ones(1), x)
    with raises(AssertionError, "Expected output to be a torch.Tensor"):
        torch.autograd.grad([3], x)
    with raises(TypeError, "'int' object is not iterable"):
        torch.autograd.grad(3, x)


# ---------------------------------------------------------------- retain_graph, only_inputs


def test_a_second_time(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = (x * x).sum()
    torch.autograd.grad(y, x, retain_graph=True)
    torch.autograd.grad(y, x)
    with raises(RuntimeError, SECOND_TIME):
        torch.autograd.grad(y, x)


def test_only_inputs_is_of_the_past(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with warns(
        FutureWarning,
        "only_inputs argument is deprecated and is ignored now (defaults to True). To accumulate "
        "gradient for other parts of the graph, please use torch.autograd.backward.",
    ):
        (g,) = torch.autograd.grad((x * x).sum(), x, only_inputs=False)
    assert g.tolist() == [2, 4]


# ---------------------------------------------------------------- is_grads_batched


def test_a_batch_of_weights(torch: Any) -> None:
    x, w = leaf(torch, 1, 2, 3), leaf(torch, 4)
    found = torch.autograd.grad(
        [x * x, x.sum()], [x, w], [torch.eye(3), torch.ones(3)], is_grads_batched=True,
        allow_unused=True,
    )  # fmt: skip
    assert found[0].tolist() == [[3, 1, 1], [1, 5, 1], [1, 1, 7]]
    assert found[1] is None


def test_a_batch_of_weights_recorded(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    (g,) = torch.autograd.grad(x**3, x, torch.eye(2), is_grads_batched=True, create_graph=True)
    assert g.tolist() == [[3, 0], [0, 12]]
    assert torch.autograd.grad(g.sum(), x)[0].tolist() == [6, 12]


def test_a_batch_of_the_wrong_shape(torch: Any) -> None:
    x = leaf(torch, 1, 2, 3)
    with raises(
        RuntimeError,
        "If `is_grads_batched=True`, we interpret the first dimension of each grad_output as the "
        "batch dimension. The sizes of the remaining dimensions are expected to match the shape of "
        "corresponding output, but a mismatch was detected: grad_output[0] has a shape of "
        "torch.Size([]) and output[0] has a shape of torch.Size([3]). If you only want some "
        "tensors in `grad_output` to be considered batched, consider using vmap.",
    ):
        torch.autograd.grad(x * x, x, torch.ones(3), is_grads_batched=True)
    with raises(
        ValueError,
        "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
        "[3, 2] for the mapped dimension",
    ):
        torch.autograd.grad(
            [x * x, x.sum()], x, [torch.eye(3), torch.ones(2)], is_grads_batched=True
        )


def test_a_batch_that_is_a_number(torch: Any) -> None:
    x = leaf(torch, 1, 2, 3)
    for y in (x.sum(), x * x):
        with pytest.raises(IndexError, match=r"^invalid index of a 0-dim tensor"):
            torch.autograd.grad(y, x, torch.tensor(1.0), is_grads_batched=True)
    with raises(
        ValueError,
        "vmap(vjp, in_dims=0, ...)(<inputs>): Got in_dim=0 for some input, but that input is a "
        "Tensor of dimensionality 0 so expected in_dim to satisfy 0 <= in_dim < 0.",
    ):
        torch.autograd.grad(x.sum(), x, is_grads_batched=True)


# ---------------------------------------------------------------- gradients of gradients


def derivatives(torch: Any, y: Any, x: Any, count: int) -> list[tuple[float, str | None, bool]]:
    found = []
    for _ in range(count):
        (y,) = torch.autograd.grad(y, x, create_graph=True)
        found.append((y.item(), y.grad_fn and y.grad_fn.name(), y.requires_grad))
    return found


def test_a_fifth_power_to_the_end(torch: Any) -> None:
    x = torch.tensor(2.0, requires_grad=True)
    assert derivatives(torch, x**5, x, 6) == [
        (80, "MulBackward0", True),
        (160, "MulBackward0", True),
        (240, "MulBackward0", True),
        (240, "MulBackward0", True),
        (120, "MulBackward0", True),
        (0, None, False),
    ]


def test_a_product_is_constant_after_three(torch: Any) -> None:
    x = torch.tensor(0.5, requires_grad=True)
    assert derivatives(torch, x * x * x, x, 3) == [
        (0.75, "AddBackward0", True),
        (3, "AddBackward0", True),
        (6, None, False),
    ]


# The derivatives of order 1 to 4 at 0.5, by hand.
e, s, c = np.exp(0.5), np.sin(0.5), np.cos(0.5)
CURVES: list[tuple[str, Callable[[Any], Any], list[float], str]] = [
    ("exp", lambda x: x.exp(), [e, e, e, e], "MulBackward0"),
    ("sin", lambda x: x.sin(), [c, -s, -c, s], "MulBackward0"),
    ("cos", lambda x: x.cos(), [-s, -c, s, c], "MulBackward0 NegBackward0"),
    ("sqrt", lambda x: x.sqrt(), [2**-0.5, -(2**-0.5), 3 * 2**-0.5, -15 * 2**-0.5], "DivBackward0"),
    ("log", lambda x: x.log(), [2, -4, 16, -96], "DivBackward0 MulBackward0 AddBackward0"),
    ("1/(x+1)", lambda x: 1 / (x + 1), [-4 / 9, 16 / 27, -96 / 81, 768 / 243], ""),
    ("x/(x+1)", lambda x: x / (x + 1), [4 / 9, -16 / 27, 96 / 81, -768 / 243], "AddBackward0"),
    ("2**x", lambda x: 2**x, [2**0.5 * np.log(2) ** k for k in (1, 2, 3, 4)], "MulBackward0"),
]


@pytest.mark.parametrize(("name", "f", "expected", "names"), CURVES, ids=[one[0] for one in CURVES])
def test_four_orders(
    torch: Any, name: str, f: Callable[[Any], Any], expected: list[float], names: str
) -> None:
    x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    found = derivatives(torch, f(x), x, 4)
    assert [value for value, _, _ in found] == pytest.approx(expected, rel=1e-12)
    assert all(requires for _, _, requires in found)
    if names:
        assert {kind for _, kind, _ in found} <= set(names.split())


SIGMOID = [0.235003712202, -0.057556794852, -0.09635675629, 0.10475593058]
TANH = [0.786447732966, -0.726861981384, -0.56520928826, 3.952219563725]
POWER = [0.216977709452, 1.480793784274, -1.506130539223, 17.132578288797]


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (lambda x: 1 / (1 + (-x).exp()), SIGMOID),
        (lambda x: x.sigmoid(), SIGMOID),
        (lambda x: x.tanh(), TANH),
        (lambda x: x**x, POWER),
    ],
)
def test_four_orders_of_curves_of_two_terms(
    torch: Any, f: Callable[[Any], Any], expected: list[float]
) -> None:
    x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    found = derivatives(torch, f(x), x, 4)
    assert [value for value, _, _ in found] == pytest.approx(expected, abs=2e-12)


def test_a_kink_has_no_second_derivative(torch: Any) -> None:
    x = torch.tensor(0.5, requires_grad=True)
    assert [value for value, _, _ in derivatives(torch, torch.relu(x), x, 3)] == [1, 0, 0]
    assert derivatives(torch, abs(x), x, 2)[1] == (0, None, False)


def test_a_penalty_on_the_gradient(torch: Any) -> None:
    w, x = leaf(torch, 1, 2), leaf(torch, 3, 4)
    y = (w * x**2).sum()
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    (y + (g**2).sum()).backward()
    assert w.grad.tolist() == [9 + 2 * 6 * 6, 16 + 2 * 16 * 8]
    assert x.grad.tolist() == [6 + 2 * 6 * 2, 16 + 2 * 16 * 4]


def test_mixed_second_derivatives(torch: Any) -> None:
    x, y = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
    f = x**2 * y**3
    by_x, by_y = torch.autograd.grad(f, [x, y], create_graph=True)
    (by_xy,) = torch.autograd.grad(by_x, y, retain_graph=True)
    (by_yx,) = torch.autograd.grad(by_y, x)
    assert by_xy.item() == by_yx.item() == 108


def test_recording_is_on_only_inside(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = (x**3).sum()
    with torch.no_grad():
        (g,) = torch.autograd.grad(y, x, create_graph=True)
        assert not torch.is_grad_enabled()
    assert repr(g) == "tensor([ 3., 12.], grad_fn=<MulBackward0>)"


def test_a_linear_function_has_no_second_derivative(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    (g,) = torch.autograd.grad((3 * x).sum(), x, create_graph=True)
    assert repr(g) == "tensor([3., 3.])"
    assert g.is_leaf
    with raises(RuntimeError, NO_HISTORY.format(0)):
        torch.autograd.grad(g.sum(), x)


def test_gradients_of_a_batch_come_by_one_pass(torch: Any) -> None:
    x, y = leaf(torch, 1, 2, 3), leaf(torch, 4, 5, 6)
    z = (x * y).exp().log() + x[1:].sum()
    rows = torch.eye(3)
    found = torch.autograd.grad(z, [x, y], rows, is_grads_batched=True, retain_graph=True)
    for k, row in enumerate(rows):
        for alone, stack in zip(
            torch.autograd.grad(z, [x, y], row, retain_graph=True), found, strict=True
        ):
            assert torch.allclose(stack[k], alone)
    torch.autograd.grad(z, [x, y], rows, is_grads_batched=True)
    with raises(RuntimeError, SECOND_TIME):
        torch.autograd.grad(z, [x, y], rows, is_grads_batched=True)


def test_hooks_are_called_in_a_batch(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = 3 * x
    y.register_hook(lambda g: 10 * g)
    found = torch.autograd.grad(y, x, torch.eye(2), is_grads_batched=True)
    assert found[0].tolist() == [[30, 0], [0, 30]]
