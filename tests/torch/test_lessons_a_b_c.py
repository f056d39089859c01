"""Rows A1 to A11, B1 to B6, C1 to C8 and C10 of the lessons, as a reader types them.

Expected numbers are those of the lessons, or what PyTorch 2.13 printed for the same lines.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainrule.torch as torch
import chainrule.torch.nn as nn
import chainrule.torch.nn.functional as F
import chainrule.torch.optim as optim

SECOND_TIME = "Trying to backward through the graph a second time"
LEAF_WRITTEN = "a leaf Variable that requires grad is being used in an in-place operation."


def shown(capsys: pytest.CaptureFixture[str], *values: Any) -> str:
    """What print says of the values."""
    print(*values)
    return capsys.readouterr().out.rstrip("\n")


# --------------------------------------------------------------------------------- A. the tape


class Slide:
    """The lesson's graph, y = (x + w)(w + 1) at w = 1, x = 2: slopes 5 and 2."""

    def __init__(self) -> None:
        self.w = torch.tensor([1.0], requires_grad=True)
        self.x = torch.tensor([2.0], requires_grad=True)
        self.forward()

    def forward(self) -> Any:
        self.a = torch.add(self.w, self.x)
        self.b = torch.add(self.w, 1)
        self.y = torch.mul(self.a, self.b)
        return self.y


def test_A1_backward_reaches_the_leaves_and_only_them() -> None:
    s = Slide()
    s.y.backward()
    assert s.w.grad.tolist() == [5.0]
    assert s.x.grad.tolist() == [2.0]
    for inner in (s.a, s.b, s.y):
        with pytest.warns(UserWarning, match=r"\.retain_grad\(\)"):
            assert inner.grad is None
    s.a.retain_grad()
    s.forward().backward()  # another graph: the a of the first one keeps None
    assert s.w.grad.tolist() == [10.0]


def test_A2_leaves_are_what_the_reader_made() -> None:
    s = Slide()
    assert [v.is_leaf for v in (s.w, s.x, s.a, s.b, s.y)] == [True, True, False, False, False]


def test_A3_what_made_a_value_has_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    s = Slide()
    lines = [shown(capsys, v.grad_fn) for v in (s.w, s.x, s.a, s.b, s.y)]
    assert lines[:2] == ["None", "None"]
    assert [line.split(" ")[0] for line in lines[2:]] == [
        "<AddBackward0",
        "<AddBackward0",
        "<MulBackward0",
    ]
    assert shown(capsys, s.y) == "tensor([6.], grad_fn=<MulBackward0>)"


def test_A4_a_second_backward_is_refused() -> None:
    s = Slide()
    s.y.backward()
    with pytest.raises(RuntimeError, match=rf"^{SECOND_TIME} \(or directly access saved"):
        s.y.backward()
    assert s.w.grad.tolist() == [5.0]


def test_A5_a_kept_graph_is_walked_again() -> None:
    s = Slide()
    s.y.backward(retain_graph=True)
    s.y.backward()
    assert s.w.grad.tolist() == [10.0]
    assert s.x.grad.tolist() == [4.0]
    with pytest.raises(RuntimeError, match=SECOND_TIME):
        s.y.backward()


def test_A6_a_gradient_weights_several_losses(capsys: pytest.CaptureFixture[str]) -> None:
    s = Slide()
    loss = torch.cat([torch.mul(s.a, s.b), torch.add(s.a, s.b)], dim=0)
    loss.backward(gradient=torch.tensor([1.0, 2.0]))
    assert shown(capsys, s.w.grad) == "tensor([9.])"
    with pytest.raises(RuntimeError, match=r"^grad can be implicitly created only for scalar"):
        torch.cat([s.a, s.b]).backward()


def test_A7_a_derivative_has_a_derivative(capsys: pytest.CaptureFixture[str]) -> None:
    x = torch.tensor([3.0], requires_grad=True)
    y = torch.pow(x, 2)
    first = torch.autograd.grad(y, x, create_graph=True)
    assert shown(capsys, first) == "(tensor([6.], grad_fn=<MulBackward0>),)"
    second = torch.autograd.grad(first[0], x)
    assert shown(capsys, second) == "(tensor([2.]),)"
    assert x.grad is None


@pytest.mark.parametrize(("cleared", "grads"), [(False, [5, 10, 15, 20]), (True, [5, 5, 5, 5])])
def test_A8_gradients_add_up_until_they_are_cleared(
    cleared: bool, grads: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    s = Slide()
    for expected in grads:
        s.forward().backward()
        assert shown(capsys, s.w.grad) == f"tensor([{expected}.])"
        if cleared:
            s.w.grad.zero_()


def test_A9_what_depends_on_a_leaf_wants_a_gradient() -> None:
    s = Slide()
    assert [v.requires_grad for v in (s.a, s.b, s.y)] == [True, True, True]
    plain = torch.tensor([1.0]) * 2
    assert not plain.requires_grad
    assert plain.is_leaf


def test_A10_a_leaf_is_not_written_to() -> None:
    w = torch.tensor([1.0], requires_grad=True)
    with pytest.raises(RuntimeError, match=f"^{LEAF_WRITTEN}$"):
        w.add_(1)
    with pytest.raises(RuntimeError, match=f"^{LEAF_WRITTEN}$"):
        w += 1
    assert w.tolist() == [1.0]
    a = torch.ones(1)
    before = id(a)
    a += torch.ones(1)
    assert (id(a) == before, a.tolist()) == (True, [2.0])
    with torch.no_grad():
        w += 1
    assert w.tolist() == [2.0]


def test_A11_backward_takes_one_tensor_or_several() -> None:
    s = Slide()
    torch.autograd.backward(s.y, retain_graph=True)
    assert s.w.grad.tolist() == [5.0]
    torch.autograd.backward([s.y], grad_tensors=[torch.tensor([2.0])], retain_graph=True)
    assert s.w.grad.tolist() == [15.0]
    torch.autograd.backward((s.y, s.a), (torch.tensor([1.0]), None))
    assert s.w.grad.tolist() == [21.0]
    assert s.x.grad.tolist() == [9.0]
    with pytest.raises(RuntimeError, match=SECOND_TIME):
        torch.autograd.backward(s.y)


def test_A11_backward_with_create_graph_gives_gradients_that_have_one() -> None:
    x = torch.tensor(2.0, requires_grad=True)
    with pytest.warns(UserWarning, match=r"^Using backward\(\) with create_graph=True"):
        torch.autograd.backward(x**3, create_graph=True)
    assert x.grad.requires_grad
    (second,) = torch.autograd.grad(x.grad, x)
    assert (x.grad.item(), second.item()) == (12.0, 12.0)
    x.grad = None


def test_A11_grad_takes_one_tensor_or_several() -> None:
    s = Slide()
    assert torch.autograd.grad(s.y, s.w, retain_graph=True) == (torch.tensor([5.0]),)
    both = torch.autograd.grad([s.y, s.a], [s.w, s.x], [torch.tensor([2.0]), torch.tensor([1.0])])
    assert [g.tolist() for g in both] == [[11.0], [5.0]]
    assert (s.w.grad, s.x.grad) == (None, None)
    with pytest.raises(RuntimeError, match=SECOND_TIME):
        torch.autograd.grad(outputs=s.y, inputs=s.w)
    out = torch.autograd.grad(s.forward(), s.x, grad_outputs=torch.tensor([3.0]), create_graph=True)
    assert out[0].tolist() == [6.0]
    assert torch.autograd.grad(out[0], s.w)[0].tolist() == [3.0]  # 3 (w + 1), once more
    alone = torch.ones(1, requires_grad=True)
    with pytest.raises(RuntimeError, match="appears to not have been used in the graph"):
        torch.autograd.grad(s.forward(), alone)
    assert torch.autograd.grad(s.forward(), [s.x, alone], allow_unused=True)[1] is None


# ------------------------------------------------------------------------- B. the quick-start


class QuickStart:
    """One layer and its loss, with random weights."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.x, self.y = torch.ones(5), torch.zeros(3)
        self.w = torch.randn(5, 3, requires_grad=True)
        self.b = torch.randn(3, requires_grad=True)
        self.z = torch.matmul(self.x, self.w) + self.b
        self.loss = F.binary_cross_entropy_with_logits(self.z, self.y)


def test_B1_a_gradient_is_wanted_from_the_start_or_later() -> None:
    early = torch.tensor([1.0, 2.0], requires_grad=True)
    late = torch.tensor([1.0, 2.0])
    assert not late.requires_grad
    assert late.requires_grad_(True) is late
    for x in (early, late):
        (x * x).sum().backward()
        assert (x.requires_grad, x.is_leaf, x.grad.tolist()) == (True, True, [2.0, 4.0])


def test_B2_functions_have_names_and_know_what_came_before(
    capsys: pytest.CaptureFixture[str],
) -> None:
    q = QuickStart()
    assert shown(capsys, q.z.grad_fn).startswith("<AddBackward0 object at 0x")
    said = shown(capsys, q.loss.grad_fn)
    assert said.startswith("<BinaryCrossEntropyWithLogitsBackward0 object at 0x")
    names, todo = [], [q.loss.grad_fn]
    while todo:
        node = todo.pop(0)
        names.append(node.name())
        todo += [before for before, _ in node.next_functions if before is not None]
    assert names == [
        "BinaryCrossEntropyWithLogitsBackward0",
        "AddBackward0",
        "SqueezeBackward4",
        "torch::autograd::AccumulateGrad",
        "MmBackward0",
        "torch::autograd::AccumulateGrad",
    ]


def test_B3_the_gradients_of_a_logistic_layer() -> None:
    q = QuickStart()
    q.loss.backward()
    z = q.z.detach().numpy().astype(float)
    slope = 1 / (1 + np.exp(-z)) / 3  # (sigmoid(z) - y) / 3, y being 0
    np.testing.assert_allclose(q.b.grad.numpy(), slope, rtol=1e-6)
    np.testing.assert_allclose(q.w.grad.numpy(), np.outer(np.ones(5), slope), rtol=1e-6)
    assert q.w.shape == q.w.grad.shape == (5, 3)


def test_B4_recording_can_be_left_out() -> None:
    q = QuickStart()
    assert q.z.requires_grad
    with torch.no_grad():
        z = torch.matmul(q.x, q.w) + q.b
    assert (z.requires_grad, z.grad_fn) == (False, None)
    away = q.z.detach()
    assert (away.requires_grad, away.grad_fn) == (False, None)
    assert away.tolist() == q.z.tolist() == z.tolist()


def test_B5_products_with_the_jacobian_add_up() -> None:
    inp = torch.eye(4, 5, requires_grad=True)
    out = (inp + 1).pow(2).t()

    def is_filled_with(on_diagonal: float, off_it: float) -> bool:
        expected = np.full((4, 5), off_it)
        expected[np.arange(4), np.arange(4)] = on_diagonal
        return bool((inp.grad.numpy() == expected).all())

    out.backward(torch.ones_like(out), retain_graph=True)
    assert is_filled_with(4, 2)
    out.backward(torch.ones_like(out), retain_graph=True)
    assert is_filled_with(8, 4)
    inp.grad.zero_()
    out.backward(torch.ones_like(out), retain_graph=True)
    assert is_filled_with(4, 2)


class Cube(torch.autograd.Function):
    """A reader's own function: its backward is of functions that have derivatives themselves."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        (x,) = ctx.saved_tensors
        return g * 3 * x**2


def test_B6_a_function_of_one_s_own() -> None:
    x = torch.tensor([2.0, -1.0], requires_grad=True)
    y = Cube.apply(x)
    assert y.tolist() == [8.0, -1.0]
    assert type(y.grad_fn).__name__ == "CubeBackward"
    (first,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    assert first.tolist() == [12.0, 3.0]
    (second,) = torch.autograd.grad(first.sum(), x)
    assert second.tolist() == [12.0, -6.0]
    y.sum().backward()
    assert x.grad.tolist() == [12.0, 3.0]


# --------------------------------------------------- C. logistic regression in five steps


def clouds(mean_value: float = 1.7, bias: float = 1, seed: int = 10) -> tuple[Any, Any]:
    """Step 1, the data: 100 points each around (m, m) and (-m, -m), shifted; labels 0 and 1."""
    torch.manual_seed(seed)
    ones = torch.ones(100, 2)
    x0 = torch.normal(mean_value * ones, 1) + bias
    x1 = torch.normal(-mean_value * ones, 1) + bias
    return torch.cat((x0, x1), 0), torch.cat((torch.zeros(100), torch.ones(100)), 0)


class LogisticRegression(nn.Module):
    """Step 2, the model."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Linear(2, 1)
        self.sigmoid = nn.Sigmoid()

    def forward(self, x: Any) -> Any:
        return self.sigmoid(self.features(x))


def accuracy(y_pred: Any, y: Any) -> float:
    mask = y_pred.ge(0.5).float().squeeze()
    return float((mask == y).sum().item() / y.size(0))


def train(
    mean_value: float = 1.7,
    bias: float = 1,
    clear: bool = True,
    most: int = 1000,
    look: Callable[..., None] = lambda *_: None,
) -> tuple[Any, list[str]]:
    """Steps 3 to 5: the loss, the optimiser, the loop; what it says at iterations 0 and 990."""
    train_x, train_y = clouds(mean_value, bias)
    net = LogisticRegression()
    loss_fn = nn.BCELoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    said = []
    for iteration in range(most):
        y_pred = net(train_x)
        loss = loss_fn(y_pred.squeeze(), train_y)
        loss.backward()
        optimizer.step()
        if clear:
            optimizer.zero_grad()
        reached = accuracy(y_pred, train_y)
        if iteration % 990 == 0 or reached > 0.99:
            w0, w1 = net.features.weight[0]
            w0, w1 = float(w0.item()), float(w1.item())
            b = float(net.features.bias[0].item())
            title = f"Iteration: {iteration}\nw0:{w0:.2f} w1:{w1:.2f} b: {b:.2f}"
            title += f" accuracy:{reached:.2%}"
            said.append(title + " Loss=%.4f" % loss.data.numpy())  # noqa: UP031  as readers do
            look(train_x, w0, w1, b, said[-1])
            if reached > 0.99:
                break
    return net, said


def test_C1_two_clouds(capsys: pytest.CaptureFixture[str]) -> None:
    train_x, train_y = clouds()
    assert shown(capsys, train_x.shape, train_y.shape) == "torch.Size([200, 2]) torch.Size([200])"
    first = "tensor([[1.8827, 2.1444],\n        [1.8733, 1.4030]])"
    assert shown(capsys, train_x[:2]) == first
    assert f"{train_x.sum().item():.3f}" == "373.997"
    assert train_y.tolist() == [0.0] * 100 + [1.0] * 100
    centres = train_x.reshape(2, 100, 2).mean(1)
    np.testing.assert_allclose(centres.numpy(), [[2.7, 2.7], [-0.7, -0.7]], atol=0.4)


def test_C2_the_model_is_a_sigmoid_of_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    net = LogisticRegression()
    assert shown(capsys, net) == (
        "LogisticRegression(\n"
        "  (features): Linear(in_features=2, out_features=1, bias=True)\n"
        "  (sigmoid): Sigmoid()\n"
        ")"
    )
    x = torch.tensor([[0.5, -1.0], [2.0, 3.0], [0.0, 0.0]])
    p = net(x)
    line = x.numpy() @ net.features.weight.detach().numpy().T + net.features.bias.detach().numpy()
    np.testing.assert_allclose(p.detach().numpy(), 1 / (1 + np.exp(-line)), rtol=1e-6)
    log_odds = torch.log(p / (1 - p)).detach().numpy()
    np.testing.assert_allclose(log_odds, line, rtol=1e-5, atol=1e-6)
    assert p.ge(0.5).squeeze().tolist() == (line[:, 0] >= 0).tolist()


def test_C3_the_loss_is_the_mean_of_the_cross_entropies() -> None:
    y_pred = torch.tensor([[0.5], [0.25], [0.9]], requires_grad=True)
    train_y = torch.tensor([1.0, 0.0, 1.0])
    loss = nn.BCELoss()(y_pred.squeeze(), train_y)
    assert loss.shape == ()
    assert loss.item() == pytest.approx(-(math.log(0.5) + math.log(0.75) + math.log(0.9)) / 3)
    loss.backward()
    slopes = [[-1 / 0.5 / 3], [1 / 0.75 / 3], [-1 / 0.9 / 3]]
    np.testing.assert_allclose(y_pred.grad.numpy(), slopes, rtol=1e-6)


def test_C4_the_optimiser_gathers_speed() -> None:
    net = nn.Linear(1, 1, bias=False)
    start = net.weight.item()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    moved = []
    for _ in range(3):
        net.weight.grad = torch.ones(1, 1)
        optimizer.step()
        moved.append(start - net.weight.item())
    # Steps of 0.01 times 1, 1.9 and 2.71: nine tenths of the last one, and the slope.
    np.testing.assert_allclose(moved, [0.01, 0.029, 0.0561], rtol=1e-4)
    optimizer.zero_grad()
    assert net.weight.grad is None


def test_C5_the_loop_prints_what_pytorch_prints() -> None:
    lines = []

    def look(train_x: Any, w0: float, w1: float, b: float, title: str) -> None:
        lines.append((-w0 * -5 - b) / w1)
        assert train_x[:100].data.numpy()[:, 0].shape == (100,)

    _, said = train(look=look)
    assert said == [
        "Iteration: 0\nw0:-0.05 w1:-0.46 b: 0.13 accuracy:92.00% Loss=0.3947",
        "Iteration: 376\nw0:-1.41 w1:-1.47 b: 1.92 accuracy:99.50% Loss=0.0496",
    ]
    # The line -(w0 x + b) / w1 at the picture's left edge, x = -5.
    assert [f"{y:.2f}" for y in lines] == ["0.85", "6.09"]


def test_C5_the_loop_draws_as_it_goes() -> None:
    figure_of = pytest.importorskip("matplotlib.figure").Figure
    titles = []

    def look(train_x: Any, w0: float, w1: float, b: float, title: str) -> None:
        axes = figure_of().add_subplot()
        x0, x1 = train_x[:100], train_x[100:]
        axes.scatter(x0.data.numpy()[:, 0], x0.data.numpy()[:, 1], c="r", label="class 0")
        axes.scatter(x1.data.numpy()[:, 0], x1.data.numpy()[:, 1], c="b", label="class 1")
        x = np.arange(-6, 6, 0.1)
        (drawn,) = axes.plot(x, (-w0 * x - b) / w1)
        axes.set_title(title)
        assert len(axes.collections) == 2
        assert drawn.get_xydata().shape == (120, 2)
        titles.append(axes.get_title().split("\n")[0])

    train(look=look, most=1)
    assert titles == ["Iteration: 0"]


@pytest.mark.parametrize(
    ("mean_value", "bias", "ends"),
    [
        (1, 1, ["0 79.50% 0.5170", "990 91.00% 0.1993"]),  # overlap: more of it, less accuracy
        (1.7, 1, ["0 92.00% 0.3947", "376 99.50% 0.0496"]),
        (5, 1, ["0 100.00% 0.0930"]),  # far apart: separated at once
        (1.7, 5, ["0 50.50% 0.8746", "990 99.00% 0.1460"]),  # a large shift: a slow start
        (1.7, -1, ["0 83.00% 0.4288", "990 99.00% 0.0334"]),
    ],
)
def test_C6_other_means_and_other_shifts(mean_value: float, bias: float, ends: list[str]) -> None:
    _, said = train(mean_value, bias)
    words = [line.replace("\n", " ").split() for line in said]
    short = [f"{w[1]} {w[-2].split(':')[1]} {w[-1].split('=')[1]}" for w in words]
    assert short == ends


def test_C7_a_loop_that_forgets_to_clear_adds_up() -> None:
    _, said = train(clear=False)
    assert said == [
        "Iteration: 0\nw0:-0.05 w1:-0.46 b: 0.13 accuracy:92.00% Loss=0.3947",
        "Iteration: 117\nw0:-22.85 w1:-21.88 b: 31.94 accuracy:99.50% Loss=0.0153",
    ]


def test_C8_the_cut_at_one_half_is_the_line() -> None:
    """Why two classes can be separated: p is 1/2 where Wx + b is 0, and grows across the line."""
    net, _ = train(mean_value=5)
    (w0, w1), b = net.features.weight[0].tolist(), net.features.bias.item()
    along = torch.linspace(-5, 5, 21)
    on_line = torch.stack([along, -(w0 * along + b) / w1], dim=1)
    np.testing.assert_allclose(net(on_line).squeeze().tolist(), 0.5, atol=1e-6)
    across = on_line + torch.tensor([w0, w1])
    assert net(across).squeeze().gt(0.5).all()
    assert net(on_line - torch.tensor([w0, w1])).squeeze().lt(0.5).all()
    p = net(torch.linspace(-500.0, 500.0, 101).unsqueeze(1) * torch.tensor([[w0, w1]]))
    assert p.min() >= 0
    assert p.max() <= 1
    assert bool((p[1:] >= p[:-1]).all())


def test_C10_linear_regression_in_the_same_five_steps() -> None:
    torch.manual_seed(10)
    x = torch.rand(20, 1) * 10
    y = 2 * x + (5 + torch.randn(20, 1))
    net = nn.Linear(1, 1)
    loss_fn = nn.MSELoss()
    optimizer = optim.SGD(net.parameters(), lr=0.02)
    said = []
    for iteration in range(1000):
        loss = loss_fn(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if iteration in (0, 10, 100, 999):
            w, b = net.weight.item(), net.bias.item()
            said.append(f"{iteration} loss {loss.item():.4f} w {w:.4f} b {b:.4f}")
    assert said == [
        "0 loss 279.9484 w 3.8648 b 0.5474",
        "10 loss 3.0147 w 2.7591 b 0.5680",
        "100 loss 1.8549 w 2.5296 b 1.9798",
        "999 loss 0.9274 w 2.0788 b 4.7540",
    ]
    slope, constant = np.polyfit(x.squeeze().numpy().astype(float), y.squeeze().numpy(), 1)
    assert net.weight.item() == pytest.approx(slope, abs=0.02)
    assert net.bias.item() == pytest.approx(constant, abs=0.1)
