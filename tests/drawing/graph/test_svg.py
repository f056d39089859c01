"""The picture of a graph: whole, well formed, safe, and told in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings

from chainrule._languages import speaking
from chainrule.drawing.graph import Graph, Node
from chainrule.drawing.graph.cards import summed
from chainrule.drawing.graph.svg import svg
from chainrule.drawing.graph.texts import clean
from tests.browser import OpenPage, browser, open_page

from .graphs import PRODUCT, UNRUN, graph_of, random_graphs, texts

__all__ = ["browser", "open_page"]  # fixtures

SVG = "{http://www.w3.org/2000/svg}"


def _read(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def _texts(element: ElementTree.Element, part: str | None = None) -> list[str]:
    found = element.iter(f"{SVG}text")
    return ["".join(text.itertext()) for text in found if part in (None, text.get("data-part"))]


def _node(picture: ElementTree.Element, key: str) -> ElementTree.Element:
    return next(group for group in picture.iter(f"{SVG}g") if group.get("data-node") == key)


def test_values_go_forward_and_gradients_back_on_one_picture() -> None:
    picture = _read(PRODUCT.svg())
    assert _texts(_node(picture, "a")) == ["a = x + w", "▸ 3", "◂ 2"]
    assert _texts(_node(picture, "w")) == ["w", "▸ 1", "◂ 2 + 3 = 5"]
    assert _texts(picture, "value") == ["▸ 1", "▸ 2", "▸ 3", "▸ 2", "▸ 6"]
    flows = {
        text.get("data-edge"): "".join(text.itertext())
        for text in picture.iter(f"{SVG}text")
        if text.get("data-part") == "flow"
    }
    assert flows == {"w a": "◂ 2", "w b": "◂ 3", "x a": "◂ 2", "a y": "◂ 2", "b y": "◂ 3"}
    assert {edge.get("data-edge") for edge in picture.iter(f"{SVG}g")} - {None} == {
        *flows,
        "one b",
    }


def test_a_sum_is_shown_as_one() -> None:
    node = Node("w", "w", "leaf", flows={"a": "2", "b": "−3", "c": "-1"}, gradient="−2")
    assert summed(node) == "2 − 3 − 1 = −2"
    many = Node("w", "w", "leaf", flows={f"n{i}": "1.2345" for i in range(9)}, gradient="11.11")
    assert summed(many, 36) == "1.2345 + 1.2345 + … + 1.2345 = 11.11"
    unknown = Node("w", "w", "leaf", flows={"a": "", "b": ""}, gradient="5")
    assert summed(unknown) == "5"


def test_a_long_sum_is_said_by_its_count() -> None:
    flows = {"a": "[0, 0.7017, 0]", "b": "[−0.5355, 0, −0.6062]"}
    node = Node("g", "g", "leaf", flows=flows, gradient="[−0.5355, 0.7017, −0.6062]")
    assert summed(node, 46) == "sum of 2: [−0.5355, 0.7017, −0.6062]"
    assert summed(node) == "[0, 0.7017, 0] + [−0.5355, 0, −0.6062] = [−0.5355, 0.7017, −0.6062]"


def test_a_long_formula_is_broken_before_its_outermost_terms() -> None:
    formula = "−Σᵢ (tᵢ·ln(pᵢ) + (1 − tᵢ)·ln(1 − pᵢ))"
    graph = Graph((Node("L", "L", "output", formula, "1"),), "loss")
    lines = _texts(_node(_read(graph.svg()), "L"))
    assert lines[:2] == ["L = −Σᵢ (tᵢ·ln(pᵢ)", "+ (1 − tᵢ)·ln(1 − pᵢ))"]


def test_kinds_differ_in_shape_not_only_in_colour() -> None:
    picture = _read(PRODUCT.svg())
    outlines = {}
    for key in ("w", "one", "a", "y"):
        group = _node(picture, key)
        shapes = [e for e in group if e.tag in {f"{SVG}rect", f"{SVG}path"}]
        outlines[key] = [(e.tag, e.get("rx"), e.get("stroke-dasharray")) for e in shapes]
    assert len({str(outline) for outline in outlines.values()}) == 4
    words = " ".join(_texts(picture))
    for kind in ("differentiated by", "constant", "operation", "output"):
        assert kind in words


def test_it_says_where_backward_has_not_run() -> None:
    said = "backward has not run"
    assert any(said in text for text in _texts(_read(UNRUN.svg())))
    assert not any(said in text for text in _texts(_read(PRODUCT.svg())))
    with speaking("zh"):
        assert "尚未反向传播" in svg(UNRUN)


def test_it_is_an_image_with_a_title_and_every_node_in_words() -> None:
    picture = _read(PRODUCT.svg())
    assert picture.get("role") == "img"
    title, told = (picture.find(f"{SVG}{tag}") for tag in ("title", "desc"))
    assert title is not None and told is not None
    assert picture.get("aria-label") == title.text == PRODUCT.title
    assert "w = 1; ◂ 5" in str(told.text) and "y = a·b = 6; ◂ 1" in str(told.text)


def test_it_scales_to_its_width_and_brings_its_own_paper() -> None:
    picture = _read(PRODUCT.svg())
    assert picture.get("viewBox") == f"0 0 {picture.get('width')} {picture.get('height')}"
    assert "max-width:100%" in str(picture.get("style"))
    paper = next(picture.iter(f"{SVG}rect"))
    assert (paper.get("width"), paper.get("fill")) == ("100%", "#ffffff")


def test_one_picture_may_stand_twice_on_a_page() -> None:
    picture = PRODUCT.svg()
    assert picture == PRODUCT.svg()
    assert not re.findall(r"""\sid=|url\(#|href="#|aria-labelledby""", picture)


def test_nothing_outside_of_the_picture_is_asked_for() -> None:
    assert not re.search(r"href|url\(|@import|<script", PRODUCT.svg().replace("w3.org", ""))


def test_long_names_are_shortened_and_said_in_full() -> None:
    name = "the_mean_of_the_squared_errors_of_all_points_of_the_second_batch"
    graph = Graph((Node("x", name, "leaf", value="1"),), name * 3)
    picture = _read(graph.svg())
    group = _node(picture, "x")
    assert _texts(group)[0].endswith("…")
    title = group.find(f"{SVG}title")
    assert title is not None and str(title.text).startswith(name + " = 1")
    assert float(str(picture.get("width"))) < 600


def test_an_empty_graph_says_so() -> None:
    assert "There is nothing in this graph." in _texts(_read(Graph((), "nothing").svg()))


@given(texts, texts, texts)
@settings(deadline=None)
def test_any_text_may_stand_anywhere(label: str, value: str, title: str) -> None:
    key = "k" + label
    nodes = (
        Node("x" + label, label, "leaf", "", value, label, {key: value}, value, note=title),
        Node(key, label, "output", label + value, value, label, {}, label),
    )
    for lang in ("en", "zh"):
        picture = svg(Graph(nodes, title, title, lang))
        picture.encode("utf-8")
        tree = _read(picture)
        assert not list(tree.iter(f"{SVG}script"))
        allowed = {"svg", "title", "desc", "rect", "g", "path", "text"}
        assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= allowed
        # What is told apart by its key can be found by it.
        assert len({g.get("data-node") for g in tree.iter(f"{SVG}g")} - {None}) == 2


@given(random_graphs())
@settings(deadline=None, max_examples=30)
def test_every_node_and_every_edge_is_drawn(graph: Graph) -> None:
    picture = _read(svg(graph, max_nodes=None))
    groups = list(picture.iter(f"{SVG}g"))
    assert [g.get("data-node") for g in groups if g.get("data-node")] == [
        node.key for node in graph.nodes
    ]
    drawn = {g.get("data-edge") for g in groups if g.get("data-edge")}
    assert drawn == {f"{u} {v}" for u, v in graph.edges}


def test_where_edges_are_too_many_their_texts_are_left_out_and_it_is_said() -> None:
    edges = [(u, v) for u in range(14) for v in range(14, 28)]
    graph = graph_of(edges, 28, "−0.12345")
    picture = _read(svg(graph, max_nodes=None))
    shown = len(_texts(picture, "flow"))
    assert 14 < shown < len(edges)
    assert any(text.startswith("Where edges lie close") for text in _texts(picture))
    said = [
        g.find(f"{SVG}title") for g in picture.iter(f"{SVG}g") if g.get("data-edge") is not None
    ]
    assert sum(title is not None and "−0.12345" in str(title.text) for title in said) == len(edges)


def test_control_characters_and_marks_of_direction_are_no_part_of_a_name() -> None:
    assert clean("a\x07b\u202ec\ud800") == "a�bc�"
    assert clean("שלום 数据 é") == "שלום 数据 é"


WIDE = Graph(
    (
        Node("m", "WWWW_MMMM@@@@", "leaf", value="[0.1234, −5.6789, …, 8.8888] (4×3)"),
        Node("c", "数据的平均值", "constant", value="3"),
        Node("r", "שלום עולם", "leaf", value="2"),
        Node("z", "αβγ ∂y/∂x √Σ", "output", "log(1 − p)·(1 − t) + ∑ wᵢ·xᵢ²", "1", note="note " * 6),
    ),
    "Every text within its card",
)


def test_texts_stand_within_their_cards_in_a_browser(open_page: OpenPage, tmp_path: Path) -> None:
    path = tmp_path / "graph.html"
    pictures = [graph.svg() for graph in (WIDE, PRODUCT)]
    path.write_text(f'<meta charset="utf-8">{"".join(pictures)}', encoding="utf-8")
    page: Any = open_page(path, viewport={"width": 1000, "height": 900})
    cut = page.evaluate(
        """() => {
            const cut = [], box = e => e.getBBox();
            for (const group of document.querySelectorAll('[data-node]')) {
                const shape = box(group.querySelector(':scope > rect, :scope > path'));
                for (const text of group.querySelectorAll('text')) {
                    const b = box(text);
                    if (b.x < shape.x + 2 || b.x + b.width > shape.x + shape.width - 2
                        || b.y < shape.y - 1 || b.y + b.height > shape.y + shape.height + 1)
                        cut.push(text.textContent);
                }
            }
            for (const text of document.querySelectorAll('svg text')) {
                const b = text.getBoundingClientRect();
                const all = text.ownerSVGElement.getBoundingClientRect();
                if (b.left < all.left || b.right > all.right
                    || b.top < all.top || b.bottom > all.bottom) cut.push(text.textContent);
            }
            return cut;
        }"""
    )
    assert cut == []
