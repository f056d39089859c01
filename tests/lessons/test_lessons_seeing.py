"""Rows A12, C8 and C9 of the lessons, and every lesson's page in both languages in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainrule import grad
from chainrule._languages import speaking
from chainrule.cli import main
from chainrule.cli.console import plain
from chainrule.lessons import LESSONS, page
from chainrule.lessons.page import Graph, Output, Page, Picture, Table, Written
from chainrule.lessons.regressions_lesson import log_odds
from tests.browser import OpenPage, browser, open_page

__all__ = ["browser", "open_page"]

Run = Callable[..., Page]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A function from a lesson's name and a language to its page; each lesson is run once."""

    @cache
    def page_of(name: str, lang: str = "en") -> Page:
        with speaking(lang):
            return page(LESSONS[name], tmp_path_factory.mktemp(name))

    return page_of


def _value(text: str, names: Mapping[str, Any]) -> Any:
    return eval(text, dict(names))  # noqa: S307  (the formulas of our own lessons)


def _of(kind: type, shown: Page) -> list[Any]:
    return [part for part in shown.parts if isinstance(part, kind)]


# ------------------------------------------------------------------------------------------- A12


def test_A12_the_course_s_whole_chain_with_the_graph_that_it_came_from(run: Run) -> None:
    shown = run("derivation")
    (written,) = _of(Written, shown)
    text = written.derivation.text().splitlines()
    lines = [re.split(" {3,}", line.strip())[0] for line in text if line]
    assert lines == [
        "a = x + w",
        "b = w + 1",
        "y = a·b",
        "∂y/∂w = ∂y/∂a·∂a/∂w + ∂y/∂b·∂b/∂w",
        "= b·1 + a·1",
        "= b + a",
        "= (w + 1) + (x + w)",
        "= 2w + x + 1",
        "= 2·1 + 2 + 1",
        "= 5",
    ]
    # The last lines say what the engine says, there and elsewhere.
    rng = np.random.default_rng(0)
    slope = grad(lambda w, x: (x + w) * (w + 1))
    for w, x in [(1.0, 2.0), *rng.normal(size=(10, 2)).tolist()]:
        a, b = x + w, w + 1
        values = {"a": a, "b": b, "w": w, "x": x}
        for line in lines[4:8]:
            text = line.removeprefix("= ").replace("·", "*").replace("2w", "2*w")
            assert _value(text, values) == pytest.approx(slope(w, x), rel=1e-12)
    (drawn,) = _of(Graph, shown)
    nodes = {node.label: node for node in drawn.graph.nodes}
    assert {label: node.value for label, node in nodes.items()} == {
        "x": "2",
        "w": "1",
        "a": "3",
        "b": "2",
        "y": "6",
    }
    assert nodes["w"].gradient == "5"
    assert sorted(nodes["w"].flows.values()) == ["2", "3"]


def test_A12_the_command_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lesson", "derivation", "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "∂y/∂w = ∂y/∂a·∂a/∂w + ∂y/∂b·∂b/∂w   chain rule" in printed
    assert "w = 1 and x = 2 go into a = x + w = 3" in printed


def test_C6_why_a_large_bias_is_slow(run: Run) -> None:
    (written,) = _of(Written, run("homework"))
    assert written.derivation.value == 0
    x, t = np.array([7.0, 3.0]), np.array([0.0, 1.0])

    def loss(w: float, b: float) -> Any:
        p = 1 / (1 + np.exp(-(w * x + b)))
        return -np.sum(t * np.log(p) + (1 - t) * np.log(1 - p))

    assert grad(loss, 1)(0.0, 0.0) == pytest.approx(0)
    assert grad(loss, 0)(0.0, 0.0) == pytest.approx(2)


# -------------------------------------------------------------------------------------------- C8


def test_C8_why_it_separates_in_words_and_a_picture(run: Run) -> None:
    pytest.importorskip("matplotlib")
    shown = run("why")
    words = " ".join(shown.text().split())
    for said in (
        "squeezes every z, however large, between 0 and 1",
        "the probability of class 1",
        "p is at least 0.5 exactly where z is at least 0",
        "p >= 0.5 exactly where z >= 0: True",
    ):
        assert said in words
    (picture,) = _of(Picture, shown)
    assert picture.path.read_bytes().startswith(b"\x89PNG")
    (written,) = _of(Written, shown)
    assert "p·(1 − p)" in written.derivation.text()


# -------------------------------------------------------------------------------------------- C9


def test_C9_the_log_odds_step_by_step_to_the_sigmoid() -> None:
    worked = log_odds()
    first, *_, last = worked.lines
    assert first[:3] == ("log(p/(1 - p))", "=", "W*x + b")
    assert last[:3] == (None, "=", "1/(1 + exp(-(W*x + b)))")
    shown = worked.text("en").splitlines()
    assert re.match(r" *ln\(p/\(1 − p\)\) = W·x \+ b +the log-odds", shown[0])
    assert re.match(r" += 1/\(1 \+ e\^\(−\(W·x \+ b\)\)\) +cancel: the sigmoid", shown[-1])
    # Every line holds where p is the sigmoid, and none where it is not.
    rng = np.random.default_rng(0)
    names = {"log": np.log, "exp": np.exp}
    for W, x, b in rng.normal(size=(20, 3)):
        p = 1 / (1 + np.exp(-(W * x + b)))
        left = ""
        for side, _, right, _ in worked.lines:
            left = left if side is None else str(side)
            at = {**names, "W": W, "x": x, "b": b, "p": p}
            assert _value(left, at) == pytest.approx(_value(str(right), at), rel=1e-9)
            at["p"] = p * 0.9
            assert _value(left, at) != pytest.approx(_value(str(right), at), rel=1e-3)


def test_C9_the_table_of_the_three_regressions(run: Run) -> None:
    shown = run("regressions")
    (table,) = _of(Table, shown)
    assert [row[:2] for row in table.rows] == [
        ["linear", "y"],
        ["log-linear", "ln y"],
        ["log-odds", "ln(p/(1−p))"],
    ]
    names = {"ln": np.log, "e": np.e, "W": 0.7, "b": -0.3, "x": 1.3, "y": 2.1, "t": 1.0}
    z = names["W"] * names["x"] + names["b"]
    names["p"] = 1 / (1 + np.exp(-z))

    def value(text: str, at: dict[str, Any]) -> Any:
        spelled = text.replace("Wx+b", "(W*x+b)").replace("·", "*").replace("−", "-")
        spelled = re.sub(r"^2\(", "2*(", spelled).replace("^", "**").replace("ln y", "ln(y)")
        return _value(spelled, at)

    # What is set equal to the line is it, where y or p is what the third column says.
    for _, equal, solved, *_ in table.rows:
        found = value(solved, dict(names))
        assert value(equal, {**names, "y": found, "p": found}) == pytest.approx(z)
    # And the slopes of the losses are what the engine says.
    losses = [
        lambda W: (W * names["x"] + names["b"] - names["y"]) ** 2,
        lambda W: (W * names["x"] + names["b"] - np.log(names["y"])) ** 2,
        lambda W: -np.log(1 / (1 + np.exp(-(W * names["x"] + names["b"])))),  # where t is 1
    ]
    for loss, row in zip(losses, table.rows, strict=True):
        assert value(row[-1], dict(names)) == pytest.approx(grad(loss)(names["W"]))


def test_C9_is_there_as_a_picture_too(run: Run) -> None:
    image = pytest.importorskip("matplotlib.image")
    (picture,) = _of(Picture, run("regressions"))
    height, width, _ = image.imread(picture.path).shape
    assert width > height > 400


# ------------------------------------------------------------------------- every lesson, as a page


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", list(LESSONS))
def test_a_lesson_is_one_page_that_a_browser_shows(
    name: str, lang: str, run: Run, open_page: OpenPage, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    shown = run(name, lang)
    file = tmp_path / "page.html"
    file.write_text(shown.html(), encoding="utf-8")
    opened = open_page(file, viewport={"width": 390, "height": 800})
    assert opened.title() == shown.title
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    outputs = _of(Output, shown)
    assert opened.locator("details").count() == len(outputs)
    for output in outputs:
        assert output.text.strip() in opened.evaluate("document.body.textContent")
    drawn = opened.locator("img")
    assert drawn.count() == len(_of(Picture, shown))
    for n in range(drawn.count()):
        assert drawn.nth(n).get_attribute("alt")
        assert drawn.nth(n).evaluate("picture => picture.complete && picture.naturalWidth > 600")
    assert opened.locator("figure svg").count() == len(_of(Graph, shown))
    for n in range(opened.locator("math").count()):
        box = opened.locator("math").nth(n).bounding_box()
        assert box is not None
        assert box["height"] > 20
    assert len(_of(Written, shown)) <= opened.locator("math").count()


# Names of functions, of programs and of what is typed: they are the same in every language.
NAMES = re.compile(
    r"[a-zA-Z]{1,2}[\dᵢˣ₀-₉²]*|sin|tanh|sigmoid|exp|zero_grad|no_grad|retain_graph|True|backward|grad|NumPy"
    r"|mean_value|bias|PyTorch|chainrule|lesson|derive|logistic|wrt|sweep|steps|at|mean-value|html|png|svg|py"
)


@pytest.mark.parametrize("name", list(LESSONS))
def test_no_english_is_left_on_a_chinese_page(name: str, run: Run) -> None:
    shown = run(name, "zh")
    # What programs print is read in test_programs.py.
    words = [part for part in shown.parts if not isinstance(part, Output | Graph)]
    text = Page(shown.title, tuple(words), "zh").text()
    text += "".join(
        re.sub(r"<style.*?</style>|<[^>]+>", " ", part.graph.svg(), flags=re.DOTALL)
        for part in _of(Graph, shown)
    )
    text = re.sub(r"\w+\.(png|svg|html)|x\*\*2 \* sin\(x\)|--graph", "", text)
    left = [word for word in re.findall(r"[A-Za-z][\w-]*", text) if not NAMES.fullmatch(word)]
    assert left == []


@pytest.mark.parametrize("name", list(LESSONS))
def test_a_plain_console_can_show_it(name: str, run: Run) -> None:
    assert "\\u" not in plain(run(name).text("ascii"), "ascii")
