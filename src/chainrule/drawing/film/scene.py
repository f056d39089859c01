"""What every film of a training shows, before it is drawn: the plane, the line, the moments."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainrule.lessons.training import Training

__all__ = ["MARGIN", "Point", "Sides", "limits", "moments", "sides", "signed"]
__all__ += ["ticks", "wrong"]

Point = tuple[float, float]

# Around the outermost points, as in the lesson's picture.
MARGIN = 0.5


@dataclass(frozen=True)
class Sides:
    """The decision line in a square: its two ends, and the corners of the side of class 1.

    Both are empty if the line does not cross the square and all of it is the side of class 0.
    """

    line: list[Point]
    of_class_1: list[Point]


def limits(training: Training) -> tuple[float, float]:
    """Return the least and greatest coordinate of the square that all points lie in."""
    return training.points.min().item() - MARGIN, training.points.max().item() + MARGIN


def sides(weights: NDArray[np.float64], low: float, high: float) -> Sides:
    """Return where w0 x + w1 y + b = 0 cuts the square from `low` to `high`, and the side above 0.

    >>> sides(np.array([1.0, 0.0, 0.0]), -1, 1)
    Sides(line=[(0.0, -1.0), (0.0, 1.0)], of_class_1=[(0.0, -1.0), (1, -1), (1, 1), (0.0, 1.0)])
    """
    w0, w1, b = weights.tolist()
    corners: list[Point] = [(low, low), (high, low), (high, high), (low, high)]
    values = [w0 * x + w1 * y + b for x, y in corners]
    found = Sides([], [])
    for n, (x, y) in enumerate(corners):
        (next_x, next_y), here, there = corners[n - 3], values[n], values[n - 3]
        if here >= 0:
            found.of_class_1.append((x, y))
        if (here >= 0) != (there >= 0):
            part = here / (here - there)
            cut = (x + part * (next_x - x), y + part * (next_y - y))
            found.line.append(cut)
            found.of_class_1.append(cut)
    return found


def wrong(training: Training, iteration: int) -> int:
    """Return how many points are on the wrong side of the line of an iteration."""
    count = len(training.classes)
    return count - round(float(training.accuracy[iteration]) * count)


def moments(training: Training, most: int) -> list[int]:
    """Return the numbers of at most so many iterations: evenly spaced, the first and last too.

    >>> from chainrule.lessons.training import record
    >>> moments(record(1.7, 1), most=5)
    [0, 126, 252, 376]
    """
    stride = math.ceil(training.last / max(1, most - 2)) if training.last >= most else 1
    return [*range(0, training.last, stride), training.last]


def signed(weight: float) -> str:
    """Return a weight as films print it, which leave it only so much room.

    >>> signed(-0.051), signed(123456.7)
    ('−0.05', '1.23e+5')
    """
    text = f"{weight:.2f}" if abs(weight) < 1e5 else f"{weight:.2e}".replace("e+0", "e+")
    return text.replace("-", "−")


def ticks(low: float, high: float, most: int = 7) -> list[float]:
    """Return round numbers from `low` to `high`, at most so many.

    >>> ticks(-4.2, 7.9), ticks(0, 0.39)
    ([-4.0, -2.0, 0.0, 2.0, 4.0, 6.0], [0.0, 0.1, 0.2, 0.3])
    """
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for step in (power, 2 * power, 5 * power, 10 * power, 20 * power):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return [round(n * step, 12) + 0.0 for n in range(first, last + 1)]
    raise AssertionError("twenty powers are enough")  # 7 * power < 20 * power * 7
