"""The picture of a fit: how training went, what weighs most, and how good the model is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from chainrule._languages import tr
from chainrule._optional import library
from chainrule.drawing.judged import (
    draw_confusion,
    draw_probabilities,
    draw_regions,
    draw_roc,
    of_the_first,
)
from chainrule.drawing.picture import Picture
from chainrule.drawing.style import COLOURS, GREY, label, style
from chainrule.linear_model.columns import NumberColumn
from chainrule.linear_model.training import Training

__all__ = ["draw_fit", "save_picture"]

MOST_BARS = 12


def save_picture(training: Training, path: str | Path) -> list[str]:
    """Draw `training` to `path`, whose ending chooses the kind; return what is to be said of it."""
    return draw_fit(training).savefig(path)


def draw_fit(training: Training, lang: str | None = None) -> Picture:
    """Return the picture of a fit, in four panels.

    The loss by step; the largest weights per standard deviation; the ROC curve; and where the
    inputs are two numbers the plane with the model's regions, else for two classes the
    probabilities, for several the table of predicted against true classes. The last two show the
    rows held out, or if there are none those that trained. `lang` is the language of the labels,
    "en" or "zh".
    """
    figures = library("matplotlib.figure", extra="plot")
    model = training.model
    with style(lang) as notes:
        figure = figures.Figure(figsize=(11, 8.5), layout="constrained")
        panels = figure.subplots(2, 2)
        table = training.plan.table.path.name
        title = tr("{target} in {table}", target=model.target, table=table)
        figure.suptitle(label(title, 80), fontsize=14)
        _draw_course(panels[0, 0], training)
        _draw_weights(panels[0, 1], training)
        draw_roc(panels[1, 0], training)
        _last_panel(training)(panels[1, 1], training)
        if len(model.classes) > 2:
            # One legend for both panels that show every class in its colour.
            shown = model.classes[: len(COLOURS)]
            handles = panels[0, 1].containers[: len(shown)]
            labels = [label(name, 80 // min(4, len(shown))) for name in shown]
            figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=9)
    return Picture(figure, tuple(notes))


def _last_panel(training: Training) -> Callable[[Any, Training], None]:
    columns = training.model.columns
    if len(columns) == 2 and all(isinstance(column, NumberColumn) for column in columns):
        return draw_regions
    return draw_probabilities if len(training.model.classes) == 2 else draw_confusion


def _draw_course(axes: Any, training: Training) -> None:
    solution = training.fit.solution
    steps = solution.steps
    axes.plot([step.number for step in steps], [step.value for step in steps], color=COLOURS[0])
    axes.set(
        title=tr(
            "Training: {steps} steps of {method}",
            steps=solution.last.number,
            method=solution.method,
        ),
        xlabel=tr("step"),
        ylabel=tr("loss and penalty, a row"),
    )
    counts = np.bincount(training.plan.target.codes[training.plan.training])
    shares = counts[counts > 0] / counts.sum()
    guess = float(-(shares * np.log(shares)).sum())
    axes.axhline(guess, color=GREY, linestyle=":")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(0, 1.15 * max(guess, *(step.value for step in steps)))
    axes.annotate(
        tr("knowing only how common each class is"),
        (1, guess),
        xycoords=("axes fraction", "data"),
        xytext=(-4, 4),
        textcoords="offset points",
        ha="right",
        color=GREY,
        fontsize=8,
    )


def _draw_weights(axes: Any, training: Training) -> None:
    model = training.model
    largest = np.argsort(-np.abs(model.weights).max(axis=1), kind="stable")[:MOST_BARS][::-1]
    outputs = model.outputs[: len(COLOURS)]
    height = 0.8 / len(outputs)
    for k in range(len(outputs)):
        places = np.arange(len(largest)) + (len(outputs) / 2 - k - 0.5) * height
        weights = model.weights[largest, k]
        # Of two classes, a bar has the colour of the class that it speaks for.
        colour = COLOURS[k] if len(outputs) > 1 else [COLOURS[int(w > 0)] for w in weights]
        axes.barh(places, weights, height, color=colour)
    axes.set_yticks(range(len(largest)), [label(model.features[k], 28) for k in largest])
    axes.axvline(0, color="black", linewidth=0.8)
    axes.margins(y=0.02)
    if len(outputs) == 1:
        measure = tr("log-odds of {name}, for one standard deviation", name=label(outputs[0]))
    else:
        measure = tr("score, for one standard deviation") + of_the_first(training)
    shown, features = len(largest), len(model.features)
    if shown == features:
        title = tr("The weights")
    else:
        title = tr("The {shown} largest of {all} weights", shown=shown, all=features)
    axes.set(title=title, xlabel=measure)
