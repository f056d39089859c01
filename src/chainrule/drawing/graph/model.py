"""The picture of a computation as data: what stands in each node, and what flows along each edge.

Readers (of tapes, of functions, of derivations) make a `Graph`; writers (`svg`, `dot`, `png`,
`stepping`) show one. All numbers are texts already, so that every writer shows the same digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from chainrule._files import check_writable, replacing
from chainrule._languages import speaking, tr

if TYPE_CHECKING:
    from .stepping import Page

__all__ = ["Graph", "GraphError", "Kind", "Node"]

Kind = Literal["leaf", "constant", "operation", "output"]


class GraphError(ValueError):
    """A graph that cannot be drawn or written, as one sentence."""


@dataclass(frozen=True)
class Node:
    """A value of the computation: how it is computed, what it is, and what flows back to it.

    key        what tells it from all others, and what `flows` of other nodes refer to: "a", "n12"
    label      its name as it is shown: "a", "y", "net.weight"
    kind       "leaf": what is differentiated by; "constant": what goes in, but gets no gradient;
               "operation": what is computed; "output": what is computed last
    formula    how it is computed from the labels of others, "x + w"; empty for what goes in
    value      its value, "3" or "3×2  1.5 … −4"; empty if it is not known
    operation  what computes it, as a word: "add" or "AddBackward0"; equal for equal operations
    flows      key of each node that uses it -> what flows back from there, "2"; empty text: it is
               not known, or nothing flows. These are the edges of the graph.
    gradient   what has flowed back in all, "5"; empty if backward has not run, or does not reach it
    worked     the formula with numbers put in, "2 + 1"; empty if that would be long
    slopes     key of each node that uses it -> the local derivative there, "2"; as far as known
    note       what else is to be said of it, on a line of its own: "added up over 2 passes"
    seed       what backward begins with at it, "1", if it is an output that others use, too
    """

    key: str
    label: str
    kind: Kind
    formula: str = ""
    value: str = ""
    operation: str = ""
    flows: Mapping[str, str] = field(default_factory=dict)
    gradient: str = ""
    worked: str = ""
    slopes: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    seed: str = ""


@dataclass(frozen=True, repr=False)
class Graph:
    """The graph of a computation, values forward and gradients backward, as `draw_graph` reads it.

    Notebooks show it as a picture, and printing it says it line by line. `nodes` are in the order
    of computation, `title` says what is drawn, `note` what a reader must know besides ("backward
    has not run"), in the language `lang`.
    """

    nodes: tuple[Node, ...]
    title: str
    note: str = ""
    lang: str = "en"

    @property
    def edges(self) -> list[tuple[str, str]]:
        """The pairs of a node's key and the key of a node that uses it."""
        return [(node.key, user) for node in self.nodes for user in node.flows]

    def __repr__(self) -> str:
        return f"<Graph {self.title!r}: nodes {len(self.nodes)}, edges {len(self.edges)}>"

    def __str__(self) -> str:
        from .cards import told

        return "\n".join([*map(told, self.nodes), *self.note.splitlines()])

    def svg(self) -> str:
        """Return the picture as an SVG document: no other program and no network are needed.

        What belongs to a node stands in a group `data-node="KEY"`; what belongs to an edge, line
        and text, in elements with `data-edge="FROM TO"`. In both, a text that shows a value, what
        flows or a gradient has `data-part="value"`, `"flow"` or `"gradient"`.
        """
        from .svg import svg

        with speaking(self.lang):
            return svg(self)

    def _repr_svg_(self) -> str:
        return self.svg()

    def to_dot(self) -> str:
        """Return the graph in the DOT language, for Graphviz and what else reads it."""
        from .dot import dot

        with speaking(self.lang):
            return dot(self)

    def png(self, scale: float = 2.0) -> bytes:
        """Return the picture as PNG, with `scale` pixels for each of the SVG's.

        Raises `MissingLibraryError` if resvg_py is not installed.
        """
        from .png import png

        with speaking(self.lang):
            return png(self, scale)

    def stepping(self) -> Page:
        """Return one HTML page in which both passes are walked to and fro, by buttons and keys."""
        from .stepping import page

        with speaking(self.lang):
            return page(self)

    def save(self, path: str | Path) -> None:
        """Write the graph to `path`, as its ending says: .svg, .png, .dot, or .html.

        The file appears whole or not at all. Raises `GraphError` for another ending, `OSError` if
        nothing can be written there.
        """
        path = Path(path)
        writers: dict[str, Callable[[], str | bytes]] = {
            ".svg": self.svg,
            ".png": self.png,
            ".dot": self.to_dot,
            ".html": self.stepping,
        }
        with speaking(self.lang):
            if (write := writers.get(path.suffix.lower())) is None:
                raise GraphError(
                    tr(
                        "{path} does not say what to write; end it in .svg, .png, .dot or .html",
                        path=path,
                    )
                )
            check_writable(path)
        written = write()
        with replacing(path) as new:
            new.write_bytes(written if isinstance(written, bytes) else written.encode("utf-8"))
