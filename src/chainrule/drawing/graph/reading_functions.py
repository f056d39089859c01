"""Reading the graph of a function at its arguments: its calls are recorded, and pulled back."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import numpy as np

from chainrule._core.pieces import LATE, bundled, zeros
from chainrule._core.traces import backward
from chainrule._core.trees import flatten
from chainrule._core.values import Value, bare, dtype_of, shape_of
from chainrule._languages import tr
from chainrule.operators.arguments import name_of, started

from .model import Graph, GraphError
from .recording import Call, Drawn, Recording, as_now, edges_of, start
from .steps import Step, graph_of
from .wording import (
    fresh,
    label_of,
    letters,
    numbered,
    operand,
    operation_name,
    slope_text,
    written,
)

__all__ = ["read_function"]


def read_function(
    f: Callable[..., Any], args: Sequence[Any], names: Sequence[str], wrt: Collection[str] | None
) -> Graph:
    """Return the graph of `f(*args)`; `names` are those of the arguments."""
    run = Recording()
    starts: list[tuple[str, Drawn]] = []
    given = [_watched(v, name, run, starts) for v, name in zip(args, names, strict=True)]
    if not starts:
        raise GraphError(
            tr(
                "{f} was given no numbers to differentiate by; pass it numbers, or arrays of "
                "floats: arrays of integers count as indices",
                f=name_of(f),
            )
        )
    starts = [(name, as_now(v)) for name, v in starts]  # `f` may write to its arguments
    ys: list[Any] = []
    flatten(f(*given), tr("what {f} returned", f=name_of(f)), ys)
    outputs = list({y.link[0]: y for y in ys if run.holds(y)}.values())
    if not outputs:
        raise GraphError(
            tr("what {f} returned does not depend on its arguments by any step", f=name_of(f))
        )
    steps = _Steps(run, starts, outputs)
    steps.pull_back()
    title = tr("The graph of {what}", what=f"{_called(f)}({', '.join(names)})")
    return graph_of(steps.in_order(), title, _note(ys, outputs), wrt)


def _called(f: Any) -> str:
    name = name_of(f)
    return "f" if name == "<lambda>" else name


def _note(ys: list[Any], outputs: list[Drawn]) -> str:
    if len(ys) > 1:
        return tr("Gradients are those of the sum of all outputs.")
    if shape_of(bare(outputs[0])):
        return tr("The output is an array: gradients are those of the sum of its elements.")
    return ""


def _watched(v: Any, name: str, run: Recording, starts: list[tuple[str, Drawn]]) -> Any:
    """Return an argument with its numbers watched; texts, truths and indices stay as they are."""
    if isinstance(v, dict):
        return {k: _watched(w, f"{name}[{k!r}]", run, starts) for k, w in v.items()}
    if isinstance(v, (list, tuple)):
        fields = getattr(v, "_fields", None)
        names = [f".{field}" for field in fields] if fields else [f"[{k}]" for k in range(len(v))]
        items = [_watched(w, name + part, run, starts) for w, part in zip(v, names, strict=True)]
        return bundled(type(v), items)
    number = isinstance(v, (int, float, complex, np.generic, np.ndarray, Value))
    if (
        isinstance(v, bool)
        or not number
        or dtype_of(v).kind not in ("fciu" if not np.ndim(bare(v)) else "fc")
    ):
        return v
    watched = start(started(v, name), run)
    starts.append((name, watched))
    return watched


class _Steps:
    """The steps of a recorded run: the same nodes as the engine has, told for a reader."""

    def __init__(
        self, run: Recording, starts: list[tuple[str, Drawn]], outputs: list[Drawn]
    ) -> None:
        self.run, self.outputs = run, outputs
        self.by_order: dict[int, Step] = {}
        self.user_of_list: dict[int, Step] = {}  # a list of values is a node of the engine's too
        self.several: set[int] = set()  # the orders of calls with several outputs
        leaves = {name for name, _ in starts}
        self.names = letters(leaves | set(fresh(leaves, len(outputs))))
        self.ends = {
            y.link[0]: name for y, name in zip(outputs, fresh(leaves, len(outputs)), strict=True)
        }
        for name, v in starts:
            self.add(v.link, Step("", label_of(name), "leaf", value=bare(v), gradient=_zero(v)))
        self.needed = self.leading_to_outputs()
        for call in run.calls:
            if call.nodes[0][0] in self.needed:
                self.add_call(call)

    def leading_to_outputs(self) -> set[int]:
        found: set[int] = set()
        waiting = [y.link for y in self.outputs]
        while waiting:
            node = waiting.pop()
            if node[0] not in found:
                found.add(node[0])
                waiting += [parent for _, parent, _ in edges_of(node)]
        return found

    def add(self, node: Any, step: Step) -> None:
        step.key = f"n{len(self.by_order)}"
        self.by_order[node[0]] = step

    def add_call(self, call: Call) -> None:
        node, *outs = call.nodes
        function, options = call.rule.function, _said(call)
        step = Step("", "", "operation", operation=operation_name(function))
        inputs = [self.operand(v) for v in call.inputs]
        step.formula = written(function, inputs, options)
        if all(_is_number(v) for v in (*call.inputs, call.y)):
            step.worked = written(function, [operand(bare(v)) for v in call.inputs], options)
        self.name(node, step, call.y if not outs else None)
        if step.worked and not options:
            for v in filter(self.run.holds, call.inputs):
                by = self.by_order[v.link[0]]
                by.symbols[step.key] = slope_text(function, inputs, step.label, by.label)
        for k, (out, y) in enumerate(zip(outs, call.y if outs else (), strict=True)):
            if out[0] not in self.needed:
                continue
            field = getattr(call.y, "_fields", None)
            part = f"{step.label}.{field[k]}" if field else f"{step.label}[{k}]"
            self.name(out, Step("", "", "operation", part, operation="part"), y)
        if outs:
            self.several.add(node[0])

    def name(self, node: Any, step: Step, y: Any) -> None:
        end = self.ends.get(node[0])
        step.label, step.kind = (end, "output") if end else (next(self.names), "operation")
        step.value = None if y is None else bare(y)
        self.add(node, step)
        for _, parent, _ in edges_of(node):
            if parent[0] in self.by_order:
                self.by_order[parent[0]].flows[step.key] = []
            else:
                self.user_of_list[parent[0]] = step
                for _, item, _ in edges_of(parent):
                    self.by_order[item[0]].flows[step.key] = []

    def operand(self, v: Any) -> Any:
        if isinstance(v, (list, tuple)) and any(map(self.run.holds, v)):
            return [self.operand(w) for w in v]
        if self.run.holds(v):
            return operand(self.by_order[v.link[0]].label)
        return operand(repr(v) if isinstance(v, str) else bare(v))

    def pull_back(self) -> None:
        """Run the engine's backward pass, and write down what it does at each node."""
        seeds = [(y.link, _ones(y)) for y in self.outputs]
        for y in self.outputs:
            self.by_order[y.link[0]].seed = _ones(y)
        with np.errstate(all="ignore"):
            backward(*seeds[0], seeds[1:], self.visit)

    def visit(self, node: Any, g: Any) -> Any:
        step = self.by_order.get(node[0])
        if step is not None and node[0] not in self.several:
            step.gradient = bare(g)
        user = step or self.user_of_list[node[0]]
        changes = [(parent, pull(g, kept)) for pull, parent, kept in edges_of(node)]
        slopes = [self.slope(node, *edge) for edge in edges_of(node)]
        more: Any = None
        for (parent, h), slope in zip(reversed(changes), reversed(slopes), strict=True):
            above = self.by_order.get(parent[0])
            if above is not None and parent[0] not in self.several:
                whole = h.whole() if type(h) in LATE else h
                above.flows[user.key].append((bare(whole), slope))
            more = (_given, parent, h, more)
        return None if more is None else (g, *more)

    def slope(self, node: Any, pull: Any, parent: Any, kept: Any) -> Any:
        """Return the local derivative along an edge between two numbers; None along others."""
        ends = [self.by_order.get(order) for order in (node[0], parent[0])]
        if any(s is None or s.value is None or shape_of(s.value) != () for s in ends):
            return None
        return bare(pull(np.ones((), dtype_of(ends[0].value))[()], kept))  # type: ignore[union-attr]

    def in_order(self) -> list[Step]:
        return list(self.by_order.values())


def _given(_: Any, h: Any) -> Any:
    return h


def _said(call: Call) -> dict[str, Any]:
    """The options of a call that say something: not those that are what they are by default."""
    usual = {option.name: option.default for option in call.rule.options}
    return {name: v for name, v in call.options.items() if v is not usual.get(name)}


def _is_number(v: Any) -> bool:
    v = bare(v)
    plain = isinstance(v, (int, float, np.generic)) or (isinstance(v, np.ndarray) and not v.ndim)
    return plain and dtype_of(v).kind in "fiu"


def _zero(v: Drawn) -> Any:
    return zeros(shape_of(bare(v)), dtype_of(bare(v)))


def _ones(y: Drawn) -> Any:
    return np.ones(shape_of(bare(y)), dtype_of(bare(y)))[()]


def argument_names(f: Callable[..., Any], args: Sequence[Any]) -> Iterator[str]:
    """Yield a name for each argument: its parameter's, or x₁, x₂ where `f` tells none."""
    try:
        signature = inspect.signature(f)
    except ValueError:  # functions written in C, of which ufuncs are some
        yield from numbered("x", len(args))
        return
    try:
        bound = signature.bind(*args)
    except TypeError as error:
        raise TypeError(
            tr(
                "draw_graph runs {f} with the arguments given after it, which do not fit: {error}",
                f=name_of(f),
                error=error,
            )
        ) from None
    for name, v in bound.arguments.items():
        if signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL:
            yield from numbered("x" if name == "args" else name, len(v))
        else:
            yield name
