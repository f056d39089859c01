"""Reading and writing parts of a tensor, as PyTorch does it: the same numbers, views, errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from tests.torch.alike import Choose, alike, drawn, programs

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

SHAPES = ["()", "(3,)", "(2, 3)", "(2, 3)", "(2, 3)", "(3, 2, 2)", "(0, 3)", "(2, 3, 4)"]
ITEMS = ["0", "1", "-1", "2", "5", "-4", ":", ":", "::2", "1:", ":-1", "-2:5", "1:1", "::-1", "..."]
ITEMS += [
    "...",
    "None",
    "[0, 1]",
    "[1, 0, 1]",
    "[-1]",
    "[]",
    "[0]",
    "[5]",
    "[[0, 1], [1, 0]]",
    "True",
]
ITEMS += [
    "torch.tensor(1)",
    "torch.tensor([0, 1])",
    "torch.tensor([[1], [0]])",
    "[True, False, True]",
]
ITEMS += [
    "torch.tensor([True, False])",
    "np.int64(1)",
    "np.array([1, 0])",
    "np.array([True, False])",
]
ITEMS += [
    "x[0] > 1",
    "False",
    "range(2)",
    "torch.tensor(1):",
    "torch.tensor(True)",
    "(0, 1)",
    "1.5",
]
WHOLE = [
    "x > 2",
    "x != x",
    "torch.zeros(2, 3, dtype=torch.bool)",
    "x > 100",
    "None",
    "...",
    "()",
    "0",
]
WHOLE += ["x[:, 0] > 1", "'a'", "{}", "[[0, 1], [1, 0]]", "[0, None]", "1", "-1"]
WHOLE += [
    "torch.tensor([1], dtype=torch.int32)",
    "torch.zeros(0, dtype=torch.long)",
    "True",
    "1:",
    ":",
]
VALUES = [
    "1",
    "2.5",
    "True",
    "torch.tensor(3)",
    "torch.tensor(4.)",
    "torch.ones(3)",
    "torch.ones(2)",
]
VALUES += [
    "torch.arange(3.)",
    "torch.ones(1, 3)",
    "torch.ones(2, 3)",
    "torch.ones(3).double()",
    "w",
]
VALUES += [
    "w[0]",
    "w.sum()",
    "[1.0, 2.0]",
    "np.float64(2)",
    "np.ones(3)",
    "float('nan')",
    "w.double()",
]
VALUES += [
    "torch.ones(2, 1)",
    "torch.ones(1, 1, 1)",
    "torch.zeros(0)",
    "x[0] * 1",
    "x",
    "None",
    "1e300",
]


def index(choose: Choose) -> str:
    if choose([True, False, False]):
        return str(choose(WHOLE))
    items = [choose(ITEMS) for _ in range(choose([1, 1, 2, 2, 2, 3]))]
    return ", ".join(items) if items.count("...") < 2 else "..."


def start(choose: Choose, dtypes: list[str]) -> list[str]:
    shape, dtype = choose(SHAPES), choose(dtypes)
    n = int(np.prod(eval(shape)))  # noqa: S307  our own text
    lines = ["import numpy as np", f"a = (torch.arange({n}.){dtype}).reshape({shape}).clone()"]
    leaf = choose([".requires_grad_()", ""]) if dtype != ".long()" else ""
    lines.append(f"w = torch.arange(1.0, 4.0){leaf}")
    if not dtype:
        lines.append(choose(["a.requires_grad_()", "a.requires_grad_()", "1"]))
    lines.append("x = a" + choose([" * 1", " * 2", ".mT * 1", ""]))
    return lines


def read(choose: Choose) -> list[str]:
    return [
        *start(choose, ["", "", ".double()", ".long()"]),
        f"v = x[{index(choose)}]",
        "b = v._base is x, v._is_view(), v.is_contiguous() or not x.is_contiguous()",
        "c = torch.arange(1.0, v.numel() + 1).reshape(v.shape)",
        "(v * c).sum().backward(retain_graph=True)",
        "(v * c).sum().backward()",
        "(torch.autograd.grad((v ** 3 * c).sum(), a, create_graph=True)[0] ** 2).sum().backward()",
        "with torch.no_grad(): v.mul_(-1)",
    ]


@drawn
@given(programs(read))
def test_reading(lines: list[str]) -> None:
    alike(*lines)


def written(choose: Choose) -> list[str]:
    lines = start(choose, ["", "", ".double()", ".long()"])
    lines.append(
        choose(["v = x[1:]", "v = x.mT", "v = x.reshape(-1)", "v = x.detach()", "v = x[0]"])
    )
    for _ in range(choose([1, 1, 2])):
        lines.append(f"{choose(['x', 'x', 'v'])}[{index(choose)}] = {choose(VALUES)}")
    return [
        *lines,
        "b = v._base is x, x._base is None",
        "c = torch.arange(1.0, x.numel() + 1).reshape(x.shape)",
        "(x * c).sum().backward(retain_graph=True)",
        "(v ** 2).sum().backward(retain_graph=True)",
        "(torch.autograd.grad((x ** 3 * c).sum(), a, create_graph=True)[0] ** 2).sum().backward()",
        "(x * 2).sum().backward()",
        "(x * 2).sum().backward()",
    ]


@drawn
@given(programs(written))
def test_writing(lines: list[str]) -> None:
    alike(*lines)


def test_numbers_for_a_place_that_is_named_twice_each_get_its_gradient() -> None:
    alike(
        "a = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64, requires_grad=True)",
        "b = a * a",
        "c = torch.zeros(2, dtype=torch.float64)",
        "c[[1, 0, 0]] = b",
        "d = torch.autograd.grad(c.sum(), b)[0] * 1",
    )
