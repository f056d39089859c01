"""What an alphabet is: how names, numbers and signs are written, and what is put around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from ..expressions import Name
from .pieces import Written

__all__ = ["GREEK", "Alphabet", "Spelled", "spelled", "subscripted"]

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "lam": "λ", "mu": "μ",
    "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ",
    "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip


class Spelled(NamedTuple):
    """A name taken apart: x1′ is the letters x, the digits 1 and one prime."""

    letters: str
    digits: str
    primes: int


def spelled(text: str) -> Spelled:
    """Return the letters, the digits at the end, and the number of primes of a name.

    >>> spelled("x12"), spelled("y′′")
    (Spelled(letters='x', digits='12', primes=0), Spelled(letters='y', digits='', primes=2))
    """
    bare = text.rstrip("′")
    found = re.fullmatch(r"(.*?[^\d_])_?(\d+)", bare)
    letters, digits = found.groups() if found else (bare, "")
    return Spelled(GREEK.get(letters, letters), digits, len(text) - len(bare))


def subscripted(letters: str) -> tuple[str, str]:
    """Return what stands before and after the one underscore of w_out; no others are subscripts.

    >>> subscripted("w_out"), subscripted("a_b_c")
    (('w', 'out'), ('a_b_c', ''))
    """
    above, _, below = letters.partition("_")
    return (above, below) if above and below and "_" not in below else (letters, "")


class Alphabet(Protocol):
    """How the pieces of an expression are written; the walk puts them together.

    Signs are named by their Unicode characters: `sign("·")` is what stands between factors.
    """

    @property
    def linear(self) -> bool:
        """Whether fractions, powers and roots are written on the line, with parentheses."""

    @property
    def code(self) -> bool:
        """Whether this is read by a program: every sign is written, every function by name."""

    @property
    def raises(self) -> bool:
        """Whether a raised 2 is at hand, so that the square of sin(x) is sin²(x)."""

    def sign(self, sign: str) -> str: ...

    def number(self, digits: str) -> str: ...

    def name(self, name: Name, index: str) -> str: ...

    def word(self, word: str) -> str: ...  # of a function

    def prose(self, text: str) -> str: ...  # captions and notes: any text at all

    def fences(self, opening: str, inside: str) -> tuple[str, str]: ...  # by ( | ⌊ ⌈

    def over(self, a: str, b: str) -> str: ...

    @property
    def suffixes(self) -> bool:
        """Whether an exponent only follows its base, which may then be on several lines."""

    def power(self, base: str, exponent: str, *, whole: bool) -> str: ...

    def root(self, x: str, degree: int) -> str: ...

    def before_call(self, function: str) -> str: ...  # what follows is in parentheses

    def total(self, index: str) -> str: ...  # what is added follows

    def based(self, word: str, base: str) -> str: ...  # log₂

    def slope(self, of: str, by: str, times: int, *, partial: bool, held: list[str]) -> str: ...

    def cases(self, pairs: Sequence[tuple[Written, Written]], otherwise: Written) -> Written: ...

    def balanced(self, lines: list[str]) -> list[str]: ...  # of an expression that was broken

    def measure(self, text: str) -> int: ...
