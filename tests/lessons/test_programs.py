"""The lessons' programs, run for a page: in two languages, and with or without Matplotlib."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from chainrule._languages import speaking
from chainrule._text import width
from chainrule.lessons import programs
from chainrule.lessons.undrawn import undrawn

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = ROOT / "tests" / "examples" / "expected"
NAMES = sorted(path.stem for path in EXPECTED.glob("*.txt"))
# The names that a program or a formula has; everything else is said in the reader's language.
CODE = re.compile(
    r"tensor|torch\.Size|grad(_fn)?|requires_grad|retain_(grad|graph)|zero_grad|zero_|no_grad|detach"
    r"|\w+Backward\d|AccumulateGrad|object at 0x[0-9a-f]+|True|False|None|backward"
    r"|LogisticRegression|Linear|Sigmoid|features|in_features|out_features|bias|mean_value"
    r"|sigmoid|tanh|exp|ln|mathdefault|\w+\.png|[a-zSW]\d?|d[abwxy]"
)
# What PyTorch says is what people search for: it stays as it is.
OF_PYTORCH = re.compile(r"^(RuntimeError|w\.add_\(1\)|w \+= 1): .*$", re.MULTILINE)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module", params=NAMES)
def chinese(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, str, list[str]]:
    """A program's name, what it prints in Chinese, and the texts of its pictures."""
    figure = pytest.importorskip("matplotlib.figure")
    text = pytest.importorskip("matplotlib.text")
    texts: list[str] = []
    savefig = figure.Figure.savefig

    def listening(self: Any, *args: Any, **options: Any) -> None:
        savefig(self, *args, **options)
        texts.extend(each.get_text() for each in self.findobj(text.Text))

    with pytest.MonkeyPatch.context() as patch, speaking("zh"):
        patch.setattr(figure.Figure, "savefig", listening)
        return request.param, programs.run(request.param, tmp_path_factory.mktemp("zh")), texts


def _english(text: str) -> list[str]:
    return [word for word in re.findall(r"[A-Za-z_][\w.]*", text) if not CODE.fullmatch(word)]


def test_no_english_is_left_in_chinese(chinese: tuple[str, str, list[str]]) -> None:
    name, printed, texts = chinese
    said = OF_PYTORCH.sub("", printed)
    said = re.sub(r"object at 0x[0-9a-f]+", "", said)
    assert _english(said) == []
    assert _english(" ".join(texts)) == []
    assert bool(texts) == ("Picture" in (EXPECTED / f"{name}.txt").read_text("utf-8"))


def test_the_numbers_are_the_same_in_chinese(chinese: tuple[str, str, list[str]]) -> None:
    name, printed, _ = chinese
    english = (EXPECTED / f"{name}.txt").read_text("utf-8")
    without_addresses = [re.sub(r"0x[0-9a-f]+", "", text) for text in (printed, english)]
    theirs, ours = ([round(float(n), 9) for n in NUMBER.findall(t)] for t in without_addresses)
    assert ours == pytest.approx(theirs, abs=1e-9)
    assert len(printed.splitlines()) == len(english.splitlines())


@pytest.mark.parametrize("name", ["forgotten_zero_grad", "homework_settings"])
def test_tables_stay_aligned_in_chinese(name: str, tmp_path: Path) -> None:
    english = (EXPECTED / f"{name}.txt").read_text("utf-8")
    with speaking("zh"):
        chinese = programs.translated(english)
    for ours, theirs in zip(chinese.splitlines(), english.splitlines(), strict=True):
        if "   " in theirs:
            assert width(ours) == width(theirs), ours


def test_a_picture_without_a_font_for_chinese_is_in_english_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = pytest.importorskip("matplotlib.font_manager")
    monkeypatch.setattr(manager, "get_font_names", lambda: ["DejaVu Sans"])
    with speaking("zh"):
        printed = programs.run("forgotten_zero_grad", tmp_path)
    assert printed.splitlines()[-1] == (
        "没有安装中文字体，图中文字用英文： forgotten_zero_grad.png"
    )
    assert (tmp_path / "forgotten_zero_grad.png").stat().st_size > 10_000


@pytest.mark.parametrize(("name", "lang"), [*((n, "en") for n in NAMES), ("tape", "zh")])
def test_without_matplotlib_it_prints_the_same_and_draws_nothing(
    name: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "can_draw", lambda: False)
    kept = dict(sys.modules)
    for module in [each for each in sys.modules if each.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, module)
    with speaking(lang):
        printed = programs.run(name, tmp_path)
        english = (EXPECTED / f"{name}.txt").read_text("utf-8")
        expected = programs.translated(re.sub(r"Picture: .*\n", "", english))
    addresses = re.compile(r"0x[0-9a-f]+|(?<=\.\d{12})\d+")
    assert addresses.sub("", printed) == addresses.sub("", expected)
    assert list(tmp_path.iterdir()) == []
    sys.modules.update(kept)


def test_the_stand_in_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {name: each for name, each in sys.modules.items() if name.startswith("matplotlib")}
    for name in kept:
        monkeypatch.delitem(sys.modules, name)
    finders = list(sys.meta_path)
    with undrawn():
        from matplotlib.colors import LinearSegmentedColormap

        assert repr(LinearSegmentedColormap.from_list("p", [])) == "Undrawn()"
    assert not any(name.startswith("matplotlib") for name in sys.modules)
    assert sys.meta_path == finders


def test_a_program_leaves_no_settings_and_no_modules_behind(tmp_path: Path) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    before, path, argv = dict(matplotlib.rcParams), list(sys.path), list(sys.argv)
    programs.run("why_it_separates", tmp_path)
    assert dict(matplotlib.rcParams) == before
    assert (sys.path, sys.argv) == (path, argv)
    assert not {"pictures", "in_chinese", "logistic_regression"} & sys.modules.keys()


def test_programs_that_are_not_there_are_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "FOLDERS", (tmp_path,))
    with pytest.raises(programs.MissingProgramsError, match="not installed with chainrule"):
        programs.run("tape", tmp_path)
