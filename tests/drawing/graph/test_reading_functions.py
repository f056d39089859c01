"""The graph of a function: its calls, what flows back, checked against grad and differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import chainrule.numpy
from chainrule import grad
from chainrule._languages import speaking
from chainrule.drawing import draw_graph
from chainrule.drawing.graph import Graph, GraphError, Node
from chainrule.drawing.graph.cards import summed
from chainrule.drawing.graph.numerals import array_text


def lesson(x: Any, w: Any) -> Any:
    return (x + w) * (w + 1)


def logistic(w: Any, b: Any, x: Any, t: Any) -> Any:
    p = 1 / (1 + np.exp(-(w * x + b)))
    return -t * np.log(p) - (1 - t) * np.log(1 - p)


def twice(x: Any, y: Any) -> Any:
    return x * x + np.sin(x * y) / np.sqrt(x)


def branches(x: Any, y: Any) -> Any:
    return np.where(x > y, x**3, np.tanh(y)) + np.maximum(x, y) - abs(y)


def matrices(x: Any, y: Any) -> Any:
    return np.sum(np.tanh(x @ y)) + np.mean(np.concatenate([x, x * 2])[1:]) + np.max(y)


def lists(x: Any, y: Any) -> Any:
    return np.sum(np.stack([x, y, x * y], axis=1) ** 2) + x[0] * x[-1]


def several(x: Any, y: Any) -> Any:
    values, vectors = np.linalg.eigh(x + x.T)
    return np.sum(values * y) + np.sum(vectors**2 * values)


def written(x: Any, y: Any) -> Any:
    a = x * y
    a[0] = a[1] * y[0]
    a *= x
    return np.sum(np.sin(a))


ONE = np.array([[1.0, 0.5], [-0.3, 2.0]])
CASES: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (lesson, (2.0, 1.0)),
    (logistic, (0.5, -0.2, 1.5, 1.0)),
    (twice, (1.3, -0.7)),
    (branches, (2.0, 0.5)),
    (branches, (-1.0, 0.5)),
    (matrices, (ONE, ONE[::-1] * 0.7)),
    (lists, (np.array([1.0, 2.0]), np.array([0.5, -1.0]))),
    (several, (ONE, np.array([1.0, 2.0]))),
    (written, (np.array([1.0, 2.0]), np.array([0.5, -1.0]))),
]


def by_label(graph: Graph) -> dict[str, Node]:
    assert len({node.label for node in graph.nodes}) == len(graph.nodes)
    return {node.label: node for node in graph.nodes}


def number(text: str) -> float:
    return float(text.replace("−", "-"))


@pytest.mark.parametrize(("f", "args"), CASES)
def test_values_and_gradients_are_those_of_the_function(
    f: Callable[..., Any], args: tuple[Any, ...]
) -> None:
    graph = draw_graph(f, *args)
    leaves = [node for node in graph.nodes if node.kind == "leaf"]
    for k, (leaf, x) in enumerate(zip(leaves, args, strict=True)):
        assert leaf.value == array_text(x)
        assert leaf.gradient == array_text(grad(f, k)(*args))
    (output,) = (node for node in graph.nodes if node.kind == "output")
    assert output.value == array_text(f(*args))
    assert output.gradient == "1"


@pytest.mark.parametrize(("f", "args"), CASES[:5])
def test_what_flows_is_slope_times_gradient_and_adds_up(
    f: Callable[..., Any], args: tuple[Any, ...]
) -> None:
    graph = draw_graph(f, *args)
    nodes = {node.key: node for node in graph.nodes}
    for node in graph.nodes:
        if node.flows:
            total = sum(number(t) for flow in node.flows.values() for t in parted(flow))
            assert total == pytest.approx(number(node.gradient), rel=2e-3, abs=2e-3)
        for user, slope in node.slopes.items():
            local = number(slope.rpartition(" = ")[2])
            flow = sum(map(number, parted(node.flows[user])))
            assert flow == pytest.approx(local * number(nodes[user].gradient), rel=2e-3, abs=2e-3)


def parted(flow: str) -> list[str]:
    return flow.replace(" − ", " + −").split(" + ")


@pytest.mark.parametrize(("f", "args"), CASES)
def test_every_edge_leads_to_a_later_node(f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    graph = draw_graph(f, *args)
    place = {node.key: k for k, node in enumerate(graph.nodes)}
    assert graph.edges
    assert all(place[a] < place[b] for a, b in graph.edges)
    # Nothing is drawn that leads to no output.
    users = {a for a, _ in graph.edges}
    assert all(node.key in users or node.kind in ("output", "leaf") for node in graph.nodes)


def test_the_lesson_is_drawn_as_it_is_written() -> None:
    nodes = by_label(draw_graph(lesson, 2, 1))
    a, b, y, w = (nodes[name] for name in "abyw")
    assert [a.formula, b.formula, y.formula] == ["x + w", "w + 1", "a·b"]
    assert [a.worked, b.worked, y.worked] == ["2 + 1", "1 + 1", "3·2"]
    assert a.slopes == {y.key: "b = 2"}
    assert w.flows == {a.key: "2", b.key: "3"}
    assert (w.gradient, y.value) == ("5", "6")


def test_a_function_names_what_no_one_named() -> None:
    graph = draw_graph(lambda a, y: (a + y) * (y + 1) * 2, 2.0, 1.0)
    assert [node.label for node in graph.nodes] == ["a", "y", "b", "c", "f", "z"]
    graph = draw_graph(np.multiply, 2.0, 3.0)
    assert graph.nodes[-1].formula == "x₁·x₂"
    graph = draw_graph(np.multiply, 2.0, 3.0, names=["u", "v"])
    assert graph.nodes[-1].formula == "u·v"
    long = draw_graph(lambda x: sum((np.sin(x * k) for k in range(30)), x), 1.0)
    assert len(by_label(long)) > 60


def test_containers_lists_and_rows_are_leaves_of_their_own() -> None:
    class Line(NamedTuple):
        slope: float
        start: float

    graph = draw_graph(
        lambda line, points, scale: line.slope * points[1] * scale["s"], Line(2.0, 1.0),
        [1.0, 3.0], {"s": np.array(0.5)},
    )  # fmt: skip
    gradients = {node.label: node.gradient for node in graph.nodes if node.kind == "leaf"}
    assert gradients == {
        "line.slope": "1.5", "line.start": "0",
        "points[0]": "0", "points[1]": "1", "scale['s']": "6",
    }  # fmt: skip


def test_what_cannot_be_differentiated_is_passed_as_it_is() -> None:
    def f(x: Any, how: str, at: Any, really: bool) -> Any:
        assert how == "sum"
        assert really is True
        return np.sum(x[at])

    graph = draw_graph(f, np.arange(4.0), "sum", np.array([1, 3]), True)
    assert [node.label for node in graph.nodes] == ["x", "a", "y"]
    assert graph.nodes[0].gradient == array_text(np.array([0.0, 1, 0, 1]))


def test_wrt_leaves_the_others_without_gradients() -> None:
    graph = draw_graph(lambda x, w: np.sin(x) * w, 2.0, 1.0, wrt="w")
    nodes = by_label(graph)
    assert nodes["x"].kind == "constant"
    assert (nodes["x"].gradient, nodes["a"].gradient) == ("", "")
    assert nodes["w"].gradient == array_text(np.sin(2.0))
    assert list(nodes["x"].flows.values()) == [""]
    with pytest.raises(GraphError, match=r"wrt names v, which is not among .*: x, w"):
        draw_graph(lesson, 2.0, 1.0, wrt=["w", "v"])


def test_an_array_or_several_outputs_are_summed_and_the_note_says_so() -> None:
    graph = draw_graph(lambda x: x**2, np.array([1.0, 3.0]))
    assert graph.nodes[0].gradient == "[2, 6]"
    assert "sum of its elements" in graph.note
    graph = draw_graph(lambda x: (x**2, 3 * x), 2.0)
    assert [node.label for node in graph.nodes] == ["x", "y₁", "y₂"]
    assert graph.nodes[0].gradient == "7"
    assert "sum of all outputs" in graph.note
    graph = draw_graph(lambda x: x, 2.0)
    assert [(node.value, node.gradient) for node in graph.nodes] == [("2", "1")]


def test_gradients_of_gradients_have_a_graph() -> None:
    graph = draw_graph(grad(lambda x: x**3), 2.0)
    assert graph.nodes[-1].value == "12"
    assert graph.nodes[0].gradient == "12"


def test_recording_leaves_nothing_behind() -> None:
    draw_graph(lesson, 2.0, 1.0)
    assert grad(lesson, 1)(2.0, 1.0) == 5.0
    assert chainrule.numpy.sin(1.0) == np.sin(1.0)


def test_infinities_are_shown_and_warn_of_nothing() -> None:
    nodes = by_label(draw_graph(lambda x: np.sqrt(x) + 1.0, 0.0))
    assert nodes["x"].gradient == "∞"


@pytest.mark.parametrize(
    ("what", "args", "says"),
    [
        (lambda x: 3.0, (1.0,), "does not depend on its arguments"),
        (lambda x: np.floor(x), (1.5,), "does not depend on its arguments"),
        (lesson, (1.0,), "arguments given after it, which do not fit: missing .*'w'"),
        (lambda s: s, ("text",), "was given no numbers to differentiate by"),
        (2.5, (), "a plain float has no graph"),
        (np.ones(3), (), "a plain ndarray has no graph"),
        ("y", (), "was given something of type str"),
        (None, (), "was given something of type NoneType"),
    ],
)
def test_bad_input_is_told_in_a_sentence(what: Any, args: tuple[Any, ...], says: str) -> None:
    with pytest.raises((GraphError, TypeError), match=says) as raised:
        draw_graph(what, *args)
    assert "\n" not in str(raised.value)


def test_bad_names_are_told_in_a_sentence() -> None:
    for names in ({"x": 1}, "xw", ["x"]):
        with pytest.raises(GraphError, match="as long as the arguments: 2"):
            draw_graph(lesson, 2.0, 1.0, names=names)
    with speaking("zh"), pytest.raises(GraphError, match="没有计算图"):
        draw_graph(2.5)


def test_the_language_is_that_of_the_call_and_stays_with_the_graph() -> None:
    graph = draw_graph(lambda x: x**2, np.array([1.0, 3.0]), lang="zh")
    assert graph.title == "f(x) 的计算图"
    assert "输出" in graph.note
    assert "运算" in graph.svg() or "输出" in graph.svg()
    assert "graph" not in graph.title


def test_printing_says_it_line_by_line() -> None:
    graph = draw_graph(lambda x: x**2, np.array([1.0, 3.0]))
    assert str(graph).splitlines() == [
        "x = [1, 3]; ◂ [2, 6]",
        "y = x² = [1, 9]; ◂ [1, 1]",
        "The output is an array: gradients are those of the sum of its elements.",
    ]
    assert repr(graph) == "<Graph 'The graph of f(x)': nodes 2, edges 1>"


def test_complex_numbers_are_shown() -> None:
    nodes = by_label(draw_graph(lambda z: np.real(z * np.conj(z)), 1 + 2j))
    assert (nodes["z"].value, nodes["z"].gradient) == ("1+2i", "2−4i")
    assert nodes["y"].value == "5"


def test_texts_among_the_arguments_are_quoted() -> None:
    graph = draw_graph(lambda x: np.einsum("ij->i", x).sum(), ONE)
    assert graph.nodes[1].formula == "einsum('ij->i', x)"


def test_saving_writes_whole_files_or_none(tmp_path: Any) -> None:
    graph = draw_graph(lesson, 2.0, 1.0)
    for ending in (".svg", ".dot", ".html", ".SVG"):
        path = tmp_path / f"graph{ending}"
        graph.save(path)
        assert path.stat().st_size > 500
    for ending in (".jpg", "", ".gif"):
        with pytest.raises(GraphError, match=r"end it in \.svg, \.png, \.dot or \.html"):
            graph.save(tmp_path / f"other{ending}")
    with pytest.raises(OSError, match=r"No such folder.*nowhere"):
        graph.save(tmp_path / "nowhere" / "graph.svg")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "graph.SVG", "graph.dot", "graph.html", "graph.svg",
    ]  # fmt: skip


@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_on_every_card_the_addends_make_the_gradient(outputs: int) -> None:
    def several(x: Any, w: Any) -> Any:
        a = x * w
        b = np.sin(a) + x
        return (b, a, x * b)[:outputs]

    sums = [summed(node).replace("−", "-") for node in draw_graph(several, 0.7, -1.3).nodes]
    sums = [said for said in sums if " = " in said]
    assert sums
    for said in sums:
        addends, total = said.split(" = ")
        assert sum(map(float, addends.replace("- ", "+ -").split(" + "))) == pytest.approx(
            float(total), abs=2e-3
        )
