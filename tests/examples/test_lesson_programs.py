"""The lessons' programs print under `chainrule run` what they print with PyTorch and autograd.

`expected/` has what those libraries printed (PyTorch 2.13, autograd 1.9), recorded by
`python examples/lessons/NAME.py --out FOLDER >tests/examples/expected/NAME.txt`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import chainrule

ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT / "examples" / "lessons"
EXPECTED = Path(__file__).parent / "expected"
SHARED = {"pictures", "in_chinese"}  # what the programs import, and no lesson is in
PROGRAMS = sorted({path.stem for path in LESSONS.glob("*.py")} - SHARED)

ADDRESS = re.compile(r"0x[0-9a-f]+")
# All digits of a float64: the last of them depend on the processor's tanh.
FULL = re.compile(r"\d\.\d{12,}")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def run(command: list[str], name: str, folder: Path) -> str:
    """Return what the program prints when `command` runs it; its pictures go to `folder`."""
    done = subprocess.run(
        [sys.executable, *command, str(LESSONS / f"{name}.py"), "--out", str(folder)],
        capture_output=True,
        encoding="utf-8",
        cwd=folder.parent,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(chainrule.__file__).parents[1]),
            "PYTHONIOENCODING": "utf-8",
            "MPLBACKEND": "Agg",
        },
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


@pytest.fixture(scope="module", params=PROGRAMS)
def ours(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, str, Path]:
    """A program's name, what it prints under `chainrule run`, and the folder of its pictures."""
    folder = tmp_path_factory.mktemp(request.param) / "pictures"
    return request.param, run(["-m", "chainrule", "run"], request.param, folder), folder


def assert_same(printed: str, expected: str) -> None:
    ours, theirs = ADDRESS.sub("0x…", printed), ADDRESS.sub("0x…", expected)
    assert FULL.sub("…", ours).splitlines() == FULL.sub("…", theirs).splitlines()
    np.testing.assert_allclose(
        [float(number) for number in FULL.findall(ours)],
        [float(number) for number in FULL.findall(theirs)],
        rtol=0,
        atol=1e-13,
    )


def test_every_program_has_its_record() -> None:
    assert sorted(path.stem for path in EXPECTED.glob("*.txt")) == PROGRAMS
    assert len(PROGRAMS) == 9


def test_it_prints_what_is_recorded(ours: tuple[str, str, Path]) -> None:
    name, printed, _ = ours
    assert_same(printed, (EXPECTED / f"{name}.txt").read_text(encoding="utf-8"))


def test_its_pictures_show_something(ours: tuple[str, str, Path]) -> None:
    image = pytest.importorskip("matplotlib.image")
    _, printed, folder = ours
    named = re.findall(r"^Picture: (.+)$", printed, re.MULTILINE)
    assert sorted(path.name for path in folder.glob("*")) == sorted(named)
    for name in named:
        pixels = (image.imread(folder / name)[..., :3] * 255).round().astype(int)
        height, width, _ = pixels.shape
        assert height > 400
        assert width > 600
        colours = pixels @ [1, 256, 65536]
        drawn = (pixels < 250).any(axis=2)
        assert len(np.unique(colours)) > 50
        assert 0.01 < drawn.mean() < 0.95
        # In each quarter of the picture there is something.
        quarters = [
            half for part in np.array_split(drawn, 2) for half in np.array_split(part, 2, 1)
        ]
        assert all(quarter.mean() > 0.005 for quarter in quarters)


@pytest.mark.peers
def test_python_prints_the_same(ours: tuple[str, str, Path], tmp_path: Path) -> None:
    name, printed, _ = ours
    needed = (
        "torch" if "import torch" in (LESSONS / f"{name}.py").read_text("utf-8") else "autograd"
    )
    pytest.importorskip(needed)
    theirs = run([], name, tmp_path / "pictures")
    assert_same(printed, theirs)
    assert_same(theirs, (EXPECTED / f"{name}.txt").read_text(encoding="utf-8"))


@pytest.mark.peers
def test_autograd_prints_the_very_same_digits(tmp_path: Path) -> None:
    pytest.importorskip("autograd")
    theirs = run([], "functions_of_arrays", tmp_path / "theirs")
    assert run(["-m", "chainrule", "run"], "functions_of_arrays", tmp_path / "ours") == theirs
