"""Graphs that tests draw: small ones by hand, and random ones."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from chainrule.drawing.graph import Graph, Node

__all__ = ["PRODUCT", "UNRUN", "graph_of", "random_graphs", "texts"]

# y = (x + w)·(w + 1) at w = 1 and x = 2.
PRODUCT = Graph(
    (
        Node("w", "w", "leaf", value="1", flows={"a": "2", "b": "3"}, gradient="5"),
        Node("x", "x", "leaf", value="2", flows={"a": "2"}, gradient="2"),
        Node("one", "1", "constant", flows={"b": ""}),
        Node("a", "a", "operation", "x + w", "3", "add", {"y": "2"}, "2"),
        Node("b", "b", "operation", "w + 1", "2", "add", {"y": "3"}, "3"),
        Node("y", "y", "output", "a·b", "6", "multiply", {}, "1"),
    ),
    "y = (x + w)·(w + 1)",
)
UNRUN = Graph(
    (
        Node("x", "x", "leaf", value="2", flows={"y": ""}),
        Node("y", "y", "output", "x²", "4", "power"),
    ),
    "y = x²",
)

# What people may call a value, and what nobody should.
texts = st.one_of(
    st.sampled_from(
        ["w", "net.weight", "</text><script>alert(1)</script>", "]]>", "&amp;", '"\\n\\"', "a\x00b"]
        + [
            "שלום",
            "\u202eabc",
            "\ud800",
            "数据的平均值" * 9,
            "x" * 300,
            "",
            " ",
            "\n\n",
            "📈",
            "e\u0301",
        ]
    ),
    st.text(max_size=12),
)


def graph_of(edges: Sequence[tuple[int, int]], count: int, text: str = "0.25") -> Graph:
    """Return a graph of `count` nodes with these edges, along which `text` flows back."""
    entered = {v for _, v in edges}
    nodes = []
    for i in range(count):
        flows = {f"n{v}": text for u, v in edges if u == i}
        kind = "operation" if i in entered else ("leaf" if i % 3 else "constant")
        if i in entered and not flows:
            kind = "output"
        formula = "f(…)" if i in entered else ""
        nodes.append(Node(f"n{i}", f"v{i}", kind, formula, "0.5", "f", flows, "1"))  # type: ignore[arg-type]
    return Graph(tuple(nodes), "a graph")


@st.composite
def random_graphs(draw: st.DrawFn, most: int = 18) -> Graph:
    """A graph without cycles, some of its nodes wide and with many edges."""
    count = draw(st.integers(1, most))
    pairs = [(u, v) for v in range(count) for u in range(v)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3 * count)) if pairs else []
    return graph_of(sorted(edges), count, draw(st.sampled_from(["1", "−0.2345", "", "x" * 40])))
