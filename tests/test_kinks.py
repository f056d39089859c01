"""docs/kinks.md says what is so: both columns of its tables are computed, in both directions."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from chainrule import grad, jvp

special = pytest.importorskip("scipy.special")
PAGE = Path(__file__).resolve().parents[1] / "docs" / "kinks.md"


class Row(NamedTuple):
    function: str
    at: list[float]
    slope: list[float]
    torch: list[float] | None

    def __str__(self) -> str:
        return f"{self.function} at {self.at}"


def numbers(cell: str) -> list[float]:
    return [float(number.strip().lstrip("~")) for number in cell.split(",")]


def rows() -> list[Row]:
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            function, at, slope, torch, _ = cells
            peer = None if torch == "—" else numbers(torch)
            found.append(Row(function.strip("`"), numbers(at), numbers(slope), peer))
    return found


ROWS = rows()


class ScipyModule:
    special = special


def function_of(text: str, names: dict[str, Any]) -> Any:
    return eval(f"lambda x: {text}", names)  # noqa: S307 (our own page)


def test_the_page_has_its_tables() -> None:
    assert len(ROWS) > 45
    headings = re.findall(r"^\| function .*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(headings) == {"| function | at x = | slope | PyTorch | why |"}


@pytest.mark.filterwarnings("ignore:Degrees of freedom")
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_reverse_mode(row: Row) -> None:
    f = function_of(row.function, {"np": np, "scipy": ScipyModule})
    with np.errstate(all="ignore"):
        found = grad(lambda x: np.sum(f(x)))(np.array(row.at))
    np.testing.assert_allclose(found, row.slope, rtol=1e-14, atol=0)


@pytest.mark.filterwarnings("ignore:Degrees of freedom")
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_forward_mode(row: Row) -> None:
    """One element moves; where another's slope is infinite, 0 times that is nan in the sum."""
    f = function_of(row.function, {"np": np, "scipy": ScipyModule})
    for k, (at, slope) in enumerate(zip(row.at, row.slope, strict=True)):
        others = [s for i, s in enumerate(row.slope) if i != k]
        if any(map(math.isinf, others)) or any(map(math.isnan, others)):
            continue
        move = np.eye(len(row.at))[k]
        with np.errstate(all="ignore"):
            found = np.sum(jvp(f, (np.array(row.at),), (move,))[1])
        np.testing.assert_allclose(found, slope, rtol=1e-14, err_msg=f"{row.function} at {at}")


TORCH = {
    "np.abs(x)": "torch.abs(x)",
    "np.fabs(x)": "torch.abs(x)",
    "np.abs(x * (1 + 1j))": "torch.abs(x * (1 + 1j))",
    "np.maximum(x, 0)": "torch.maximum(x, 0 * c)",
    "np.minimum(x, 0)": "torch.minimum(x, 0 * c)",
    "np.maximum(x, x[::-1])": "torch.maximum(x, x.flip(0))",
    "np.maximum(x, np.inf)": "torch.maximum(x, math.inf * c)",
    "np.fmax(x, 0)": "torch.fmax(x, 0 * c)",
    "np.clip(x, 0, 1)": "torch.clamp(x, 0, 1)",
    "np.max(x)": "torch.max(x)",
    "np.min(x)": "torch.min(x)",
    "np.quantile([0.0, 1.0, 3.0], x)": "torch.quantile(torch.tensor([0.0, 1.0, 3.0]).double(), x)",
    "np.sort(x) * np.array([1, 2, 4])": (
        "torch.sort(x, stable=True).values * torch.tensor([1, 2, 4])"
    ),
    "np.linalg.eigvalsh(np.diag(x)) * np.array([1, 2])": (
        "torch.linalg.eigvalsh(torch.diag(x)) * torch.tensor([1, 2])"
    ),
    "np.std(x)": "torch.std(x, unbiased=False)",
    "np.std(x, ddof=1)": "torch.std(x)",
    "np.hypot(x, 0)": "torch.hypot(x, 0 * c)",
    "np.arctan2(x, x)": "torch.atan2(x, x)",
    "np.angle(x)": "torch.angle(x)",
    "np.logaddexp(x, -np.inf)": "torch.logaddexp(x, -math.inf * c)",
    "np.remainder(5, x)": "torch.remainder(5 * c, x)",
    "np.arcsin(x)": "torch.asin(x)",
    "np.arccos(x)": "torch.acos(x)",
    "np.arccosh(x)": "torch.acosh(x)",
    "np.arctanh(x)": "torch.atanh(x)",
    "np.power(0.0, x)": "torch.pow(0.0, x)",
    "np.power(-2.0, x)": "torch.pow(-2.0, x)",
    "x ** np.zeros(2)": "x ** (0 * c)",
    "scipy.special.expit(x)": "torch.sigmoid(x)",
    "scipy.special.log_expit(x)": "torch.nn.functional.logsigmoid(x)",
    "scipy.special.logit(x)": "torch.logit(x)",
    "np.copysign(x, -2)": "torch.copysign(x, -2 * c)",
    "np.maximum.accumulate(x)": "torch.cummax(x, 0)[0]",
    "np.remainder(1, x)": "torch.remainder(c, x)",
    "np.modf(x)[0]": "torch.frac(x)",
    "np.logaddexp.reduce(x)": "torch.logsumexp(x, 0)",
    "np.linalg.norm(x, np.inf)": "torch.linalg.norm(x, math.inf)",
    'np.linalg.norm(np.diag(x), "nuc")': "torch.linalg.svdvals(torch.diag(x))",
    "np.linalg.norm(np.diag(x), 2)": "torch.linalg.svdvals(torch.diag(x)).amax()",
    "np.linalg.norm(np.diag(x), -2)": "torch.linalg.svdvals(torch.diag(x)).amin()",
    "np.linalg.det(np.diag(x))": "torch.linalg.det(torch.diag(x))",
}  # the others have the same name in both


# Where the tape says what PyTorch says instead: digits that PyTorch's formula does not have, and
# ties that go to one number alone.
AS_PYTORCH = {
    "np.tanh(x)", "scipy.special.expit(x)",
    "np.fmax(x, 0)", "np.maximum.accumulate(x)", "np.quantile(x, 0.5)",
}  # fmt: skip
# What the tape takes for a constant.
STILL_ON_THE_TAPE = {"np.quantile([0.0, 1.0, 3.0], x)"}


def torch_slope(torch: Any, row: Row) -> Any:
    x = torch.tensor(row.at, dtype=torch.float64, requires_grad=True)
    names = {"torch": torch, "math": math, "c": torch.ones(len(row.at), dtype=torch.float64)}
    text = TORCH.get(row.function) or row.function.replace("np.", "torch.")
    function_of(text, names)(x).sum().backward()
    return x.grad.numpy()


@pytest.mark.filterwarnings("ignore:std")
@pytest.mark.parametrize("row", [row for row in ROWS if row.torch is not None], ids=str)
def test_the_tape_follows_the_column_slope(row: Row) -> None:
    import chainrule.torch as torch

    if row.function in STILL_ON_THE_TAPE:
        with pytest.raises(RuntimeError, match="does not require grad"):
            torch_slope(torch, row)
        return
    expected = row.torch if row.function in AS_PYTORCH else row.slope
    np.testing.assert_allclose(torch_slope(torch, row), expected, rtol=1e-14, atol=0)


@pytest.mark.peers
@pytest.mark.filterwarnings("ignore:std")
@pytest.mark.parametrize("row", [row for row in ROWS if row.torch is not None], ids=str)
def test_torchs_column(row: Row) -> None:
    torch = pytest.importorskip("torch")
    np.testing.assert_allclose(torch_slope(torch, row), row.torch, rtol=1e-14)
