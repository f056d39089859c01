"""`chainrule fit`, as a user runs it."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

from chainrule._text import width
from chainrule.cli import main

DATA = Path(__file__).parents[2] / "examples" / "data"
CANCER, PENGUINS = str(DATA / "breast_cancer.csv"), str(DATA / "penguins.csv")


@pytest.fixture
def fit(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run `fit`, which must succeed in silence on standard error; return what it printed."""

    def run(*arguments: str) -> str:
        assert main(["fit", *arguments]) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        return printed.out

    return run


def row(printed: str, name: str) -> list[str]:
    """The cells after `name` in the line that begins with it."""
    (line,) = [line for line in printed.splitlines() if line.startswith(name)]
    return line[len(name) :].split()


def test_breast_cancer(fit: Callable[..., str]) -> None:
    printed = fit(CANCER, "--target", "diagnosis")
    assert "569 rows, 31 columns" in printed
    assert "benign 357, malignant 212" in printed
    assert "Training on 427 rows and 30 features; 142 rows held out" in printed
    assert "Coefficients, from the 427 rows of the training part" in printed
    assert "log-odds of malignant" in printed
    accuracy, guess = map(float, row(printed, "accuracy"))
    assert accuracy > 0.95
    assert guess == pytest.approx(89 / 142, abs=1e-4)
    assert [float(cell) for cell in row(printed, "AUC")] == pytest.approx([1, 0.5], abs=0.02)
    loss, guess_loss = map(float, row(printed, "log loss"))
    assert loss < 0.15 < 0.6 < guess_loss
    assert "Wrote nothing" in printed


def test_penguins_tell_their_indicators_and_fills(fit: Callable[..., str]) -> None:
    printed = fit(PENGUINS, "--target", "species")
    assert "Adelie 152, Chinstrap 68, Gentoo 124" in printed
    assert row(printed, "island  ")[:5] == ["text:", "2", "indicators", "against", "Biscoe"]
    assert row(printed, "sex  ")[-2:] == ["11", "female"]
    assert re.search(r"^bill_length_mm +numbers +2  44.45$", printed, re.MULTILINE)
    assert "filled with the training part's median or commonest text" in printed
    for species in ("Adelie", "Chinstrap", "Gentoo"):
        assert f"score of {species}:" in printed


def test_rows_without_a_class_are_left_out(fit: Callable[..., str]) -> None:
    printed = fit(PENGUINS, "--target", "sex")
    assert "Left out: 11 rows without a sex." in printed
    assert "Training on 250 rows" in printed


@pytest.mark.parametrize("table", [(CANCER, "diagnosis"), (PENGUINS, "species")])
def test_everything_fits_a_terminal(fit: Callable[..., str], table: tuple[str, str]) -> None:
    printed = fit(table[0], "--target", table[1], "--l2", "0")
    lines = [line for line in printed.splitlines() if str(DATA) not in line]
    assert max(map(width, lines)) <= 80


def test_nothing_held_out_is_said(fit: Callable[..., str]) -> None:
    printed = fit(CANCER, "--target", "diagnosis", "--test-fraction", "0")
    assert "Training on 569 rows and 30 features; none held out" in printed
    assert "Nothing was held out" in printed
    assert "always the commonest class" not in printed


def test_separation_is_said(fit: Callable[..., str]) -> None:
    printed = " ".join(fit(CANCER, "--target", "diagnosis", "--l2", "0").split())
    assert "benign, malignant are told from all other rows without a single error" in printed
    assert "Take a penalty, such as --l2 1" in printed
    assert "separates" not in fit(CANCER, "--target", "diagnosis")


def test_almost_separated_is_said(fit: Callable[..., str]) -> None:
    # Gentoo live on one island only.
    printed = " ".join(fit(PENGUINS, "--target", "island", "--l2", "0").split())
    assert "may separate but for a few rows" in printed


def test_no_convergence_is_said(fit: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    from chainrule.linear_model import fitting
    from chainrule.linear_model.lbfgs import LBFGS

    monkeypatch.setattr(fitting, "LBFGS", lambda: LBFGS(most_steps=3))
    assert "did not converge in 3 steps" in fit(CANCER, "--target", "diagnosis")


def test_a_number_spoilt_is_pointed_out(fit: Callable[..., str], tmp_path: Path) -> None:
    lines = Path(PENGUINS).read_text(encoding="utf-8").splitlines()
    lines[40] = lines[40].replace(",", ",~", 3)
    path = tmp_path / "spoilt.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    printed = " ".join(fit(str(path), "--target", "sex").split())
    assert 'bill_length_mm counts as text because of "~' in printed
    assert "in row 41; all but 1 row are numbers" in printed


def test_the_seed_chooses_the_rows(fit: Callable[..., str]) -> None:
    one, again, other = (fit(PENGUINS, "--target", "sex", "--seed", seed) for seed in "001")
    assert one == again
    assert row(one, "log loss") != row(other, "log loss")


def test_model_and_picture_are_written_whole(fit: Callable[..., str], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    model, picture = tmp_path / "m.json", tmp_path / "p.png"
    model.write_text("what was here before", encoding="utf-8")
    printed = fit(PENGUINS, "--target", "species", "--model", str(model), "--plot", str(picture))
    assert f"Wrote the model to {model}" in printed
    assert f"Wrote the picture to {picture}" in printed
    assert json.loads(model.read_text(encoding="utf-8"))["target"] == "species"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.json", "p.png"]


def test_a_picture_needs_no_model_and_may_be_a_drawing(
    fit: Callable[..., str], tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    fit(CANCER, "--target", "diagnosis", "--plot", str(tmp_path / "p.svg"))
    drawing = (tmp_path / "p.svg").read_text(encoding="utf-8")
    assert "worst_radius" in drawing
    assert "142 rows held out" in drawing


CHINESE = "体重,性别,种类\n" + "".join(
    f"{40 + (k * 7) % 13}.{k % 10},{'男' if k % 4 else '女'},{'甲' if k % 3 else '乙'}\n"
    for k in range(40)
)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_chinese_tables(fit: Callable[..., str], tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(CHINESE.encode(encoding))
    said = [] if encoding.startswith("utf-8") else ["--encoding", encoding]
    printed = fit(str(path), "--target", "种类", *said)
    assert "乙 14, 甲 26" in printed
    assert "性别=女" in printed


def test_a_console_without_these_characters_gets_plainer_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(CHINESE, encoding="utf-8")
    console = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", console)
    assert main(["fit", str(path), "--target", "种类"]) == 0
    console.seek(0)
    printed = console.read()
    assert "--------" in printed
    assert "\\u6027\\u522b=\\u5973" in printed


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    from chainrule.cli import progress

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "EVERY", 0.0)
    assert main(["fit", CANCER, "--target", "diagnosis"]) == 0
    shown = terminal.getvalue()
    assert re.search(r"\rtraining: step \d+, loss 0\.\d+ a row, gradient \d\.\de-\d+", shown)
    assert shown.endswith("\r" + " " * 70 + "\r")


def test_progress_fits_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from chainrule.cli import progress

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "EVERY", 0.0)
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["fit", CANCER, "--target", "diagnosis"]) == 0
    assert {len(line) for line in terminal.getvalue().split("\r")} == {0, 39}


@pytest.mark.skipif(sys.platform == "win32", reason="shells quote otherwise there")
def test_the_next_command_is_quoted_and_modes_stay(fit: Callable[..., str], tmp_path: Path) -> None:
    model = tmp_path / "my model.json"
    model.touch()
    model.chmod(0o604)
    assert f"chainrule predict '{model}' NEW.csv" in fit(
        CANCER, "--target", "diagnosis", "--model", str(model)
    )
    assert model.stat().st_mode & 0o777 == 0o604


def test_as_a_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chainrule", "fit", CANCER, "--target", "diagnosis"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "AUC" in done.stdout.decode("cp1252")


def test_what_it_must_not_import() -> None:
    script = (
        "import sys\n"
        "class NoPandas:\n"  # which pyarrow imports wherever it is installed
        "    def find_spec(name, *_):\n"
        "        if name == 'pandas': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, NoPandas)\n"
        "from chainrule.cli import main\n"
        f"assert main(['fit', {CANCER!r}, '--target', 'diagnosis']) == 0\n"
        "heavy = {'sklearn', 'scipy', 'matplotlib', 'torch'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
