"""`chainrule slope` as a user meets it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from chainrule.cli import main


def test_value_and_slope_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slope", "x/2", "--at", "3"]) == 0
    assert capsys.readouterr().out == "x/2 at x = 3.0\nvalue  1.5\nslope  0.5\n"


def test_the_lesson_s_slope_of_tanh(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slope", "tanh(x)", "--at", "1.0"]) == 0
    slope = float(capsys.readouterr().out.split()[-1])
    assert slope == pytest.approx(0.419974341614026, rel=1e-14)


@pytest.mark.parametrize(
    "arguments",
    [["-t**2", "--at", "-pi/2"], ["--at", "-pi/2", "-t**2"], ["--at=-pi/2", "--", "-t**2"]],
)
def test_a_minus_may_come_first(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slope", *arguments]) == 0
    out = capsys.readouterr().out
    assert out.startswith("-t**2 at t = -1.5707963267948966\n")
    assert float(out.split()[-1]) == pytest.approx(3.141592653589793)


def test_a_kink_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slope", "abs(x)", "--at", "0"]) == 0
    assert "note: abs(x) has a kink here, and no slope" in capsys.readouterr().out


def test_a_place_without_a_value_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slope", "log(x)", "--at", "-1"]) == 0
    out = capsys.readouterr().out
    assert "value  nan\nslope  nan\nnote: log(x) has no value here" in out


def test_the_picture_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "tanh.png"
    assert main(["slope", "tanh(x)", "--at", "1", "--plot", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert f"Wrote the picture to {picture}." in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["tanh.png"]


def test_a_closed_output_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["slope", "tanh(x)", "--at", "1"]) == 0


def test_orders_are_printed_as_far_as_they_go(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slope", "x**3", "--at", "2", "--orders", "3"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "value  8.0",
        "slope  12.0",
        "order 2  12.0",
        "order 3  6.0",
    ]
    assert main(["slope", "x*abs(x)", "--at", "0", "--orders", "4"]) == 0
    out = capsys.readouterr().out
    assert "order 2  0.0\nnote: the slope of x*abs(x) has a kink here" in out
    assert "order 3" not in out


def test_secants_are_a_table_to_check_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slope", "x**2", "--at", "3", "--secants", "2,1,-0.5"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[-3:]]
    assert rows == [["2", "5", "25", "8"], ["1", "4", "16", "7"], ["-0.5", "2.5", "6.25", "5.5"]]


def test_a_number_of_secants_halves_the_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slope", "tanh(x)", "--at", "1", "--secants", "8"]) == 0
    told = capsys.readouterr().out.splitlines()
    steps, slopes = ([float(line.split()[k]) for line in told[-8:]] for k in (0, 3))
    assert steps == [2 / 2**k for k in range(8)]
    gaps = [abs(slope - float(told[2].split()[1])) for slope in slopes]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 0.006


def test_a_secant_to_where_there_is_no_value_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slope", "log(x)", "--at", "1", "--secants", "1,-2"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["-2", "-1", "nan", "none"]


def test_programs_read_all_of_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    picture = tmp_path / "x.png"
    options = ["--orders", "2", "--secants", "1,0.5", "--json", "--plot", str(picture)]
    assert main(["slope", "x**2", "--at", "3", *options]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "formula": "x**2",
        "variable": "x",
        "at": 3.0,
        "value": 9.0,
        "slope": 6.0,
        "orders": [
            {"order": 1, "slope": 6.0, "exists": True, "remark": ""},
            {"order": 2, "slope": 2.0, "exists": True, "remark": ""},
        ],
        "secants": [
            {"h": 1.0, "x": 4.0, "value": 16.0, "slope": 7.0},
            {"h": 0.5, "x": 3.5, "value": 12.25, "slope": 6.5},
        ],
        "written": {"plot": str(picture)},
        "notes": [],
    }
    assert picture.exists()


def test_programs_are_told_what_is_strange_of_a_picture(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chainrule.drawing.style.chinese_fonts", list)
    command = ["slope", "x", "--at", "1", "--json", "--lang", "zh"]
    assert main([*command, "--plot", str(tmp_path / "x.svg")]) == 0
    assert "没有中文字体" in json.loads(capsys.readouterr().out)["notes"][0]
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["written"], told["notes"]) == ({}, [])


def test_verbose_tells_how_long_the_picture_took(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    command = ["slope", "x", "--at", "1", "--verbose", "--plot", str(tmp_path / "x.png")]
    assert main(command) == 0
    assert "drew the picture: " in capsys.readouterr().err


def test_a_slope_alone_is_not_looked_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a picture would show takes longer to find out than the slope."""
    monkeypatch.setattr("chainrule.drawing.sampling.window", lambda *_: pytest.fail("looked"))
    assert main(["slope", "x", "--at", "1", "--orders", "2"]) == 0


def test_in_chinese(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chainrule.drawing.style.chinese_fonts", list)
    picture = str(tmp_path / "abs.svg")
    command = ["slope", "abs(x)", "--at", "0", "--lang", "zh", "--secants", "1", "--plot", picture]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert out.startswith("abs(x) 在 x = 0.0 处\n值  0.0\n斜率  0.0\n注意：abs(x) 在此处有角点")
    assert "割线斜率" in out
    # The computer has no font for it, so the picture is in English, and that is said.
    assert out.endswith(
        f"图片已写入 {picture}。\n"
        "本机没有中文字体，图中文字改用英文；请安装 Noto Sans CJK 之类的字体。\n"
    )
    assert "its slope: none at x = 0" in Path(picture).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["x.pgf", "x.raw", "x.rgba", "x.eps"])
def test_other_kinds_of_pictures_are_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / name
    assert main(["slope", "x", "--at", "1", "--plot", str(picture)]) == 2
    assert "end it in .png, .svg or .pdf" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tanhh(x)", "--at", "1"], 'FORMULA: "tanhh" at position 1 is not a function known here; '
            "did you mean tanh?"),
        (["2^x", "--at", "1"], 'FORMULA: "^" at position 2 is not in the grammar of formulas; '
            "write **"),
        (["x + w", "--at", "1"], 'FORMULA: "w" at position 5 is a variable beside x; '
            "no more than 1 can stand here"),
        (["x", "--at", "one"], '--at: "one" at position 1 is a variable; none can stand here'),
        (["x", "--at", "1/0"], "--at: 1/0 is inf; give a finite number"),
        (["x", "--at", "log(-1)"], "--at: log(-1) is nan; give a finite number"),
        (["x"], "the following arguments are required: --at; see chainrule slope --help"),
        (["x", "--at", "1", "--plot", "picture.doc"], "picture.doc does not say which kind of "
            "picture it is; end it in .png, .svg or .pdf"),
        (["x", "--at", "1", "--plot", "no/such/folder/x.png"], "cannot be used"),
        (["x", "--at", "1", "--interval", "5,-3"], "--interval: the interval from 5 to -3 runs "
            "backwards; give the lower end first"),
        (["x", "--at", "1", "--interval", "5"], "--interval: an interval is two numbers"),
        (["x", "--at", "1", "--interval", "a,b"], '--interval: "a" at position 1 is a variable'),
        (["x", "--at", "1", "--interval", "-pi,0"], "--interval: the point 1 lies outside of the "
            "interval from -3.14159 to 0"),
        (["x", "--at", "1", "--orders", "5"], "--orders: the orders of slopes that can be told go "
            "from 1 to 4, but this is 5"),
        (["x", "--at", "1", "--orders", "two"], "but this is 'two'"),
        (["x", "--at", "1", "--secants", "9"], "--secants: up to 8 secants can be told apart, but "
            "9 are asked for"),
        (["x", "--at", "1", "--secants", "1,0"], "--secants: secants are asked for by how many"),
        (["x", "--at", "1", "--secants", "many"], '--secants: "many" at position 1'),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence_and_exit_code_2(
    arguments: list[str],
    says: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["slope", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("chainrule: ")
    assert told.err.count("\n") == 1
    assert says in told.err
    assert list(tmp_path.iterdir()) == []
