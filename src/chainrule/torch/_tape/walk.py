"""Walking the tape back: the engine's own backward pass, told at each node what PyTorch does there.

That is: hooks and retained gradients, checks that what was saved has not been written to, freeing,
stopping where no wanted gradient lies beyond, and, for gradients that are to be differentiated
again, what was kept as recorded values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

from chainrule._core.pieces import Outputs
from chainrule._core.stating import Rule
from chainrule._core.traces import backward, edges

from .edges import chained, changes_of, edges_of, handed_on, slots_of
from .extras import Extra, Leaf, hooked, replaced
from .nodes import FREED, HELD, PLAN, PULL, WATCH, outputs_of, unpacked
from .plans import LIST_PLAN, REFUSING
from .prompt import Prompt, underway
from .quiet import QUIET, hush, unhush
from .saved import check_saved, emptied, free
from .straight import walk_straight
from .values import TAPE, Taped, as_taped, recording

__all__ = ["Extra", "Leaf", "Visit", "inspector", "restricted", "walk"]

Visit = Callable[[Any, Any], Any]  # of a node and its gradient; returns a step or None
# Whether the walk that is under way goes only to the inputs that were chosen.
restricted: ContextVar[bool] = ContextVar("restricted", default=False)
# While it is set, every visit goes through what it makes of them.
inspector: ContextVar[Callable[[Visit], Visit] | None] = ContextVar("inspector", default=None)


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
    needed = None
    inspected = inspector.get()
    if wanted is None and not create:
        visit = plain_visit(retain)
        if len(roots) == 1 and inspected is None and not Leaf.hooked:
            walk_straight(*roots[0], retain, visit)
            return
    else:
        if wanted is not None:
            needed = on_the_way([node for node, _ in roots], wanted)
        if needed is not None:
            roots = [(node, g) for node, g in roots if node[0] in needed]
        visit = choosy_visit(retain, create, wanted or {}, needed, captured)
    if inspected is not None:
        visit = inspected(visit)
    prompt = Prompt(visit, [node for node, _ in roots], needed) if Leaf.hooked else None
    token, mode, before = hush(QUIET), recording.set(create), underway.set(prompt)
    chosen = restricted.set(wanted is not None)
    try:
        if roots:
            backward(*roots[0], roots[1:], prompt or visit)
        if prompt is not None:
            prompt.finish()
    finally:
        restricted.reset(chosen)
        underway.reset(before)
        recording.reset(mode)
        unhush(token)


# ---------------------------------------------------------------- what is done at a node


def plain_visit(retain: bool) -> Visit:
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
            if not retain:  # `free`, written out
                node[WATCH], node[HELD], node[3] = FREED, None, None
                if more is not None:
                    node[4] = emptied(more)
        step = special_step(node, g, retain) if plan.special else (g, pull, parent, kept, more)
        if extra is not None and (extra.before_node or extra.after_node):
            return with_hooks(node, extra, step)
        return step

    return visit


def choosy_visit(
    retain: bool,
    create: bool,
    wanted: dict[int, Any],
    needed: dict[int, int] | None,
    captured: dict[int, Any] | None,
) -> Visit:
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
        last = needed is not None and needed[node[0]] == 1  # nothing wanted lies beyond
        if captured is not None and node[0] in wanted and not last:
            captured[node[0]] = g  # as PyTorch has it: hooks act on what goes on from here
        if extra is not None:
            g = extra.seen(g)
        if last and captured is not None:
            captured[node[0]] = g
            return None
        if watch is not None:
            check_saved(node, watch)
        if plan.special:
            step = special_step(node, g, retain)
        elif create and held is not None:
            step = rebuilt(node, g)
        else:
            step = g, pull, parent, kept, more
        if watch is not None and not retain:
            free(node)
        if extra is not None and (extra.before_node or extra.after_node):
            step = with_hooks(node, extra, step)
        if last and (plan.special or plan.name == REFUSING) and step is not None:
            changes_of(step)  # PyTorch runs the node of a result that is among `inputs`
        return step if needed is None or step is None else only(step, needed)

    return visit


def special_step(node: Any, g: Any, retain: bool) -> Any:
    """Return the step of a list's node, or of a user's own function."""
    if node[PLAN] is LIST_PLAN:
        edges = [edge for edge in edges_of(node[1:5]) if g[edge[2][0]] is not None]
        step = chained(edges)
        return None if step is None else (g, *step)
    return g, node[PULL], node[2], (node[3], retain), None


def with_hooks(node: Any, extra: Extra, step: Any) -> Any:
    """Return a step that passes on what the hooks of its node leave of the gradients."""
    if step is None:
        return None
    g, *edge = step
    outputs = [g.get(k) for k in range(len(g.kinds))] if type(g) is Outputs else [g]
    if extra.before_node:
        outputs = list(replaced(extra.before_node, outputs))
        if all(h is None for h in outputs):
            return None
        if type(g) is Outputs:
            g.clear()
            g.update({k: h for k, h in enumerate(outputs) if h is not None})
        else:
            (g,) = outputs
        step = (g, *edge)
    if extra.after_node:
        changes = iter(changes_of(step))
        slots = [None if slot is None else next(changes) for slot in slots_of(node)]
        hs = replaced(extra.after_node, [slot and slot[1] for slot in slots], outputs)
        pairs = zip(slots, hs, strict=True)
        step = handed_on([(slot[0], h) for slot, h in pairs if slot is not None])
    return step


# ---------------------------------------------------------------- going only some ways


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
    kept = chained(one for one in edges_of(edge) if one[1][0] in needed)
    return None if kept is None else (g, *kept)


# ---------------------------------------------------------------- gradients of gradients


def rebuilt(node: Any, g: Any) -> Any:
    """Return a step whose pulls keep recorded values: it records itself."""
    inputs, options, y = unpacked(node[HELD])
    rule: Rule = node[PLAN].op.rule
    if isinstance(y, (tuple, list)):
        links = outputs_of(node, y)
        outs = [as_taped(v, link) for v, link in zip(y, links, strict=True)]
        y = type(y)(*outs) if hasattr(y, "_fields") else type(y)(outs)
    elif node[PLAN].copies_result and rule.word == "elementwise":
        y = rule.function(*inputs, **options)  # PyTorch, too, computes anew what it did not save
    else:
        y = as_taped(y, node)
    more = edges(Taped, rule, TAPE, inputs, list(inputs), options, y)
    if rule.lists:  # the list's node stands already
        more = (more[0], node[2], more[2], None)
    return (g, *more)
