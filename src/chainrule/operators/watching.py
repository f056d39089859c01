"""Running a function on watched values, and handing out what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule._core.errors import explain
from chainrule._core.pieces import zeros
from chainrule._core.traces import backward, leaf, tick
from chainrule._core.trees import build
from chainrule._core.values import RECORDING, Recorded, Value, dtype_of, shape_of

from .arguments import Function, taken_apart


class Watched:
    """A tree whose leaves are watched by a new level."""

    __slots__ = ("leaves", "level", "orders", "starts", "structure", "tree")

    def __init__(self, tree: Any, where: str) -> None:
        self.structure, self.starts = taken_apart(tree, where)
        self.level = tick()
        self.leaves = [leaf(x, self.level) for x in self.starts]
        self.orders = [v.link[0] for v in self.leaves]  # one that is written to has another link
        self.tree = build(self.structure, self.leaves)

    def is_mine(self, y: Any) -> bool:
        return type(y) is Recorded and y.level is self.level

    def pull(self, seeds: list[tuple[Any, Any]], f: Callable[[Any], Any] | None = None) -> Any:
        """Return the tree of what reaches the leaves.

        `seeds` are emptied: what the record keeps is freed as the pass comes by. If an error does,
        running `f` on such a tree once more finds the line that it comes from.
        """
        given = [g for _, g in seeds]
        nodes = [node for node, _ in seeds[:1]]
        others = seeds[1:]
        seeds.clear()
        try:
            reached = backward(nodes.pop(), given[0], others) if given else {}
        except Exception as error:
            if f is not None:
                find_line(error, self.level, f, build(self.structure, self.starts))
            raise
        return build(self.structure, handed_out(reached, self.orders, self.starts, given))


def find_line(error: Exception, level: int, f: Callable[[Any], Any], tree: Any) -> None:
    """Add to an error of the backward pass the user's line; `level` is that of its record."""
    from .locating import locate

    def again() -> tuple[int, Any]:
        watched = Watched(tree, "an argument")
        return watched.level, f(watched.tree)

    locate(error, level, again)


def handed_out(
    reached: dict[int, Any], orders: list[int], starts: list[Any], given: list[Any]
) -> list[Any]:
    """Return the gradients as the caller may keep them.

    Floats for floats, arrays that are nobody else's.
    """
    out: list[Any] = []
    for order, x in zip(orders, starts, strict=True):
        g = reached.get(order)
        if g is None:
            g = zeros(shape_of(x), dtype_of(x))
        if isinstance(x, (np.generic, complex)) and type(g) is np.ndarray:
            g = g[()]
        if type(x) is float:
            g = float(g) if isinstance(g, (float, np.ndarray)) else g
        elif type(x) is np.ndarray and not isinstance(g, Value):
            if type(g) is not np.ndarray:
                g = np.array(g, x.dtype)
            elif g.base is not None or any(g is other for other in (*given, *out)):
                g = g.copy()
        out.append(g)
    return out


def called(f: Function, args: Sequence[Any], options: dict[str, Any]) -> Any:
    """Call the user's function; explain what plain NumPy can only say in its own terms."""
    before = RECORDING.set(True)
    try:
        return f(*args, **options)
    except (TypeError, ValueError) as error:
        explain(error)
        raise
    finally:
        RECORDING.reset(before)
