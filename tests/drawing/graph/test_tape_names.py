"""What tensors are called in pictures: as their owner calls them."""

from __future__ import annotations

from typing import Any

import pytest

import chainrule.torch as torch
from chainrule.drawing import draw_graph
from chainrule.drawing.graph import GraphError
from chainrule.drawing.graph.numerals import array_text

from .tensors import by_label, gradients, leaf


def test_names_are_the_callers_or_given() -> None:
    x, w = leaf(2.0), leaf(1.0)
    y = (x + w) * 2
    assert [n.label for n in draw_graph(y, names={"u": x, "v": w}).nodes] == ["u", "v", "a", "y"]
    assert [n.label for n in draw_graph(y, names={}).nodes] == ["x₁", "x₂", "a", "y"]
    parts = {"rate": leaf(3.0)}
    rows = [leaf(1.0), leaf(2.0)]
    total = parts["rate"] * rows[0] + rows[1]
    labels = [n.label for n in draw_graph(total).nodes]
    assert labels == ["parts['rate']", "rows[0]", "rows[1]", "a", "total"]
    with pytest.raises(GraphError, match=r"'u' is of type float"):
        draw_graph(y, names={"u": 1.0})
    with pytest.raises(GraphError, match="names of tensors are a dict"):
        draw_graph(y, names=["x"])


def test_parameters_of_modules_have_their_names() -> None:
    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.features = torch.nn.Linear(2, 1)

        def forward(self, x: Any) -> Any:
            return torch.sigmoid(self.features(x))

    torch.manual_seed(10)
    net = Net()
    x = torch.ones(3, 2)
    y_pred = net(x)
    loss = torch.nn.BCELoss()(y_pred.squeeze(), torch.ones(3))
    assert by_label(draw_graph(loss))["b"].formula == "x @ a + features.bias"
    loss.backward()
    nodes = by_label(draw_graph(loss))
    assert nodes["features.weight"].gradient == array_text(net.features.weight.grad.numpy())
    assert nodes["features.bias"].gradient == array_text(net.features.bias.grad.numpy())
    assert nodes["loss"].kind == "output"
    assert nodes["y_pred"].formula.startswith("sigmoid(")


def test_functions_of_tensors_are_drawn_by_their_parameters() -> None:
    p = leaf(2.0)
    graph = draw_graph(lambda x, n: (x**n).sum(), p, 3)
    assert gradients(graph) == {"x": "[12]", "a": "[1]", "y": "1"}
    assert p.grad is None


def test_wrt_and_gradients_choose_what_is_shown() -> None:
    x, w = leaf(2.0), leaf(1.0)
    y = x * w
    nodes = by_label(draw_graph(y, gradients=True, wrt="w"))
    assert nodes["x"].kind == "constant"
    assert (nodes["x"].gradient, nodes["w"].gradient) == ("", "[2]")
    y.backward()
    graph = draw_graph(y, gradients=False)
    assert set(gradients(graph).values()) == {""}
    assert graph.note == "gradients are left out"
    graph = draw_graph(lambda x: x**2, 3.0, gradients=False)
    assert set(gradients(graph).values()) == {""}
    assert "backward has not run" not in graph.svg()


def test_parameters_of_several_modules_are_told_apart() -> None:
    one, other = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
    nodes = by_label(draw_graph(other(one(torch.ones(1, 1))).sum()))
    assert {"one.weight", "one.bias", "other.weight", "other.bias"} <= nodes.keys()
    net = torch.nn.Sequential(one, other)
    first = net[0]
    nodes = by_label(draw_graph(first(torch.ones(1, 1)).sum()))
    assert len(nodes) == 5


def test_functions_of_tensors_tell_what_they_use_besides() -> None:
    w = torch.tensor(2.0, requires_grad=True)
    x = torch.tensor(3.0)
    formulas = [node.formula for node in draw_graph(lambda x: w * x + 1, x).nodes]
    assert formulas == ["", "w·x", "a + 1"]
    net = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Sigmoid())
    assert {"0.weight", "0.bias"} <= by_label(draw_graph(net, torch.ones(3, 2))).keys()


def test_no_name_is_made_up_that_a_constant_has() -> None:
    a = torch.tensor(3.0)

    def scaled() -> Any:
        return torch.tensor(2.0, requires_grad=True).exp() * a * a

    assert [node.formula for node in draw_graph(scaled()).nodes] == ["", "e^x", "b·a", "c·a"]


def test_modules_in_a_list_have_the_lists_name() -> None:
    layers = [torch.nn.Linear(1, 1) for _ in range(2)]
    h = torch.ones(1, 1)
    for layer in layers:
        h = layer(h)
    del layer
    assert {"layers[0].weight", "layers[1].bias"} <= by_label(draw_graph(h)).keys()
