"""The browser that the tests of pages use: it sees a page, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser import OpenPage, complaints_of

PAGE = "<!doctype html><html lang=en><meta charset=utf-8><title>t</title><h1>Slope</h1>"


def test_a_page_is_opened_and_run(open_page: OpenPage, tmp_path: Path) -> None:
    path = tmp_path / "a page.html"
    path.write_text(PAGE + "<script>document.title = 1 + 1 + innerWidth</script>", "utf-8")
    page = open_page(path, viewport={"width": 360, "height": 740})
    assert page.title() == "362"
    assert page.get_by_role("heading").inner_text() == "Slope"


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<p>nothing</p><img alt='' src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>", ""),
        ("<script>console.error('alas')</script>", "logs the error: alas"),
        ("<script>throw new Error('alas')</script>", "leaves uncaught: alas"),
        ("<script>Promise.reject(new Error('late'))</script>", "leaves uncaught: late"),
        ("<script src='https://example.org/a.js'></script>", "asks for https://example.org/a.js"),
        ("<img alt='' src='beside.png'>", "beside.png"),
    ],
)
def test_what_is_wrong_is_found(browser: Any, tmp_path: Path, body: str, complaint: str) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE + body, "utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    complaints = complaints_of(page, path)
    page.goto(path.as_uri())
    page.wait_for_timeout(50)
    context.close()
    assert any(complaint in each for each in complaints) if complaint else complaints == []
