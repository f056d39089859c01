"""The homework's grid: a panel for each training of a sweep, all on one scale."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from chainrule._languages import tr
from chainrule._optional import library
from chainrule.drawing.picture import Picture
from chainrule.drawing.style import COLOURS, GREY, style
from chainrule.lessons.homework import Sweep
from chainrule.lessons.training import Training

from .scene import limits, sides

__all__ = ["draw_grid", "save_grid"]

WIDEST = 5  # panels
PANEL = 2.7  # inches


def draw_grid(sweep: Sweep, lang: str | None = None) -> Picture:
    """Return the picture of a sweep: the points of each training, its first line and its last.

    All panels have one scale, and thin lines through the origin: one sees how far away from it a
    bias moves the points. `lang` is "en" or "zh", by default the language that is spoken. Needs
    the extra `plot`.
    """
    count = len(sweep.trainings)
    columns = len(sweep.values["bias"]) * len(sweep.values["lr"])
    if columns > WIDEST or columns == 1:
        columns = min(WIDEST, math.ceil(math.sqrt(count)))
    rows = math.ceil(count / columns)
    scale = [limits(training) for training in sweep.trainings]
    low, high = min(low for low, _ in scale), max(high for _, high in scale)
    with style(lang) as notes:
        figure = library("matplotlib.figure", extra="plot").Figure(
            (PANEL * columns + 0.3, (PANEL + 0.22) * rows + 0.5), layout="constrained"
        )
        figure.get_layout_engine().set(h_pad=0.03)
        panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
        for axes, training in zip(panels.flat, sweep.trainings, strict=False):
            _panel(axes, training, low, high)
            axes.set_title(
                f"{sweep.name(training)}\n{_accuracy(training)}", fontsize=8.5, loc="left"
            )
        for place in range(count, rows * columns):  # in the last row, which is not full
            panels.flat[place].remove()
            panels.flat[place - columns].tick_params(labelbottom=True)
        handles, labels = panels.flat[0].get_legend_handles_labels()
        figure.legend(
            handles,
            labels,
            loc="outside lower center",
            ncols=4 if columns > 1 else 2,
            frameon=False,
            fontsize=9,
        )
        return Picture(figure, tuple(notes))


def save_grid(sweep: Sweep, path: Path | str, lang: str | None = None) -> list[str]:
    """Write the picture of a sweep to `path`, whose ending chooses PNG, SVG or PDF.

    Returns notes to be told. The file appears whole or not at all. Raises `PictureError` for
    another ending, `OSError` where no file can be written.
    """
    return draw_grid(sweep, lang).savefig(path)


def _accuracy(training: Training) -> str:
    first, last = f"{training.accuracy[0]:.1%}", f"{training.accuracy[-1]:.1%}"
    if training.last == 0:
        return tr("{first} right in iteration 0", first=first)
    return tr(
        "{first} right, then {last} in iteration {n}",
        first=first,
        last=last,
        n=training.last,
    )


def _panel(axes: Any, training: Training, low: float, high: float) -> None:
    found = sides(training.weights[training.last], low, high)
    if found.of_class_1:
        corners = np.array(found.of_class_1).T
        axes.fill(*corners, color="white", linewidth=0)
        axes.fill(*corners, color=COLOURS[1], alpha=0.13, linewidth=0)
    axes.patch.set(facecolor=COLOURS[0], alpha=0.1)
    axes.axhline(0, color=GREY, linewidth=0.5)
    axes.axvline(0, color=GREY, linewidth=0.5)
    for n, marker in enumerate("o^"):
        x, y = training.points[training.classes == n].T
        axes.plot(
            *(x, y, marker),
            color=COLOURS[n],
            markersize=3.5,
            markeredgecolor="white",
            markeredgewidth=0.3,
            label=tr("class {n}", n=n),
        )
    first = sides(training.weights[0], low, high)
    for line, dashes, colour, name in (
        (found.line, "-", COLOURS[2], tr("the last line")),
        (first.line, "--", "black", tr("the first line")),
    ):
        across, up = np.array(line).reshape(-1, 2).T
        axes.plot(across, up, dashes, color=colour, label=name)
    axes.set(xlim=(low, high), ylim=(low, high), aspect="equal")
    _loss(axes, training)


def _loss(axes: Any, training: Training) -> None:
    """The loss, small, in the corner below the clouds, which lie along the diagonal."""
    inset = axes.inset_axes([0.63, 0.03, 0.35, 0.25])
    inset.plot(training.loss, color="black", linewidth=1)
    inset.plot(training.last, training.loss[-1], "o", color="black", markersize=2.5)
    inset.set(xticks=[], yticks=[], ylim=(0, training.loss.max() * 1.15))
    inset.set_title(
        tr("loss {loss}", loss=f"{training.loss[0]:.2f} → {training.loss[-1]:.2f}"),
        fontsize=7,
        pad=2,
        bbox={"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1},
    )
