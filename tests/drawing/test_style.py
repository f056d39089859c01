"""Fonts and languages of pictures, on computers with and without Chinese fonts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

import matplotlib
from matplotlib import font_manager
from matplotlib.figure import Figure

from chainrule._languages import UnknownLanguageError, language, speaking, tr
from chainrule.drawing import fonts
from chainrule.drawing.picture import Picture
from chainrule.drawing.style import PictureError, check_format, label, style

LATIN = "DejaVu Sans"  # which comes with Matplotlib
LACKING = (
    "No font on this computer has all characters of the picture, which shows boxes instead; "
    "install one such as Noto Sans CJK."
)


@pytest.fixture
def latin_list(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Matplotlib's list of fonts as it was before any with Chinese was installed."""
    latin = [font for font in font_manager.fontManager.ttflist if font.name == LATIN]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", latin)
    fonts._newly_installed.cache_clear()
    yield
    fonts._newly_installed.cache_clear()


@pytest.fixture
def no_chinese(latin_list: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without fonts that have Chinese."""
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: ["/fonts/DejaVuSans.ttf"])


def written(text: str, lang: str | None = None) -> Picture:
    with style(lang) as notes:
        figure = Figure(figsize=(3, 2))
        figure.text(0.1, 0.5, text)
    return Picture(figure, tuple(notes))


def test_where_there_are_fonts_labels_are_chinese(tmp_path: Path) -> None:
    if not fonts.chinese_fonts():
        pytest.skip("no font with Chinese is installed")
    with style("zh") as notes:
        assert language() == "zh"
        assert matplotlib.rcParams["font.family"][:2] == [LATIN, fonts.chinese_fonts()[0]]
    assert notes == []
    assert written("斜率、切线与割线", "zh").savefig(tmp_path / "words.png") == []


def test_where_there_are_none_labels_are_english_and_that_is_said(no_chinese: None) -> None:
    assert fonts.chinese_fonts() == []
    with style("zh") as notes:
        assert language() == "en"
        assert tr("its slope") == "its slope"
        with style() as inner:  # what is drawn inside says no more
            assert inner == []
    assert notes == ["本机没有中文字体，图中文字改用英文；请安装 Noto Sans CJK 之类的字体。"]
    with speaking("zh"), style("en") as notes:
        assert notes == []


def test_own_words_in_chinese_are_warned_of(no_chinese: None, tmp_path: Path) -> None:
    assert written("价格").savefig(tmp_path / "words.png") == [LACKING]
    assert written("price").savefig(tmp_path / "words.png") == []


def test_fonts_newer_than_matplotlib_s_list_are_found(latin_list: None, tmp_path: Path) -> None:
    files = [path for path in font_manager.findSystemFonts() if fonts.FILES.search(Path(path).stem)]
    if not files:
        pytest.skip("no font with Chinese is installed")
    assert fonts.chinese_fonts()
    assert written("斜率", "zh").savefig(tmp_path / "words.png") == []


def test_a_font_that_cannot_be_read_is_passed_over(
    latin_list: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "NotoSansCJK-Regular.ttc"
    damaged.write_bytes(b"no font")
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(damaged)])
    assert fonts.chinese_fonts() == []


def test_nothing_of_it_stays() -> None:
    before = dict(matplotlib.rcParams)
    with pytest.raises(KeyError), style("zh"):
        raise KeyError
    assert dict(matplotlib.rcParams) == before
    assert language() == "en"
    with pytest.raises(UnknownLanguageError), style("fr"):
        pass


@pytest.mark.parametrize("name", ["x", "x.doc", "x.eps", "png"])
def test_other_kinds_of_pictures_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"end it in \.png, \.svg or \.pdf"):
        check_format(tmp_path / name)
    with pytest.raises(PictureError):
        written("a").savefig(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_labels_are_one_short_line_and_no_mathematics(tmp_path: Path) -> None:
    assert label("a\n$b$") == r"a \$b\$"
    assert label(r"$\frac{\input{x}}$" * 9).count("…") == 1
    assert written(label(r"$\frac{\input{x}}$")).savefig(tmp_path / "words.svg") == []
    assert r"\input" in (tmp_path / "words.svg").read_text(encoding="utf-8")
