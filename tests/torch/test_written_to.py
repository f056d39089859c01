"""What generated programs found out about writes, views and powers, each as one program."""

from __future__ import annotations

import pytest

from tests.torch.alike import alike

pytest.importorskip("torch")
pytestmark = pytest.mark.peers

LEAF = "a = torch.tensor([1.0, 2.0], requires_grad=True)"
BASE = ["a = torch.tensor([1.0, 2.0])", "v = a[:]"]


@pytest.mark.parametrize("write", ["b.zero_()", "b *= 2", "b[0] = 3.0", "b.add_(b)"])
@pytest.mark.parametrize(
    "given", ["b.grad = torch.ones(2)", "b.sum().backward(inputs=[b])", "b.retain_grad()"]
)
def test_a_gradient_that_is_there_stays(given: str, write: str) -> None:
    alike(LEAF, "b = a.clone()", given, write, "c = b.sum()", "c.backward()")


@pytest.mark.parametrize("write", ["a *= 2", "v.mul_(2)", "a.zero_()", "a[0] = 5.0", "a.fill_(3)"])
def test_a_view_of_what_came_to_require_a_gradient(write: str) -> None:
    later = ["a.requires_grad = True", "b = (v * 3).sum()"]
    alike(*BASE, *later, "a.requires_grad = False")
    alike(*BASE, *later, "b.backward()")
    alike(*BASE, write, *later, "b.backward()")
    alike(*BASE, write, *later, "c = v * 2", "a.requires_grad = False")


@pytest.mark.parametrize("how", ["", "retain_graph=True", "inputs=[a]"])
def test_a_power_whose_exponent_is_a_truth_has_no_derivative(how: str) -> None:
    alike(LEAF, "c = (a ** torch.tensor([True, False])).sum()", f"c.backward({how})")


def test_a_power_watches_its_result() -> None:
    alike(LEAF, "b = a ** a.detach()", "b += 1", "b.sum().backward()")


@pytest.mark.parametrize(
    "write", ["x[:3].add_(y[1:])", "x[:3].copy_(y[1:])", "x.view(2, 2).mul_(y.view(2, 2).t())"]
)
@pytest.mark.parametrize("other", ["x.detach()", "x.data", "x[:]"])
def test_memory_is_shared_whoever_counts_the_writes(other: str, write: str) -> None:
    alike("x = torch.arange(4.0)", f"y = {other}", write)


def test_numpy_under_no_grad() -> None:
    alike(LEAF, "with torch.no_grad(): b = a.numpy()", "b = a.numpy()")
