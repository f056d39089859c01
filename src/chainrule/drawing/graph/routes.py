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
LEAST = 50.0  # a channel's extent where nothing is written in it
MARGIN = 14.0  # between texts and layers
COLUMNS = 4  # of texts in a channel, at most: after that, some are left out


@dataclass(frozen=True)
class Text:
    """What is to be written beside an edge: how large, and where its curve starts and arrives."""

    edge: int
    along: float
    across: float
    start: float
    end: float


@dataclass(frozen=True)
class Channel:
    """How far a channel extends, and for each edge with a text where its middle stands.

    `spots` has (along, from the channel's start; across); an edge that is not in it found no room.
    """

    extent: float
    spots: dict[int, tuple[float, float]]


def channel(texts: Sequence[Text], steepest: float = 0.0) -> Channel:
    """Return the narrowest channel in which all `texts` find room, if any does in `COLUMNS`.

    Every text stands on its curve. `steepest` is how far across the steepest curve goes.

    >>> texts = [Text(0, 40, 16, 0, 100), Text(1, 40, 16, 100, 100)]
    >>> channel(texts)
    Channel(extent=72.0, spots={0: (36.0, 50.0), 1: (36.0, 100.0)})
    """
    spare = min(steepest * 0.1, 60.0)
    if not texts:
        return Channel(LEAST + spare, {})
    pitch = max(text.along for text in texts) + 4
    for columns in range(1, COLUMNS + 1):
        extent = max(LEAST, columns * pitch + 2 * MARGIN) + spare
        middles = [extent / 2 + pitch * (c - (columns - 1) / 2) for c in range(columns)]
        spots = _spots(texts, middles, extent)
        if len(spots) == len(texts):
            break
    return Channel(extent, spots)


def height_in(start: float, end: float, part: float) -> float:
    """Return how far across an edge's curve is after a `part` of the channel.

    >>> height_in(0, 10, 0), height_in(0, 10, 0.5), height_in(0, 10, 1)
    (0.0, 5.0, 10.0)
    """
    # The curve is a cubic with its handles in the middle: x = 1.5 t(1 - t) + t³, y = 3 t² - 2 t³.
    low, high = 0.0, 1.0
    for _ in range(20):
        t = (low + high) / 2
        low, high = (t, high) if 1.5 * t * (1 - t) + t**3 < part else (low, t)
    t = (low + high) / 2
    t = round(t, 5)
    return start + (end - start) * t * t * (3 - 2 * t)


def _spots(
    texts: Sequence[Text], middles: Sequence[float], extent: float
) -> dict[int, tuple[float, float]]:
    """Return where each text stands, in the column of `middles` that has room for it."""
    taken: list[list[tuple[float, float]]] = [[] for _ in middles]
    found = {}
    # The columns in the middle first: there a text is farthest from the cards.
    columns = sorted(range(len(middles)), key=lambda c: abs(middles[c] - extent / 2))
    parts = [middle / extent for middle in middles]
    shapes = [height_in(0, 1, part) for part in parts]
    for text in sorted(texts, key=lambda text: text.start + text.end):
        for c in columns:
            across = text.start + (text.end - text.start) * shapes[c]
            if all(abs(across - at) >= (text.across + size) / 2 for at, size in taken[c]):
                taken[c].append((across, text.across))
                found[text.edge] = (middles[c], across)
                break
    return found
