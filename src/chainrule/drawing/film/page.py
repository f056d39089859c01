"""The film of a training as one HTML file, which needs nothing but a browser."""

from __future__ import annotations

import base64
import json
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike

from chainrule._languages import html_language, tr, tr_n
from chainrule.lessons.findings import finding
from chainrule.lessons.training import Training

from .panels import Panel, curve_panel, legend, plane_panel
from .scene import limits, moments, signed, wrong

__all__ = ["MOST", "page"]

# So many moments of twenty bytes each stay well below 100 kB.
MOST = 2000
# In iterations a second.
SPEEDS = (5, 10, 25, 50, 100, 200, 400)
# What a film should take, in seconds, unless its viewer wants it otherwise.
LASTS = 10

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def page(training: Training) -> str:
    """Return the film as the text of an HTML file, in the language that is spoken."""
    shown = moments(training, MOST)
    plane = plane_panel(training)
    loss = curve_panel("loss", training, min(0.0, *training.loss), max(training.loss.max(), 1e-3))
    accuracy = curve_panel("accuracy", training, min(0.5, training.accuracy.min()), 1.0)
    title = tr("Logistic regression: the film of a training")
    return f"""<!doctype html>
<html lang="{html_language()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{_part("film.css")}</style>
</head>
<body>
<h1>{title}</h1>
<noscript><p>{tr("The film needs JavaScript; without it there is the table below.")}</p></noscript>
<p class="settings">{_settings(training)}</p>
<p>{finding(training)}</p>
<main>
{_numbers(training)}
<section class="plane" aria-label="{tr("the points and the line")}">
{plane.svg}
{legend()}
{_controls(training, shown)}
</section>
<section class="curves" aria-label="{tr("loss and accuracy")}">
<h2>{tr("loss in each iteration")}</h2>
{loss.svg}
<h2>{tr("accuracy in each iteration")}</h2>
{accuracy.svg}
</section>
</main>
<p class="small">{
        tr(
            "On the line both classes are equally probable: w0·x + w1·y + b = 0. Each iteration "
            "measures the line shown and then takes a step; the lesson's program prints the "
            "weights after that step."
        )
    }</p>
<details><summary>{tr("The training as a table")}</summary>
<div class="scroll">{_table(training)}</div></details>
<p id="told" class="hidden" role="status" aria-live="polite"></p>
<script type="application/json" id="film">{_data(training, shown, plane, loss, accuracy)}</script>
<script>
{_part("film.js")}</script>
</body>
</html>
"""


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _settings(training: Training) -> str:
    count = training.last + 1
    return f"{training.settings} · " + tr_n("{count} iteration", "{count} iterations", count)


def _controls(training: Training, shown: list[int]) -> str:
    wanted = min(SPEEDS, key=lambda speed: abs(np.log(training.last / LASTS / speed + 1e-9)))
    options = "".join(
        f'<option value="{speed}"{" selected" * (speed == wanted)}>'
        + tr("{count} iterations a second", count=speed)
        + "</option>"
        for speed in SPEEDS
    )
    buttons = "".join(
        f'<button type="button" id="{name}" aria-keyshortcuts="{key}" aria-label="{said}" '
        f'title="{said}">{_icon(shape)}</button>\n'
        for name, key, said, shape in (
            ("rewind", "Home", tr("back to iteration 0"), "M3 3h2v10H3zM13 3v10L6 8z"),
            ("back", "ArrowLeft", tr("one iteration back"), "M10 3v10L3 8zM11.5 3h2v10h-2z"),
            ("forward", "ArrowRight", tr("one iteration forward"), "M6 3v10L13 8zM2.5 3h2v10h-2z"),
        )
    )
    return f"""<input type="range" id="seek" min="0" max="{len(shown) - 1}" value="0" \
aria-label="{tr("iteration")}">
<div class="controls">
<button type="button" id="play" aria-keyshortcuts="Space">\
{_icon("M4 2v12L14 8z")}<span id="play-said">{tr("Play")}</span></button>
{buttons}<select id="speed" aria-label="{tr("speed")}">{options}</select>
</div>
<p class="small keys">{
        tr(
            "Keys: space plays and pauses, ← → step, with shift by ten; Home, End; "
            "+ − for the speed."
        )
    }</p>"""


def _icon(shape: str) -> str:
    # Drawn, since few fonts have all of these signs.
    return f'<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{shape}"/></svg>'


def _numbers(training: Training) -> str:
    w0, w1, b = training.weights[0]
    cells = (
        ("n-iteration", tr("iteration"), "0"),
        ("n-loss", tr("loss"), f"{training.loss[0]:.4f}"),
        ("n-accuracy", tr("accuracy"), f"{training.accuracy[0]:.1%}"),
        ("n-w0", "w0", signed(w0)),
        ("n-w1", "w1", signed(w1)),
        ("n-b", "b", signed(b)),
    )
    return (
        '<dl class="numbers">'
        + "".join(
            f'<div><dt>{name}</dt><dd id="{id}">{said}</dd></div>' for id, name, said in cells
        )
        + "</dl>"
    )


def _table(training: Training) -> str:
    """Some iterations, close together at first, when most happens."""
    round_numbers = (0, 1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 700, 1000, 2000, 5000, 10_000)
    rows = [n for n in round_numbers if n < training.last] + [training.last]
    header = (tr("iteration"), tr("loss"), tr("accuracy"), tr("on the wrong side"), "w0", "w1", "b")
    lines = ["<tr>" + "".join(f'<th scope="col">{name}</th>' for name in header) + "</tr>"]
    for n in rows:
        cells = [f"{training.loss[n]:.4f}", f"{training.accuracy[n]:.1%}", str(wrong(training, n))]
        cells += map(signed, training.weights[n])
        lines.append(
            f'<tr><th scope="row">{n}</th>'
            + "".join(f"<td>{cell}</td>" for cell in cells)
            + "</tr>"
        )
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _data(training: Training, shown: list[int], plane: Panel, loss: Panel, accuracy: Panel) -> str:
    rows = np.column_stack([training.weights[:-1], training.loss, training.accuracy])[shown]
    by_class = np.argsort(training.classes, kind="stable")
    text = json.dumps(
        {
            "last": training.last,
            "stride": shown[1] - shown[0] if len(shown) > 1 else 1,
            "limits": limits(training),
            "x": plane.x,
            "y": plane.y,
            "time": loss.x,
            "loss": loss.y,
            "accuracy": accuracy.y,
            "frames": _packed(rows),
            "points": _packed(training.points[by_class]),
            "texts": {
                "play": tr("Play"),
                "pause": tr("Pause"),
                "place": tr("iteration {n} of {last}"),
                "told": tr(
                    "Iteration {n} of {last}: loss {loss}, accuracy {accuracy}, "
                    "{wrong} of {all} points on the wrong side."
                ),
            },
        },
        ensure_ascii=False,
    )
    return text.replace("<", "\\u003c")  # or "</script>" in a text would end the data


def _packed(numbers: ArrayLike) -> str:
    """The numbers of type float32, which they were, in base64."""
    return base64.b64encode(np.asarray(numbers, "<f4").tobytes()).decode("ascii")
