"""The graph of a derivation: the values it names, and numbers that agree with its own."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from chainrule import derive, grad
from chainrule.drawing import draw_graph
from chainrule.drawing.graph import GraphError
from chainrule.drawing.graph.numerals import number_text

LOSS = "z = w*x + b; p = 1/(1+exp(-z)); L = sum(-t*log(p) - (1-t)*log(1-p))"
DATA = {"w": 0.5, "b": 0.2, "x": [1.0, 2.0, -1.0], "t": [0.0, 1.0, 1.0]}

CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("(x+w)*(w+1)", "w", {"x": 2, "w": 1}),
    ("1/(1+exp(-(w*x+b)))", "b", {"w": 0.5, "x": 2, "b": -1.5}),
    ("(1-exp(-2*x))/(1+exp(-2*x))", "x", {"x": 1}),
    ("x**2*sin(x) + x", "x", {"x": 1.3}),
    (LOSS, "w", DATA),
    (LOSS, "b", DATA),
    ("p = w + x; L = sum(p)", "w", {"w": 2.0, "x": [1.0, 2.0, 3.0]}),
    ("r = y - (w*x); L = mean(r**2) + w**2", "w", {"w": 2.0, "x": [1.0, 2.0], "y": [3.0, 1.0]}),
]


@pytest.mark.parametrize(("formula", "wrt", "at"), CASES)
def test_its_gradient_is_the_derivations(formula: str, wrt: str, at: dict[str, Any]) -> None:
    d = derive(formula, wrt, at)
    graph = draw_graph(d, at)
    (leaf,) = (node for node in graph.nodes if node.kind == "leaf")
    assert leaf.label == wrt
    assert d.value is not None
    assert leaf.gradient == number_text(d.value)
    (output,) = (node for node in graph.nodes if node.kind == "output")
    assert output.gradient == "1"
    assert all(node.value for node in graph.nodes)


def test_it_is_the_graph_of_the_course() -> None:
    at = {"x": 2, "w": 1}
    graph = draw_graph(derive("(x+w)*(w+1)", "w", at), at)
    nodes = {node.label: node for node in graph.nodes}
    assert [node.formula for node in graph.nodes] == ["", "", "x + w", "w + 1", "a·b"]
    assert nodes["w"].flows == {nodes["a"].key: "2", nodes["b"].key: "3"}
    assert nodes["a"].slopes == {nodes["y"].key: "b = 2"}
    assert nodes["x"].kind == "constant"
    assert graph.title == "The graph of y = (x + w)·(w + 1)"
    # The same as that of the function, but for x, by which the derivation does not derive.
    of_function = draw_graph(lambda x, w: (x + w) * (w + 1), 2.0, 1.0, wrt="w")
    assert [(n.label, n.formula, n.value, n.gradient, dict(n.slopes)) for n in graph.nodes] == [
        (n.label, n.formula, n.value, n.gradient, dict(n.slopes)) for n in of_function.nodes
    ]


def test_values_are_those_of_the_formula() -> None:
    at = {"w": 0.5, "x": 2, "b": -1.5}
    graph = draw_graph(derive("1/(1+exp(-(w*x+b)))", "w", at), at)
    sigmoid = lambda w: 1 / (1 + np.exp(-(w * 2 - 1.5)))
    assert graph.nodes[-1].value == number_text(sigmoid(0.5))
    assert graph.nodes[0].gradient == number_text(grad(sigmoid)(0.5))


def test_without_a_point_it_has_no_numbers_and_says_so() -> None:
    graph = draw_graph(derive("(x+w)*(w+1)", "w"))
    assert {node.value for node in graph.nodes} == {""}
    assert graph.note == "no point was given, so there are no numbers"


def test_a_single_variable_needs_no_dict() -> None:
    assert draw_graph(derive("tanh(x)"), 0.5).nodes[0].value == "0.5"


@pytest.mark.parametrize(
    ("point", "says"),
    [
        ({"x": 2}, "says nothing of w; give each a number"),
        (("x", 2), r"is one dict: draw_graph\(d, \{"),
    ],
)
def test_bad_points_are_told(point: Any, says: str) -> None:
    with pytest.raises(GraphError, match=says):
        draw_graph(derive("(x+w)*(w+1)", "w"), point)


def test_a_derivation_brings_its_point_along() -> None:
    at = {"x": [1, 2], "t": [3, 4], "w": 1}
    d = derive("L = sum((x*w - t)**2)", "w", at)
    assert draw_graph(d) == draw_graph(d, at)
    assert draw_graph(d, at | {"w": 2}) != draw_graph(d)
    assert not any(node.value for node in draw_graph(derive("x*w", "w", {"x": 1})).nodes)


def test_lists_of_unequal_lengths_are_told() -> None:
    at = {"w": 2.0, "x": [1.0, 2.0], "y": [3.0, 1.0]}
    d = derive("L = sum((y - w*x)**2)", "w", at)
    with pytest.raises(GraphError, match="lists of 1, 2 values"):
        draw_graph(d, at | {"y": [1.0]})


@pytest.mark.parametrize("x", ["a", [1, 2], None])
def test_what_is_no_number_is_told(x: Any) -> None:
    with pytest.raises(GraphError, match=r"the point gives x .*, which is no number"):
        draw_graph(derive("x*w", "w"), {"x": x, "w": 2})


def test_a_title_does_not_grow_with_every_step() -> None:
    steps = "; ".join(f"{b} = {a}*{a}" for a, b in pairwise("xabcdfghkmpqrsuvwz"))
    assert draw_graph(derive(steps, "x")).title == "The graph of z"


def test_outside_of_the_domain_the_graph_is_drawn_all_the_same() -> None:
    nodes = draw_graph(derive("log(x)*w + 1", "x"), {"x": -1.0, "w": 2.0}).nodes
    assert [node.value for node in nodes if node.formula] == ["nan"] * (len(nodes) - 2)
