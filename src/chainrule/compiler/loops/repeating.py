"""Loops and choices that a compiled function may have; elsewhere they are Python's own.

A loop in Python is written down step by step, and so is a program of as many parts as it has steps.
These are one call of it, whatever the number of steps.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.errors import name_of
from chainrule._core.trees import build, flatten
from chainrule._core.values import Value, shape_of

from ..refusals import CompileError
from ..staging import TRACES, is_staged
from .rolled import repeated, rolled, zeros_like
from .steps import Step, WrittenStep, leaf_names, said, traced_step, written_step

__all__ = ["iterate", "scan", "until"]


def iterate(step: Step, state: Any, n: int) -> Any:
    """Return the state after `n` steps: `step(step(...step(state)))`.

    `state` is a number, an array, or a tuple, list, dict, named tuple or dataclass of them; `step`
    takes it and returns the next one. What else the step reads, it reads from around it; a step
    that counts has the count in its state.

    In a compiled function this is one loop, however large `n` is, and of it one loop in every
    derivative. There the state keeps its structure, and every array in it shape and dtype, and `n`
    is known when the function is compiled. Elsewhere it is a loop in Python. For a derivative in
    reverse mode the state of every step is kept.

    Raises TypeError if `n` is no whole number and ValueError if it is negative; when compiled,
    CompileError if a step returns another structure, and ValueError for another shape or dtype.

    >>> iterate(lambda x: (x + 2.0 / x) / 2, 1.0, 6)
    1.414213562373095
    >>> from chainrule import grad
    >>> round(grad(lambda a: iterate(lambda x: (x + a / x) / 2, 1.0, 6))(2.0), 12)
    0.353553390593
    """
    n = counted(n, "n of iterate")
    if n and TRACES and (loop := written_step(lambda s, x: (step(s), None), step, state, [])):
        return rolled_steps(loop, n)[0]
    for _ in range(n):
        state = step(state)
    return state


def until(
    condition: Callable[[Any], Any], step: Step, state: Any, *, most: int | None = None
) -> Any:
    """Return the first of the states `state`, `step(state)`, ... of which `condition` is true.

    `most` bounds the number of steps: after so many, the state is returned as it is. State and
    step are as for `iterate`; `condition` returns one truth value.

    In a compiled function this is one loop. It has derivatives in forward mode; in reverse mode,
    too, if `most` is given: then `most` steps are made, of which those after the end change
    nothing. Elsewhere it is a loop in Python, and has both.

    Raises what `iterate` raises, and CompileError, when compiled, if a derivative in reverse mode
    is asked for without `most`.

    >>> until(lambda x: abs(x * x - 2.0) < 1e-9, lambda x: (x + 2.0 / x) / 2, 1.0)
    1.4142135623746899
    >>> until(lambda x: x > 100, lambda x: 2 * x, 1, most=3)
    8
    """
    most = None if most is None else counted(most, "most of until")
    if TRACES and (loop := written_step(lambda s, x: (step(s), condition(s)), step, state, [])):
        return repeated_steps(loop, most, condition)
    steps = 0
    while steps != most and not condition(state):
        state, steps = step(state), steps + 1
    return state


def scan(step: Step, state: Any, xs: Any, reverse: bool = False) -> tuple[Any, Any]:
    """Return the last state and all outputs of a step that is made for every item of `xs`.

    `step(state, x)` returns a pair: the next state and an output. `xs` is an array, whose items
    along the first axis are the `x` of the steps, or a tuple, list, dict, named tuple or dataclass
    of such arrays of one length; `x` has its structure then. The outputs are stacked along a new
    first axis, in their structure; None is no output. With `reverse` the last item comes first,
    and each output stands where its item stood.

    In a compiled function this is one loop, as for `iterate`. For a derivative in reverse mode
    what every step computed is kept, so that nothing is computed twice.

    Raises TypeError if a step returns no pair and ValueError if the arrays of `xs` have no first
    axis, or not all the same length; when compiled, what `iterate` raises.

    >>> import numpy as np
    >>> scan(lambda total, x: (total + x, total), 0.0, np.array([1.0, 2.0, 3.0]))
    (np.float64(6.0), array([0., 1., 3.]))
    """
    items: list[Any] = []
    like = flatten(xs, "xs of scan", items)
    n = length(items)

    def pair(s: Any, x: list[Any]) -> tuple[Any, Any]:
        found = step(s, build(like, x))
        if type(found) is not tuple or len(found) != 2:
            raise TypeError(
                f"the step of scan returns a pair, the next state and an output (or None), but "
                f"{name_of(step)} returned {kind_of(found)}."
            )
        return found

    if TRACES and (loop := written_step(pair, step, state, items)):
        return rolled_steps(loop, n, reverse)
    if not n:
        return state, no_outputs(pair, step, state, items)
    found: list[Any] = [None] * n
    for k in reversed(range(n)) if reverse else range(n):
        state, found[k] = pair(state, [x[k] for x in items])
    ys: list[list[Any]] = [[] for _ in found]
    structure = [flatten(y, "the output", leaves) for y, leaves in zip(found, ys, strict=True)][-1]
    return state, build(structure, [np.stack(leaves) for leaves in zip(*ys, strict=True)])


# ---------------------------------------------------------------- what they are given


def counted(n: Any, where: str) -> int:
    if isinstance(n, Value):
        if is_staged(n):
            raise CompileError(
                f"{where} is known only when the function runs; name the argument from which it "
                "comes in static=, or repeat until(condition, step, state)."
            )
        n = n.value
    try:
        count = operator.index(n)
    except TypeError:
        raise TypeError(f"{where} is a whole number, but was {kind_of(n)}.") from None
    if count < 0:
        raise ValueError(f"{where} is 0 or more, but was {count}.")
    return count


def length(items: list[Any]) -> int:
    if not items:
        raise ValueError("xs of scan holds no array; to repeat a step, use iterate.")
    if not all(map(shape_of, items)):
        raise ValueError("xs of scan holds a number; every array of it needs a first axis.")
    lengths = {shape_of(x)[0] for x in items}
    if len(lengths) > 1:
        raise ValueError(
            f"the arrays of xs have the lengths {', '.join(map(str, sorted(lengths)))} along their "
            "first axis; scan makes a step for each item, so they need one length."
        )
    return int(lengths.pop())


def kind_of(v: Any) -> str:
    return f"{v!r}" if type(v) in (int, float, str) or v is None else f"a {type(v).__name__}"


# ---------------------------------------------------------------- calls


def rolled_steps(loop: WrittenStep, n: int, reverse: bool = False) -> tuple[Any, Any]:
    count, items = len(loop.leaves), len(loop.items)
    ys = rolled(
        loop.values(),
        body=loop.body,
        n=n,
        carried=count,
        items=items,
        backwards=reverse,
        keeps=items > 0,
    )
    return build(loop.state, ys[:count]), build(loop.rest, ys[count:])


def repeated_steps(loop: WrittenStep, most: int | None, condition: Any) -> Any:
    body, count = loop.body, len(loop.leaves)
    done = body.outputs[count:]
    if len(done) != 1 or shape_of(body.example(done[0])):
        raise CompileError(
            f"the condition of until returns one truth value, but {name_of(condition)} returned "
            f"{said(leaf_names(loop.rest))} of shape {shape_of(body.example(done[0]))}; "
            "put several together by np.all or np.any."
        )
    ys = repeated(
        loop.values(),
        condition=body.with_(body.inputs, done),
        body=body.with_(body.inputs, body.outputs[:count]),
        carried=count,
        most=most,
    )
    return build(loop.state, ys)


def no_outputs(pair: Step, step: Step, state: Any, items: list[Any]) -> Any:
    """Return the stacked outputs of no step at all."""
    loop = traced_step(pair, step, state, items)
    ys = loop.body.outputs[len(loop.leaves) :]
    return build(loop.rest, [zeros_like(np.stack([loop.body.example(y)])[:0]) for y in ys])
