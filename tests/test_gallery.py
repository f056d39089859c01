"""The gallery's lines make the pictures that stand beside them, and those are what they make."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gallery import PICTURES, make, shown


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("matplotlib", reason="pictures need Matplotlib")
    pytest.importorskip("pyarrow", reason="the fitted model needs pyarrow")
    folder = tmp_path_factory.mktemp("gallery")
    make(folder)
    return folder / "pictures"


def test_the_lines_make_every_picture_that_is_shown(made: Path) -> None:
    missing = [name for name in sorted(shown()) if not (made / name).is_file()]
    assert missing == []


def test_no_picture_is_made_or_kept_that_is_not_shown(made: Path) -> None:
    assert {path.name for path in made.iterdir()} == shown()
    assert {path.name for path in PICTURES.iterdir()} == shown()


def test_graphs_are_kept_as_they_are_made(made: Path) -> None:
    # Only our own drawing is the same to the letter everywhere; Matplotlib's depends on fonts.
    names = [name for name in shown() if name.endswith(".svg")] + ["steps.html"]
    assert len(names) >= 5
    old = [name for name in names if (made / name).read_bytes() != (PICTURES / name).read_bytes()]
    assert old == [], "make them anew: python -m tests.gallery"


def test_what_is_kept_is_small() -> None:
    sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert {name: size for name, size in sizes.items() if size > 1_500_000} == {}
    assert sizes["film.html"] < 100_000
