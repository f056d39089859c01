"""What is printed to whom: --json for programs, --quiet, --verbose, colours on terminals only."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainrule
from chainrule.cli import main
from chainrule.cli.output import Output, as_json, painted

DATA = Path(__file__).parents[2] / "examples" / "data"
SOURCE = Path(chainrule.__file__).parents[1]
CANCER = str(DATA / "breast_cancer.csv")


def refuse_constant(name: str) -> Any:
    raise AssertionError(f"{name} is not JSON")


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The one JSON object on standard output, read strictly."""
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.count("\n") == 1
    assert told.out.isascii()
    read = json.loads(told.out, parse_constant=refuse_constant)
    assert isinstance(read, dict)
    return read


# --------------------------------------------------------------------------------- for programs


def test_json_is_strict_and_keeps_all_digits() -> None:
    content = {
        "numbers": np.array([0.1, np.nan, np.inf, -np.inf]),
        "whole": np.int64(3),
        "deep": [{"x": (1.0, float("nan"))}],
        "path": Path("table.csv"),
        "text": "数 \udcff",
        "flag": np.bool_(True),
        "nothing": None,
        3: "key",
    }
    read = json.loads(as_json(content), parse_constant=refuse_constant)
    assert read == {
        "numbers": [0.1, "NaN", "Infinity", "-Infinity"],
        "whole": 3,
        "deep": [{"x": [1.0, "NaN"]}],
        "path": "table.csv",
        "text": "数 \udcff",
        "flag": True,
        "nothing": None,
        "3": "key",
    }
    # Python's float and JavaScript's Number read these strings as the numbers that they were.
    assert np.array_equal([float(x) for x in read["numbers"]], content["numbers"], equal_nan=True)


def test_fit_answers_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow")
    model = tmp_path / "model.json"
    command = ["fit", CANCER, "--target", "diagnosis", "--model", str(model)]
    assert main([*command, "--json"]) == 0
    told = answer(capsys)
    saved = json.loads(model.read_text(encoding="utf-8"))
    assert told["trained"] == saved["trained"]
    assert told["classes"] == saved["classes"]
    assert [each["standardised"] for each in told["coefficients"]] == [
        each["weights"] for each in saved["features"]
    ]
    assert told["intercepts"]["at_mean"] == saved["intercepts"]
    assert told["written"] == {"model": str(model)}
    assert told["notes"] == []
    # The same findings as in words.
    assert main(command) == 0
    words = capsys.readouterr().out
    for name in ("accuracy", "auc", "log_loss"):
        assert f"{told['held_out'][name]:.4f}" in words
        assert f"{told['held_out_guess'][name]:.4f}" in words


def test_fit_without_rows_held_out_answers_null(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow")
    command = ["fit", CANCER, "--target", "diagnosis", "--test-fraction", "0", "--l2", "0"]
    assert main([*command, "--json"]) == 0
    told = answer(capsys)
    assert told["held_out"] is None
    assert 0.9 < told["on_training"]["accuracy"] <= 1
    assert told["notes"], "what casts doubt on the coefficients is said here, too"


def test_predict_answers_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow")
    model, out = str(tmp_path / "model.json"), tmp_path / "out.csv"
    main(["fit", CANCER, "--target", "diagnosis", "--model", model])
    capsys.readouterr()
    assert main(["predict", model, CANCER, "--json"]) == 0
    told = answer(capsys)
    chances = np.array(told["probabilities"])
    assert chances.shape == (569, 2)
    assert np.allclose(chances.sum(axis=1), 1)
    likeliest = [told["classes"][k] for k in chances.argmax(axis=1)]
    assert told["predicted"] == likeliest
    assert main(["predict", model, CANCER, "--json", "--out", str(out)]) == 0
    told = answer(capsys)
    assert told["written"] == str(out)
    assert "predicted" not in told
    lines = out.read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[-3] for line in lines[1:]] == likeliest


def test_predict_says_what_is_strange_in_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyarrow")
    model, new = str(tmp_path / "model.json"), tmp_path / "new.csv"
    penguins = DATA / "penguins.csv"
    main(["fit", str(penguins), "--target", "species", "--model", model])
    new.write_text(penguins.read_text().replace("Torgersen", "Nowhere"))
    capsys.readouterr()
    assert main(["predict", model, str(new), "--json"]) == 0
    told = capsys.readouterr()
    assert '"Nowhere"' in json.loads(told.out)["notes"][0]
    assert told.err.startswith('chainrule: note: column "island"')
    assert main(["predict", model, str(new), "--json", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["fit", "nowhere.csv", "--target", "kind"],
        ["fit"],
        ["--json", "fti"],
        ["predict", "nowhere.json", "nowhere.csv"],
        ["fit", "nowhere.csv", "--target", "kind", "--plot", "x.doc"],
        ["run", "nowhere.py"],
        ["--lang", "fr"],
        ["--quiet", "--verbose"],
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_mistakes_are_answered_in_json(
    arguments: list[str], first: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if not first and arguments[0] == "run":
        pytest.skip("what comes after the script is the script's own")
    assert main(["--json", *arguments] if first else [*arguments, "--json"]) == 2
    told = answer(capsys)
    assert list(told) == ["error"]
    assert not told["error"].startswith("chainrule:")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is full")
@pytest.mark.parametrize("arguments", [["slope", "x", "--at", "1"], ["slope", "x**"]])
def test_an_answer_that_finds_no_room_is_told_to_people(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "chainrule", "--json", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"chainrule: ")
    assert done.stderr.count(b"\n") == 1


def test_only_what_answers_programs_takes_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "run", "script.py"]) == 2
    assert "run has no answer in JSON; leave out --json" in capsys.readouterr().out
    assert main(["--json"]) == 2
    assert "name a command" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_an_interruption_is_answered_in_json() -> None:
    script = (
        "import os, signal, sys; from chainrule.cli import main\n"
        "import chainrule.cli.fit as fit\n"
        "fit._prepare = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        f"sys.exit(main(['--json', 'fit', {CANCER!r}, '--target', 'diagnosis']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert done.returncode == 130
    assert list(json.loads(done.stdout)) == ["error"]
    assert done.stderr == b""


# ---------------------------------------------------------------------------- quiet and verbose


def test_quiet_prints_what_was_asked_for_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyarrow")
    model = str(tmp_path / "model.json")
    assert main(["fit", CANCER, "--target", "diagnosis", "--model", model, "--quiet"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.startswith("On the 142 rows held out:\n")
    assert told.out.endswith("in the training part.\n")
    assert main(["--quiet", "predict", model, CANCER, "--out", str(tmp_path / "o.csv")]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["--quiet", "predict", model, "nowhere.csv"]) == 2
    assert capsys.readouterr().err.startswith("chainrule: nowhere.csv cannot be used")


def test_quiet_still_says_what_casts_doubt(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow")
    assert main(["fit", CANCER, "--target", "diagnosis", "--l2", "0", "--quiet"]) == 0
    assert "--l2 1" in capsys.readouterr().out.partition("On the 142 rows")[0]


def test_verbose_tells_on_standard_error_what_takes_how_long(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyarrow")
    command = ["fit", CANCER, "--target", "diagnosis", "--model", str(tmp_path / "m.json")]
    assert main(command) == 0
    plain = capsys.readouterr()
    assert plain.err == ""
    assert main([*command, "--verbose"]) == 0
    told = capsys.readouterr()
    assert told.out == plain.out
    timed = re.findall(r"^(.+): (\d+\.\d{3}) s$", told.err, re.MULTILINE)
    assert [what for what, _ in timed] == [
        "read the table",
        "understood its columns",
        "trained the model",
    ]
    assert "training: step 1, loss" in told.err
    assert main(["predict", str(tmp_path / "m.json"), CANCER, "--verbose"]) == 0
    assert "predicted the rows: 0." in capsys.readouterr().err


def test_run_verbose_lists_what_was_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "script.py"
    script.write_text("import torch, sys; print(sys.argv[1:])")
    assert main(["run", "--verbose", str(script), "--quiet", "--verbose"]) == 0
    told = capsys.readouterr()
    assert told.out == "['--quiet', '--verbose']\n"
    assert "chainrule.torch" in told.err


def test_quiet_and_verbose_together_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quiet", "slope", "x", "--at", "1", "--verbose"]) == 2
    assert "contradict each other; leave one out" in capsys.readouterr().err


# -------------------------------------------------------------------------------------- colours


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make standard error a terminal."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return stream


def test_a_terminal_shows_the_word_before_an_error_in_colour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = terminal(monkeypatch)
    assert main(["fit", "nowhere.csv"]) == 2
    assert stream.getvalue().startswith("\033[1;31mchainrule:\033[0m the following arguments")
    Output().warn("odd")
    assert stream.getvalue().endswith("\033[1;33mchainrule: note:\033[0m odd\n")


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_can_be_turned_off(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = terminal(monkeypatch)
    monkeypatch.setenv(name, value)
    assert main(["fit", "nowhere.csv"]) == 2
    assert stream.getvalue().startswith("chainrule: the following")


def test_what_is_no_terminal_gets_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert painted("chainrule:", "31", StringIO()) == "chainrule:"
    assert painted("chainrule:", "31", None) == "chainrule:"


def test_an_older_console_of_windows_gets_no_colours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = terminal(monkeypatch)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delenv("WT_SESSION", raising=False)
    assert painted("chainrule:", "31", stream) == "chainrule:"
    monkeypatch.setenv("WT_SESSION", "1")
    assert painted("chainrule:", "31", stream) != "chainrule:"
