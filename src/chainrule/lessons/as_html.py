"""A page as one HTML document: it holds its pictures, and asks nothing of any other address."""

from __future__ import annotations

import base64
from html import escape

from chainrule._languages import html_language, speaking, tr
from chainrule._text import width

from .page import Command, Graph, Heading, Output, Page, Paragraph, Part, Picture, Table, Written

__all__ = ["document"]

STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --soft: #f3f3f1; --line: #888 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --paper: #161616; --soft: #242424; --line: #999 }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.05rem/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif }
main { max-width: 56rem; margin: 0 auto; padding: 1rem 1rem 3rem; overflow-wrap: anywhere }
h1 { line-height: 1.25 } h2 { margin: 2.2rem 0 .4rem; font-size: 1.25rem; line-height: 1.3 }
p { max-width: 42rem }
.wide { overflow-x: auto; max-width: 100%; overflow-wrap: normal; border-radius: .4rem }
.wide:focus-visible, summary:focus-visible { outline: 3px solid #0072B2; outline-offset: 2px }
pre { margin: 0; padding: .8rem 1rem; width: max-content; min-width: 100%;
  font: .88rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, "Noto Sans Mono CJK SC",
  monospace }
:lang(zh) pre { font-family: "Noto Sans Mono CJK SC", "Sarasa Mono SC", NSimSun, monospace }
.output, details { background: var(--soft) }
details { border-radius: .4rem; margin: 1rem 0 } summary { padding: .5rem 1rem; cursor: pointer }
figure { margin: 1.4rem 0 } figcaption { max-width: 42rem; font-size: .92rem }
img { display: block; max-width: max(100%, 36rem); height: auto; background: #fff }
.graph { background: #fff; padding: .5rem } .graph svg { display: block;
  height: auto; margin: 0 auto }
.written { padding: .4rem 0 }
math { font-family: "STIX Two Math", "Latin Modern Math", "Cambria Math",
  "DejaVu Math TeX Gyre", "Times New Roman",
  "Liberation Serif", math, serif }
table { border-collapse: collapse; min-width: 100% } caption { text-align: left; padding: .4rem 0 }
th, td { text-align: left; vertical-align: top; padding: .5rem .8rem .5rem 0;
  border-bottom: 1px solid var(--line) }
tbody td:not(.formula) { min-width: 8rem } tbody th, .formula { white-space: nowrap }
"""

HEAD = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="chainrule lesson">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
"""


def document(page: Page) -> str:
    """Return `page` as an HTML document."""
    with speaking(page.lang):
        head = HEAD.format(lang=html_language(), title=escape(page.title), style=STYLE)
        return "\n".join([head + "\n".join(map(_part, page.parts)), "</main>\n</body>\n</html>\n"])


def _part(part: Part) -> str:
    match part:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Paragraph(text):
            return f"<p>{escape(text)}</p>"
        case Command(line):
            return _scrolled(f"<pre>{escape(line)}</pre>", tr("To be typed"), "output")
        case Output(text, name, source):
            shown = _scrolled(f"<pre>{escape(text)}</pre>", tr("What the program prints"), "output")
            return shown if not source else f"{_source(name, source)}\n{shown}"
        case Picture(path, seen):
            data = base64.b64encode(path.read_bytes()).decode("ascii")
            image = f'<img src="data:image/png;base64,{data}" alt="{escape(seen)}">'
            return f"<figure>{_scrolled(image, path.name, 'picture')}</figure>"
        case Written(derivation):
            return _scrolled(derivation.html(), tr("The derivation"), "written")
        case Graph(graph, seen):
            drawn = _scrolled(graph.svg(), tr("The graph"), "graph")
            return f"<figure>{drawn}<figcaption>{escape(seen)}</figcaption></figure>"
        case Table():
            return _scrolled(_table(part), part.caption, "table")


def _scrolled(inside: str, label: str, kind: str) -> str:
    """What may be wider than a telephone's screen: it scrolls by itself, by keys too."""
    label = escape(label)
    return (
        f'<div class="wide {kind}" role="region" aria-label="{label}" tabindex="0">{inside}</div>'
    )


def _source(name: str, source: str) -> str:
    summary = escape(tr("The program, {name}", name=name))
    lines = _scrolled(f"<pre>{escape(source)}</pre>", name, "source")
    return f"<details><summary>{summary}</summary>{lines}</details>"


def _table(table: Table) -> str:
    header = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.header)
    rows = "".join(
        f'<tr><th scope="row">{escape(first)}</th>' + "".join(map(_cell, rest)) + "</tr>\n"
        for first, *rest in table.rows
    )
    caption = f"<caption>{escape(table.caption)}</caption>"
    return f"<table>{caption}<thead><tr>{header}</tr></thead>\n<tbody>{rows}</tbody></table>"


def _cell(text: str) -> str:
    # What has no space is one formula, which a browser would break behind any minus.
    kind = "" if " " in text or width(text) > len(text) else ' class="formula"'
    return f"<td{kind}>{escape(text)}</td>"
