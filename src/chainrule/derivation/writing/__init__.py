"""Writing expressions and derivations: one walk, in the alphabets of consoles, LaTeX and MathML."""

from __future__ import annotations

from .layout import Equation, Page, as_html, as_latex, as_mathml, as_text
from .linear import ASCII, PYTHON, UNICODE, linear
from .of_derivation import data_of, page_of
from .shown import Shown
from .walk import write

__all__ = ["ASCII", "PYTHON", "UNICODE", "Equation", "Page", "Shown", "as_html", "as_latex"]
__all__ += ["as_mathml", "as_text", "data_of", "linear", "page_of", "write"]
