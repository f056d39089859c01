"""The dispatcher: help, version, a reader that leaves, and consoles of few characters."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import chainrule
from chainrule._text import shortened
from chainrule.cli import COMMANDS, main
from chainrule.cli.console import plain

SOURCE = Path(chainrule.__file__).parents[1]
DATA = Path(__file__).parents[2] / "examples" / "data"


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    asked = capsys.readouterr().out
    assert main([]) == 0
    assert capsys.readouterr().out.strip() == asked.strip()
    assert all(f"    {command} " in asked for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    told = capsys.readouterr().out
    assert f"usage: chainrule {command}" in told
    assert "example" in told.lower()
    assert told.isascii()


@pytest.mark.parametrize("arguments", [["slope", "--help"], ["--help"], []])
def test_help_reaches_every_console(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chainrule", "--lang", "zh", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"chainrule" in done.stdout


def test_help_for_a_closed_output_goes_nowhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["slope", "--help"]) == 0
    assert capsys.readouterr() == ("", "")


def test_what_no_command_knows_names_the_command_whose_help_tells(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["slope", "x", "--at", "1", "--bogus", "--odd"]) == 2
    assert capsys.readouterr().err == (
        "chainrule: unrecognized arguments: --bogus --odd; see chainrule slope --help\n"
    )
    assert main(["--bogus"]) == 2
    assert "; see chainrule --help\n" in capsys.readouterr().err


def test_a_command_that_is_nearly_one_is_told_which(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fti"]) == 2
    told = capsys.readouterr().err
    assert re.match(
        r"chainrule: argument COMMAND: invalid choice: 'fti', maybe you meant '?fit'?\? "
        r"\(choose from .*run'?\); see chainrule --help\n",
        told,
    )
    assert main(["xyz"]) == 2
    assert "maybe" not in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("chainrule ")


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["fit", "--help"], {"chainrule.drawing", "chainrule.lessons", "chainrule.torch", "html"}),
        (["slope", "x", "--at", "1"], {"chainrule.drawing.graph", "chainrule.drawing.curves"}),
    ],
)
def test_commands_import_nothing_heavy(arguments: list[str], heavy: set[str]) -> None:
    heavy |= {"scipy", "pyarrow", "matplotlib", "json.decoder", "chainrule.derivation"}
    heavy |= {"difflib", "subprocess"}
    script = (
        f"import sys; from chainrule.cli import main; main({arguments}); "
        f"found = {heavy} & set(sys.modules); assert not found, found"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    table, model = str(DATA / "breast_cancer.csv"), str(tmp_path / "model.json")
    assert main(["fit", table, "--target", "diagnosis", "--model", model]) == 0
    with subprocess.Popen(
        [sys.executable, "-m", "chainrule", "predict", model, table],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10) == b"mean_radiu"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_a_reader_of_fit_that_leaves_early_costs_no_file(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    table, model = str(DATA / "breast_cancer.csv"), tmp_path / "model.json"
    with subprocess.Popen(
        [sys.executable, "-m", "chainrule", "fit", table, "--target", "diagnosis"]
        + ["--model", str(model)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
    assert model.exists()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gb18030", "utf-8"])
def test_any_console_can_show_any_text(encoding: str) -> None:
    shown = plain("─ × … 数 \udcff é", encoding)
    shown.encode(encoding)
    assert shown[0] == ("─" if encoding in ("gb18030", "utf-8") else "-")


def test_a_long_cell_is_shortened_in_time() -> None:
    """In one cut, not a character at a time: a megabyte would take minutes."""
    assert shortened("x" * 1_000_000, 10) == "x" * 9 + "…"
    assert shortened("数" * 1_000_000, 10) == "数" * 4 + "…"
