"""Writing in place, and what it does to histories and views, as PyTorch does it."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.torch.alike import Choose, alike, drawn, programs

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

VIEWS = ["[0]", "[1:]", "[:, 1]", "[:, :2]", ".view(-1)", ".reshape(-1)", ".mT", ".t()", "[...]"]
VIEWS += [
    ".unsqueeze(0)",
    ".expand(2, 3)",
    ".expand(2, -1, -1)",
    ".detach()",
    ".data",
    ".squeeze()",
]
VIEWS += [
    "[None]",
    "[[0, 1]]",
    ".flatten()",
    ".unbind()[0]",
    ".split(1)[1]",
    ".clone()",
    ".diagonal()",
]
VIEWS += [
    ".transpose(0, 1)",
    ".permute(1, 0)",
    ".narrow(0, 0, 1)",
    "[::2]",
    "[0, 1]",
    ".view(3, 2)",
]
WRITES = [
    "add_(1)",
    "sub_({t})",
    "mul_(2)",
    "mul_({t})",
    "div_({t})",
    "div_(2)",
    "pow_(2)",
    "neg_()",
]
WRITES += [
    "exp_()",
    "sin_()",
    "tanh_()",
    "sigmoid_()",
    "relu_()",
    "clamp_(-1, 2)",
    "abs_()",
    "zero_()",
]
WRITES += ["fill_(3)", "fill_({s})", "copy_({t})", "add_({t}, alpha=2)", "add_({s})", "round_()"]
WRITES += ["reciprocal_()", "square_()", "sub_(1.5)", "add_(True)", "sign_()"]
WRITES += ["add_({t}.double())", "fill_(float('inf'))", "mul_({t} > 1)"]
UPDATES = ["+= 1", "-= {t}", "*= {t}", "/= 2", "**= 2", "+= {t}.sum()"]
PARTS = ["[0]", "[1]", "[:1]", "[..., 0]", "[-1]", "[[0]]", "[{t} > 1]", "[None]", "[...]", "[:]"]


def writes(choose: Choose) -> list[str]:
    """Tensors, views of them and writes to both, in any order; gradients at the end."""
    dtype = choose(["", "", ".double()"])
    lines = [
        f"a = (torch.arange(6.) / 5 + 0.1).reshape(2, 3).clone(){dtype}"
        + choose([".requires_grad_()", ""]),
        f"w = (torch.arange(3.) / 2 + 0.2){dtype}" + choose([".requires_grad_()", ""]),
        choose(["x = a * 1", "x = a * 2 + 1", "x = a", "x = a.exp()"]),
    ]
    names = ["a", "w", "x", "x", "x"]

    def tensor() -> str:
        name = choose(["w", "w", "x", *names])
        return name if name in ("a", "w", "x") else f"{name}.clone()"  # not what is written to

    def filled(text: str) -> str:
        return text.replace("{t}", tensor()).replace("{s}", f"{tensor()}.sum()")

    for k in range(choose([2, 3, 4, 5, 6, 7])):
        kind = choose(["view", "view", "write", "write", "update", "item", "function"])
        quiet = choose(["", "", "", "", "with torch.no_grad(): "])
        if kind == "view":
            lines.append(f"{quiet}v{k} = {choose(names)}{choose(VIEWS)}")
            names += [f"v{k}"] * 3
        elif kind == "write":
            lines.append(f"{quiet}r = {choose(names)}.{filled(choose(WRITES))}")
        elif kind == "update":
            lines.append(f"{quiet}{choose(names)} {filled(choose(UPDATES))}")
        elif kind == "item":
            value = choose(["1", "2.5", "{t}", "{s}", "{t}[0] * 1"])
            lines.append(filled(f"{quiet}{choose(names)}{choose(PARTS)} = {value}"))
        else:
            lines.append(
                filled(f"u{k} = {choose(['{t} * {t}', '{t}.exp()', '{t} + 1', '{t} / {t}'])}")
            )
            names.append(f"u{k}")
    keep = choose(["", "retain_graph=True"])
    lines += [
        f"({one} * {one}.detach().sigmoid()).sum().backward({keep})" for one in dict.fromkeys(names)
    ]
    last = choose(names)
    lines.append(
        f"(torch.autograd.grad(({last} ** 3).sum(), a, create_graph=True)[0] ** 2).sum().backward()"
    )
    return lines


@drawn
@given(programs(writes))
def test_writes(lines: list[str]) -> None:
    alike(*lines, but=frozenset({"printed"}))  # whose last digits are rounding
