"""A step of a loop, written down for the state that it starts from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule._core.batching import nth
from chainrule._core.errors import name_of
from chainrule._core.trees import build, flatten, values_in
from chainrule._core.values import Value, cast, dtype_of, shape_of

from ..refusals import CompileError
from ..staging import example_of, is_staged, is_weak
from .bodies import Body, written

__all__ = ["Step", "WrittenStep", "leaf_names", "said", "traced_step", "written_step"]

Step = Callable[..., Any]


@dataclass(slots=True)
class WrittenStep:
    """A step as a body, and what it starts from."""

    body: Body  # its outputs are the next state's leaves and what else the step returned
    leaves: list[Any]  # of the first state
    items: list[Any]
    others: list[Any]  # what the step reads from around it
    state: Any  # the structures
    rest: Any

    def values(self) -> list[Any]:
        return [*self.leaves, *self.items, *self.others]


def written_step(pair: Step, step: Step, state: Any, items: list[Any]) -> WrittenStep | None:
    """Write down `pair(state, items)`, which makes a step; None if it has no staged value."""
    found: list[Value] = []
    values_in((state, items), found)
    must = any(map(is_staged, found))
    try:
        loop = traced_step(pair, step, state, items)
    except (CompileError, ValueError):
        if must:
            raise
        return None
    return loop if must or any(map(is_staged, loop.others)) else None


def traced_step(pair: Step, step: Step, state: Any, items: list[Any]) -> WrittenStep:
    leaves: list[Any] = []
    structure = flatten(state, "the state", leaves)
    names, count = leaf_names(structure), len(leaves)
    rest: list[Any] = [None]

    def run(*given: Any) -> list[Any]:
        after, y = pair(build(structure, given[:count]), list(given[count:]))
        ys: list[Any] = []
        if (found := flatten(after, "the state", ys)) != structure:
            raise CompileError(
                f"{name_of(step)} takes a state of {said(names)} and returns one of "
                f"{said(leaf_names(found))}; in a compiled loop every state has the structure of "
                "the first."
            )
        outputs: list[Any] = []
        rest[0] = flatten(y, "the output", outputs)
        ys = [as_like(y, x) for y, x in zip(ys, given[:count], strict=True)]
        return ys + [np.asarray(y)[()] if is_weak(y) else y for y in outputs]

    examples = [example_of(v) for v in leaves]
    named = [f"state{name}" for name in names]
    for _ in range(3):  # a Python number meets an array, which meets another number
        body, others = written(
            run,
            [f"s{k}" for k in range(count)] + [f"x{k}" for k in range(len(items))],
            examples + [item_of(example_of(x)) for x in items],
        )
        before = examples
        examples = [widened(body.example(y), x) for y, x in zip(body.outputs, before, strict=False)]
        if all(a is b for a, b in zip(examples, before, strict=True)):
            break
    for y, x, name in zip(body.outputs, examples, named, strict=False):
        refuse_other_state(body.example(y), x, name, step)
    leaves = [as_like(v, x) for v, x in zip(leaves, examples, strict=True)]
    return WrittenStep(body, leaves, items, others, structure, rest[0])


def item_of(example: Any) -> Any:
    return nth(example, 0 if len(example) else None)


def widened(y: Any, x: Any) -> Any:
    """Return `x`, a Python number at first, as what it becomes where `y` comes after it."""
    if not is_weak(x) or is_weak(y) or shape_of(y):
        return x
    return np.result_type(y, x).type(x)


def as_like(v: Any, x: Any) -> Any:
    """Return `v` as a NumPy number if `x` is one and `v` is Python's."""
    x = example_of(x)
    if is_weak(x) or not is_weak(example_of(v)) or shape_of(x):
        return v
    if np.result_type(x, example_of(v)) != x.dtype:
        return v
    return cast(v, x.dtype) if isinstance(v, Value) else x.dtype.type(v)


def refuse_other_state(y: Any, x: Any, name: str, step: Step) -> None:
    before, after = (f"{dtype_of(v)}{list(shape_of(v))}" for v in (x, y))
    if before != after:  # perhaps for these numbers of rows only, so no CompileError
        raise ValueError(
            f"{name_of(step)} takes {name} as {before} and returns it as {after}; in a compiled "
            "loop every state has the shapes and dtypes of the first. Start with an array of that "
            "shape and dtype, or let the step return it as it came."
        )


def leaf_names(structure: Any, where: str = "") -> list[str]:
    if structure is ... or structure is None:
        return [where] if structure is ... else []
    return [v for name, inner in structure.named for v in leaf_names(inner, where + name)]


def said(names: list[str]) -> str:
    if names == [""]:
        return "one array"
    return f"{len(names)} arrays ({', '.join(names)})" if names else "no array"
