"""A module with rules for `autograd` and a program that uses it: unchanged, the same under both."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import chainrule
from chainrule.checking import check_grads
from chainrule.substitution import substituted

pytest.importorskip("scipy")

ARRAYS = Path(__file__).resolve().parents[2] / "examples" / "arrays"
EXPECTED = """\
derivatives of the temperatures agree with differences, in both modes and orders
gradient of the misfit at the start:  [ 7450.589  2566.533  1240.541 12233.11 ]
forward and backward agree:           True
misfit: 3307.3 at the start, 30.37 at the end
conductivity     true    found   standard error
  quarter 1      1.000    0.990    0.011
  quarter 2      0.300    0.314    0.012
  quarter 3      2.500    2.241    0.159
  quarter 4      0.800    0.803    0.007
"""


def printed(command: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, *command, str(ARRAYS / "heat_in_a_rod.py")],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(chainrule.__file__).parents[1])},
    )
    assert done.stderr == ""
    return done.stdout


def test_it_runs_by_chainrule_unchanged() -> None:
    assert printed(["-m", "chainrule", "run"]) == EXPECTED


@pytest.mark.peers
def test_it_prints_the_same_by_autograd() -> None:
    pytest.importorskip("autograd")
    assert printed([]) == EXPECTED


def test_its_rules_are_right_in_every_argument() -> None:
    """A matrix that is not symmetric, or a transpose more or less would not be seen."""
    with substituted(str(ARRAYS)), pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ARRAYS))
        from tridiagonal import solve_tridiagonal  # type: ignore[import-not-found]
    rng = np.random.default_rng(0)
    lower, diagonal, upper, b = (rng.normal(size=n) for n in (4, 5, 4, 5))
    diagonal += 5.0
    matrix = np.diag(lower, -1) + np.diag(diagonal) + np.diag(upper, 1)
    x = solve_tridiagonal(lower, diagonal, upper, b)
    np.testing.assert_allclose(matrix @ x, b)
    check_grads(solve_tridiagonal, lower, diagonal, upper, b)
