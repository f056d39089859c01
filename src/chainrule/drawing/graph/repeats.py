"""Parts of a sequence that follow one another and are alike: the turns of a loop, equal layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Repeat", "Step", "repeat"]

LEAST_TIMES = 3
LONGEST = 500  # steps of a turn


@dataclass(frozen=True)
class Step:
    """A step of a computation: what it does, which steps it uses, and how many values in all."""

    what: object
    uses: tuple[int, ...]
    count: int


@dataclass(frozen=True)
class Repeat:
    """From the step `start`, `times` turns of `length` steps each."""

    start: int
    length: int
    times: int

    @property
    def saved(self) -> int:
        """How many steps need not be drawn if one turn is."""
        return self.length * (self.times - 1)


def repeat(steps: Sequence[Step]) -> Repeat | None:
    """Return the repeat that leaves the fewest steps to be drawn; None if there is none.

    Turns are alike if their steps do the same, use the steps of their own turn in the same way, and
    those of earlier turns too; what comes from before may differ.

    >>> loop = [Step("mul" if i % 2 == 0 else "add", (i - 1,) if i else (), 2) for i in range(8)]
    >>> repeat(loop)
    Repeat(start=0, length=2, times=4)
    """
    best: Repeat | None = None
    for found in sorted(_candidates(steps), key=lambda r: (-r.saved, r.length)):
        if best is not None and best.saved >= found.saved:
            break
        for part in _parts(steps, found):
            if part.times >= LEAST_TIMES and (best is None or part.saved > best.saved):
                best = part
    return best


def _candidates(steps: Sequence[Step]) -> Iterator[Repeat]:
    """Yield where the steps do the same again and again, whatever they use."""
    numbers: dict[object, int] = {}
    what = np.array([numbers.setdefault(step.what, len(numbers)) for step in steps], dtype=int)
    for length in range(1, min(len(steps) // LEAST_TIMES, LONGEST) + 1):
        same = np.concatenate([[False], what[:-length] == what[length:], [False]])
        bounds = np.flatnonzero(same[1:] != same[:-1])
        for start, end in zip(bounds[::2].tolist(), bounds[1::2].tolist(), strict=True):
            if (times := (end - start) // length + 1) >= LEAST_TIMES:
                yield Repeat(start, length, times)


def _parts(steps: Sequence[Step], found: Repeat) -> Iterator[Repeat]:
    """Yield the parts of a repeat in which the turns are alike in what they use, too.

    The first turn often is not like the others: it begins with what is given.
    """
    start, times = found.start, found.times
    while times:
        alike = _alike(steps, Repeat(start, found.length, times))
        yield Repeat(start, found.length, alike)
        start, times = start + alike * found.length, times - alike


def _alike(steps: Sequence[Step], found: Repeat) -> int:
    """Return how many turns, from the first, are like the first in what they use."""

    def within(turn: int, step: int, reach: int) -> list[int]:
        """How far back a step of a turn uses others, no farther than `reach`."""
        at = found.start + turn * found.length + step
        return sorted(at - used for used in steps[at].uses if at - used <= reach)

    for turn in range(1, found.times):
        for step in range(found.length):
            at = found.start + turn * found.length + step
            reach = (turn - 1) * found.length + step  # as far as the turn before goes in the repeat
            if (
                steps[at].count != steps[at - found.length].count
                or within(turn, step, step) != within(0, step, step)
                or within(turn, step, reach) != within(turn - 1, step, reach)
            ):
                return turn
    return found.times
