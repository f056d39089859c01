"""Checkpoints: the same numbers, and how often the function runs."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.torch.autograd.conftest import torch as torch
from tests.torch.autograd.saying import SECOND_TIME, leaf, raises, warns

BOTH = pytest.mark.parametrize("reentrant", [True, False])


def checkpoint_of(torch: Any) -> Any:
    return importlib.import_module(f"{torch.__name__}.utils.checkpoint")


def counting(f: Callable[..., Any]) -> tuple[Callable[..., Any], list[int]]:
    runs: list[int] = []

    def run(*inputs: Any) -> Any:
        runs.append(1)
        return f(*inputs)

    return run, runs


@BOTH
def test_values_gradients_and_runs(torch: Any, reentrant: bool) -> None:
    checkpoint = checkpoint_of(torch).checkpoint
    f, runs = counting(lambda x, k: (x * x * k).sum())
    x = leaf(torch, 1, 2)
    y = checkpoint(f, x, 3, use_reentrant=reentrant)
    name = "CheckpointFunctionBackward" if reentrant else "SumBackward0"
    assert type(y.grad_fn).__name__ == name
    y.backward()
    assert (y.item(), x.grad.tolist(), len(runs)) == (15, [6, 12], 2)
    with raises(RuntimeError, SECOND_TIME):
        y.backward()


@BOTH
def test_passes_that_retain(torch: Any, reentrant: bool) -> None:
    f, runs = counting(lambda x: (x.exp() * x).sum())
    x = leaf(torch, 0, 0)
    y = checkpoint_of(torch).checkpoint(f, x, use_reentrant=reentrant)
    y.backward(retain_graph=True)
    y.backward()
    assert (x.grad.tolist(), len(runs)) == ([2, 2], 3)


@BOTH
def test_nested(torch: Any, reentrant: bool) -> None:
    checkpoint = checkpoint_of(torch).checkpoint
    f, runs = counting(lambda x: (x * x) * x)
    x = leaf(torch, 1, 2)
    outer = lambda x: 2 * checkpoint(f, x, use_reentrant=reentrant)
    checkpoint(outer, x, use_reentrant=reentrant).sum().backward()
    assert (x.grad.tolist(), len(runs)) == ([6, 24], 3 if reentrant else 2)


@BOTH
def test_random_numbers_are_the_same_again(torch: Any, reentrant: bool) -> None:
    checkpoint = checkpoint_of(torch).checkpoint
    found = []
    for through in (lambda f, x: f(x), lambda f, x: checkpoint(f, x, use_reentrant=reentrant)):
        torch.manual_seed(3)
        x = leaf(torch, *range(1, 9))
        y = through(lambda x: (x * x * torch.rand(8)).sum(), x)
        torch.rand(5)
        y.backward()
        found.append((y.item(), x.grad.tolist(), torch.rand(2).tolist()))
    assert found[0] == found[1]


@BOTH
def test_several_outputs_and_other_tensors(torch: Any, reentrant: bool) -> None:
    w, x = torch.tensor(3.0, requires_grad=True), leaf(torch, 1, 2)
    y, z = checkpoint_of(torch).checkpoint(lambda x: (x * w, w * w * x), x, use_reentrant=reentrant)
    (y.sum() + 2 * z.sum()).backward()
    assert (x.grad.tolist(), w.grad.item()) == ([21, 21], 39)


def test_grad_does_not_pass_the_older_way(torch: Any) -> None:
    checkpoint, x = checkpoint_of(torch).checkpoint, leaf(torch, 1, 2)
    y = checkpoint(lambda x: (x**3).sum(), x, use_reentrant=False)
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    assert torch.autograd.grad(g.sum(), x)[0].tolist() == [6, 12]
    y = checkpoint(lambda x: (x**3).sum(), x, use_reentrant=True)
    with pytest.raises(RuntimeError, match=r"is incompatible with \.grad\(\)"):
        torch.autograd.grad(y, x)


@BOTH
def test_a_chain(torch: Any, reentrant: bool) -> None:
    f, runs = counting(lambda x: x * x)
    x = leaf(torch, 1, 2)
    y = checkpoint_of(torch).checkpoint_sequential([f] * 4, 2, x, use_reentrant=reentrant)
    y.sum().backward()
    assert (y.tolist(), x.grad.tolist(), len(runs)) == ([1, 2**16], [16, 2**19], 6)


def test_what_is_said(torch: Any) -> None:
    module, x = checkpoint_of(torch), leaf(torch, 1, 2)
    from chainrule.torch.utils.checkpoint import SAY_WHICH, SAY_WHICH_IN_SEQUENCE

    with warns(UserWarning, SAY_WHICH):
        module.checkpoint(torch.sum, x)
    with warns(UserWarning, SAY_WHICH_IN_SEQUENCE):
        module.checkpoint_sequential([torch.sin], 1, x)
    with warns(UserWarning, "None of the inputs have requires_grad=True. Gradients will be None"):
        module.checkpoint(torch.sum, torch.ones(2), use_reentrant=True)
    with raises(ValueError, "Unexpected keyword arguments: k"):
        module.checkpoint(torch.sum, x, k=1, use_reentrant=True)
    text = "determinism_check should be one of ['default', 'none'], but got some"
    with raises(ValueError, text):
        module.checkpoint(torch.sum, x, use_reentrant=False, determinism_check="some")


def test_a_function_that_changes(torch: Any) -> None:
    module, x, runs = checkpoint_of(torch), leaf(torch, 1, 2), []  # type: ignore[var-annotated]

    def f(x: Any) -> Any:
        runs.append(1)
        return x.exp().sin() if len(runs) == 1 else 2 * x

    y = module.checkpoint(f, x, use_reentrant=False)
    with pytest.raises(module.CheckpointError, match="A different number of tensors was saved"):
        y.sum().backward()


def test_a_function_whose_shapes_change(torch: Any) -> None:
    checkpoint = checkpoint_of(torch)
    kinds: list[Any] = []

    def f(x: Any) -> Any:
        kinds.append(x)
        return (x if len(kinds) == 1 else x[:1]).exp()

    y = checkpoint.checkpoint(f, leaf(torch, 1, 2), use_reentrant=False)
    with pytest.raises(checkpoint.CheckpointError) as found:
        y.sum().backward()
    told = "{'shape': torch.Size([%s]), 'dtype': torch.float32, 'device': device(type='cpu')}\n"
    assert str(found.value).startswith(
        "torch.utils.checkpoint: Recomputed values for the following tensors have different "
        "metadata than during the forward pass.\ntensor at position 0:\n"
        f"saved metadata: {told % 2}recomputed metadata: {told % 1}."
    )
    kinds.clear()
    y = checkpoint.checkpoint(f, leaf(torch, 1, 2), use_reentrant=False, determinism_check="none")
    y.sum().backward()
