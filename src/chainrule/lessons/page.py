"""A page of a lesson: its parts in their order, which a terminal and a browser show alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from chainrule._languages import speaking

__all__ = ["Command", "Drawn", "Graph", "Heading", "Output", "Page", "Paragraph", "Part"]
__all__ += ["Picture", "Program", "Table", "Writes", "Written"]


class Writes(Protocol):
    """What a derivation offers: itself as lines of a terminal, and as a piece of HTML."""

    def text(
        self, lang: str | None = None, *, alphabet: str = "unicode", width: int | None = None
    ) -> str: ...

    def html(self, lang: str | None = None) -> str: ...


class Drawn(Protocol):
    """What a graph offers: itself as an SVG picture."""

    def svg(self) -> str: ...


@dataclass(frozen=True)
class Heading:
    """A heading inside of a page."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A few sentences."""

    text: str


@dataclass(frozen=True)
class Command:
    """A line to be typed by whoever wants to see more."""

    line: str


@dataclass(frozen=True)
class Program:
    """A program of the lessons by its file's name without `.py`: what it prints and draws.

    `seen` says in words what each picture shows, by the picture's name, for who cannot see it.
    """

    name: str
    seen: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Output:
    """What a program printed, as it printed it, and its source if it is to be shown too."""

    text: str
    name: str = ""
    source: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture, in a file; `seen` says in words what it shows."""

    path: Path
    seen: str


@dataclass(frozen=True)
class Written:
    """A derivation."""

    derivation: Writes


@dataclass(frozen=True)
class Graph:
    """The graph of a computation; `seen` says in words what it shows, as terminals do."""

    graph: Drawn
    seen: str
    name: str = "graph.svg"  # of its file, where pictures are saved


@dataclass(frozen=True)
class Table:
    """A table with a heading for each column; `caption` says of what."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


Part = Heading | Paragraph | Command | Output | Picture | Written | Graph | Table


@dataclass(frozen=True)
class Page:
    """A lesson as it was run: its title, its parts, and the language it is in."""

    title: str
    parts: tuple[Part, ...]
    lang: str = "en"

    def text(self, alphabet: str = "unicode") -> str:
        """Return the page for a terminal of 80 columns; "ascii" for one that lacks ∂ and ².

        >>> print(Page("Slopes", (Paragraph("How steep a curve is."),)).text())
        Slopes
        ======
        <BLANKLINE>
        How steep a curve is.
        """
        from .as_text import heading, part

        with speaking(self.lang):
            return "\n\n".join(
                [heading(self.title), *(part(each, alphabet) for each in self.parts)]
            )

    def html(self) -> str:
        """Return the page as one HTML document, which holds its pictures and asks for nothing."""
        from .as_html import document

        return document(self)
