"""A graph in the DOT language, which Graphviz and many other programs read."""

from __future__ import annotations

from .cards import summed
from .model import Graph
from .shapes import BACKWARD
from .texts import clean, shortened

__all__ = ["dot"]

SHAPES = {"leaf": "ellipse", "constant": "octagon", "operation": "box", "output": "box"}
MOST = 60  # columns of a line


def dot(graph: Graph) -> str:
    r"""Return `graph` in the DOT language, one statement a line, with all of its nodes.

    >>> from .model import Node
    >>> print(dot(Graph((Node("w", "w", "leaf", value="1"),), "one")))
    digraph "one" {
      rankdir=LR
      node [fontname="DejaVu Sans"]
      edge [fontname="DejaVu Sans", fontcolor="#a64600"]
      "w" [shape=ellipse, label="w\n▸ 1"]
    }
    <BLANKLINE>
    """
    lines = [f"digraph {_quoted(graph.title or 'graph')} {{", "  rankdir=LR"]
    if graph.note:
        lines.append(f"  label={_quoted(graph.note)}")
    lines.append('  node [fontname="DejaVu Sans"]')
    lines.append(f'  edge [fontname="DejaVu Sans", fontcolor="{BACKWARD}"]')
    for node in graph.nodes:
        said = [f"{node.label} = {node.formula}" if node.formula else node.label]
        if node.value and node.value != node.label:
            said.append(f"▸ {node.value}")
        if total := summed(node):
            said.append(f"◂ {total}")
        said += node.note.splitlines()
        shape = f"shape={SHAPES[node.kind]}" + (", peripheries=2" * (node.kind == "output"))
        lines.append(f"  {_quoted(node.key)} [{shape}, label={_quoted(*said)}]")
    for node in graph.nodes:
        for user, flow in node.flows.items():
            label = f" [label={_quoted(f'◂ {flow}')}]" if flow else ""
            lines.append(f"  {_quoted(node.key)} -> {_quoted(user)}{label}")
    return "\n".join([*lines, "}", ""])


def _quoted(*lines: str) -> str:
    """Return lines of text as one of the language's quoted strings."""
    # Only the quote needs its backslash; a backslash of the text would begin an escape of labels.
    shown = [
        shortened(clean(line), MOST).replace("\\", "\\\\").replace('"', '\\"') for line in lines
    ]
    return '"' + "\\n".join(shown) + '"'
