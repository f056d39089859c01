"""The graph of tensors: what the tape knows is shown."""

from __future__ import annotations

from typing import Any

import pytest

import chainrule.torch as torch
from chainrule.drawing import draw_graph
from chainrule.drawing.graph import GraphError
from chainrule.drawing.graph.cards import summed
from chainrule.drawing.graph.numerals import array_text

from .tensors import by_label, gradients, leaf

# ---------------------------------------------------------------- the course's example


def test_before_backward_the_picture_says_so() -> None:
    x, w = leaf(2.0), leaf(1.0)
    a = torch.add(x, w)
    b = torch.add(w, 1)
    y = torch.mul(a, b)
    graph = draw_graph(y)
    assert [node.label for node in graph.nodes] == ["x", "w", "a", "b", "y"]
    assert [node.formula for node in graph.nodes][2:] == ["x + w", "w + 1", "a·b"]
    assert [node.value for node in graph.nodes] == ["[2]", "[1]", "[3]", "[2]", "[6]"]
    assert [node.operation for node in graph.nodes][2:] == [
        "AddBackward0", "AddBackward0", "MulBackward0",
    ]  # fmt: skip
    assert set(gradients(graph).values()) == {""}
    assert graph.note == "backward has not run"
    assert graph.title == "The graph of y"


def test_after_backward_it_shows_what_flowed() -> None:
    x, w = leaf(2.0), leaf(1.0)
    a = torch.add(x, w)
    b = torch.add(w, 1)
    y = torch.mul(a, b)
    y.backward()
    graph = draw_graph(y)
    assert gradients(graph) == {"x": "[2]", "w": "[5]", "a": "[2]", "b": "[3]", "y": "[1]"}
    nodes = by_label(graph)
    assert nodes["w"].flows == {nodes["a"].key: "[2]", nodes["b"].key: "[3]"}
    assert nodes["a"].slopes == {nodes["y"].key: "b = 2"}
    assert graph.note == ""


def test_drawing_frees_nothing_and_adds_nothing_up() -> None:
    x, w = leaf(2.0), leaf(1.0)
    y = (x + w) * (w + 1)
    assert gradients(draw_graph(y, gradients=True))["w"] == "[5]"
    assert w.grad is None
    y.backward()
    draw_graph(y, gradients=None)
    assert w.grad.item() == 5
    with pytest.raises(RuntimeError, match="second time"):
        y.backward()


def test_the_numbers_are_those_of_autograd() -> None:
    torch.manual_seed(1)
    x, w = torch.randn(3, 2, requires_grad=True), torch.randn(2, 1, requires_grad=True)
    p = torch.sigmoid(x @ w + 0.5)
    loss = torch.nn.functional.binary_cross_entropy(p, torch.ones(3, 1)) + (w**2).sum() / 10
    graph = draw_graph(loss, gradients=True)
    found = gradients(graph)
    for name, g in zip("xw", torch.autograd.grad(loss, (x, w)), strict=True):
        assert found[name] == array_text(g.numpy())
    assert by_label(graph)["p"].value == array_text(p.detach().numpy())
    assert "binary_cross_entropy" in by_label(graph)[by_label(graph)["loss"].formula[0]].formula


# ---------------------------------------------------------------- what .grad holds


def test_several_passes_add_up_and_the_leaf_says_so() -> None:
    x, w = leaf(2.0), leaf(1.0)
    for _ in range(3):
        y = (x + w) * (w + 1)
        y.backward(retain_graph=True)
    nodes = by_label(draw_graph(y))
    assert nodes["w"].gradient == "[5]"  # what the edges bring adds up to it
    assert nodes["w"].note == ".grad is [15]: 3 passes added up"
    w.grad = torch.tensor([7.0])
    nodes = by_label(draw_graph(y))
    assert nodes["w"].gradient == ""
    assert nodes["w"].note == ".grad is [7], of earlier passes"


def test_gradients_of_earlier_graphs_are_not_taken_for_this_ones() -> None:
    w = leaf(1.0)
    (w * w).backward()
    y = w * 5
    graph = draw_graph(y)
    assert by_label(graph)["w"].gradient == ""
    assert by_label(graph)["w"].note == ".grad is [2], of earlier passes"
    assert graph.note == "backward has not run"
    y.backward()
    node = by_label(draw_graph(y))["w"]
    assert (node.gradient, node.note) == ("[5]", ".grad is [7], not of this pass alone")


def test_an_equal_earlier_pass_cannot_be_told_apart_and_the_note_says_so() -> None:
    w = leaf(3.0)
    (w * w).backward()
    y = w * w
    assert "nothing was freed" in draw_graph(y).note


def test_other_seeds_and_hooks_are_seen_in_the_note() -> None:
    w = leaf(3.0)
    y = w * w
    w.register_hook(lambda g: g + 1)
    y.backward()
    node = by_label(draw_graph(y))["w"]
    assert node.gradient == "[6]"
    assert node.note == ".grad is [7], not of this pass alone"


def test_retained_gradients_are_shown() -> None:
    x = leaf(2.0)
    a = x * 3
    a.retain_grad()
    y = a.exp()
    y.backward()
    assert gradients(draw_graph(y))["a"] == array_text(a.grad.numpy())


# ---------------------------------------------------------------- other shapes of graphs


def test_several_outputs_and_shared_parts() -> None:
    x = leaf(1.0, 2.0)
    y, z = (x * 2).sum(), (x * x).sum()
    graph = draw_graph((y, z), gradients=True)
    assert gradients(graph)["x"] == "[4, 6]"
    assert [node.kind for node in graph.nodes].count("output") == 2
    assert graph.title == "The graph of y, z"


def test_lists_outputs_and_functions_of_ones_own() -> None:
    class Double(torch.autograd.Function):
        calls = 0

        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 2

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            Double.calls += 1
            return g * 2

    x = leaf(1.0, 2.0, 4.0)
    first, rest = torch.split(x, [1, 2])
    y = torch.cat([first, Double.apply(rest), rest]).sum()
    graph = draw_graph(y)
    assert Double.calls == 0  # it is the user's, who may count, print or write there
    assert len(graph.nodes) >= 6
    assert gradients(draw_graph(y, gradients=True))["x"] == "[1, 3, 3]"
    y.backward()
    assert x.grad.tolist() == [1, 3, 3]
    assert gradients(draw_graph(y))["x"] == "[1, 3, 3]"


def test_in_place_operations_and_views() -> None:
    x = leaf(1.0, 2.0)
    a = x * 2
    a[0] = 5.0
    y = (a * x.reshape(2)).sum()
    graph = draw_graph(y, gradients=True)
    (g,) = torch.autograd.grad(y, x)
    assert gradients(graph)["x"] == array_text(g.numpy())


def test_a_long_loop_is_read_quickly() -> None:
    import time

    x = leaf(0.5)
    y = x
    for _ in range(300):
        y = torch.sin(y) + x
    started = time.perf_counter()
    graph = draw_graph(y, gradients=True)
    assert time.perf_counter() - started < 10  # on a busy computer, too
    assert len(graph.nodes) == 601


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: torch.ones(2), "has no graph: nothing that it was computed from requires"),
        (lambda: leaf(1.0), "is a leaf: no operation made it"),
        (lambda: (leaf(1.0) * 2).detach(), "has no graph"),
        (lambda: [leaf(1.0) * 2, 3.0], "was given something of type list"),
        (lambda: (), "was given something of type tuple"),
    ],
)
def test_what_has_no_graph_is_told_in_a_sentence(make: Any, says: str) -> None:
    with pytest.raises(GraphError, match=says) as raised:
        draw_graph(make())
    assert "\n" not in str(raised.value)


def test_arguments_behind_a_tensor_are_refused() -> None:
    x = leaf(1.0)
    with pytest.raises(GraphError, match="as one tuple"):
        draw_graph(x * 2, x * 3)


@pytest.mark.peers
def test_a_tensor_of_pytorch_itself_is_told() -> None:
    theirs = pytest.importorskip("torch")
    with pytest.raises(GraphError, match="a tensor of PyTorch's own"):
        draw_graph(theirs.ones(1, requires_grad=True) * 2)


# ---------------------------------------------------------------- what backward begins with


def test_an_output_that_others_use_begins_with_its_own_gradient() -> None:
    a = torch.tensor(2.0, requires_grad=True)
    b = a * 3
    c = b * a
    nodes = by_label(draw_graph((b, c), gradients=True))
    (b + c).backward()
    assert nodes["a"].gradient == array_text(a.grad.numpy()) == "15"
    assert summed(nodes["b"]) == "1 + 2 = 3"
    assert summed(nodes["c"]) == "1"


def test_gradients_of_a_seed_of_ones_own_are_not_called_those_of_a_sum() -> None:
    w = leaf(1.0, 1.0, 1.0)
    y = w * torch.tensor([1.0, 2.0, 3.0])
    y.backward(torch.tensor([1.0, 10.0, 100.0]))
    graph = draw_graph(y)
    assert gradients(graph)["w"] == "[1, 20, 300]"
    assert "sum" not in graph.note


def test_functions_of_ones_own_are_called_for_the_picture_without_a_tape() -> None:
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            (x,) = ctx.saved_tensors
            return g * 3 * x * x

    x = torch.tensor(2.0, requires_grad=True)
    y = Cube.apply(x) + x
    assert gradients(draw_graph(y, gradients=True))["x"] == "13"
    assert x.grad is None and torch.is_grad_enabled()


def test_hooks_that_were_not_called_are_told() -> None:
    x = leaf(1.0)
    a = x * 3
    a.register_hook(lambda g: g * 10)
    graph = draw_graph(a.sum(), gradients=True)
    assert "hooks were not called" in graph.note
    assert "hooks" not in draw_graph((x * 3).sum(), gradients=True).note
