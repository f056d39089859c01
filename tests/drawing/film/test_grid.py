"""The homework's grid as a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from chainrule.drawing.film import draw_grid, save_grid
from chainrule.drawing.style import PictureError
from chainrule.lessons.homework import Sweep, sweep

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def homework() -> Sweep:
    return sweep({"mean_value": [1, 1.7, 5], "bias": [-1, 1, 5]})


def test_a_panel_for_each_on_one_scale(homework: Sweep) -> None:
    picture = draw_grid(homework)
    assert picture.notes == ()
    panels = picture.axes
    assert len(panels) == 9
    assert len({panel.get_xlim() for panel in panels}) == 1
    for panel, training in zip(panels, homework.trainings, strict=True):
        assert panel.get_title("left").startswith(homework.name(training))
        first, last = f"{training.accuracy[0]:.1%} right", f"{training.accuracy[-1]:.1%}"
        then = f", then {last}" if training.last else ""
        assert panel.get_title("left").endswith(f"\n{first}{then} in iteration {training.last}")
        lines = {line.get_label(): line for line in panel.get_lines()}
        for n in (0, 1):
            drawn = np.column_stack(lines[f"class {n}"].get_data())
            np.testing.assert_array_equal(drawn, training.points[training.classes == n])
        for name, row in (("the first line", 0), ("the last line", training.last)):
            w0, w1, b = training.weights[row]
            x, y = lines[name].get_data()
            np.testing.assert_allclose(w0 * x + w1 * y + b, 0, atol=1e-9)
        assert panel.get_xlim()[0] <= training.points.min()
        assert panel.get_xlim()[1] >= training.points.max()
        # The loss, in the corner.
        (inset,) = panel.child_axes
        np.testing.assert_array_equal(inset.get_lines()[0].get_ydata(), training.loss)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("ending", ["png", "svg"])
def test_it_is_written(homework: Sweep, tmp_path: Path, ending: str, lang: str) -> None:
    path = tmp_path / f"grid.{ending}"
    assert save_grid(homework, path, lang) == []
    if ending == "svg":
        text = path.read_text(encoding="utf-8")
        ET.fromstring(text)
        assert ("最初的直线" if lang == "zh" else "the first line") in text
    else:
        pixels = pytest.importorskip("matplotlib.image").imread(path)
        assert pixels.shape[0] > 1000
        assert 0.1 < (pixels[..., :3].min(axis=-1) < 0.99).mean() < 0.95


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7])
def test_grids_that_are_not_full(count: int, tmp_path: Path) -> None:
    swept = sweep({"lr": [0.1 * n for n in range(1, count + 1)]}, iterations=3)
    picture = draw_grid(swept)
    assert len(picture.axes) == count
    assert picture.savefig(tmp_path / "grid.png") == []


def test_other_endings_are_refused(homework: Sweep, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"end it in \.png, \.svg or \.pdf"):
        save_grid(homework, tmp_path / "grid.html")
    assert list(tmp_path.iterdir()) == []
