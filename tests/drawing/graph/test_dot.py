"""The graph in the DOT language, read back by a reader of what its grammar says of strings."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings

from chainrule.drawing.graph import Graph, Node

from .graphs import PRODUCT, UNRUN, random_graphs, texts

STRING = r'"((?:[^"\\]|\\.)*)"'


def _read(text: str) -> tuple[dict[str, dict[str, str]], dict[tuple[str, str], str]]:
    """Return the nodes with their attributes, and the edges with their labels."""
    lines = text.splitlines()
    assert re.fullmatch(rf"digraph {STRING} \{{", lines[0])
    assert lines[-1] == "}"
    nodes, edges = {}, {}
    for line in lines[1:-1]:
        if found := re.fullmatch(rf"  {STRING} -> {STRING}(?: \[label={STRING}\])?", line):
            edges[found[1], found[2]] = found[3] or ""
        elif found := re.fullmatch(rf"  {STRING} \[((?:\w+=(?:\w+|{STRING})(?:, )?)+)\]", line):
            nodes[found[1]] = {
                key: word or said
                for key, word, said in re.findall(rf"(\w+)=(?:(\w+)|{STRING})", found[2])
            }
        else:
            assert re.fullmatch(rf"  (rankdir=\w+|label={STRING}|(node|edge) \[.*\])", line), line
    return nodes, edges


def test_nodes_edges_values_and_gradients_are_written() -> None:
    nodes, edges = _read(PRODUCT.to_dot())
    assert nodes["w"] == {"shape": "ellipse", "label": "w\\n▸ 1\\n◂ 2 + 3 = 5"}
    assert nodes["y"] == {"shape": "box", "peripheries": "2", "label": "y = a·b\\n▸ 6\\n◂ 1"}
    assert nodes["one"]["shape"] == "octagon"
    assert edges == {
        ("w", "a"): "◂ 2",
        ("w", "b"): "◂ 3",
        ("x", "a"): "◂ 2",
        ("one", "b"): "",
        ("a", "y"): "◂ 2",
        ("b", "y"): "◂ 3",
    }


@given(random_graphs())
@settings(deadline=None, max_examples=30)
def test_every_node_and_every_edge_is_written(graph: Graph) -> None:
    nodes, edges = _read(graph.to_dot())
    assert list(nodes) == [node.key for node in graph.nodes]
    assert set(edges) == set(graph.edges)


@given(texts, texts)
@settings(deadline=None)
def test_any_text_may_stand_anywhere(label: str, value: str) -> None:
    nodes = (Node("x", label, "leaf", "", value, flows={"y": value}), Node("y", value, "output"))
    text = Graph(nodes, label, value).to_dot()
    text.encode("utf-8")
    read, edges = _read(text)
    assert list(read) == ["x", "y"] and list(edges) == [("x", "y")]


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("graph", [PRODUCT, UNRUN, Graph((), 'no "nodes" \\')])
def test_graphviz_reads_it(graph: Graph) -> None:
    done = subprocess.run(
        ["dot", "-Tplain"], input=graph.to_dot(), capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr == ""
    assert len(re.findall("^node ", done.stdout, re.MULTILINE)) == len(graph.nodes)
