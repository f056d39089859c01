"""`chainrule lesson`: the list, a lesson in the terminal and as a page, and what cannot be."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from pathlib import Path

import pytest

from chainrule.cli import main
from chainrule.lessons import LESSONS, programs

NAMES = sorted(LESSONS)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_list_has_every_lesson(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lesson", "--lang", lang]) == 0
    printed = capsys.readouterr().out
    assert {line.split()[0] for line in printed.splitlines() if line[:1].islower()} == {
        *NAMES,
        *(["name"] if lang == "en" else []),
    }
    assert ("记录带" in printed) == (lang == "zh")


def test_ten_lessons_as_the_courses_have_them() -> None:
    assert (
        sorted(
            [
                *("tape", "quickstart", "logistic", "forgotten-zero-grad", "homework", "why"),
                *("linear", "functions", "derivation", "regressions"),
            ]
        )
        == NAMES
    )


def test_a_lesson_prints_what_its_program_prints(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    assert main(["lesson", "forgotten-zero-grad", "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    expected = Path(__file__).parents[1] / "examples" / "expected" / "forgotten_zero_grad.txt"
    assert expected.read_text("utf-8") in printed
    assert "--out FOLDER saves the pictures" in printed
    assert list(Path().iterdir()) == []


def test_pictures_and_page_are_written_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    given = ["lesson", "forgotten-zero-grad", "--out", "a/b", "--page", "page.html"]
    assert main([*given, "--lang", "zh"]) == 0
    *_, picture, page = capsys.readouterr().out.splitlines()
    assert picture == f"图片已写入 {Path('a/b/forgotten_zero_grad.png')}。"
    assert page == "网页已写入 page.html。"
    assert Path("a/b/forgotten_zero_grad.png").read_bytes().startswith(b"\x89PNG")
    assert '<html lang="zh-Hans">' in Path("page.html").read_text("utf-8")
    assert sorted(path.name for path in Path().rglob("*.*")) == [
        "forgotten_zero_grad.png",
        "page.html",
    ]


def test_without_matplotlib_a_lesson_says_how_to_get_its_pictures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(programs, "can_draw", lambda: False)
    for module in [each for each in sys.modules if each.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, module)
    assert main(["lesson", "forgotten-zero-grad", "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "11.3590" in printed
    assert (
        'as matplotlib is not installed; get it with: python -m pip install "chainrule[plot]"'
        in (" ".join(printed.split()))
    )
    assert "Picture" not in printed


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["tapes"], "there is no lesson tapes; did you mean tape?"),
        (["Logistics"], "there is no lesson Logistics; did you mean logistic?"),
        (["calculus"], "there is no lesson calculus; there are tape, "),
        (["--page", "all.html"], "say which lesson is to be run; chainrule lesson lists them"),
        (["tape", "--page", "tape.pdf"], "tape.pdf is to be a page; end it in .html"),
        (["tape", "--page", "no/folder/tape.html"], "no/folder cannot be used: No such folder"),
        (["tape", "--out", "file.txt"], "file.txt is a file; --out names a folder"),
        (["tape", "--out", "file.txt/pictures"], "file.txt is a file; --out names a folder"),
        (["tape", "--film", "film.html"], "--film is for the lesson logistic alone"),
        (["why", "--mean-value", "5"], "--mean-value is for the lesson logistic alone"),
        (["--seed", "3"], "say which lesson is to be run; chainrule lesson lists them"),
        (["logistic", "--film", "f.mp4"], "end it in .html or .gif"),
        (["logistic", "--film", "no/f.html"], "no cannot be used: No such folder"),
        (["logistic", "--film", "f.html", "--sweep", "bias=1"], "--film shows one training"),
        (["logistic", "--film", "f.html", "--page", "f.html"], "name another output"),
        (["logistic", "--bias", "1", "--sweep", "bias=1,2"], "bias is given twice"),
        (["logistic", "--sweep", "momentum=1,2"], "there is no setting 'momentum' to sweep"),
        (["logistic", "--sweep", "bias=1,b"], "'bias=1,b' is no setting to sweep"),
        (["logistic", "--lr", "0"], "lr, the learning rate, is 0.0; give a number above 0"),
        (["logistic", "--bias", "x"], "argument --bias: x is not a number"),
        (["logistic", "--seed", "-1"], "argument --seed: "),
    ],
)
def test_what_cannot_be_is_one_sentence(
    given: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("file.txt").write_text("", encoding="utf-8")
    assert main(["lesson", *given, "--lang", "en"]) == 2
    printed = capsys.readouterr()
    assert says in printed.err
    assert len(printed.err.splitlines()) == 1
    assert printed.out == ""
    assert [path.name for path in Path().iterdir()] == ["file.txt"]


def test_programs_that_are_not_there_are_told_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(programs, "FOLDERS", (Path("nowhere"),))
    assert main(["lesson", "tape", "--lang", "en"]) == 2
    assert capsys.readouterr().err == (
        "chainrule: the lessons' programs are not installed with chainrule; install it anew, or "
        "run it in a copy of its repository\n"
    )


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="this user may write everywhere"
)
def test_a_folder_that_may_not_be_written_to_is_told_before_the_work(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("locked").mkdir(mode=0o500)
    assert main(["lesson", "tape", "--out", "locked/pictures", "--lang", "en"]) == 2
    printed = capsys.readouterr()
    assert "Permission denied" in printed.err
    assert printed.out == ""


def test_settings_of_one_s_own_print_what_the_program_would(
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = ["lesson", "logistic", "--mean-value", "1.7", "--bias", "1", "--lr", "0.01"]
    given += ["--seed", "10", "--film", "film.html", "--page", "page.html", "--out", "pictures"]
    assert main([*given, "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    expected = Path(__file__).parents[1] / "examples" / "expected" / "logistic_regression.txt"
    (first,) = [
        line
        for line in expected.read_text("utf-8").splitlines()
        if line.startswith("Iteration:   0")
    ]
    assert first in printed
    assert "Iteration: 376" in printed  # where more than 99 % are right, and training stops
    assert "Wrote the film to film.html." in printed
    assert Path("film.html").stat().st_size < 100_000
    if programs.can_draw():
        assert Path("pictures/homework.png").read_bytes().startswith(b"\x89PNG")
        assert "data:image/png" in Path("page.html").read_text("utf-8")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_sweep_prints_the_homework_s_table(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["lesson", "logistic", "--sweep", "mean-value=1.7,5", "bias=-1,1", "--iterations", "50"]
    assert main([*given, "--lang", lang]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    settings = [row[:3] for row in rows if row[2:3] == ["0.01"]]
    assert settings == [[m, b, "0.01"] for m in ("1.7", "5") for b in ("-1", "1")]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (["mean-value=1,1.7,5"], "--mean-value 1.7 --bias 1 --lr 0.01"),
        (["bias=-1,5", "mean-value=5"], "--mean-value 5 --bias 5 --lr 0.01"),
        (["bias=1,5", "--seed", "3"], "--mean-value 1.7 --bias 5 --lr 0.01 --seed 3"),
        (["lr=1,2", "--iterations", "5"], "--mean-value 1.7 --bias 1 --lr 1 --iterations 5"),
    ],
)
def test_a_sweep_names_the_film_of_which_there_is_most_to_see(
    given: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lesson", "logistic", "--lang", "en", "--sweep", *given]) == 0
    text = capsys.readouterr().out
    (command,) = [each.strip() for each in text.splitlines() if "--film film.html" in each]
    assert command == f"chainrule lesson logistic {line} --film film.html"
    # What is typed films the training of the table, and not another one.
    assert main(command.split()[1:]) == 0
    film = Path("film.html").read_text("utf-8")
    end = re.search(r'"last": (\d+)', film)
    assert end is not None
    words = line.split()
    mean, bias, lr = words[1], words[3], words[5]
    (row,) = [row for row in map(str.split, text.splitlines()) if row[:3] == [mean, bias, lr]]
    passed = row[-2:] == ["iteration", end[1]]
    assert passed or row[-1] == "never"


def test_programs_read_it_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lesson", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in listed["lessons"]] == list(LESSONS)
    assert main(["lesson", "derivation", "--json", "--lang", "en", "--out", "pictures"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["name"] == "derivation"
    assert "= 2w + x + 1" in answer["text"]
    assert answer["pictures"] == [str(Path("pictures/graph.svg"))]


def test_programs_read_a_sweep_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["lesson", "logistic", "--sweep", "mean-value=1,5", "--iterations", "20", "--json"]
    assert main([*given, "--lang", "en"]) == 0
    overlapping, apart = json.loads(capsys.readouterr().out)["trainings"]
    assert (overlapping["mean_value"], overlapping["last_iteration"]) == (1, 19)
    assert overlapping["passed_at"] is None
    assert overlapping["last_loss"] < overlapping["first_loss"]
    assert (apart["mean_value"], apart["seed"], apart["passed_at"]) == (5, 10, 0)
    assert apart["finding"].startswith("Far apart")


def test_ctrl_c_leaves_nothing_half_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(name: str, out: Path) -> str:
        (out / "half.png").write_bytes(b"\x89P")
        raise KeyboardInterrupt

    monkeypatch.setattr(programs, "run", interrupted)
    given = ["lesson", "homework", "--out", "pictures", "--page", "page.html", "--lang", "en"]
    assert main(given) == 130
    assert "interrupted by Ctrl-C" in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_a_film_that_cannot_be_written_is_the_only_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("chainrule.drawing.film.save_film", full)
    film = str(tmp_path / "film.html")
    command = ["lesson", "logistic", "--iterations", "2", "--film", film, "--json"]
    assert main(command) == 2
    assert list(json.loads(capsys.readouterr().out)) == ["error"]
