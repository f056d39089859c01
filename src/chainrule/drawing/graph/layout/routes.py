"""The room between the layers: the curves of the edges, and what is written beside them.

A channel is the room between two layers. No card stands in it, so that what is written in it lies
over no card; columns in it keep the texts from one another. Lengths are "along" (the way that the
computation goes) and "across" (the way that the spots of a layer stand).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["ARROW", "Channel", "Text", "channel", "height_in"]

ARROW = 8.0
END = ARROW + 4  # straight to the end: the arrow, and the second frame of an output
LEAST = 50.0  # a channel's extent where nothing is written in it
MARGIN = 14.0  # between texts and layers
STUB = 11.0  # the same, where a text stands on a straight part
COLUMNS = 4  # of texts in a channel, at most: after that, some are left out


@dataclass(frozen=True)
class Text:
    """What is to be written beside an edge: how large, and where its curve starts and arrives.

    `branching`: it starts where other edges do, and is to be told from them only further on.
    """

    edge: int
    along: float
    across: float
    start: float
    end: float
    branching: bool = False


@dataclass(frozen=True)
class Channel:
    """How far a channel extends, where in it the curves are, and where the texts.

    `curved` is from where to where edges are curved; before and after they are straight. `spots`
    has for an edge where its text's middle stands (along, from the channel's start; across); an
    edge that is not in it found no room.
    """

    extent: float
    curved: tuple[float, float]
    spots: dict[int, tuple[float, float]]


def channel(texts: Sequence[Text], steepest: float = 0.0) -> Channel:
    """Return the narrowest channel in which all `texts` find room, if any does in `COLUMNS`.

    Every text stands on its edge: on the curve, or, where many edges meet, on the straight part on
    the side where they are apart. `steepest` is how far across the steepest curve goes.

    >>> channel([Text(0, 40, 16, 30, 30), Text(1, 40, 16, 100, 100)])
    Channel(extent=72.0, curved=(0.0, 60.0), spots={0: (36.0, 30.0), 1: (36.0, 100.0)})
    """
    spare = min(steepest * 0.1, 60.0)
    if not texts:
        return Channel(LEAST + spare, (0.0, LEAST + spare - END), {})
    pitch = max(text.along for text in texts) + 4
    leave, arrive = _spread([t.start for t in texts]), _spread([t.end for t in texts])
    come_together = leave > 1.5 * arrive and not any(text.branching for text in texts)
    go_apart = arrive > 1.5 * leave
    for columns in range(1, COLUMNS + 1):
        room = columns * pitch
        steps = [pitch * (c + 0.5) for c in range(columns)]
        if len(texts) > 3 and (come_together or go_apart):
            extent = room + LEAST + spare
            if come_together:
                curved = (room + STUB, extent - END)
                middles = [step + STUB for step in steps]
            else:
                curved = (0.0, extent - room - END - STUB)
                middles = [extent - END - STUB - step for step in steps]
        else:
            extent = max(LEAST, room + 2 * MARGIN) + spare
            curved = (0.0, extent - END)
            middles = [step + (extent - room) / 2 for step in steps]
            middles.sort(key=lambda at: abs(at - extent / 2))
        spots = _spots(texts, middles, curved)
        if len(spots) == len(texts):
            break
    return Channel(extent, curved, spots)


def height_in(start: float, end: float, part: float) -> float:
    """Return how far across an edge's curve is after a `part` of its way along.

    >>> height_in(0, 10, 0), height_in(0, 10, 0.5), height_in(0, 10, 1)
    (0.0, 5.0, 10.0)
    """
    # The curve is a cubic with its handles in the middle: x = 1.5 t(1 - t) + t³, y = 3 t² - 2 t³.
    part = min(max(part, 0.0), 1.0)
    low, high = 0.0, 1.0
    for _ in range(20):
        t = (low + high) / 2
        low, high = (t, high) if 1.5 * t * (1 - t) + t**3 < part else (low, t)
    t = round((low + high) / 2, 5)
    return start + (end - start) * t * t * (3 - 2 * t)


def _spread(ends: Sequence[float]) -> float:
    return max(ends) - min(ends)


def _spots(
    texts: Sequence[Text], middles: Sequence[float], curved: tuple[float, float]
) -> dict[int, tuple[float, float]]:
    """Return where each text stands, in the first column of `middles` that has room for it."""
    taken: list[list[tuple[float, float]]] = [[] for _ in middles]
    found = {}
    start, end = curved
    shapes = [height_in(0, 1, (middle - start) / (end - start)) for middle in middles]
    for text in sorted(texts, key=lambda text: text.start + text.end):
        for c, shape in enumerate(shapes):
            across = text.start + (text.end - text.start) * shape
            if all(abs(across - at) >= (text.across + size) / 2 for at, size in taken[c]):
                taken[c].append((across, text.across))
                found[text.edge] = (middles[c], across)
                break
    return found
