"""What is written in every alphabet: the methods that derivations and worked algebra share."""

from __future__ import annotations

from abc import ABC, abstractmethod

from chainrule._languages import speaking

from .layout import Page, as_html, as_latex, as_mathml, as_text
from .linear import linear

__all__ = ["Shown"]


class Shown(ABC):
    """Equations that can be shown as text, LaTeX and MathML; a notebook shows them by itself."""

    @abstractmethod
    def page(self) -> Page:
        """Return what is to be shown, its sentences in the language that is spoken."""

    def text(
        self, lang: str | None = None, *, alphabet: str = "unicode", width: int | None = None
    ) -> str:
        """Return the lines for a terminal of `width` columns, 80 unless told otherwise.

        `alphabet` is "unicode", "ascii" for consoles that lack ∂ and ², or "python", whose
        right sides are code. `lang` is the language of the captions, by default the one spoken.
        """
        with speaking(lang):
            return as_text(self.page(), linear(alphabet), width)

    def latex(self, lang: str | None = None) -> str:
        """Return the lines as LaTeX: an environment align*, which needs amsmath."""
        with speaking(lang):
            return as_latex(self.page())

    def mathml(self, lang: str | None = None) -> str:
        """Return the lines as one `<math>`, which browsers show without any library."""
        with speaking(lang):
            return as_mathml(self.page())

    def html(self, lang: str | None = None) -> str:
        """Return the lines as a piece of HTML: MathML, and paragraphs of its sentences."""
        with speaking(lang):
            return as_html(self.page())

    def __repr__(self) -> str:
        return self.text()

    # No HTML: notebooks would prefer it, and show its MathML as a jumble until they are trusted.
    def _repr_latex_(self) -> str:
        return self.latex()
