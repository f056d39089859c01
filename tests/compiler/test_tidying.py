"""Loops and choices made smaller: they compute what they did."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainrule import cond, iterate, scan, until
from chainrule.compiler.passes.simplify import simplified
from chainrule.compiler.program import Call, Program

from .test_loops import LOSSES, OPERATORS, XS, A, W, bounded, chosen, program_of, size


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("loss", LOSSES)
def test_smaller_loops_compute_the_same(loss: Any, operator: str) -> None:
    if operator.startswith("vmap") and loss in (chosen, bounded):
        pytest.skip("outside of a compiled function a batch cannot choose")
    program = program_of(OPERATORS[operator](loss), W, A)
    smaller = simplified(program)
    assert size(smaller) <= size(program)
    for a, b in zip(smaller.run(W, A), program.run(W, A), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-11)


def simple(f: Any, *args: Any) -> tuple[Program, Call]:
    """Return the simplified program of `f`, checked, and its one loop or choice."""
    program = program_of(f, *args)
    smaller = simplified(program)
    for a, b in zip(smaller.run(*args), program.run(*args), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-15)
    (loop,) = (c for c in smaller.calls if any(isinstance(v, Program) for v in c.options.values()))
    return smaller, loop


def names(program: Program) -> list[str]:
    return [call.function.__name__ for call in program.calls]


def test_stacks_that_nobody_reads() -> None:
    step = lambda s, x: (np.sin(s + x), (np.exp(s), s * x))
    _, loop = simple(lambda w, xs: scan(step, w, xs)[1][1], W, XS)
    assert len(loop.outputs) == 2
    assert names(loop.options["body"]) == ["add", "sin", "multiply"]
    _, loop = simple(lambda w, xs: scan(step, w, xs)[0], W, XS)
    assert len(loop.outputs) == 1


def test_states_that_nobody_reads() -> None:
    step = lambda s: (s[0] * s[1], s[1] + 1.0, np.sin(s[2] * s[0]))
    _, loop = simple(lambda w: iterate(step, (w, 2 * w, w), 3)[0], W)
    assert loop.options["carried"] == 2  # the second is read by the first
    assert names(loop.options["body"]) == ["multiply", "add"]
    _, loop = simple(lambda w: until(lambda s: s[1][0] > 3, step, (w, 2 * w, w))[0], W)
    assert loop.options["carried"] == 2


def test_states_that_never_change() -> None:
    step = lambda s: (np.tanh(s[1] @ s[0]), s[1])
    program, loop = simple(lambda w, a: iterate(step, (w, a), 3), W, A)
    assert loop.options["carried"] == 1
    assert program.outputs[1] is program.inputs[1]


def test_values_that_are_the_same() -> None:
    step = lambda s: (s[0] * s[1] + s[2], s[1], s[2])
    _, loop = simple(lambda w: iterate(step, (W, w, w), 3)[0], W)
    assert len(loop.inputs[0]) == 2


def test_what_every_step_would_do_again() -> None:
    step = lambda s: (s[0] - 0.1 * np.exp(s[1]) @ s[0], s[1])
    program, loop = simple(lambda w, a: iterate(step, (w, a), 3)[0], W, A)
    assert names(program) == ["exp", "rolled"] or names(program) == ["exp", "multiply", "rolled"]
    assert "exp" not in names(loop.options["body"])
    _, loop = simple(lambda w, a: until(lambda s: s[0][0] < 9, step, (w, a))[0], W, A)
    assert names(loop.options["body"]).count("exp") == 1  # perhaps there is no step


def test_choices() -> None:
    f = lambda w: cond(w[0] > 0, lambda w: (np.sin(w), w * 2), lambda w: (w, np.exp(w)), w)[0]
    _, choice = simple(f, W)
    assert len(choice.outputs) == 1
    assert names(choice.options["no"]) == []
