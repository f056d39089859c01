"""A graph as one SVG picture: values forward, gradients backward.

Nothing outside of the picture is asked for, and nothing in it has an id: any number of pictures,
the same one twice among them, may stand on one page.
"""

from __future__ import annotations

from chainrule._languages import html_language, tr

from .cards import NOTE_SIZE, ROW, SIZE, Card
from .grouping import grouped
from .layout import FLOW_SIZE, Box, Edge, Layout, laid_out
from .legend import legend
from .model import Graph
from .shapes import BACKWARD, FORWARD, GREY, INK, LINE, PAPER, kind_of, shape
from .texts import FONTS, clean, safe, shortened, wide

__all__ = ["MOST_NODES", "svg"]

MOST_NODES = 40
MARGIN = 24.0
LEAST_WIDTH = 450.0
TITLE_SIZE = 15
UNDER = 30.0  # between the graph and the legend


def svg(graph: Graph, max_nodes: int | None = MOST_NODES, downward: bool | None = None) -> str:
    """Return the picture of `graph` as an SVG document.

    `max_nodes`  of a graph with more nodes, the parts that repeat are drawn once (None: draw all)
    `downward`   whether the computation goes down, not to the right; None: as suits the page

    Raises `GraphError` if the graph's nodes are not in the order of computation.
    """
    drawn = grouped(graph, max_nodes)
    layout = laid_out(drawn, downward)
    frame = layout.frame
    width = max(frame.width, LEAST_WIDTH)
    under, high = legend(drawn, layout, width)
    top = MARGIN + (TITLE_SIZE + 17 if graph.title else 0)
    left = MARGIN + (width - frame.width) / 2
    low = top + frame.height + UNDER
    body = (
        _heading(graph.title, width)
        + f'<g transform="translate({left - frame.x:.1f} {top - frame.y:.1f})">\n'
        + f"{_body(layout)}</g>\n"
        + f'<g transform="translate({MARGIN:.1f} {low:.1f})">{under}</g>\n'
    )
    title = safe(graph.title or tr("The graph of a computation"))
    told = safe(_told(drawn, layout))
    wide, tall = f"{width + 2 * MARGIN:.0f}", f"{low + high + MARGIN / 2:.0f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="{wide}" '
        f'height="{tall}" role="img" aria-label="{title}" '
        f'xml:lang="{html_language()}" style="max-width:100%;height:auto" '
        f'font-family="{FONTS}" font-size="{SIZE}">\n'
        f"<title>{title}</title>\n<desc>{told}</desc>\n"
        f'<rect width="100%" height="100%" rx="6" fill="{PAPER}"/>\n{body}</svg>\n'
    )


def _heading(title: str, width: float) -> str:
    said = clean(title)
    columns = 200
    while wide(said, TITLE_SIZE, bold=True) > width and columns > 8:
        columns -= 4
        said = shortened(clean(title), columns)
    at = f'x="{MARGIN:.0f}" y="{MARGIN + TITLE_SIZE:.0f}" font-size="{TITLE_SIZE}"'
    return f'<text {at} font-weight="bold" fill="{INK}">{safe(said)}</text>\n' if said else ""


def _told(graph: Graph, layout: Layout) -> str:
    """Return the picture in words: each node, and whether gradients are known."""
    if not layout.cards:
        return tr("There is nothing in this graph.")
    said = [card.whole for card in layout.cards]
    return ".\n".join([*said, *graph.note.splitlines()]) + "."


def _body(layout: Layout) -> str:
    if not layout.cards:
        said = safe(tr("There is nothing in this graph."))
        return f'<text y="8" text-anchor="middle" fill="{GREY}">{said}</text>'
    lines = "".join(map(_line, layout.edges))
    cards = [_card(*pair, layout.downward) for pair in zip(layout.cards, layout.boxes, strict=True)]
    flows = [_flow(edge, edge.box, layout.downward) for edge in layout.edges if edge.box]
    return (
        f'<g fill="none" stroke="{LINE}" stroke-width="1.5">\n{lines}</g>\n'
        f'<g text-anchor="middle">\n{"".join(cards)}</g>\n'
        f'<g text-anchor="middle" font-size="{FLOW_SIZE}" fill="{BACKWARD}">\n'
        f"{''.join(flows)}</g>\n"
    )


def _edge_name(edge: Edge) -> str:
    return f'data-edge="{safe(f"{edge.source} {edge.target}")}"'


def _line(edge: Edge) -> str:
    (x, y), (dx, dy) = edge.tip, edge.towards
    arrow = (
        f"M{x:.1f} {y:.1f}L{x - 9 * dx - 4 * dy:.1f} {y - 9 * dy - 4 * dx:.1f}"
        f"L{x - 9 * dx + 4 * dy:.1f} {y - 9 * dy + 4 * dx:.1f}z"
    )
    said = f"<title>◂ {safe(edge.flow)}</title>" if edge.flow else ""
    # Drawn twice, a line would be a darker one.
    trunk = f'<path d="{edge.trunk}" stroke="none"/>' if edge.trunk else ""
    return (
        f'<g {_edge_name(edge)}>{trunk}<path d="{edge.way}"/>'
        f'<path d="{arrow}" fill="{LINE}" stroke="none"/>{said}</g>\n'
    )


def _flow(edge: Edge, box: Box, downward: bool) -> str:
    # A piece of paper under the text, or the edge would strike it out.
    under = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    at = f'x="{box.x + box.width / 2:.1f}" y="{box.y + box.height - 4:.1f}"'
    said = safe(edge.label)
    return (
        f'<g {_edge_name(edge)}><rect {under} fill="{PAPER}"/>'
        f'<text {_edge_name(edge)} data-part="flow" {at}>{"▴" if downward else "◂"} {said}</text>'
        f"</g>\n"
    )


def _card(card: Card, box: Box, downward: bool) -> str:
    forward, backward = ("▾ ", "▴ ") if downward else ("▸ ", "◂ ")
    styles = {
        "label": (f'fill="{INK}" font-weight="bold"', ""),
        "value": (f'fill="{FORWARD}" data-part="value"', forward),
        "gradient": (f'fill="{BACKWARD}" data-part="gradient"', backward),
        "note": (f'fill="{GREY}" font-size="{NOTE_SIZE}"', ""),
    }
    x = box.x + box.width / 2
    y = box.y + (box.height - ROW * len(card.lines)) / 2 + SIZE
    texts = []
    for i, line in enumerate(card.lines):
        style, mark = styles[line.part]
        texts.append(
            f'<text x="{x:.1f}" y="{y + ROW * i:.1f}" {style}>{mark}{safe(line.text)}</text>'
        )
    return (
        f'<g data-node="{safe(card.node.key)}" data-kind="{kind_of(card.node)}">'
        f"<title>{safe(card.whole)}</title>{shape(kind_of(card.node), box)}{''.join(texts)}</g>\n"
    )
