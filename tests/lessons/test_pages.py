"""A page of a lesson, in a terminal and in a browser."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

import pytest

from chainrule._languages import speaking
from chainrule._text import width
from chainrule.lessons.as_text import table
from chainrule.lessons.page import (
    Command,
    Graph,
    Heading,
    Output,
    Page,
    Paragraph,
    Picture,
    Table,
    Written,
)
from tests.browser import OpenPage, browser, open_page

__all__ = ["browser", "open_page"]

EVIL = '<script>document.title = "taken"</script> & "quoted"'
# One red pixel.
RED = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True)
class Sum:
    """A derivation and a graph that say what they were asked for."""

    def text(
        self, lang: str | None = None, *, alphabet: str = "unicode", width: int | None = None
    ) -> str:
        return "y = x + 1"

    def html(self, lang: str | None = None) -> str:
        return '<math display="block"><mi>y</mi><mo>=</mo><mi>x</mi><mo>+</mo><mn>1</mn></math>'

    def svg(self) -> str:
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 20" width="900" height="20">'
            '<title>a graph</title><text x="1" y="15">x</text></svg>'
        )


@pytest.fixture
def whole(tmp_path: Path) -> Page:
    """A page with a part of every kind, each of them with what a page must not run."""
    picture = tmp_path / "red.png"
    picture.write_bytes(RED)
    return Page(
        EVIL,
        (
            Heading(EVIL),
            Paragraph(EVIL * 5),
            Command(EVIL * 3),
            Output(EVIL * 3, f"{EVIL}.py", EVIL),
            Picture(picture, EVIL),
            Written(Sum()),
            Graph(Sum(), EVIL),
            Table(EVIL, ["a", "b", "c"], [[EVIL, "long " * 30, "1"], ["2", "3", EVIL]]),
        ),
    )


def test_a_browser_shows_every_part_and_runs_none(
    whole: Page, open_page: OpenPage, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_text(whole.html(), encoding="utf-8")
    page = open_page(path)
    assert page.title() == EVIL
    assert page.locator("script").count() == 0
    assert page.inner_text("h1") == page.inner_text("h2") == EVIL
    assert page.inner_text("p") == EVIL * 5
    assert page.locator("figure img").get_attribute("alt") == EVIL
    assert page.evaluate("document.querySelector('img').naturalWidth") == 1
    assert page.locator("math").count() == page.locator("svg").count() == 1
    assert page.inner_text("figcaption") == EVIL
    assert page.locator("th[scope=col]").count() == 3
    assert page.locator("tbody tr").first.locator("th[scope=row]").inner_text() == EVIL
    # The program is there for who wants to read it, by mouse or by key.
    source = page.locator("details pre")
    assert not source.is_visible()
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    assert source.is_visible()
    assert source.inner_text() == EVIL


@pytest.mark.parametrize("size", [360, 1200])
def test_a_telephone_shows_it_without_scrolling_sideways(
    whole: Page, open_page: OpenPage, tmp_path: Path, size: int
) -> None:
    path = tmp_path / "page.html"
    path.write_text(whole.html(), encoding="utf-8")
    page = open_page(path, viewport={"width": size, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= size
    for region in page.locator("[role=region]").all():  # what is wider scrolls by itself
        assert region.get_attribute("aria-label")
        assert region.get_attribute("tabindex") == "0"


def test_a_page_says_its_language(open_page: OpenPage, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(Page("导数", (Output("1"),), "zh").html(), encoding="utf-8")
    page = open_page(path)
    assert page.get_attribute("html", "lang") == "zh-Hans"
    assert page.get_attribute("[role=region]", "aria-label") == "程序的输出"


def test_a_terminal_shows_every_part_in_80_columns(whole: Page) -> None:
    lines = whole.text().splitlines()
    typed = f"    {EVIL * 3}"  # what is typed, and what a program prints, is never broken
    assert {line for line in lines if width(line) > 80} == {typed, EVIL * 3}
    assert "y = x + 1" in lines
    assert any(line.startswith("Picture red.png: ") for line in lines)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_long_cells_go_on_below_themselves(lang: str) -> None:
    words = {"en": "the slope of the loss by the weight ", "zh": "损失对权重的斜率，"}[lang] * 4
    with speaking(lang):
        lines = table(["name", "what", "why"], [["a", words, words], ["b", "c", "d"]])
    assert all(width(line) <= 80 for line in lines)
    assert lines[-1].split() == ["b", "c", "d"]
    shown = "".join("".join(lines[2:-1]).split())
    assert sorted(shown) == sorted("".join(("a" + words * 2).split()))
