"""`chainrule slope` as a user meets it."""

from __future__ import annotations

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
