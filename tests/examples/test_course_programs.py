"""Course-sized PyTorch programs print by `chainrule run` what they print with PyTorch.

`expected_courses/` has what PyTorch 2.13 printed: `python examples/courses/NAME.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import chainrule

COURSES = Path(__file__).resolve().parents[2] / "examples" / "courses"
EXPECTED = Path(__file__).parent / "expected_courses"
PROGRAMS = sorted(path.stem for path in EXPECTED.glob("*.txt"))


def printed(command: list[str], name: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", *command, str(COURSES / f"{name}.py")],
        capture_output=True,
        encoding="utf-8",
        check=False,
        # one thread: with more, the order of a sum may depend on their number
        env={**os.environ, "PYTHONPATH": str(Path(chainrule.__file__).parents[1])}
        | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


def expected(name: str) -> str:
    return (EXPECTED / f"{name}.txt").read_text(encoding="utf-8")


def test_every_program_has_its_record_and_its_row() -> None:
    names = {path.stem for path in COURSES.glob("*.py")}
    assert names == set(PROGRAMS)
    readme = (COURSES / "README.md").read_text(encoding="utf-8")
    assert [name for name in names if f"[{name}.py]({name}.py)" not in readme] == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_prints_what_is_recorded(name: str) -> None:
    assert printed(["-m", "chainrule", "run"], name) == expected(name)


@pytest.mark.peers
@pytest.mark.parametrize("name", PROGRAMS)
def test_pytorch_prints_the_same(name: str) -> None:
    pytest.importorskip("torch")
    assert printed([], name) == expected(name)
