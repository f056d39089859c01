"""Seeing each operation as it is recorded, while somebody wants to: hooks on what is saved.

The hot operations write their nodes themselves and ask nobody. So the slot that holds a tensor's
node is exchanged, as long as anyone watches, for a descriptor that tells of what is put there;
nobody else pays for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from .._tensor import Tensor

__all__ = ["Observer", "observe", "observers", "unobserve"]

# Of a tensor and the node, or None, that it is given; it may return another one, in a tuple.
Observer = Callable[[Tensor, Any], Any]

SLOT: Any = vars(Tensor)["_node"]
observers: ContextVar[tuple[Observer, ...]] = ContextVar("observers", default=())
lock = threading.Lock()
count = exchanges = 0
# An interpreter that has seen a class change so often stops looking names up fast in it: then
# the descriptor stays.
ENOUGH = 200


def put(t: Tensor, node: Any) -> None:
    for see in observers.get():
        if (other := see(t, node)) is not None:
            (node,) = other
    SLOT.__set__(t, node)


WATCHED = property(SLOT.__get__, put)


def observe(observer: Observer) -> Any:
    """Let `observer` see every node from now on, in this thread or task.

    Returns what `unobserve` takes.
    """
    global count, exchanges
    with lock:
        count += 1
        if count == 1 and vars(Tensor)["_node"] is SLOT:
            exchanges += 1
            Tensor._node = WATCHED
    return observers.set((*observers.get(), observer))


def unobserve(token: Any) -> None:
    """End what `observe` began."""
    global count
    observers.reset(token)
    with lock:
        count -= 1
        if not count and exchanges < ENOUGH:
            Tensor._node = SLOT
