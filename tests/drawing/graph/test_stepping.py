"""The page that walks through a graph, in a browser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainrule.torch as torch
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
