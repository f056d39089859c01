"""Pages of ours in a real browser: Chromium without a head and without a network.

A test that takes `open_page` gets a function from the path of an HTML file to a page of
playwright's, which it may click, type at and ask. It fails if the page logs an error, lets an
exception go uncaught, or asks for anything but itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

__all__ = ["OpenPage", "browser", "complaints_of", "open_page"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

OpenPage = Callable[..., Any]


# A module's and no session's: as long as playwright is there, asyncio calls its loop a running
# one, and whatever else wants to run a loop, such as a notebook's client, is refused.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The Chromium of this computer; skips the test where it or playwright is not installed."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium is installed")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[OpenPage]:
    """A function that opens an HTML file and returns its page.

    What it is given besides goes to playwright's `new_context`, for example
    `viewport={"width": 360, "height": 740}` or `reduced_motion="reduce"`.
    """
    contexts: list[Any] = []
    complaints: list[list[str]] = []

    def opened(path: Path, **settings: Any) -> Any:
        context = browser.new_context(**{"offline": True, **settings})
        contexts.append(context)
        page = context.new_page()
        complaints.append(complaints_of(page, path))
        page.goto(path.resolve().as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [complaint for of_page in complaints for complaint in of_page] == []


def complaints_of(page: Any, path: Path) -> list[str]:
    """Return a list that grows by each error of `page`, and each thing it asks for but `path`."""
    complaints: list[str] = []
    address = path.resolve().as_uri()

    def asked(request: Any) -> None:
        url = request.url.partition("#")[0]
        if url != address and not url.startswith(("data:", "blob:")):
            complaints.append(f"asks for {request.url}")

    def logged(message: Any) -> None:
        if message.type == "error":
            complaints.append(f"logs the error: {message.text}")

    page.on("request", asked)
    page.on("console", logged)
    page.on("pageerror", lambda error: complaints.append(f"leaves uncaught: {error}"))
    return complaints
