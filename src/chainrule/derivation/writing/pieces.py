"""A written expression in pieces, between which a line may be broken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

__all__ = ["DEEPER", "NOTHING", "Binding", "Piece", "Written"]

Piece = tuple[int, str]  # how deep in the expression the break before it lies, and its text
DEEPER = 2  # in parentheses: a sum's breaks are even, a product's odd


class Binding(IntEnum):
    """How tightly the outermost sign of an expression binds."""

    RELATION = 0
    SUM = 1
    SIGNED = 2
    QUOTIENT = 3
    PRODUCT = 4
    POWER = 5
    ATOM = 6


@dataclass(frozen=True)
class Written:
    """An expression in an alphabet: its pieces, and what must be known to put it into another.

    `trailing` says that its end is open, as that of Σᵢ xᵢ is: what followed would seem to be
    within.
    """

    pieces: tuple[Piece, ...]
    binding: Binding
    trailing: bool = False

    @classmethod
    def whole(cls, text: str, binding: Binding, *, trailing: bool = False) -> Written:
        """Return what is never broken."""
        return cls(((0, text),), binding, trailing)

    @property
    def text(self) -> str:
        """The expression on one line."""
        return "".join(text for _, text in self.pieces)

    def before(self, text: str) -> tuple[Piece, ...]:
        """Return the pieces with `text` before them."""
        (depth, first), *rest = self.pieces
        return (depth, text + first), *rest

    def deeper(self) -> tuple[Piece, ...]:
        """Return the pieces as they are between two fences."""
        return tuple((depth + DEEPER, text) for depth, text in self.pieces)

    def fenced(self, fences: tuple[str, str], binding: Binding = Binding.ATOM) -> Written:
        """Return this between two fences, its breaks deeper."""
        opened = Written(Written(self.deeper(), binding).before(fences[0]), binding)
        return opened.close(fences[1], NOTHING, binding)

    def then(self, sign: str, other: Written, depth: int, binding: Binding) -> Written:
        """Return this, a sign and `other`, with a break of the given depth before the sign."""
        (_, first), *rest = other.pieces
        pieces = (*self.pieces, (depth, sign + first), *rest)
        return Written(pieces, binding, other.trailing)

    def close(self, sign: str, other: Written, binding: Binding) -> Written:
        """Return this, a sign and `other`, with no break between them."""
        *start, (depth, last) = self.pieces
        (_, first), *rest = other.pieces
        pieces = (*start, (depth, last + sign + first), *rest)
        return Written(pieces, binding, other.trailing)


NOTHING = Written.whole("", Binding.ATOM)
