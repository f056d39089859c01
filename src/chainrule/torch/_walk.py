"""Walking the tape back: the engine's own backward pass, told at each node what PyTorch does there.

That is: hooks and retained gradients, checks that what was saved has not been written to, freeing,
stopping where no wanted gradient lies beyond, and, for gradients that are to be differentiated
again, what was kept as recorded values.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule._core.stating import Rule
from chainrule._core.traces import backward, edges

from ._quiet import QUIET, hush, unhush
from ._tape import (
    FREED,
    HELD,
    LIST_PLAN,
    PLAN,
    PULL,
    TAPE,
    WATCH,
    Taped,
    as_taped,
    cell,
    outputs_of,
    recording,
    unpacked,
)
from ._tensor import made
from ._types import type_name

__all__ = ["Extra", "Leaf", "check_saved", "walk"]

SECOND_TIME = (
    "Trying to backward through the graph a second time (or directly access saved tensors after "
    "they have already been freed). Saved intermediate values of the graph are freed when you "
    "call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
    "through the graph a second time or if you need to access saved tensors after calling backward."
)


class Extra:
    """What is asked of a node besides: hooks on its gradient, and that it be kept."""

    __slots__ = ("grad", "hooks", "prehooks", "retains")

    def __init__(self) -> None:
        self.hooks: dict[int, Callable[..., Any]] = {}
        self.prehooks: dict[int, Callable[..., Any]] = {}
        self.retains = False
        self.grad: Any = None

    def seen(self, g: Any) -> Any:
        """Return the gradient as the hooks leave it, and keep it if that was asked."""
        if self.hooks:
            g = hooked(self.hooks, g)
        if self.prehooks:
            g = prehooked(self.prehooks, g)
        if self.retains:
            self.grad = cell(g)
            if type(g) is not Taped:
                self.grad._array = self.grad._array.copy()
        return g


class Leaf:
    """What a leaf's node holds: the gradient, so that no cycle arises, and the tensor itself.

    The tensor is referred to weakly; its array serves to make it anew for those who come by the
    graph when it is gone.
    """

    __slots__ = ("after", "array", "grad", "hooks", "tensor")

    def __init__(self, tensor: Any) -> None:
        self.tensor = weakref.ref(tensor)
        self.array = tensor._array
        self.grad: Any = None
        self.hooks: dict[int, Callable[..., Any]] | None = None
        self.after: dict[int, Callable[..., Any]] | None = None

    def deposit(self, node: Any, g: Any) -> None:
        """Add a gradient up."""
        old = self.grad
        if old is None:
            self.grad = made(np.array(g)) if type(g) is not Taped else copied(g)
        elif type(g) is Taped or recording.get():
            self.grad = old + cell(g)
        elif old._array.flags.writeable:
            old._array += g
            old._writes[0] += 1
        else:
            self.grad = cell(old._array + g)
        if self.after:
            for hook in list(self.after.values()):
                hook(self.variable(node))

    def variable(self, node: Any) -> Any:
        """Return the leaf itself."""
        found = self.tensor()
        if found is None:
            found = cell(self.array)
            found._node = node
            self.tensor = weakref.ref(found)
        return found


def copied(g: Any) -> Any:
    from ._conversions import clone_as

    return clone_as(cell(g), "CopyBackwards")


def hooked(hooks: dict[int, Callable[..., Any]], g: Any) -> Any:
    """Pass a gradient through hooks in the order of their registration."""
    for hook in list(hooks.values()):
        given = cell(g)
        if type(g) is not Taped:
            given._array = np.array(g)  # a hook may write to what it is given
        result = hook(given)
        if result is None:
            g = given._array if type(g) is not Taped else g
            continue
        check_hook(hook, result, given)
        g = as_taped(result._array, result._node, result._writes) if result._node else result._array
    return g


def prehooked(hooks: dict[int, Callable[..., Any]], g: Any) -> Any:
    for hook in list(hooks.values()):
        result = hook((cell(g),))
        if result is not None:
            result = result[0] if isinstance(result, tuple) else result
            g = result._array
    return g


def check_hook(hook: Any, result: Any, given: Any) -> None:
    from ._tensor import Tensor

    name = getattr(hook, "__name__", repr(hook))
    if not isinstance(result, Tensor):
        raise TypeError(f"expected Variable, but hook returned '{type(result).__name__}'")
    if result._array.shape != given._array.shape:
        raise RuntimeError(f"hook '{name}' has changed the size of value")
    if result._array.dtype != given._array.dtype:
        raise RuntimeError(f"hook '{name}' has changed the type of value")


# ---------------------------------------------------------------- the walk


def walk(
    roots: Sequence[tuple[Any, Any]],
    *,
    retain: bool,
    create: bool,
    wanted: dict[int, Any] | None = None,
    captured: dict[int, Any] | None = None,
) -> None:
    """Walk back from `roots`, pairs of a node and its gradient.

    Gradients are added up in the leaves. With `wanted`, nodes by their orders, the walk goes only
    where these lie; with `captured`, they are put there, and nothing is added up in leaves.
    """
    if wanted is None and not create:
        visit = plain_visit(retain)
    else:
        needed = None if wanted is None else on_the_way([node for node, _ in roots], wanted)
        if needed is not None:
            roots = [(node, g) for node, g in roots if node[0] in needed]
        visit = choosy_visit(retain, create, wanted or {}, needed, captured)
    token, mode = hush(QUIET), recording.set(create)
    try:
        if roots:
            backward(*roots[0], roots[1:], visit)
    finally:
        recording.reset(mode)
        unhush(token)


def plain_visit(retain: bool) -> Callable[[Any, Any], Any]:
    """Return what `backward()` does at each node: the common case, kept short."""

    def visit(node: Any, g: Any) -> Any:
        _, pull, parent, kept, more, plan, watch, _, extra = node
        if extra is not None:
            if pull is None:
                extra.deposit(node, hooked(extra.hooks, g) if extra.hooks else g)
                return None
            g = extra.seen(g)
        if watch is not None:
            if watch is FREED or (watch and watch[0][0] != watch[1]) or len(watch) > 3:
                check_saved(node, watch)
            if not retain:
                free(node)
        if plan.special:
            return special_step(node, g, parent, kept)
        return g, pull, parent, kept, more

    return visit


def choosy_visit(
    retain: bool,
    create: bool,
    wanted: dict[int, Any],
    needed: dict[int, int] | None,
    captured: dict[int, Any] | None,
) -> Callable[[Any, Any], Any]:
    """Return what a pass does at each node that goes only some ways, or records itself."""

    def visit(node: Any, g: Any) -> Any:
        _, pull, parent, kept, more, plan, watch, held, extra = node
        if pull is None:
            if extra.hooks:
                g = hooked(extra.hooks, g)
            if captured is not None:
                captured[node[0]] = g
            else:
                extra.deposit(node, g)
            return None
        if extra is not None:
            g = extra.seen(g)
        if node[0] in wanted:
            if captured is not None:
                captured[node[0]] = g
            if needed is not None and needed[node[0]] == 1:  # nothing wanted lies beyond it
                return None
        if watch is not None:
            check_saved(node, watch)
        if plan.special:
            step = special_step(node, g, parent, kept)
        elif create and held is not None:
            step = rebuilt(node, g)
        else:
            step = g, pull, parent, kept, more
        if watch is not None and not retain:
            free(node)
        return step if needed is None or step is None else only(step, needed)

    return visit


def special_step(node: Any, g: Any, parent: Any, kept: Any) -> Any:
    """Return the step of a list's node, or of a user's own function."""
    if node[PLAN] is LIST_PLAN:
        return given_items(node, g)
    return g, node[PULL], parent, (kept, node), None


def on_the_way(nodes: Sequence[Any], wanted: dict[int, Any]) -> dict[int, int]:
    """Return the orders of the nodes from which a wanted one can be reached.

    1 for those that are wanted themselves and lead to no other, 2 for all others.
    """
    found: dict[int, Any] = {}
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node[0] in found:
            continue
        found[node[0]] = node
        if node[1] is not None:
            waiting.append(node[2])
            more = node[4]
            while more is not None:
                waiting.append(more[1])
                more = more[3]
    needed: dict[int, int] = {}
    for order in sorted(found, reverse=True):  # the earliest first: parents before children
        node = found[order]
        beyond = False
        if node[1] is not None:
            beyond = node[2][0] in needed
            more = node[4]
            while more is not None and not beyond:
                beyond = more[1][0] in needed
                more = more[3]
        if beyond:
            needed[order] = 2
        elif order in wanted:
            needed[order] = 1
    return needed


def only(step: Any, needed: dict[int, int]) -> Any:
    """Return a step without the edges that lead to nothing wanted."""
    g, *edge = step
    kept = []
    while edge is not None:
        pull, parent, keep, edge = edge
        if parent[0] in needed:
            kept.append((pull, parent, keep))
    more = None
    for pull, parent, keep in reversed(kept):
        more = (pull, parent, keep, more)
    return None if more is None else (g, *more)


def given_items(node: Any, g: Any) -> Any:
    """Return a step with the edges of a list's node to those items that have a gradient."""
    edge, kept = node[1:5], []
    while edge is not None:
        pull, parent, keep, edge = edge
        if g[keep[0]] is not None:
            kept.append((pull, parent, keep))
    more = None
    for pull, parent, keep in reversed(kept):
        more = (pull, parent, keep, more)
    return None if more is None else (g, *more)


def rebuilt(node: Any, g: Any) -> Any:
    """Return a step whose pulls keep recorded values: it records itself."""
    inputs, options, y = unpacked(node[HELD])
    plan = node[PLAN]
    rule: Rule = plan.op.rule
    if isinstance(y, (tuple, list)):
        links = outputs_of(node, y)
        outs = [as_taped(v, link) for v, link in zip(y, links, strict=True)]
        y = type(y)(*outs) if hasattr(y, "_fields") else type(y)(outs)
    else:
        y = as_taped(y, node)
    more = edges(Taped, rule, TAPE, inputs, inputs, options, y)
    if rule.lists:  # the list's node stands already
        more = (more[0], node[2], more[2], None)
    return (g, *more)


def free(node: Any) -> None:
    """Drop what a node keeps; its edges stay, so that the graph can still be looked at."""
    node[WATCH], node[HELD], node[3] = FREED, None, None
    if node[4] is not None:
        node[4] = emptied(node[4])


def emptied(more: Any) -> Any:
    rest = more[3]
    return more[0], more[1], None, None if rest is None else emptied(rest)


def check_saved(node: Any, watch: Any) -> None:
    """Raise if what a node saved was freed, or written to since."""
    if watch is FREED:
        raise RuntimeError(SECOND_TIME)
    for k in range(0, len(watch), 3):
        if watch[k][0] != watch[k + 1]:
            raise RuntimeError(modified(node, *watch[k : k + 3]))


def modified(node: Any, writes: Any, then: int, which: int) -> str:
    inputs, _, y = unpacked(node[HELD])
    v = inputs[which] if which >= 0 else y
    maker = node if which < 0 else v.link if type(v) is Taped else None
    array = v.value if type(v) is Taped else v
    by = ""
    if maker is not None and maker[1] is not None:
        name = maker[PLAN].name.removesuffix("0").removesuffix("1").removesuffix("Backward")
        by = f", which is output {maker[PLAN].output} of {name},"
    return (
        "one of the variables needed for gradient computation has been modified by an inplace "
        f"operation: [{type_name(array.dtype)} {list(array.shape)}]{by} is at version "
        f"{writes[0]}; expected version {then} instead. Hint: enable anomaly detection to find the "
        "operation that failed to compute its gradient, with "
        "torch.autograd.set_detect_anomaly(True, check_nan=False)."
    )
