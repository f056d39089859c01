"""`chainrule derive` as a user meets it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from chainrule import grad
from chainrule.cli import main

COURSE = """\
a = x + w
b = w + 1
y = a·b

∂y/∂w = ∂y/∂a·∂a/∂w + ∂y/∂b·∂b/∂w   chain rule
      = b·1 + a·1                   local derivatives: product rule
      = b + a                       simplify
      = (w + 1) + (x + w)           put back
      = 2w + x + 1                  collect
      = 2·1 + 2 + 1                 numbers
      = 5
"""
LOSS = "z = w*x + b; p = 1/(1+exp(-z)); L = sum(-t*log(p) - (1-t)*log(1-p))"


def test_a12_the_course_s_derivation_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "(x+w)*(w+1)", "--wrt", "w", "--at", "x=2,w=1"]) == 0
    assert capsys.readouterr().out == COURSE


def test_the_loss_of_two_points_ends_at_its_famous_sum(capsys: pytest.CaptureFixture[str]) -> None:
    at = "w=0.5, b=0, x=[1, 2], t=[0, 1]"
    assert main(["derive", LOSS, "--wrt", "w", "--at", at]) == 0
    out = capsys.readouterr().out
    assert "= Σᵢ (pᵢ − tᵢ)·xᵢ " in out
    assert "= (p₁ − t₁)·x₁ + (p₂ − t₂)·x₂ " in out


@pytest.mark.parametrize(
    "at",
    [
        ["--at", "x=2,w=1"],
        ["--at", "x=2", "--at", "w=1"],
        ["--at", " x = 2 ;w= 1, "],
        ["--at", "x=4/2 w=cos(0)"],
        ["--at", "x=2，w=1"],
        ["--at=w=1,x=maximum(2, 1)"],
    ],
)
def test_numbers_are_given_in_any_usual_way(
    at: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["derive", "(x+w)*(w+1)", "--wrt", "w", *at]) == 0
    assert capsys.readouterr().out == COURSE


@pytest.mark.parametrize("at", ["x=[1,2,-3.5]", "x=[1 2 -3.5]", "x = [ 1, 2 , -7/2, ]"])
def test_a_list_has_a_value_for_each_row(at: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "sum((w*x - 1)**2)", "--wrt", "w", "--at", f"w=2,{at}", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)["value"]
    assert value == pytest.approx(grad(lambda w: sum((w * x - 1) ** 2 for x in (1, 2, -3.5)))(2.0))


def test_without_numbers_symbols_alone_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "x**2"]) == 0
    assert capsys.readouterr().out == "y = x²\n\ndy/dx = 2x   power rule\n"


def test_a_formula_may_begin_with_a_minus(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "-x**2", "--at", "x=-3"]) == 0
    assert capsys.readouterr().out.endswith("= 6\n")


def test_every_format_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    def written(*options: str) -> str:
        assert main(["derive", "x/(1+x)", "--at", "x=1", *options]) == 0
        return capsys.readouterr().out

    assert "dy/dx = " in written()
    assert written("--format", "ascii").isascii()
    assert "(1 + x)**2" in written("--format", "python")
    assert written("--format", "latex").startswith("\\begin{align*}\n")
    assert ElementTree.fromstring(written("--format", "mathml")).tag.endswith("}math")
    page = written("--format", "html")
    assert page.startswith("<!doctype html>")
    assert "http" not in page.replace("http://www.w3.org/1998/Math/MathML", "")


def test_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "(x+w)*(w+1)", "--wrt", "w", "--lang", "zh"]) == 0
    assert "链式法则" in capsys.readouterr().out
    assert main(["derive", "x**2", "--format", "html", "--lang", "zh"]) == 0
    assert '<html lang="zh-Hans">' in capsys.readouterr().out


@pytest.mark.parametrize("at", ["1", "x=1", "sqrt(1)", "（2-1）"])
def test_the_only_variable_needs_no_name(at: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "a = x**3; a + x", "--at", at, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["at"], found["value"]) == ({"x": 1.0}, 4.0)


def test_programs_are_told_what_was_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, graph = str(tmp_path / "d.tex"), str(tmp_path / "d.svg")
    assert main(["derive", "x**2", "--json", "--out", out, "--graph", graph]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == {"out": out, "graph": graph}


def test_json_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["derive", "(x+w)*(w+1)", "--wrt", "w", "--at", "x=2,w=1", "--json"]
    assert main(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["at"] == {"x": 2.0, "w": 1.0}
    assert found["value"] == 5.0
    assert [each["name"] for each in found["definitions"]] == ["a", "b", "y"]
    assert [each["why"] for each in found["steps"]] == [
        *("chain", "local", "tidy", "back", "collect", "numbers", "value"),
    ]
    collected = found["steps"][4]
    assert (collected["text"], collected["python"]) == ("2w + x + 1", "2*w + x + 1")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_a_console_without_the_signs_gets_plain_ones(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    assert main(["derive", "(x+w)*(w+1)", "--wrt", "w", "--at", "x=2,w=1"]) == 0
    plain = COURSE.replace("·", "*").replace("∂", "d")
    assert raw.getvalue().decode(encoding).replace("\r\n", "\n") == plain


def test_a_file_is_written_as_its_ending_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begins = {"d.txt": "y = x²", "d.tex": r"\begin{align*}", "d.html": "<!doctype", "d": "y = x²"}
    for name, start in begins.items():
        assert main(["derive", "x**2", "--out", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
        assert capsys.readouterr().out == f"Wrote the derivation to {tmp_path / name}.\n"
    assert main(["derive", "x", "--out", str(tmp_path / "d.txt"), "--format", "latex"]) == 0
    assert (tmp_path / "d.txt").read_text(encoding="utf-8").startswith(r"\begin{align*}")


def test_the_graph_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "graph.svg"
    arguments = ["derive", "(x+w)*(w+1)", "--wrt", "w", "--at", "x=2,w=1", "--graph", str(picture)]
    assert main(arguments) == 0
    assert capsys.readouterr().out == COURSE + f"Wrote the picture to {picture}.\n"
    assert "no point was given" not in "".join(ElementTree.parse(picture).getroot().itertext())
    assert main(["derive", "x*w", "--wrt", "w", "--at", "x=2", "--graph", str(picture)]) == 0
    assert "no point was given" in "".join(ElementTree.parse(picture).getroot().itertext())


def test_what_a_user_writes_is_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "where(x<1, x, 2*x)", "--format", "html"]) == 0
    out = capsys.readouterr().out
    assert "<title>where(x&lt;1, x, 2*x)</title>" in out
    assert "<mo>&lt;</mo>" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "the following arguments are required: FORMULA; see chainrule derive --help"),
        (["x+"], '"x+" ends where a number or a name should follow'),
        (["2^x"], '"^" at position 2 is not in the grammar of formulas; write **'),
        (["a = x; b = a*y; a"], "b is given and never used"),
        (["x*w"], "the formula has the variables"),
        (["x", "--wrt", "q"], "q is no variable of the formula; it has x"),
        (["x", "--at", "q=1"], "q is given a value, but is no variable of the formula"),
        (
            ["x*w", "--wrt", "x", "--at", "1"],
            "--at: 1 gives no name a value; write such as x=2,w=1",
        ),
        (["x", "--at", "x"], '--at: the value of x: "x" at position 1 is a variable'),
        (["x", "--at", "1,2"], "--at: several values of x go in brackets: x=[1,2]"),
        (["x+", "--at", "1"], '"x+" ends where a number or a name should follow'),
        (["x", "--at", "x="], "--at: x has no value; write such as x=2"),
        (["x", "--at", "x=1,x=2"], "--at: x has a value already"),
        (["x", "--at", "x=1,2"], "--at: several values of x go in brackets: x=[1,2]"),
        (["x", "--at", "x=one"], '--at: the value of x: "one" at position 1 is a variable'),
        (["x", "--at", "x=1/0"], "--at: x is inf; give a finite number"),
        (["x", "--at", "x=[]"], "x is given an empty list"),
        (["x", "--order", "0"], "--order: 0 is not a whole number of at least 1"),
        (["x", "--order", "two"], "--order: two is not a whole number of at least 1"),
        (["x", "--order", "99"], "order is 99, but 1 to"),
        (["sum(x)"], "adds over rows, and nothing inside has rows; give a variable several"),
        (["x", "--format", "pdf"], "invalid choice: 'pdf'"),
        (["x", "--out", "no/such/folder/d.tex"], "no/such/folder"),
        (["x*" * 600 + "x"], "1000 are the most that are read"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang in ("zh", "en"):
        assert main(["derive", *arguments, "--lang", lang]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.count("\n") == 1
    assert says in told.err


def test_nothing_is_written_if_the_formula_is_wrong(tmp_path: Path) -> None:
    out, graph = tmp_path / "d.tex", tmp_path / "d.svg"
    assert main(["derive", "x+", "--out", str(out), "--graph", str(graph)]) == 2
    assert list(tmp_path.iterdir()) == []
