"""Large graphs: what repeats is drawn once, nothing is lost, and no edge leads back."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.drawing.graph import Graph, Node
from chainrule.drawing.graph.grouping import Folded, grouped
from chainrule.drawing.graph.layout.laying import laid_out
from chainrule.drawing.graph.repeats import Repeat, Step, repeat
from chainrule.drawing.graph.svg import svg

from .graphs import PRODUCT, graph_of, random_graphs


def _loop(times: int) -> Graph:
    """h = w·h + c, again and again."""
    nodes: list[tuple[str, str, str, list[str]]] = [
        *(("w", "leaf", "", []), ("c", "constant", "", []), ("h0", "leaf", "", []))
    ]
    for k in range(1, times + 1):
        nodes.append((f"u{k}", "operation", "multiply", ["w", f"h{k - 1}"]))
        nodes.append((f"h{k}", "operation", "add", [f"u{k}", "c"]))
    return _graph(nodes)


def _layers(times: int) -> Graph:
    """Each layer with a weight and a bias of its own."""
    nodes: list[tuple[str, str, str, list[str]]] = [("h0", "constant", "", [])]
    for k in range(1, times + 1):
        nodes += [(f"W{k}", "leaf", "", []), (f"b{k}", "leaf", "", [])]
        nodes.append((f"u{k}", "operation", "matmul", [f"W{k}", f"h{k - 1}"]))
        nodes.append((f"z{k}", "operation", "add", [f"u{k}", f"b{k}"]))
        nodes.append((f"h{k}", "operation", "tanh", [f"z{k}"]))
    nodes.append(("L", "output", "sum", [f"h{times}"]))
    return _graph(nodes)


def _graph(rows: list[tuple[str, str, str, list[str]]]) -> Graph:
    flows: dict[str, dict[str, str]] = {key: {} for key, *_ in rows}
    for key, _, _, args in rows:
        for arg in args:
            flows[arg][key] = "1"
    return Graph(
        tuple(
            Node(key, key, kind, operation and f"{operation}(…)", "0.5", operation, flows[key], "2")  # type: ignore[arg-type]
            for key, kind, operation, _ in rows
        ),
        "repeated",
    )


def _folds(graph: Graph) -> list[Folded]:
    return [node for node in graph.nodes if isinstance(node, Folded)]


def test_small_graphs_stay_as_they_are() -> None:
    assert grouped(PRODUCT, 40) is PRODUCT
    assert grouped(_loop(50), None) == _loop(50)


def test_the_turns_of_a_loop_but_the_first_are_a_stack() -> None:
    drawn = grouped(_loop(30), 20)
    assert [node.key for node in drawn.nodes] == ["w", "c", "h0", "u1", "h1", "u2"]
    (fold,) = _folds(drawn)
    assert fold.label == "29 more like u1 to h1"
    assert fold.count == 58
    assert fold.value == "h30 = 0.5"
    assert drawn.edges == [
        *[("w", "u1"), ("w", "u2"), ("c", "h1"), ("c", "u2")],
        *[("h0", "u1"), ("u1", "h1"), ("h1", "u2")],
    ]
    # What flows back to w comes along many edges, which are drawn as one.
    assert dict(drawn.nodes[0].flows) == {"u1": "1", "u2": "29 gradients"}


def test_equal_layers_take_their_weights_with_them() -> None:
    drawn = grouped(_layers(12), 20)
    keys = [node.key for node in drawn.nodes]
    assert keys == ["h0", "W1", "b1", "u1", "z1", "h1", "u2", "L"]
    (fold,) = _folds(drawn)
    assert fold.label == "11 more like u1 to h1"
    assert fold.count == 55


def test_layers_that_differ_are_not_one_stack() -> None:
    graph = _layers(6)
    nodes = [replace(n, operation="relu") if n.key == "h4" else n for n in graph.nodes]
    drawn = grouped(Graph(tuple(nodes), ""), 10)
    assert "h4" in {node.key for node in drawn.nodes if not isinstance(node, Folded)}


def test_many_inputs_of_one_sum_are_a_stack() -> None:
    graph = graph_of([(u, 300) for u in range(300)], 301)
    drawn = grouped(graph, 20)
    assert len(drawn.nodes) < 20
    assert sum(fold.count for fold in _folds(drawn)) == 301 - (
        len(drawn.nodes) - len(_folds(drawn))
    )


def test_the_picture_says_what_was_grouped() -> None:
    picture = svg(_loop(30))
    assert "29 more like u1 to h1" in picture
    assert "58 of the 63 values are not drawn one by one" in picture
    assert "are not drawn one by one" not in svg(PRODUCT)


def test_repeats_are_found_where_they_are() -> None:
    whats = ["a", "x", "y", "x", "y", "x", "y", "b"]
    steps = [Step(what, (i - 1,) if i else (), 1) for i, what in enumerate(whats)]
    assert repeat(steps) == Repeat(start=1, length=2, times=3)
    assert repeat(steps[:5]) is None  # twice is no repeat
    # The same operations, but the third turn uses its own steps in another way.
    twisted = [*steps[:6], Step("y", (4,), 1), steps[7]]
    assert repeat(twisted) is None


def test_a_first_turn_that_begins_otherwise_stands_by_itself() -> None:
    # The first turn uses one value where the others use two: h0 is a number, not a node.
    graph = _loop(20)
    nodes = [replace(node, flows={}) if node.key == "h0" else node for node in graph.nodes]
    drawn = grouped(Graph(tuple(nodes), ""), 20)
    (fold,) = _folds(drawn)
    assert fold.label == "18 more like u2 to h2"
    assert [node.key for node in drawn.nodes][-5:] == ["u1", "h1", "u2", "h2", "u3"]


@st.composite
def _repeating(draw: st.DrawFn) -> Graph:
    """A random part, several times over, each fed by the one before and by shared inputs."""
    length, times = draw(st.integers(1, 4)), draw(st.integers(1, 12))
    inside = [
        draw(st.lists(st.integers(0, length + 1), min_size=1, max_size=3, unique=True))
        for _ in range(length)
    ]
    rows: list[tuple[str, str, str, list[str]]] = [
        *(("w", "leaf", "", []), ("v", "constant", "", []), ("s", "leaf", "", []))
    ]
    last = "s"
    for k in range(times):
        keys = ["w", last, *[f"n{k}.{j}" for j in range(length)]]
        for j, uses in enumerate(inside):
            args = sorted({keys[min(use, j + 1)] for use in uses})
            rows.append((f"n{k}.{j}", "operation", f"f{j}", args))
        last = keys[-1]
    rows.append(("y", "output", "sum", sorted({last, "v"})))
    return _graph(rows)


@given(st.one_of(random_graphs(most=40), _repeating()), st.integers(1, 12))
@settings(deadline=None)
def test_grouping_loses_nothing_and_leads_no_edge_back(graph: Graph, most: int) -> None:
    drawn = grouped(graph, most)
    laid_out(drawn)  # raises where an edge leads back
    folds = _folds(drawn)
    plain = [node for node in drawn.nodes if not isinstance(node, Folded)]
    assert len(plain) + sum(fold.count for fold in folds) == len(graph.nodes)
    original = {node.key: node for node in graph.nodes}
    for node in plain:
        assert node.label == original[node.key].label
        assert node.value == original[node.key].value
    # Edges between nodes that are drawn are those of the graph.
    shown = {node.key for node in plain}
    kept, left = (
        sorted(edge for edge in edges if shown >= set(edge)) for edges in (graph.edges, drawn.edges)
    )
    assert kept == left
    assert all(u != v for u, v in drawn.edges)


@pytest.mark.parametrize("graph", [_loop(2000), _layers(800)])
def test_thousands_of_nodes_are_drawn_soon(graph: Graph) -> None:
    start = time.process_time()
    picture = svg(graph)
    assert time.process_time() - start < 5
    assert picture.count("data-node") < 12


def test_what_does_not_repeat_loses_its_middle() -> None:
    edges = [(u, v) for v in range(1, 400) for u in {max(v - 1 - v * v % 7, 0), max(v - 3, 0)}]
    graph = graph_of(sorted(set(edges)), 400)
    nodes = tuple(replace(node, operation=f"op{i}") for i, node in enumerate(graph.nodes))
    drawn = grouped(Graph(nodes, ""), 40)
    (fold,) = _folds(drawn)
    assert 100 < len(drawn.nodes) <= 120
    assert fold.count == 400 - len(drawn.nodes) + 1
    assert "v1 " in fold.label or " to " in fold.label
