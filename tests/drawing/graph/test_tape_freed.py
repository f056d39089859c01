"""What the tape freed, or what was written to since, is not made up."""

from __future__ import annotations

import pytest

import chainrule.torch as torch
from chainrule.drawing import draw_graph
from chainrule.drawing.graph.numerals import array_text

from .tensors import by_label, gradients, leaf


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


# ---------------------------------------------------------------- what was written to in place


def test_what_was_overwritten_in_place_is_computed_again() -> None:
    x = leaf(1.0, 2.0, 3.0)
    y = x * 2
    y.add_(1)
    y.mul_(x)
    y[0] = 5.0
    graph = draw_graph(y.sum(), names={"x": x})
    found = [(node.formula, node.value) for node in graph.nodes[1:5]]
    assert found == [
        ("x·2", "[2, 4, 6]"),
        ("a + 1", "[3, 5, 7]"),
        ("b·x", "[3, 10, 21]"),
        ("c[0] ← 5", "[5, 10, 21]"),
    ]
    assert graph.note == "backward has not run"


def test_a_view_does_not_overwrite_what_it_looks_at() -> None:
    x = leaf(0.0, 0.0)
    y = x.exp()
    seen = y.view(2, 1)
    graph = draw_graph(seen.sum())
    assert by_label(graph)["y"].value == "[1, 1]"
    seen.mul_(3)
    found = [node.value for node in draw_graph(y.sum()).nodes]
    assert found[1] == "[1, 1]" and found[-2] == "[3, 3]"


@pytest.mark.parametrize("small", [1e-8, 1e-3, 0.0])
def test_a_constant_is_not_read_from_digits_that_were_lost(small: float) -> None:
    x = leaf(1000.0)
    y = x + small
    assert by_label(draw_graph(y))["y"].formula == "x + …"
    y = leaf(0.5) + 0.1
    assert by_label(draw_graph(y))["y"].formula.endswith("+ 0.1")
