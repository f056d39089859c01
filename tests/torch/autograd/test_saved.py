"""What operations save: writing to it before the backward pass is an error, to all else it is not.

A rule may need other values than PyTorch saves. Then it keeps copies, and gradients stay right.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

Function = Callable[..., Any]

# A name, a function of two tensors, and which of "a", "b" and the result "y" PyTorch guards.
GUARDED: list[tuple[str, Function, str]] = [
    ("add", lambda torch, a, b: a + b, ""),
    ("sub", lambda torch, a, b: a - b, ""),
    ("rsub", lambda torch, a, b: 1 - a, ""),
    ("neg", lambda torch, a, b: -a, ""),
    ("mul", lambda torch, a, b: a * b, "ab"),
    ("mul by a constant", lambda torch, a, b: a * b.detach(), "b"),
    ("mul by a number", lambda torch, a, b: a * 2, ""),
    ("div", lambda torch, a, b: a / b, "ab"),
    ("div by a constant", lambda torch, a, b: a / b.detach(), "b"),
    ("div of a constant", lambda torch, a, b: a.detach() / b, "ab"),
    ("rdiv", lambda torch, a, b: 2 / a, ""),
    ("square", lambda torch, a, b: a**2, "a"),
    ("pow", lambda torch, a, b: a**b, "aby"),
    ("pow of a number", lambda torch, a, b: 2**a, "ay"),
    ("exp", lambda torch, a, b: a.exp(), "y"),
    ("log", lambda torch, a, b: a.log(), "a"),
    ("sqrt", lambda torch, a, b: a.sqrt(), "y"),
    ("sin", lambda torch, a, b: a.sin(), "a"),
    ("cos", lambda torch, a, b: a.cos(), "a"),
    ("tanh", lambda torch, a, b: a.tanh(), "y"),
    ("sigmoid", lambda torch, a, b: a.sigmoid(), "y"),
    ("relu", lambda torch, a, b: a.relu(), "y"),
    ("abs", lambda torch, a, b: a.abs(), "a"),
    ("reciprocal", lambda torch, a, b: a.reciprocal(), "y"),
    ("clamp", lambda torch, a, b: a.clamp(0.6, 1.5), "a"),
    ("maximum", lambda torch, a, b: torch.maximum(a, b), "ab"),
    ("where", lambda torch, a, b: torch.where(a.detach() > 1, a, b), ""),
    ("sum", lambda torch, a, b: a.sum(), ""),
    ("mean", lambda torch, a, b: a.mean(), ""),
    ("prod", lambda torch, a, b: a.prod(), "ay"),
    ("max", lambda torch, a, b: a.max(), "ay"),
    ("cumsum", lambda torch, a, b: a.cumsum(0), ""),
    ("cat", lambda torch, a, b: torch.cat([a, b]), ""),
    ("stack", lambda torch, a, b: torch.stack([a, b]), ""),
    ("clone", lambda torch, a, b: a.clone(), ""),
    ("index", lambda torch, a, b: a[[0, 2]], ""),
    ("double", lambda torch, a, b: a.double(), ""),
    ("dot", lambda torch, a, b: a @ b, "ab"),
    ("softmax", lambda torch, a, b: a.softmax(0), "y"),
    ("log_softmax", lambda torch, a, b: a.log_softmax(0), "y"),
    ("norm", lambda torch, a, b: a.norm(), "ay"),
    ("std", lambda torch, a, b: a.std(), "ay"),
    ("logsumexp", lambda torch, a, b: a.logsumexp(0), "ay"),
]


@pytest.mark.parametrize(("name", "f", "guarded"), GUARDED, ids=[one[0] for one in GUARDED])
def test_what_is_guarded(torch: Any, name: str, f: Function, guarded: str) -> None:
    def run(write_to: str = "") -> list[Any]:
        a = torch.tensor([0.5, 1.0, 2.0], requires_grad=True)
        b = torch.tensor([1.5, 0.3, 1.1], requires_grad=True)
        values = {"a": a * 1, "b": b * 1}
        y = values["y"] = f(torch, values["a"], values["b"])
        total = y.sum()
        if write_to:
            values[write_to].add_(1)
        total.backward()
        return [None if t.grad is None else t.grad.tolist() for t in (a, b)]

    expected, failed = run(), ""
    for one in "aby":
        try:
            assert run(one) == expected
        except RuntimeError as error:
            assert "has been modified by an inplace operation" in str(error)
            failed += one
    assert failed == guarded


def test_what_was_saved_goes_while_the_walk_goes_on() -> None:
    import chainrule.torch as torch

    x = torch.ones(3, requires_grad=True)
    y = 2 * x
    z = y.exp().exp()
    total = z.sum()
    saved = weakref.ref(z._array)
    gone: list[bool] = []
    y.register_hook(lambda g: gone.append(saved() is None))
    del z
    gc.collect()
    assert saved() is not None
    total.backward()
    assert gone == [True]
