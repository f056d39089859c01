"""The fit's picture: what its panels show, for every kind of table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pyarrow")
pytest.importorskip("matplotlib")

from chainrule._languages import speaking
from chainrule.drawing.fitted import draw_fit, save_picture
from chainrule.drawing.style import COLOURS
from chainrule.linear_model.tables import read_table
from chainrule.linear_model.training import Training, prepare, train

DATA = Path(__file__).parents[2] / "examples" / "data"


def trained(path: Path, target: str, test_fraction: float = 0.25) -> Training:
    return train(prepare(read_table(path), target, test_fraction=test_fraction))


def titles(figure: Any) -> list[str]:
    return [axes.get_title() for axes in figure.axes]


def table(folder: Path, header: str, classes: str, rows: int = 60) -> Path:
    """Two columns of numbers and a class, in clouds that overlap."""
    random = np.random.default_rng(0)
    codes = np.arange(rows) % len(classes)
    x, y = random.normal(size=(2, rows)) + codes
    lines = [f"{a},{b},{classes[k]}" for a, b, k in zip(x, y, codes, strict=True)]
    path = folder / "table.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    return path


def test_two_classes() -> None:
    training = trained(DATA / "breast_cancer.csv", "diagnosis")
    figure = draw_fit(training)
    assert training.held_out is not None
    assert titles(figure) == [
        f"Training: {training.fit.solution.last.number} steps of L-BFGS",
        "The 12 largest of 30 weights",
        f"ROC on the 142 rows held out: AUC {training.held_out.model.auc:.4f}",
        "Probabilities on the 142 rows held out",
    ]
    course, weights, roc, probabilities = figure.axes
    assert list(course.lines[0].get_ydata()) == [step.value for step in training.fit.solution.steps]
    lengths = [bar.get_width() for bar in weights.patches]
    assert lengths == sorted(lengths, key=abs)
    assert lengths[-1] == pytest.approx(np.abs(training.model.weights).max())
    false, true = roc.lines[0].get_data()
    assert np.trapezoid(true, false) == pytest.approx(training.held_out.model.auc)
    assert sum(bar.get_height() for bar in probabilities.patches) == 142


@pytest.mark.parametrize(("data", "target"), [("breast_cancer", "diagnosis"), ("penguins", "sex")])
def test_in_chinese_all_but_the_table_s_own_words_is(data: str, target: str) -> None:
    picture = draw_fit(trained(DATA / f"{data}.csv", target), lang="zh")
    if picture.notes:
        pytest.skip("no font with Chinese is installed")
    texts = [str(picture.figure.get_suptitle()), *titles(picture)]
    for axes in picture.axes:
        texts += [axes.get_xlabel(), axes.get_ylabel()]
        texts += [t.get_text() for t in axes.texts]
        texts += [t.get_text() for t in axes.get_legend().get_texts()] if axes.get_legend() else []
    assert [t for t in texts if t and not any("一" <= c <= "鿿" for c in t)] == []


def test_without_a_chinese_font_it_is_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chainrule.drawing.style.chinese_fonts", list)
    training = trained(table(tmp_path, "身高,体重,类别", "ab"), "类别")
    picture = draw_fit(training, lang="zh")
    assert titles(picture)[1] == "The weights"
    # Two notes: English labels were drawn, and the table's own words are boxes.
    with speaking("zh"):
        english, boxes = picture.savefig(tmp_path / "picture.png")
    assert english == "本机没有中文字体，图中文字改用英文；请安装 Noto Sans CJK 之类的字体。"
    assert "方框" in boxes


def test_several_classes_have_a_table_and_one_legend() -> None:
    training = trained(DATA / "penguins.csv", "species")
    figure = draw_fit(training)
    assert titles(figure)[3] == "The 86 rows held out"
    counts = [int(text.get_text()) for text in figure.axes[3].texts]
    assert (len(counts), sum(counts)) == (9, 86)
    (legend,) = figure.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["Adelie", "Chinstrap", "Gentoo"]


@pytest.mark.parametrize("classes", ["ab", "abc"])
def test_two_numbers_are_drawn_as_a_plane(tmp_path: Path, classes: str) -> None:
    training = trained(table(tmp_path, "width,height,kind", classes), "kind")
    plane = draw_fit(training).axes[3]
    assert plane.get_title() == "The most probable class, and the 15 rows held out"
    assert (plane.get_xlabel(), plane.get_ylabel()) == ("width", "height")
    points = [points for points in plane.collections if hasattr(points, "get_sizes")]
    assert sum(len(each.get_offsets()) for each in points[-len(classes) :]) == 15


def test_with_nothing_held_out_the_training_rows_are_shown() -> None:
    figure = draw_fit(trained(DATA / "penguins.csv", "sex", test_fraction=0.0))
    assert all("333 rows that trained" in title for title in titles(figure)[2:])


def test_more_classes_than_colours_are_counted(tmp_path: Path) -> None:
    training = trained(table(tmp_path, "width,height,kind", "abcdefgh", rows=160), "kind")
    figure = draw_fit(training)
    assert f"({len(COLOURS)} of 8 classes)" in figure.axes[1].get_xlabel()
    assert len(figure.figure.legends[0].get_texts()) == len(COLOURS)


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_names_that_are_no_mathematics(tmp_path: Path, kind: str) -> None:
    names = r"cost in $ of $x_1^,a \frac{ long name that goes on and on,kind"
    training = trained(table(tmp_path, names, "ab"), "kind")
    assert save_picture(training, tmp_path / f"picture.{kind}") == []
    assert {path.name for path in tmp_path.iterdir()} == {"table.csv", f"picture.{kind}"}


def test_characters_that_no_font_has_are_said(tmp_path: Path) -> None:
    training = trained(table(tmp_path, "\U000e0041\U000f0000,height,kind", "ab"), "kind")
    (remark,) = save_picture(training, tmp_path / "picture.png")
    assert "No font on this computer has all characters" in remark


def test_nothing_is_left_when_drawing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = trained(table(tmp_path, "width,height,kind", "ab"), "kind")

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", fail)
    with pytest.raises(KeyboardInterrupt):
        save_picture(training, tmp_path / "picture.png")
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
