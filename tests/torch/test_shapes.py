"""Shapes: views in another shape or order, tensors joined and split, as PyTorch does it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given

from tests.torch.alike import Choose, alike, drawn, programs

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

SHAPES = [
    "()",
    "(0,)",
    "(1,)",
    "(3,)",
    "(2, 3)",
    "(1, 3)",
    "(3, 1)",
    "(2, 0)",
    "(2, 1, 3)",
    "(4, 6)",
]
SHAPES += ["(2, 3, 4)", "(1, 1)", "(1, 2, 1)"]
INTO = ["-1", "6", "2, 3", "(3, 2)", "[-1, 2]", "1, -1", "(-1, 1)", "()", "-1, -1", "2, 0, -1", "0"]
INTO += ["12, 2", "24", "2, -1, 2", "(3,)", "3, -2", "1, 3", "3, 1, 1", "torch.Size([6])"]
PARTS = ["(3, 2)", "(-1, 2)", "[6]", "(1, 3)", "()"]
DIMS = ["0", "1", "-1", "-2", "2", "3", "-4"]


def another(choose: Choose) -> str:
    """A call that makes a view or a copy in another shape."""
    dim, other = choose(DIMS), choose(DIMS)
    calls = [
        f"view({choose(INTO)})", f"reshape({choose(INTO)})", f"unsqueeze({dim})", f"squeeze({dim})",
        "squeeze()", f"squeeze(({dim}, {other}))", f"flatten({dim}, {other})", "flatten()",
        f"transpose({dim}, {other})", f"swapaxes({dim}, {other})", "t()", "ravel()", "mT",
        f"permute({dim}, {other})", f"permute({dim}, {other}, {choose(DIMS)})", "permute(-1, 0)",
        f"movedim({dim}, {other})", f"movedim(({dim}, {other}), ({other}, {dim}))",
        f"expand({choose(INTO)})", "expand(-1)",
        f"broadcast_to(({choose(['2, 3', '2, 2, 3', '3,', '4, 6'])}))", "contiguous()",
        f"narrow({dim}, {choose(['0', '1', '-1'])}, {choose(['0', '1', '2'])})",
        f"select({dim}, {choose(['0', '1', '-1', '2'])})", f"unflatten({dim}, {choose(PARTS)})",
        f"view_as(torch.ones({choose(SHAPES)}))", f"expand_as(torch.ones({choose(SHAPES)}))",
        f"reshape_as(torch.ones({choose(SHAPES)}))", "detach()", "clone()", "unbind()[0]",
        f"split({choose(['1', '2', '[1, 1]', '0'])}, {dim})[-1]", f"chunk(2, {dim})[0]",
        f"tensor_split({choose(['2', '[1]', '3'])}, {dim})[0]", "[...]", "[None]", "data",
    ]  # fmt: skip
    call = choose(calls)
    return call if call.startswith("[") else f".{call}"


def start(choose: Choose) -> list[str]:
    """Lines that make a tensor x, a leaf or not, in order or not."""
    shape = choose(SHAPES)
    count = f"torch.ones({shape}).numel()"
    lines = [
        f"a = torch.arange(float({count})).reshape({shape}).clone(){choose(['', '.double()'])}"
    ]
    if choose([True, True, True, False]):
        lines.append("a.requires_grad_()")
    lines.append("x = a" + choose(["", "* 2", ".transpose(0, -1)", " * 1.5"]))
    return lines


def shaped(choose: Choose) -> list[str]:
    lines = start(choose)
    last = "x"
    for k in range(choose([1, 1, 2, 2, 3])):
        lines.append(f"v{k} = {last}{another(choose)}")
        lines.append(f"b{k} = v{k}._base is a, v{k}._is_view(), v{k}._base is None")
        last = f"v{k}"
    lines += [
        f"w = torch.arange(1.0, {last}.numel() + 1).reshape({last}.shape)",
        f"y = ({last} * w).sum()",
        choose(["y.backward()", "y.backward(retain_graph=True)", f"{last}.sum().backward()"]),
        "y.backward()",
        f"(torch.autograd.grad(({last} ** 3 * w).sum(), x, create_graph=True)[0] ** 2)"
        ".sum().backward()",
        f"with torch.no_grad(): {last}.add_(1)",
    ]  # fmt: skip
    return lines


@drawn
@given(programs(shaped))
def test_views_in_another_shape(lines: list[str]) -> None:
    alike(*lines)


JOINS = ["cat", "stack", "vstack", "hstack", "column_stack", "dstack", "concat"]
MAKERS = ["torch.arange({n}.) + {k}", "torch.arange({n}) + {k}", "torch.arange({n}.).double()"]
MAKERS += ["torch.arange({n}) > 1"]


def joined(choose: Choose) -> list[str]:
    """Tensors of near shapes and several number types, joined."""
    shapes = choose(
        [["(2, 3)"], ["(3,)"], ["(2, 3)", "(1, 3)"], ["(2, 3)", "(3,)"], ["()", "(1,)"]]
    )
    shapes = [*shapes, *choose([[], [], [choose(SHAPES)], ["(0,)"]])]
    lines, names = [], []
    for k in range(choose([1, 2, 2, 3, 3])):
        shape = choose(shapes)
        n = eval(f"math.prod({shape})", {"math": math})  # noqa: S307  our own text
        numbers = choose([MAKERS[0], MAKERS[0], *MAKERS]).format(n=n, k=k)
        lines.append(f"x{k} = ({numbers}).reshape({shape}).clone()")
        if shape != "(0,)" and "." in lines[-1].split(")")[0]:
            lines[-1] += choose([".requires_grad_()", ".requires_grad_()", ""])
        names.append(choose([f"x{k}", f"x{k}", f"x{k}.mT", "x0", f"x{k} * 2"]))
    join = choose(JOINS)
    dim = (
        choose(["", "", ", 0", ", 1", ", -1", ", 2", ", dim=-2"])
        if join in ("cat", "stack", "concat")
        else ""
    )
    return [
        *lines,
        f"y = torch.{join}([{', '.join(names)}]{dim})",
        "s = y.stride()",
        "w = torch.arange(1.0, y.numel() + 1).reshape(y.shape)",
        "(y * w).sum().backward(retain_graph=True)",
        "(torch.autograd.grad((y ** 3 * w).sum(), x0, create_graph=True)[0] ** 2).sum().backward()",
    ]  # fmt: skip


@drawn
@given(programs(joined))
def test_joining(lines: list[str]) -> None:
    alike(*lines)
