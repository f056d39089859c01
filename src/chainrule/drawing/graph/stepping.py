"""The page in which the passes through a graph are walked to and fro: one HTML file, no network."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape
from importlib.resources import files

from chainrule._languages import html_language, tr

from .grouping import grouped
from .model import Graph
from .svg import svg
from .texts import clean
from .walking import Walk, walk

__all__ = ["Page", "page"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
MOST_NODES = 60  # more steps than that, forward alone, nobody walks
HEIGHT = 640  # pixels of a notebook's output


class Page(str):
    """The text of an HTML page, which notebooks show as a page of its own inside theirs."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<Page of {len(self)} characters>"

    def _repr_html_(self) -> str:
        title = self.partition("<title>")[2].partition("</title>")[0]  # escaped already
        return (
            f'<iframe srcdoc="{escape(self)}" sandbox="allow-scripts" title="{title}" '
            f'style="width:100%;height:{HEIGHT}px;border:1px solid #ccc"></iframe>'
        )


def page(graph: Graph) -> Page:
    """Return the page, in the language that is spoken.

    A graph of more than `MOST_NODES` nodes is walked as it is drawn: parts that repeat, once.
    """
    graph = grouped(graph, MOST_NODES)
    walked = walk(graph)
    title = escape(clean(graph.title) or tr("The graph of a computation"))
    return Page(f"""<!doctype html>
<html lang="{html_language()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{_part("stepping.css")}</style>
</head>
<body>
<h1>{title}</h1>
<div class="desk">
<div class="controls" role="group" aria-label="{tr("walk through the graph")}">
{_controls()}<span id="place"></span>
</div>
<p id="caption" role="status" aria-live="polite" aria-atomic="true"></p>
<p class="keys">{tr("Keys: ← → step, Home and End, space plays and pauses.")}</p>
<noscript>{
        tr("Without JavaScript the picture is shown whole; the steps are listed below.")
    }</noscript>
</div>
<div class="picture">
{svg(replace(graph, title=""), max_nodes=None)}</div>
<details><summary>{tr("All steps")}</summary>
{_list(walked)}</details>
<script type="application/json" id="walk">{_data(walked)}</script>
<script>
{_part("stepping.js")}</script>
</body>
</html>
""")


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _controls() -> str:
    buttons = (
        ("first", "Home", tr("to the start"), "❙◀◀"),
        ("back", "ArrowLeft", tr("one step back"), "◀❙"),
        ("play", "Space", "", f"▶ {tr('Play')}"),
        ("forward", "ArrowRight", tr("one step forward"), "❙▶"),
        ("last", "End", tr("to the end"), "▶▶❙"),
    )
    return "".join(
        f'<button type="button" id="{name}" aria-keyshortcuts="{key}"'
        + (f' aria-label="{said}" title="{said}"' if said else "")
        + f">{sign}</button>\n"
        for name, key, said, sign in buttons
    )


def _list(walked: Walk) -> str:
    lines = (tr("{what}: {said}", what=p.phase, said=p.caption) for p in walked.paces)
    said = [escape(clean(line)) for line in lines]
    items = "".join(f'<li><button type="button">{each}</button></li>\n' for each in said)
    return f"<ol>\n{items}</ol>\n"


def _data(walked: Walk) -> str:
    steps = [
        {
            "phase": pace.phase,
            "caption": clean(pace.caption),
            "nodes": pace.nodes,
            "edges": pace.edges,
        }
        for pace in walked.paces
    ]
    gradients = {
        key: [(step, clean(text)) for step, text in changes]
        for key, changes in walked.gradients.items()
    }
    texts = {"play": tr("Play"), "pause": tr("Pause"), "place": tr("step {n} of {last}")}
    told = {
        "steps": steps,
        "values": walked.values,
        "flows": walked.flows,
        "gradients": gradients,
        "texts": texts,
    }
    # "<" is written otherwise, or "</script>" in a name would end the data.
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
