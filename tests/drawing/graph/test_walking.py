"""The walk through a graph: what its captions say, step by step."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

import chainrule.torch as torch
from chainrule import derive
from chainrule._languages import speaking
from chainrule.drawing import draw_graph
from chainrule.drawing.graph import Graph
from chainrule.drawing.graph.walking import walk


def lesson(x: Any, w: Any) -> Any:
    return (x + w) * (w + 1)


def test_the_captions_say_what_a_teacher_says() -> None:
    walked = walk(draw_graph(lesson, 2.0, 1.0))
    assert [pace.caption for pace in walked.paces] == [
        "What goes in: x = 2, w = 1.",
        "a = x + w = 2 + 1 = 3",
        "b = w + 1 = 1 + 1 = 2",
        "y = a·b = 3·2 = 6",
        "The way back starts at the output: ∂y/∂y = 1.",
        "∂y/∂a = b = 2 flows back from y to a.",
        "∂y/∂b = a = 3 flows back from y to b.",
        "∂y/∂b·∂b/∂w = 3·1 = 3 flows back from b to w. w has 3 so far.",
        "∂y/∂a·∂a/∂x = 2·1 = 2 flows back from a to x.",
        "∂y/∂a·∂a/∂w = 2·1 = 2 flows back from a to w. All of it together: 2 + 3 = 5.",
        "The gradients: ∂y/∂x = 2, ∂y/∂w = 5.",
    ]


def test_over_data_points_local_derivatives_are_said_in_symbols() -> None:
    at = {"w": 0.5, "b": 0, "x": [1, 2], "t": [0, 1]}
    loss = "z = w*x + b; p = 1/(1+exp(-z)); L = sum((p-t)**2)"
    walked = walk(draw_graph(derive(loss, "w", at), at))
    said = [pace.caption for pace in walked.paces if pace.phase == "backward"]
    assert re.match(r"∂L/∂pᵢ = 2·?\(pᵢ − tᵢ\) = \[1.245, −0.5379\] flows back from L", said[1])
    assert said[2].startswith("∂L/∂pᵢ·∂pᵢ/∂zᵢ = ∂L/∂pᵢ·pᵢ·(1 − pᵢ) = [")
    assert said[3].endswith("flows back from zᵢ to w.")


def test_negative_factors_stand_in_parentheses() -> None:
    walked = walk(draw_graph(lambda x: -2 / np.exp(-x), 0.5))
    said = " ".join(pace.caption for pace in walked.paces)
    assert re.search(r"·\(−", said)
    assert not re.search("·−", said)


def test_every_node_and_every_flow_has_its_step() -> None:
    graph = draw_graph(lambda x: np.sum(np.tanh(x) * x + x**2), np.array([1.0, -2.0]))
    walked = walk(graph)
    assert walked.values.keys() == {node.key for node in graph.nodes}
    assert walked.flows.keys() == {f"{a} {b}" for a, b in graph.edges}
    # Values come before what flows; an edge flows after those behind it.
    assert max(walked.values.values()) < min(walked.flows.values())
    for a, b in graph.edges:
        later = [step for edge, step in walked.flows.items() if edge.startswith(f"{b} ")]
        assert all(step < walked.flows[f"{a} {b}"] for step in later)
    # What a node has at the end is what stands on it in the picture.
    assert all(changes[-1][1] == "" for changes in walked.gradients.values())


def test_without_gradients_the_walk_goes_forward_alone() -> None:
    x = torch.tensor([2.0], requires_grad=True)
    walked = walk(draw_graph((x * 3).exp()))
    assert [pace.phase for pace in walked.paces] == ["start", "forward", "forward", "end"]
    assert walked.paces[-1].caption == "backward has not run"
    empty = walk(Graph((), "nothing"))
    assert len(empty.paces) == 2


def test_what_is_added_up_over_passes_is_said_at_the_end() -> None:
    w = torch.tensor([1.0], requires_grad=True)
    y = w * w
    y.backward(retain_graph=True)
    y.backward()
    assert walk(draw_graph(y)).paces[-1].caption == (
        "The gradients: ∂y/∂w = [2] (.grad is [4]: 2 passes added up)."
    )


def test_captions_speak_chinese() -> None:
    with speaking("zh"):
        walked = walk(draw_graph(lesson, 2.0, 1.0))
    assert [pace.phase for pace in walked.paces][::5] == ["开始", "反向传播", "结束"]
    assert walked.paces[6].caption == "∂y/∂b = a = 3，从 y 回传到 b。"


def test_an_output_that_others_use_begins_with_its_own_gradient() -> None:
    def both(x: Any) -> Any:
        a = x * 3
        return a, a * x

    said = [pace.caption for pace in walk(draw_graph(both, 2.0)).paces]
    assert any(caption.endswith("All of it together: 1 + 2 = 3.") for caption in said)
    assert sum("starts at the output" in caption for caption in said) == 1
