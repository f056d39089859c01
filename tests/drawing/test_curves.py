"""The picture of slopes: its lines against differences, its gaps, its words, and its refusals."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("matplotlib")

import matplotlib
from matplotlib import pyplot

from chainrule._languages import speaking
from chainrule.drawing import draw_slopes
from chainrule.drawing.picture import Picture
from chainrule.formulas import FormulaError, parse
from chainrule.slopes import CurveError

FUNCTIONS: list[tuple[str, Callable[[Any], Any], float]] = [
    ("tanh(x)", np.tanh, 1.0),
    ("x**2", lambda x: x**2, 1.0),
    ("exp(-x**2)*sin(3*x)", lambda x: np.exp(-(x**2)) * np.sin(3 * x), 0.5),
    ("1/x", lambda x: 1 / x, -1.5),
]


def lines(picture: Picture, word: str, panel: int = 0) -> list[Any]:
    return [line for line in picture.axes[panel].lines if word in str(line.get_label())]


def legend(picture: Picture, panel: int = 0) -> list[str]:
    return [text.get_text() for text in picture.axes[panel].get_legend().get_texts()]


@pytest.mark.parametrize(("text", "f", "at"), FUNCTIONS)
def test_the_tangent_touches_the_curve(text: str, f: Callable[[Any], Any], at: float) -> None:
    (tangent,) = lines(draw_slopes(text, (-3, 5), at=at), "tangent")
    assert tangent.get_xy1() == (at, pytest.approx(f(at)))
    # The gap between a curve and its tangent goes with the square of the distance.
    gaps = [abs(f(at + h) - f(at) - tangent.get_slope() * h) for h in (1e-2, 1e-3)]
    assert gaps[1] < 0.02 * gaps[0]


@pytest.mark.parametrize(("text", "f", "at"), FUNCTIONS)
def test_the_secants_meet_the_curve_twice_and_close_in(
    text: str, f: Callable[[Any], Any], at: float
) -> None:
    picture = draw_slopes(text, (-3, 5), at=at, secants=8)
    (tangent,) = lines(picture, "tangent")
    drawn = lines(picture, "secant")
    dots = [line.get_data() for line in picture.axes[0].lines if line.get_marker() == "o"][:8]
    assert len(drawn) == len(dots) == 8
    for secant, (x, y) in zip(drawn, dots, strict=True):
        assert y[0] == pytest.approx(f(x[0]))
        assert secant.get_slope() * (x[0] - at) == pytest.approx(f(x[0]) - f(at))
    away = [abs(secant.get_slope() - tangent.get_slope()) for secant in drawn]
    # At last the error halves with the step.
    assert all(0.4 < after / before < 0.6 for before, after in pairwise(away[-3:]))


@pytest.mark.parametrize("f", ["sin(x)", np.sin, lambda t: np.sin(t), parse("sin(x)")])
def test_the_curves_of_the_orders_are_the_slopes_of_one_another(f: Any) -> None:
    picture = draw_slopes(f, (-3, 5), orders=4)
    curves = [picture.axes[0].lines[0], *picture.axes[1].lines[:4]]
    for curve, slope in pairwise(curves):
        (x, y), (_, told) = curve.get_data(), slope.get_data()
        np.testing.assert_allclose(np.gradient(y, x)[1:-1], told[1:-1], atol=1e-3)
    looks = {(line.get_color(), line.get_linestyle()) for line in picture.axes[1].lines[:4]}
    assert len({colour for colour, _ in looks}) == len({style for _, style in looks}) == 4
    assert legend(picture, 1) == ["f′", "f″", "f‴", "f⁗"]


def test_the_slopes_of_the_secants_stand_in_the_legend() -> None:
    picture = draw_slopes("x**2", (0, 4), at=3.0, secants=(1.0, -0.5, 0.1))
    assert legend(picture) == [
        "x**2",
        "secant, h = 1: slope 7",
        "secant, h = -0.5: slope 5.5",
        "secant, h = 0.1: slope 6.1",
        "tangent: slope 6",
    ]
    assert "its slope: 6 at x = 3" in picture.axes[1].get_title()


def test_at_a_kink_secants_come_from_both_sides() -> None:
    picture = draw_slopes("abs(x)", (-4, 4), at=0.0, secants=2)
    assert legend(picture)[1:] == [
        "secants, h = ±2: slopes 1 and -1",
        "secants, h = ±1: slopes 1 and -1",
    ]
    beside = draw_slopes("maximum(x, 0)", (-4, 4), at=0.0, secants=1)
    assert legend(beside)[1:] == ["secants, h = ±2: slopes 1 and 0"]
    assert "x = 0: abs(x) has a kink here" in picture.axes[1].get_xlabel().replace("\n", " ")


def test_secants_do_not_cross_a_pole() -> None:
    picture = draw_slopes("1/x", (-8, 8), at=0.5)
    dots = [line.get_xdata()[0] for line in picture.axes[0].lines if line.get_marker() == "o"]
    assert min(dots) > 0


@pytest.mark.parametrize(
    ("text", "at", "title", "tangents"),
    [
        ("abs(x)", 0.0, "its slope: none at x = 0", 0),
        ("1/x", 0.0, "its slope: none at x = 0", 0),
        ("log(x)", -1.0, "its slope: none at x = -1", 0),
        ("cbrt(x)", 0.0, "its slope: ∞ at x = 0", 1),
        ("7", 1.0, "its slope: 0 at x = 1", 1),
        ("log(-1)", 1.0, "its slope: none at x = 1", 0),
        ("t - t", 1.0, "its slope: 0 at t = 1", 1),
        ("abs(x)", 1.0, "its slope: 1 at x = 1; none at x = 0", 1),
        ("tan(x)", 0.5, "its slope: 1.29845 at x = 0.5; none at x = -1.5708, 1.5708", 1),
    ],
)
def test_hard_points_are_drawn_too(text: str, at: float, title: str, tangents: int) -> None:
    picture = draw_slopes(text, (-4, 4), at=at)
    assert picture.axes[1].get_title() == title
    assert len(lines(picture, "tangent")) == tangents
    picture._repr_png_()


def test_where_there_is_no_slope_is_said_without_a_point_too() -> None:
    title = draw_slopes("floor(x)", (-2.5, 2.5)).axes[1].get_title()
    assert title == "its slope; none at x = -2, -1, 0, 1, …"
    second = draw_slopes("x*abs(x)", (-1, 1), at=0.0, orders=2)
    assert legend(second, 1) == ["f′ = 0", "f″ = none"]


def test_an_interval_without_any_value_is_said_to_be_one() -> None:
    title = draw_slopes("log(x)", (-2, -1)).axes[0].get_title()
    assert title == "log(x) has no value from -2 to -1"
    assert draw_slopes("log(x)", (-2, 1)).axes[0].get_title() == "log(x)"


@pytest.mark.parametrize("count", [np.int64(2), np.array(2)])
def test_counts_may_be_numpy_s(count: Any) -> None:
    picture = draw_slopes("x**2", (-1, 1), at=0.0, orders=count, secants=count)
    assert len(lines(picture, "secant")) == len(lines(picture, "f", panel=1)) == 2


def test_a_function_that_raises_where_it_has_no_value_has_a_gap_there() -> None:
    def root(v: Any) -> Any:
        if v < 0:
            raise ValueError("no root")
        return np.sqrt(v)

    picture = draw_slopes(root, (-1, 4), at=1.0)
    assert picture.axes[0].get_title() == "root(v) and its tangent at v = 1"
    x, y = picture.axes[0].lines[0].get_data()
    assert np.all(np.isnan(y[x < 0]))
    assert np.isfinite(y[x >= 0]).all()


def test_texts_of_users_are_no_mathematics() -> None:
    label = r"<script> $x \input{y}$"
    picture = draw_slopes(np.tanh, (-1, 1), at=0.0, label=label)
    assert picture.axes[0].get_title() == r"<script> \$x \input{y}\$ and its tangent at x = 0"
    picture._repr_png_()


# --- Languages, files, notebooks -------------------------------------------------------------


def test_every_label_is_translated() -> None:
    english, chinese = (
        [
            *(draw_slopes("abs(x)", (-4, 4), at=at, orders=orders, lang=lang) for at in (0.0, 1.0)),
            draw_slopes("cbrt(x)", (-4, 4), at=0.0, orders=orders, lang=lang),
        ]
        for lang, orders in (("en", 2), ("zh", 2))
    )
    if chinese[0].notes:
        pytest.skip("no font with Chinese is installed")
    for pictures, is_chinese in ((english, False), (chinese, True)):
        for picture in pictures:
            texts = [axes.get_title() for axes in picture.axes] + legend(picture)[1:]
            assert all(any("一" <= c <= "鿿" for c in text) is is_chinese for text in texts), texts


def test_without_a_chinese_font_the_labels_are_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("chainrule.drawing.style.chinese_fonts", list)
    picture = draw_slopes("abs(x)", (-4, 4), at=0.0, lang="zh")
    assert picture.axes[1].get_title() == "its slope: none at x = 0"
    assert "has a kink here" in picture.axes[1].get_xlabel()
    (note,) = picture.savefig(tmp_path / "abs.png")
    assert note == "本机没有中文字体，图中文字改用英文；请安装 Noto Sans CJK 之类的字体。"
    with speaking("zh"):
        assert draw_slopes("abs(x)", (-4, 4)).notes == (note,)


@pytest.mark.parametrize(
    ("ending", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_the_ending_chooses_the_kind_of_picture(tmp_path: Path, ending: str, begins: bytes) -> None:
    path = tmp_path / f"curve.{ending}"
    assert draw_slopes("tanh(x)", (-3, 5), at=1.0).savefig(path) == []
    assert path.read_bytes().startswith(begins)
    assert list(tmp_path.iterdir()) == [path]


def test_notebooks_show_it_and_nothing_stays_open() -> None:
    settings = dict(matplotlib.rcParams)
    picture = draw_slopes("tanh(x)", (-3, 5), at=1.0, lang="zh")
    data, size = picture._repr_png_()
    assert data.startswith(b"\x89PNG")
    assert len(data) < 60_000  # notebooks are kept with their pictures
    assert size == {"width": 750, "height": 525}
    assert dict(matplotlib.rcParams) == settings
    assert pyplot.get_fignums() == []


# --- What cannot be drawn -------------------------------------------------------------------


def _fails(x: Any) -> Any:
    raise ValueError("no luck")


@pytest.mark.parametrize(
    ("f", "interval", "options", "says"),
    [
        ("x", (5, -3), {}, "from 5 to -3 runs backwards; give the lower end first"),
        ("x", (1, 1), {}, "from 1 to 1 is too narrow to be drawn"),
        ("x", (1e9, 1e9 + 1e-5), {}, "too narrow"),
        ("x", (0, math.inf), {}, "from 0 to inf is not finite"),
        ("x", (math.nan, 1), {}, "from nan to 1 is not finite"),
        ("x", (-1e308, 1e308), {}, "is not finite"),
        ("x", (1, 2, 3), {}, "an interval is two numbers"),
        ("x", 3, {}, "an interval is two numbers"),
        ("x", ("a", "b"), {}, "an interval is two numbers"),
        ("x", (0, 1), {"at": 2.0}, "the point 2 lies outside of the interval from 0 to 1"),
        ("x", (0, 1), {"at": math.nan}, "the point nan lies outside"),
        ("x", (0, 1), {"at": "here"}, "a point is a number such as 1.0, but this is 'here'"),
        ("x", (0, 1), {"orders": 5}, "from 1 to 4, but this is 5"),
        ("x", (0, 1), {"orders": 0}, "from 1 to 4, but this is 0"),
        ("x", (0, 1), {"orders": 1.5}, "from 1 to 4, but this is 1.5"),
        ("x", (0, 1), {"at": 0.5, "secants": 9}, "up to 8 secants can be told apart, but 9 are"),
        ("x", (0, 1), {"at": 0.5, "secants": -1}, "but -1 are asked for"),
        ("x", (0, 1), {"at": 0.5, "secants": (1.0, 0.0)}, "finite numbers other than 0"),
        ("x", (0, 1), {"at": 0.5, "secants": "many"}, "finite numbers other than 0"),
        (parse("x*w"), (0, 1), {}, "has the variables x, w; a curve is drawn of one alone"),
        (_fails, (0, 1), {}, "_fails(x) cannot be drawn; at x = 0 it raised ValueError: no luck"),
        (lambda x: {}[0], (0, 1), {}, "f(x) cannot be drawn; at x = 0 it raised KeyError"),
        (lambda x: 1j * x, (0, 1), {}, "returned a complex one"),
        (lambda x: np.stack([x, x]), (0, 1), {}, "returned shape (2,)"),
        (lambda x: None, (0, 1), {}, "returned None"),
        (lambda x: math.sin(x), (0, 1), {}, "chainrule.numpy.sin takes it"),
        (lambda x, y: x, (0, 1), {}, "missing 1 required positional argument"),
        ("x", (0, 1), {"lang": "fr"}, "there is no language"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_a_sentence(
    f: Any, interval: Any, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError) as raised:
        draw_slopes(f, interval, **options)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_errors_have_their_classes() -> None:
    with pytest.raises(FormulaError):
        draw_slopes("tanhh(x)", (0, 1))
    with pytest.raises(CurveError) as raised:
        draw_slopes(lambda x: {}[0], (0, 1))
    assert isinstance(raised.value.__cause__, KeyError)
    with pytest.raises(TypeError, match="but this is of type list"):
        draw_slopes([1, 2], (0, 1))  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError, match="no/such/folder"):
        draw_slopes("x", (0, 1)).savefig("no/such/folder/x.png")


def test_without_matplotlib_the_sentence_says_how_to_get_it() -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from chainrule.drawing import draw_slopes\n"
        "try: draw_slopes('x', (0, 1))\n"
        "except ImportError as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8")
    assert "MissingLibraryError this needs matplotlib, which is not installed" in done.stdout
