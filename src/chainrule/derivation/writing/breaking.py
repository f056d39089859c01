"""Breaking a written expression into lines, where it is least torn apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .pieces import DEEPER, Piece

__all__ = ["FURTHER", "broken"]

FURTHER = 2  # columns that a line which goes on stands further in, and again in parentheses
DEEPEST = 4  # parentheses that are seen by how far in a line stands


def broken(
    pieces: Sequence[Piece], measure: Callable[[str], int], room: int
) -> list[tuple[int, str]]:
    """Return lines of at most `room` columns, each with how far in it stands, if breaks allow.

    A sum is broken between its terms rather than a term between its factors, and both rather
    than what is in parentheses. `measure` says how many columns a text takes.

    >>> broken([(0, "a·b"), (1, "·c"), (0, " + d")], len, 7)
    [(0, 'a·b·c'), (2, ' + d')]
    """
    lines = _Lines(measure, room)
    lines.fill(list(pieces))
    return lines.lines


class _Lines:
    def __init__(self, measure: Callable[[str], int], room: int) -> None:
        self.measure, self.room = measure, room
        self.lines: list[tuple[int, str]] = [(0, "")]

    def fits(self, text: str) -> bool:
        """Say whether `text` still fits on the line that is being filled."""
        indent, line = self.lines[-1]
        return indent + self.measure(line + text) <= self.room

    def begin(self, depth: int) -> None:
        """Begin a line at a break of that depth, unless the last one is still empty."""
        if self.lines[-1][1]:
            self.lines.append((_indent(depth), ""))

    def fill(self, pieces: list[Piece]) -> None:
        text = "".join(text for _, text in pieces)
        if not self.fits(text) and len(pieces) > 1:
            for group in _groups(pieces):
                self.place(group, first=group[0] is pieces[0])
            return
        if not self.fits(text):
            self.begin(pieces[0][0])
        indent, line = self.lines[-1]
        self.lines[-1] = indent, line + text

    def place(self, group: list[Piece], *, first: bool) -> None:
        """Put a group of pieces on this line, on one of its own, or on several."""
        text = "".join(text for _, text in group)
        depth = group[0][0]
        fits_alone = _indent(depth) + self.measure(text) <= self.room
        # A factor that is too long even for a line of its own goes on where it stands.
        is_term = depth % DEEPER == 0
        if not first and not self.fits(text) and (is_term or fits_alone):
            self.begin(depth)
        self.fill(group)


def _indent(depth: int) -> int:
    return FURTHER * (1 + min(depth // DEEPER, DEEPEST))


def _groups(pieces: list[Piece]) -> list[list[Piece]]:
    """Take pieces apart at their least deep breaks."""
    least = min(depth for depth, _ in pieces[1:])
    starts = [0, *(k for k, (depth, _) in enumerate(pieces) if k and depth == least)]
    return [pieces[a:b] for a, b in zip(starts, [*starts[1:], len(pieces)], strict=True)]
