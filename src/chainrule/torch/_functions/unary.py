"""Functions that change each number by itself: how they are made from the engine's rules.

A program calls them in its loops, so the common call, of one floating-point tensor, reads straight
on: NumPy's function, a cell around its result, a node. Whole numbers, complex ones and mistakes
leave by one door.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.traces import tick

from .._checks import argument_error
from .._tape.plans import Op, op_named
from .._tape.promotion import floating
from .._tape.quiet import QUIET, hush, unhush
from .._tape.recording import recorded
from .._tape.values import as_array, as_taped, recording
from .._tensor import Tensor
from .._writing.out import into_out

__all__ = ["EXAMPLE", "of_floats", "unary", "whole_too"]

ndarray, new, asarray, is_recording = np.ndarray, object.__new__, as_array, recording.get
NOTHING: dict[str, Any] = {}

EXAMPLE = """{said}

    >>> import chainrule.torch as torch
    >>> torch.{name}(torch.tensor([{numbers}]))
    tensor([{results}])
    """

Prepare = Callable[[str, np.ndarray[Any, Any]], Any]


def of_floats(name: str, x: Any) -> Any:
    """Whole numbers and truth values become floating-point numbers."""
    return floating([x])[0]


def whole_too(name: str, x: Any) -> Any:
    """Whole numbers stay what they are."""
    return x


def unary(
    name: str,
    function: Any,
    saves: str,
    said: str,
    shows: tuple[str, str],
    *,
    other: Prepare = of_floats,
    node: str = "",
    call: Callable[[Any], Any] | None = None,
) -> Callable[..., Any]:
    """Return the function of one tensor that applies `function`, which has a rule, to each number.

    `saves` is what PyTorch saves: "self", "result" or nothing. `other` prepares arrays that are not
    of floating-point numbers, or raises; `node` is PyTorch's name of the node, where it is not the
    function's; `call` computes instead of `function`. `said` and `shows`, numbers and their
    results, go into the documentation.
    """
    op = Op(f"{node or name.title()}Backward0", function, (saves,), "self")
    op_named(function, op)
    rule = op.stated()
    compute = call or rule.call
    found = rule.argument(0)
    assert found is not None, name
    pull, keep = found
    plan = op.plan(1)
    watches_self, watches_result = bool(plan.watched), plan.watches_result
    copies_self, copies_result, holds = bool(plan.copied), plan.copies_result, plan.holds

    def general(input: Any) -> Any:
        if not isinstance(input, Tensor):
            raise argument_error(name, "input", 1, input)
        return recorded(op, (input,), {}, compute, lambda values: [other(name, values[0])])

    def apply(input: Tensor, *, out: Tensor | None = None) -> Any:
        try:
            x, parent = input._array, input._node
        except AttributeError:
            return general(input)
        if x.dtype.kind != "f":
            y = general(input)
            return y if out is None else into_out(name, y, out)
        token = hush(QUIET)
        try:
            y = compute(x)
        finally:
            unhush(token)
        result = new(Tensor)
        result._array = y = y if type(y) is ndarray else asarray(y)
        result._writes = writes = [0]
        if parent is None or not is_recording():
            result._node = None
            return result if out is None else into_out(name, result, out)
        kept_y = y
        if copies_self:
            x = x.copy()
        elif copies_result:
            kept_y = y.copy()
        if watches_self:
            watch: Any = (input._writes, input._writes[0], 0)
        else:
            watch = (writes, 0, -1) if watches_result else None
        held = ((as_taped(x, parent, input._writes),), NOTHING, kept_y) if holds else None
        result._node = [
            tick(), pull, parent, keep(0, kept_y, x), None, plan, watch, held, None
        ]  # fmt: skip
        return result if out is None else into_out(name, result, out)

    apply.__name__ = apply.__qualname__ = name
    apply.__doc__ = EXAMPLE.format(said=said, name=name, numbers=shows[0], results=shows[1])
    return apply
