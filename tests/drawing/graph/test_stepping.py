"""The page that walks through a graph: its captions, and the page itself in a browser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainrule.torch as torch
from chainrule import derive
from chainrule._languages import speaking
from chainrule.drawing import draw_graph
from chainrule.drawing.graph import Graph, Node
from chainrule.drawing.graph.walking import walk
from tests.browser import OpenPage

EVIL = "<script>document.title='hit'</script>"


def lesson(x: Any, w: Any) -> Any:
    return (x + w) * (w + 1)


def saved(graph: Graph, folder: Path) -> Path:
    path = folder / "graph.html"
    graph.save(path)
    return path


# ---------------------------------------------------------------- what is said


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


def test_of_a_large_graph_what_repeats_is_walked_once() -> None:
    def loop(w: Any) -> Any:
        h: Any = 1.0
        for _ in range(200):
            h = np.tanh(w * h)
        return h

    graph = draw_graph(loop, 0.5)
    page = graph.stepping()
    assert len(page) < 60_000
    steps = json.loads(page.partition('id="walk">')[2].partition("</script>")[0])["steps"]
    assert len(steps) < 40
    captions = [step["caption"] for step in steps]
    assert sum(caption.startswith("197 more like c to f: ") for caption in captions) == 1
    assert "Back from (197 more like c to f) to f: 2.447e−60." in captions
    assert captions[-1] == f"The gradients: ∂y/∂w = {graph.nodes[0].gradient}."


# ---------------------------------------------------------------- the page


def visible(page: Any, part: str) -> list[str]:
    texts = page.locator(f'svg [data-part="{part}"]')
    return [t.text_content() for t in texts.all() if t.is_visible()]


def test_the_page_is_walked_to_and_fro(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(saved(draw_graph(lesson, 2.0, 1.0), tmp_path))
    caption = page.get_by_role("status")
    assert caption.inner_text() == "start What goes in: x = 2, w = 1."
    assert visible(page, "value") == ["▸ 2", "▸ 1"]
    assert visible(page, "flow") == visible(page, "gradient") == []
    assert page.get_by_role("button", name="one step back").get_attribute("aria-disabled") == "true"

    page.get_by_role("button", name="one step forward").click()
    assert "a = x + w = 2 + 1 = 3" in caption.inner_text()
    assert page.locator("[data-node].now").count() == 1
    assert "x + w" in page.locator("[data-node].now").text_content()
    assert page.locator("g[data-edge].now > path").count() == 4  # two edges, lines and arrows

    page.keyboard.press("End")
    assert "∂y/∂w = 5" in caption.inner_text()
    assert sorted(visible(page, "gradient")) == ["◂ 1", "◂ 2", "◂ 2", "◂ 2 + 3 = 5", "◂ 3"]
    assert len(visible(page, "flow")) == 5
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert "from a to x" in caption.inner_text()
    assert "◂ 2 + 3 = 5" not in visible(page, "gradient")  # of w only one part has come
    assert visible(page, "gradient").count("◂ 3") == 2
    page.keyboard.press("Home")
    assert visible(page, "gradient") == []
    page.get_by_role("button", name="to the end").click()
    assert page.locator("#place").inner_text() == "step 11 of 11"
    page.get_by_role("button", name="to the start").click()
    assert page.locator("#place").inner_text() == "step 1 of 11"


def test_it_is_heavier_where_the_step_is(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(saved(draw_graph(lesson, 2.0, 1.0), tmp_path), reduced_motion="reduce")
    page.keyboard.press("ArrowRight")
    widths = page.evaluate(
        "[...document.querySelectorAll('[data-node] > rect:nth-of-type(1)')]"
        ".map(r => [r.parentNode.classList.contains('now'), getComputedStyle(r).strokeWidth])"
    )
    assert {width for now, width in widths if now} == {"4px"}
    assert {width for now, width in widths if not now} == {"1.5px"}


def test_it_plays_and_pauses(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(saved(draw_graph(np.tanh, 0.5), tmp_path))
    page.clock.install()
    page.reload()
    play = page.locator("#play")
    page.keyboard.press(" ")
    assert "Pause" in play.inner_text()
    page.clock.run_for(2300)
    assert page.locator("#place").inner_text() == "step 2 of 5"
    page.keyboard.press(" ")
    assert "Play" in play.inner_text()
    page.clock.run_for(9000)
    assert page.locator("#place").inner_text() == "step 2 of 5"
    play.click()
    page.clock.run_for(30_000)
    assert page.locator("#place").inner_text() == "step 5 of 5"
    assert "Play" in play.inner_text()
    play.click()  # at the end it begins anew
    assert page.locator("#place").inner_text() == "step 1 of 5"
    page.keyboard.press("ArrowRight")  # whoever steps stops it
    assert "Play" in play.inner_text()


def test_the_list_of_steps_leads_to_each(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(saved(draw_graph(lesson, 2.0, 1.0), tmp_path))
    page.get_by_text("All steps").click()
    entries = page.locator("li button")
    assert entries.count() == 11
    entries.nth(3).click()
    assert "y = a·b = 3·2 = 6" in page.get_by_role("status").inner_text()
    assert entries.nth(3).get_attribute("aria-current") == "step"
    assert page.locator("[aria-current=step]").count() == 1


def test_it_is_read_and_worked_without_a_mouse(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(saved(draw_graph(lesson, 2.0, 1.0), tmp_path))
    order = []
    for _ in range(6):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert order == ["first", "back", "play", "forward", "last", "SUMMARY"]
    page.locator("#forward").focus()
    page.keyboard.press("Enter")
    page.keyboard.press(" ")
    assert page.locator("#place").inner_text() == "step 3 of 11"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    status = page.get_by_role("status")
    assert status.get_attribute("aria-live") == "polite"
    assert page.get_by_role("img").count() == 1
    names = [
        button.get_attribute("aria-label") for button in page.locator(".controls button").all()
    ]
    assert names == ["to the start", "one step back", None, "one step forward", "to the end"]


def test_chinese_and_narrow(open_page: OpenPage, tmp_path: Path) -> None:
    path = saved(draw_graph(lesson, 2.0, 1.0, lang="zh"), tmp_path)
    page = open_page(path, viewport={"width": 360, "height": 740})
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert "输入：x = 2, w = 1。" in page.get_by_role("status").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_large_graph_is_moved_to_where_the_step_is(open_page: OpenPage, tmp_path: Path) -> None:
    def deep(x: Any) -> Any:
        for _ in range(40):
            x = np.sin(x) + 1
        return x

    path = saved(draw_graph(deep, 0.5), tmp_path)
    assert path.stat().st_size < 200_000
    page = open_page(path, reduced_motion="reduce", viewport={"width": 800, "height": 600})
    for _ in range(80):
        page.keyboard.press("ArrowRight")
    box = page.locator("[data-node].now").bounding_box()
    assert box is not None
    desk = page.locator(".desk").bounding_box()
    assert box["y"] >= desk["y"] + desk["height"] - 1
    assert box["y"] + box["height"] <= 600


def test_names_from_users_stay_text(open_page: OpenPage, tmp_path: Path) -> None:
    x = torch.tensor([2.0], requires_grad=True)
    graph = draw_graph(x * 3, names={EVIL: x}, gradients=True)
    graph = Graph(graph.nodes, f"The graph of {EVIL} & \\input{{x}}", EVIL)
    page = open_page(saved(graph, tmp_path))
    assert "hit" not in page.evaluate("[document.title === 'hit', 0]").__repr__()
    assert page.title() == f"The graph of {EVIL} & \\input{{x}}"
    assert EVIL in page.get_by_role("status").inner_text()
    page.keyboard.press("End")
    assert EVIL in page.get_by_role("status").inner_text()
    assert page.locator("script").count() == 2


def test_the_page_is_one_file_and_its_data_are_json() -> None:
    text = draw_graph(lesson, 2.0, 1.0, names=["x", EVIL]).stepping()
    data = re.search('<script type="application/json" id="walk">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    assert EVIL in json.loads(data[1])["steps"][0]["caption"]
    assert not re.search(r'(?:src|href)\s*=\s*"(?!#)', text)
    assert "://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert len(text.encode()) < 40_000
    shown = text._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "<script" not in shown


def test_a_notebook_shows_it_as_a_page_of_its_own(open_page: OpenPage, tmp_path: Path) -> None:
    shown = draw_graph(lesson, 2.0, 1.0, names=["x", EVIL]).stepping()._repr_html_()
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><meta charset=utf-8><title>n</title>{shown}", "utf-8")
    page = open_page(path)
    inner = page.frame_locator("iframe")
    inner.get_by_role("button", name="one step forward").click()
    assert "a = x + " in inner.get_by_role("status").inner_text()
    assert EVIL in page.locator("iframe").get_attribute("title")
    assert page.title() == "n"


@pytest.mark.parametrize("key", ["Control+ArrowRight", "a", "Tab"])
def test_other_keys_do_nothing(open_page: OpenPage, tmp_path: Path, key: str) -> None:
    page = open_page(saved(draw_graph(lesson, 2.0, 1.0), tmp_path))
    page.keyboard.press(key)
    assert page.locator("#place").inner_text() == "step 1 of 11"


def test_a_node_that_is_not_known_is_told() -> None:
    nodes = (
        Node("n0", "x", "leaf", flows={"n1": ""}),
        Node("n1", "y", "output", formula="f(x)", gradient=""),
    )
    walked = walk(Graph(nodes, "lost"))
    assert walked.paces[0].caption == "What goes in: x."
    assert walked.paces[1].caption == "y = f(x): its value is not known."
