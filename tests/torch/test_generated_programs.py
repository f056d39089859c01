"""Generated programs run on PyTorch and on chainrule.torch without a difference beyond rounding.

When one differs, the test shows the shortest program that does; `python -m tests.torch.programs`
runs more of them, faster, and sorts what it finds.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.torch.programs import first, numbered, placed, shown, shrunk
from tests.torch.running import Program, compare, judged, moved_run, run

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.peers


def check(program: Program) -> None:
    import chainrule.torch

    found = first(program, chainrule.torch, hard=True)
    if found is not None:
        case = placed(program, chainrule.torch, found)
        pytest.fail(shown(*shrunk(case[0], chainrule.torch, case[1])), pytrace=False)


def test_generated_programs_do_the_same() -> None:
    for number in range(300):
        check(numbered(0, number))


@pytest.mark.slow
@pytest.mark.parametrize("thousand", range(10))
def test_ten_thousand_generated_programs_do_the_same(thousand: int) -> None:
    """Those of `python -m tests.torch.programs --count 10000 --seed 1`."""
    for number in range(1000 * thousand, 1000 * thousand + 1000):
        check(numbered(1, number))


# ------------------------------------------------------------------------- the measuring stick


def test_programs_mostly_run_and_mostly_differentiate() -> None:
    runs = [run(numbered(2, number), torch) for number in range(300)]
    steps = [step for each in runs for step in each]
    assert 0.03 < sum(step.raises is not None for step in steps) / len(steps) < 0.15
    assert sum(all(step.raises is None for step in each) for each in runs) > 100
    ends = [{path[-2:] for path in each[-1].facts} for each in runs]
    assert sum(("grad", "numbers") in end for end in ends) > 80


def test_pytorch_does_not_differ_from_itself() -> None:
    assert [n for n in range(150) if compare(numbered(3, n), torch)] == []


def test_rounding_is_no_difference() -> None:
    """PyTorch with every rounded result moved a little passes for PyTorch."""
    for number in range(150):
        program = numbered(4, number)
        found = judged(program, run(program, torch), moved_run(program, seed=100))
        assert [each for each in found if each.hard] == []


class Imposter(ModuleType):
    """PyTorch but for one function."""

    def __init__(self, name: str, function: Any) -> None:
        super().__init__("imposter")
        self.__dict__[name] = function

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)


def halved_at_zero(x: Any) -> Any:
    """relu, but with the slope 1/2 at 0, as the maximum of two has it."""
    return torch.maximum(x, torch.zeros_like(x))


def last_of_equals(x: Any, *dim: Any, **options: Any) -> Any:
    if dim or options:
        return torch.argmax(x, *dim, **options)
    return x.numel() - 1 - torch.argmax(x.flatten().flip(0))


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("exp", lambda x: torch.exp(x) * (1 + 1e-4)),
        ("relu", halved_at_zero),
        ("argmax", last_of_equals),
        ("tanh", lambda x: torch.tanh(x.detach())),
        ("transpose", lambda x, i, j: torch.transpose(x, i, j).clone()),
        ("squeeze", lambda x, *dim: torch.squeeze(x, *dim).double()),
        ("cat", lambda several, dim=0: torch.stack(several, dim)),
    ],
    ids=["numbers", "kink", "tie", "graph", "view", "dtype", "shape"],
)
def test_a_wrong_function_is_found(name: str, function: Any) -> None:
    imposter = Imposter(name, function)
    programs = (numbered(1, number) for number in range(5000))
    concerned = (program for program in programs if f"torch.{name}(" in str(program))
    assert any(
        any(found.hard for found in compare(program, imposter))
        for program, _ in zip(concerned, range(150), strict=False)
    )


def test_a_difference_is_shown_without_what_it_does_not_need() -> None:
    program = Program(
        [
            "a = torch.tensor([1.0, 2.0], requires_grad=True)",
            "b = a * 2",
            "c = torch.exp(a)",
            "b.sum().backward()",
            "c.sum().backward()",
        ]
    )
    imposter = Imposter("exp", lambda x: torch.exp(x.detach()))
    found = first(program, imposter, hard=True)
    assert found is not None
    least, found = shrunk(program, imposter, found)
    assert least.lines == [program.lines[0], program.lines[2]]
    assert shown(least, found).splitlines()[1] == "-> c = torch.exp(a)"
