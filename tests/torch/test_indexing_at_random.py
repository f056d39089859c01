"""Random indices of all kinds, read and written, here and by PyTorch."""

from __future__ import annotations

import random
import re
import warnings
from typing import Any

import numpy as np
import pytest

import chainrule.torch as mine

DTYPES = ["float32", "float64", "int64", "bool", "complex64"]
VALUES = ["5", "-1.5", "True", "np.float32(2)", "F.tensor(7.)", "F.tensor([7.])", "F.arange(2.)",
          "F.arange(3.)", "F.ones(2, 3)", "F.ones(1, 2)", "[1., 2.]", "'a'", "None"]  # fmt: skip


def index_of(draw: random.Random, n: int) -> str:
    """Return the text of an index of a dimension of length `n`; now and then a wrong one."""
    near = (-n - 1, n) if draw.random() < 0.1 else (-n, n - 1) if n else (-1, 0)

    def place() -> int:
        return draw.randint(*near)

    def end() -> str:
        return draw.choice(["", str(draw.randint(-n - 1, n + 1))])

    truths = [draw.random() < 0.5 for _ in range(n)]
    places = [place() for _ in range(draw.randint(0, 3))]
    step = draw.choice(["", "", ":1", ":2", ":3", ":-1" if draw.random() < 0.1 else ""])
    return draw.choice([
        str(place()), str(place()), f"{end()}:{end()}{step}", f"{end()}:{end()}", ":", "None",
        f"F.tensor({places}, dtype=F.int64)", f"{places}", f"F.tensor({truths}, dtype=F.bool)",
        f"np.array({places or [0]})", f"F.tensor([[{place()}], [{place()}]])", "True",
        f"np.int64({place()})", "F.tensor([0], dtype=F.int32)",
    ])  # fmt: skip


def statement(draw: random.Random, shape: tuple[int, ...]) -> str:
    count = draw.randint(0, len(shape) + (draw.random() < 0.1))
    items = [index_of(draw, shape[min(k, len(shape) - 1)] if shape else 2) for k in range(count)]
    if draw.random() < 0.2:
        items.insert(draw.randint(0, len(items)), "...")
    at = ", ".join(items) or "..."
    if draw.random() < 0.5:
        return f"r = x[{at}]"
    return f"x[{at}] {draw.choice(['=', '=', '+=', '*='])} {draw.choice(VALUES)}; r = x"


def outcome(F: Any, text: str, shape: tuple[int, ...], dtype: str, wants: bool) -> Any:
    x = F.arange(int(np.prod(shape))).reshape(shape).to(getattr(F, dtype))
    leaf = x.requires_grad_(wants)
    names = {"F": F, "np": np, "x": leaf * 1 if wants else leaf}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(text, names)  # noqa: S102  (our own programs)
            r = names["r"]
            said = [str(r.dtype), tuple(r.shape), r._is_view(), r.detach().tolist()]
            if r.requires_grad:
                (r * r).sum().backward()
                said += [type(r.grad_fn).__name__, leaf.grad.tolist()]
        except Exception as error:
            said = [type(error).__name__, str(error)]
    texts = {str(one.message) for one in caught if "__array_wrap__" not in str(one.message)}
    return said, {re.sub(r" ?\(Triggered internally.*?\)", "", text) for text in texts}


@pytest.mark.peers
@pytest.mark.parametrize("seed", range(4))
def test_any_index_reads_and_writes_as_in_pytorch(seed: int) -> None:
    torch = pytest.importorskip("torch")
    torch.set_warn_always(True)
    draw = random.Random(seed)
    try:
        for _ in range(400):
            shape = tuple(draw.choice([1, 2, 3, 4]) for _ in range(draw.randint(0, 4)))
            dtype = draw.choice(DTYPES)
            wants = dtype.startswith("float") and draw.random() < 0.5
            case = statement(draw, shape), shape, dtype, wants
            assert outcome(mine, *case) == outcome(torch, *case), case
    finally:
        torch.set_warn_always(False)


def test_a_place_named_twice_through_a_view_gives_each_number_its_change() -> None:
    x = mine.arange(4.0).reshape(4, 1).requires_grad_()
    y = x * 1
    twice = mine.tensor([1, 1]), 0
    y[twice] += y[twice] * 0 - 3
    (y * y).sum().backward()
    assert x.grad.tolist() == [[0.0], [-8.0], [4.0], [6.0]]
