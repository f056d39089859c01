"""Programs for the `autograd` package print by `chainrule run` what they print with it.

`expected_arrays/` has what autograd 1.9 printed: `python examples/arrays/NAME.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import chainrule

pytest.importorskip("scipy")

ARRAYS = Path(__file__).resolve().parents[2] / "examples" / "arrays"
EXPECTED = Path(__file__).parent / "expected_arrays"
PROGRAMS = sorted(path.stem for path in EXPECTED.glob("*.txt"))


def printed(command: list[str], name: str) -> str:
    done = subprocess.run(
        [sys.executable, *command, str(ARRAYS / f"{name}.py")],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(chainrule.__file__).parents[1])},
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


def expected(name: str) -> str:
    return (EXPECTED / f"{name}.txt").read_text(encoding="utf-8")


def test_every_program_has_its_record_and_its_row() -> None:
    other = {"heat_in_a_rod", "tridiagonal"}  # test_third_party_module.py has those
    names = {path.stem for path in ARRAYS.glob("*.py")}
    assert names - other == set(PROGRAMS)
    readme = (ARRAYS / "README.md").read_text(encoding="utf-8")
    assert [name for name in names if f"[{name}.py]({name}.py)" not in readme] == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_prints_what_is_recorded(name: str) -> None:
    assert printed(["-W", "error", "-m", "chainrule", "run"], name) == expected(name)


@pytest.mark.slow
@pytest.mark.peers
@pytest.mark.parametrize("name", PROGRAMS)
def test_autograd_prints_the_same(name: str) -> None:
    pytest.importorskip("autograd")
    assert printed([], name) == expected(name)


def test_hares_and_lynx_are_those_that_others_found() -> None:
    """Carpenter (2018), a case study with Stan, has 0.545, 0.028, 0.803, 0.024 +- a tenth."""
    lines = expected("hares_and_lynx").splitlines()
    births, eaten = lines[1].split()[1], lines[1].split()[5]
    deaths, fed = lines[2].split()[1], lines[2].split()[5]
    found = [float(number) for number in (births, eaten, deaths, fed)]
    assert found == pytest.approx([0.545, 0.028, 0.803, 0.024], rel=0.1)
