"""Where things stand in a graph: nothing overlaps, edges go forward, few of them cross."""

from __future__ import annotations

import random
import re
import time
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.drawing.graph import Graph, GraphError, Node
from chainrule.drawing.graph.layout.heights import pooled
from chainrule.drawing.graph.layout.layers import layered
from chainrule.drawing.graph.layout.laying import laid_out
from chainrule.drawing.graph.layout.ordering import crossings, ordered
from chainrule.drawing.graph.layout.placing import Box
from chainrule.drawing.graph.svg import svg

from .graphs import PRODUCT, graph_of, random_graphs

directions = st.sampled_from([None, True, False])


def _overlap(one: Box, other: Box, room: float = 0.0) -> bool:
    apart_x = one.x + one.width + room <= other.x or other.x + other.width + room <= one.x
    apart_y = one.y + one.height + room <= other.y or other.y + other.height + room <= one.y
    return not (apart_x or apart_y)


def _within(box: Box, frame: Box, by: float = 0.1) -> bool:
    return (
        frame.x - by <= box.x
        and frame.y - by <= box.y
        and box.x + box.width <= frame.x + frame.width + by
        and box.y + box.height <= frame.y + frame.height + by
    )


def _points(way: str, steps: int = 12) -> list[tuple[float, float]]:
    """Points along an SVG path of lines and cubic curves."""
    points: list[tuple[float, float]] = []
    for letter, numbers in re.findall(r"([MLC])([^MLC]*)", way):
        pairs = np.array(numbers.split(), dtype=float).reshape(-1, 2)
        if letter == "M":
            points.append((pairs[0, 0], pairs[0, 1]))
            continue
        start = np.array(points[-1])
        for t in np.linspace(0, 1, steps + 1)[1:]:
            if letter == "L":
                at = start + t * (pairs[0] - start)
            else:
                weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
                at = sum(
                    weight * point for weight, point in zip(weights, [start, *pairs], strict=True)
                )
            points.append((float(at[0]), float(at[1])))
    return points


@given(random_graphs(), directions)
@settings(deadline=None)
def test_nothing_overlaps(graph: Graph, downward: bool | None) -> None:
    layout = laid_out(graph, downward)
    # An output's second frame and the cards behind a stack take up to 8 pixels more.
    assert not any(_overlap(*pair, room=8) for pair in combinations(layout.boxes, 2))
    texts = [edge.box for edge in layout.edges if edge.box]
    boxes = [
        # What is behind the first card of a stack reaches as far as the frame of an output.
        Box(b.x - 4, b.y - 4, b.width + 8, b.height + 8) if card.node.kind == "output" else b
        for card, b in zip(layout.cards, layout.boxes, strict=True)
    ]
    assert not any(_overlap(text, box) for text in texts for box in boxes)
    shrunk = [Box(b.x + 0.01, b.y + 0.01, b.width - 0.02, b.height - 0.02) for b in texts]
    assert not any(_overlap(*pair) for pair in combinations(shrunk, 2))


@given(random_graphs(), directions)
@settings(deadline=None)
def test_edges_go_forward_and_meet_no_card_on_their_way(
    graph: Graph, downward: bool | None
) -> None:
    layout = laid_out(graph, downward)
    boxes = {card.node.key: box for card, box in zip(layout.cards, layout.boxes, strict=True)}
    assert len(layout.edges) == len(graph.edges)
    for edge in layout.edges:
        points = [*_points(edge.trunk), *_points(edge.way)]
        steps = np.diff(np.array([*points, edge.tip]), axis=0)[:, 1 if layout.downward else 0]
        assert (steps > -0.11).all()  # coordinates are written to a tenth
        for key, box in boxes.items():
            inside = Box(box.x + 1, box.y + 1, box.width - 2, box.height - 2)
            for x, y in points:
                assert not _overlap(inside, Box(x, y, 0, 0)), (edge, key)
        # It begins and ends at the sides of its own cards.
        (x, y), (tip_x, tip_y) = points[0], edge.tip
        source, target = boxes[edge.source], boxes[edge.target]
        assert _overlap(source, Box(x, y, 0, 0), room=0.2)
        assert _overlap(target, Box(tip_x, tip_y, 0, 0), room=4.2)


@given(random_graphs(), directions)
@settings(deadline=None)
def test_everything_is_within_the_size(graph: Graph, downward: bool | None) -> None:
    layout = laid_out(graph, downward)
    texts = [edge.box for edge in layout.edges if edge.box]
    for box in [*layout.boxes, *texts]:
        assert _within(box, layout.frame)
    for edge in layout.edges:
        assert all(_within(Box(x, y, 0, 0), layout.frame) for x, y in _points(edge.way))


@given(random_graphs(most=30))
@settings(deadline=None)
def test_ordering_never_adds_crossings_and_loses_no_spot(graph: Graph) -> None:
    place = {node.key: i for i, node in enumerate(graph.nodes)}
    structure = layered(len(place), [(place[u], place[v]) for u, v in graph.edges])
    order = ordered(structure)
    assert crossings(structure, order) <= crossings(structure, structure.layers)
    assert [sorted(layer) for layer in order] == [sorted(layer) for layer in structure.layers]


@given(random_graphs())
@settings(deadline=None)
def test_crossings_are_counted_as_pairs_that_cross(graph: Graph) -> None:
    place = {node.key: i for i, node in enumerate(graph.nodes)}
    structure = layered(len(place), [(place[u], place[v]) for u, v in graph.edges])
    at = {s: (k, i) for k, layer in enumerate(structure.layers) for i, s in enumerate(layer)}
    count = 0
    for (a, b), (c, d) in combinations(structure.links, 2):
        if at[a][0] == at[c][0]:
            count += (at[a][1] - at[c][1]) * (at[b][1] - at[d][1]) < 0
    assert crossings(structure, structure.layers) == count


def test_crossings_that_need_not_be_are_not_there() -> None:
    # A ladder drawn with its rungs in a tangle.
    tangled = [(0, 7), (1, 6), (2, 5), (3, 4), (4, 8), (5, 9), (6, 10), (7, 11)]
    structure = layered(12, tangled)
    assert crossings(structure, structure.layers) > 0
    assert crossings(structure, ordered(structure)) == 0


@given(random_graphs(most=30))
@settings(deadline=None)
def test_every_edge_has_a_spot_in_each_layer_that_it_passes(graph: Graph) -> None:
    place = {node.key: i for i, node in enumerate(graph.nodes)}
    edges = [(place[u], place[v]) for u, v in graph.edges]
    structure = layered(len(place), edges)
    level = {s: k for k, layer in enumerate(structure.layers) for s in layer}
    assert [(path[0], path[-1]) for path in structure.paths] == edges
    for path in structure.paths:
        levels = [level[spot] for spot in path]
        assert levels == list(range(levels[0], levels[-1] + 1))


numbers = st.floats(-100, 100)


@given(st.lists(st.tuples(numbers, st.floats(0.1, 10), st.floats(0, 20)), min_size=1, max_size=8))
def test_pooling_finds_the_nearest_places(rows: list[tuple[float, float, float]]) -> None:
    wanted, weights, gaps = (np.array(column) for column in zip(*rows, strict=True))
    places = np.array(pooled(list(wanted), list(weights), list(gaps[:-1])))
    assert (np.diff(places) >= gaps[:-1] - 1e-9).all()
    least = weights @ (places - wanted) ** 2
    # The problem is convex: the nearest places are those that no small allowed step improves.
    generator = np.random.default_rng(0)
    for _ in range(50):
        moved = places + generator.normal(size=len(places)) * generator.choice([1e-2, 1.0, 10.0])
        if (np.diff(moved) >= gaps[:-1]).all():
            assert weights @ (moved - wanted) ** 2 >= least - 1e-9


def test_a_chain_is_a_straight_line() -> None:
    layout = laid_out(graph_of([(i, i + 1) for i in range(8)], 9), downward=False)
    middles = [box.y + box.height / 2 for box in layout.boxes]
    assert max(middles) - min(middles) < 0.5


def test_a_long_edge_is_straight_where_there_is_room() -> None:
    edges = [(i, i + 1) for i in range(8)] + [(0, 8)]
    layout = laid_out(graph_of(edges, 9), downward=False)
    way = next(edge.way for edge in layout.edges if (edge.source, edge.target) == ("n0", "n8"))
    heights = np.array([y for _, y in _points(way)])
    assert np.ptp(heights[24:-24]) < 0.2


def test_wide_graphs_go_down_and_small_ones_to_the_right() -> None:
    assert not laid_out(PRODUCT).downward
    assert laid_out(graph_of([(i, i + 1) for i in range(30)], 31)).downward


def test_nodes_that_are_out_of_order_are_named() -> None:
    late = Graph((Node("y", "y", "output"), Node("x", "x", "leaf", flows={"y": ""})), "")
    with pytest.raises(GraphError, match="node 'x' is used by 'y', which does not come after it"):
        laid_out(late)
    unknown = Graph((Node("x", "x", "leaf", flows={"y": ""}),), "")
    with pytest.raises(GraphError, match="is used by 'y', which does not come after it"):
        laid_out(unknown)
    twice = Graph((Node("x", "x", "leaf"), Node("x", "x", "leaf")), "")
    with pytest.raises(GraphError, match="two nodes of the graph have the same key"):
        laid_out(twice)


def test_three_hundred_nodes_are_drawn_at_once() -> None:
    generator = random.Random(0)
    edges = {(u, v) for v in range(40, 300) for u in generator.sample(range(v - 25, v), 2)}
    graph = graph_of(sorted(edges), 300)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        svg(graph, max_nodes=None)
        seconds.append(time.process_time() - start)
    # Measured at 0.09 s; a computer in a hurry gets ten times that.
    assert min(seconds) < 1.0
