"""The graph of tensors: what the tape knows is shown, what it freed is not made up."""

from __future__ import annotations

from typing import Any

import pytest

import chainrule.torch as torch
from chainrule.drawing import draw_graph
from chainrule.drawing.graph import Graph, GraphError, Node
from chainrule.drawing.graph.numerals import array_text


def by_label(graph: Graph) -> dict[str, Node]:
    assert len({node.label for node in graph.nodes}) == len(graph.nodes)
    return {node.label: node for node in graph.nodes}


def leaf(*numbers: float) -> Any:
    return torch.tensor(list(numbers), requires_grad=True)


def gradients(graph: Graph) -> dict[str, str]:
    return {node.label: node.gradient for node in graph.nodes}


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


# ---------------------------------------------------------------- what was freed, what changed


def test_what_backward_freed_is_left_out_unless_it_is_proven() -> None:
    x, w = leaf(2.0), leaf(1.0)
    y = (x + w).exp() * w.sin()
    y.backward()
    graph = draw_graph(y)
    nodes = by_label(graph)
    assert nodes["w"].gradient == array_text(w.grad.numpy())
    assert [node.formula for node in graph.nodes][2:] == ["x + w", "e^a", "sin(w)", "b·c"]
    # Nothing was named, but all can be computed again, and leads to the y that is there.
    assert nodes["a"].value == "[3]"
    assert nodes["a"].gradient == array_text(x.grad.numpy())


def test_what_was_freed_is_found_again_where_the_gradients_prove_it() -> None:
    x, w = leaf(2.0), leaf(1.0)
    for passes in (1, 2):
        y = (x + w) * (w + 1)
        y.backward()
        graph = draw_graph(y)
        assert [node.formula for node in graph.nodes][2:] == ["x + w", "w + 1", "a·b"]
        assert [node.value for node in graph.nodes] == ["[2]", "[1]", "[3]", "[2]", "[6]"]
        assert gradients(graph) == {"x": "[2]", "w": "[5]", "a": "[2]", "b": "[3]", "y": "[1]"}
        assert by_label(graph)["w"].note == (
            "" if passes == 1 else ".grad is [10]: 2 passes added up"
        )


@pytest.mark.parametrize("how", ["in place", "data", "gradients"])
def test_what_was_freed_is_not_guessed(how: str) -> None:
    x, w = leaf(2.0), leaf(1.0)
    y = (x + w) * (w + 1)
    y.backward()
    if how == "in place":
        with torch.no_grad():
            w -= 0.1 * w.grad
    elif how == "data":
        w.data -= 0.1 * w.grad
    else:
        w.grad.zero_()
    nodes = by_label(draw_graph(y))
    assert (nodes["a"].value, nodes["b"].value) == ("", "")
    assert nodes["b"].formula == "w + …"
    assert nodes["w"].gradient == array_text(w.grad.numpy())


def test_a_changed_leaf_does_not_prove_itself() -> None:
    x = leaf(0.5)
    y = (x + 1.0).exp() * 5
    y.backward()
    x.data += 1
    nodes = by_label(draw_graph(y))
    assert nodes["y"].formula == "b·…"
    assert (nodes["a"].value, nodes["b"].value) == ("", "")


def test_a_leaf_that_was_written_to_proves_nothing() -> None:
    x, w = leaf(2.0), leaf(1.0)
    y = (x + w).exp() * w.sin()
    y.backward()
    with torch.no_grad():
        w -= 0.5
    graph = draw_graph(y)
    nodes = by_label(graph)
    assert nodes["w"].value == "[0.5]"
    assert "written to since" in graph.note
    assert nodes["a"].value == nodes["b"].value == nodes["c"].value == ""
    assert nodes["w"].gradient == array_text(w.grad.numpy())
    w.data = torch.tensor([1.0])
    assert by_label(draw_graph(y))["a"].value == "[3]"


def test_constants_are_found_but_not_from_what_changed() -> None:
    w = leaf(1.0)
    y = w * 5
    assert by_label(draw_graph(y))["y"].formula == "w·5"
    y.backward()
    assert by_label(draw_graph(y))["y"].formula == "w·5"
    with torch.no_grad():
        w -= 0.5
    assert by_label(draw_graph(y))["y"].formula == "w·…"
    z = w + torch.tensor([1.0])
    assert by_label(draw_graph(z))["z"].formula == "w + 1"
    z = torch.cat([w, w]) + torch.tensor([1.0, 2.0])
    assert by_label(draw_graph(z))["z"].formula == "a + …"


def test_numbers_that_were_written_to_before_backward_are_not_shown_as_if_kept() -> None:
    x = leaf(2.0)
    a = x * 3
    y = a * a
    with torch.no_grad():
        a += 1
    nodes = by_label(draw_graph(y))
    assert nodes["a"].value == "[7]"
    assert "written to since" in draw_graph(y).note


# ---------------------------------------------------------------- names


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
