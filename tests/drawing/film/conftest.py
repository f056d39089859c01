"""A training, and its film in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chainrule.drawing.film import save_film
from chainrule.lessons import Training, record
from tests.browser import OpenPage


@pytest.fixture(scope="module")
def training() -> Training:
    return record(1.7, 1, lr=0.01, seed=10)


@pytest.fixture
def film(training: Training, open_page: OpenPage, tmp_path: Path) -> Callable[..., Any]:
    """A function that opens the film."""

    def opened(shown: Training = training, lang: str | None = None, **settings: Any) -> Any:
        assert save_film(shown, tmp_path / "film.html", lang) == []
        return open_page(tmp_path / "film.html", **settings)

    return opened
