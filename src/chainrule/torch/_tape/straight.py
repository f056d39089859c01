"""The common backward pass, written out: from one number to all leaves, with nothing to look at.

The engine's pass asks a visit of every node, for what hooks, wanted inputs and recorded gradients
need. A pass without any of them spends a third of its time there, on small tensors; so this one
does what `walk.plain_visit` does without the calls. Nodes that are out of the common are visited.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from chainrule._core.blaming import blame
from chainrule._core.pieces import LATE
from chainrule._core.traces import fitted

from .extras import Leaf
from .nodes import FREED, HELD, KEPT, MORE, WATCH
from .quiet import QUIET, hush, unhush
from .saved import check_saved, emptied
from .values import recording

__all__ = ["walk_straight"]


def walk_straight(node: Any, g: Any, retain: bool, visit: Callable[[Any, Any], Any]) -> None:
    """Walk back from `node`, whose gradient is `g`; add gradients up in the leaves.

    `visit` is asked what to pull at nodes with hooks, of lists, and of users' own functions.
    """
    top = node[0]
    changes = {top: g}
    waiting = [node]
    owned: set[int] = set()  # nodes whose change is a sum made here: it may grow in place
    pull = kept = mode = None
    token = hush(QUIET)
    try:
        while waiting:
            node = heappop(waiting)
            order, pull, parent, kept, more, plan, watch, _, extra = node
            g = changes.pop(order)
            if type(g) in LATE:
                g = g.whole()
            if type(extra) is Leaf:
                extra.add_up(g)
                continue
            if extra is not None or plan.special:
                if mode is None:
                    mode = recording.set(False)  # what users wrote is not recorded
                if (step := visit(node, g)) is None:
                    continue
                g, pull, parent, kept, more = step
            elif watch is not None:
                if watch is FREED or (watch and watch[0][0] != watch[1]) or len(watch) > 3:
                    pull = None  # what the check says is no pull's fault
                    check_saved(node, watch)
                    pull = node[1]
                if not retain:  # `free`, written out
                    node[WATCH], node[HELD], node[KEPT] = FREED, None, None
                    if more is not None:
                        node[MORE] = emptied(more)
            while True:
                h, at = pull(g, kept), parent[0]
                if at not in changes:
                    changes[at] = h
                    heappush(waiting, parent)
                elif at in owned and type(h) is type(changes[at]):
                    changes[at] += h
                else:
                    changes[at] = changes[at] + h
                    owned.add(at)
                if more is None:
                    h = None  # one holder less: a pull may change in place what nobody else has
                    break
                pull, parent, kept, more = more
    except Exception as error:
        blame(error, top, node[0], pull, kept, fitted)
        raise
    finally:
        if mode is not None:
            recording.reset(mode)
        unhush(token)
