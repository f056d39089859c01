"""The alphabet of MathML, which browsers show without any library."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape

from chainrule._languages import tr
from chainrule._text import width

from ..expressions import Name
from .alphabet import spelled, subscripted
from .pieces import Binding, Written

__all__ = ["MATHML", "Mathml", "cell"]

APPLIED = "<mo>&#x2061;</mo>"  # the sign, unseen, that a function is applied to what follows
CLOSING = {"(": ")", "|": "|", "⌊": "⌋", "⌈": "⌉"}


class Mathml:
    """MathML for the inside of a cell or of a `<math>`."""

    linear = False
    code = False
    raises = True
    suffixes = False

    def sign(self, sign: str) -> str:
        if sign == "signed":
            return '<mo form="prefix">−</mo>'
        # In Chinese fonts the dot in the middle of a line is as wide as a letter; this one is not.
        return f"<mo>{escape({'·': '⋅'}.get(sign, sign))}</mo>"

    def number(self, digits: str) -> str:
        return f"<mn>{digits}</mn>"

    def name(self, name: Name, index: str) -> str:
        letters, digits, primes = spelled(name.text)
        letters, below = subscripted(letters)
        lowered = [f"<mi>{escape(below)}</mi>"] * bool(below) + [f"<mn>{digits}</mn>"] * bool(
            digits
        )
        lowered += [f"<mi>{index}</mi>"] * bool(index)
        shown = f"<mi>{escape(letters)}</mi>"
        if lowered:
            shown = f"<msub>{shown}<mrow>{'<mo>,</mo>'.join(lowered)}</mrow></msub>"
        return f"<msup>{shown}<mo>{'′' * primes}</mo></msup>" if primes else shown

    def word(self, word: str) -> str:
        return f"<mi>{escape(word)}</mi>"

    def prose(self, text: str) -> str:
        return f"<mtext>{escape(text)}</mtext>"

    def fences(self, opening: str, inside: str) -> tuple[str, str]:
        return (
            f'<mrow><mo form="prefix">{opening}</mo>',
            f'<mo form="postfix">{CLOSING[opening]}</mo></mrow>',
        )

    def over(self, a: str, b: str) -> str:
        return f"<mfrac><mrow>{a}</mrow><mrow>{b}</mrow></mfrac>"

    def power(self, base: str, exponent: str, *, whole: bool) -> str:
        return f"<msup><mrow>{base}</mrow><mrow>{exponent}</mrow></msup>"

    def root(self, x: str, degree: int) -> str:
        if degree == 2:
            return f"<msqrt>{x}</msqrt>"
        return f"<mroot><mrow>{x}</mrow><mn>{degree}</mn></mroot>"

    def before_call(self, function: str) -> str:
        return function + APPLIED

    def total(self, index: str) -> str:
        return f"<munder><mo>∑</mo><mi>{index}</mi></munder>"

    def based(self, word: str, base: str) -> str:
        return f"<msub><mi>{word}</mi><mn>{base}</mn></msub>"

    def slope(self, of: str, by: str, times: int, *, partial: bool, held: list[str]) -> str:
        d = f"<mi>{'∂' if partial else 'd'}</mi>"
        above = d if times == 1 else f"<msup>{d}<mn>{times}</mn></msup>"
        below = by if times == 1 else f"<msup>{by}<mn>{times}</mn></msup>"
        whole = self.over(above + of, d + below)
        if not held:
            return whole
        bar = f'<mrow>{whole}<mo fence="true" stretchy="true">|</mo></mrow>'
        return f"<msub>{bar}<mrow>{'<mo>,</mo>'.join(held)}</mrow></msub>"

    def cases(self, pairs: Sequence[tuple[Written, Written]], otherwise: Written) -> Written:
        when = f"<mtext>{tr('if')}&#xA0;</mtext>"
        told = [(value.text, when + condition.text) for value, condition in pairs]
        told.append((otherwise.text, f"<mtext>{tr('otherwise')}</mtext>"))
        rows = "".join(
            f"<mtr>{cell(f'{value}<mo>,</mo>')}{cell(condition)}</mtr>" for value, condition in told
        )
        table = f'<mtable columnalign="left left">{rows}</mtable>'
        shown = f'<mrow><mo form="prefix">{{</mo>{table}</mrow>'
        return Written.whole(shown, Binding.ATOM, trailing=True)

    def balanced(self, lines: list[str]) -> list[str]:
        """Close on its own line every row that was left open, and open it again on the next."""
        found, open_before = [], 0
        for line in lines:
            after = open_before + line.count("<mrow>") - line.count("</mrow>")
            found.append("<mrow>" * open_before + line + "</mrow>" * after)
            open_before = after
        return found

    def measure(self, text: str) -> int:
        return width(unescape(re.sub("<[^>]*>", "", text)))


MATHML = Mathml()


def cell(content: str, side: str = "left", style: str = "") -> str:
    """Return a cell of a table with its content at one side, `style` before that."""
    # Browsers differ in which of these two aligns mathematics.
    sides = f"text-align:{side};text-align:-webkit-{side}"
    return f'<mtd style="{style}{sides}"><mrow>{content}</mrow></mtd>'
