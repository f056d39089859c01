"""The picture of a fit: how training went, what weighs most, and how good the model is."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from chainrule._optional import library
from chainrule._text import shortened
from chainrule.drawing.style import COLOURS, GREY, save, style
from chainrule.linear_model.columns import NumberColumn
from chainrule.linear_model.measures import roc_curve
from chainrule.linear_model.training import Training

__all__ = ["draw_fit", "save_picture"]

MOST_BARS = 12
MOST_CLASSES = len(COLOURS)


def save_picture(training: Training, path: str | Path) -> list[str]:
    """Draw `training` to `path`, whose ending chooses the kind; return what is to be said of it."""
    with _quiet_fonts() as raised, style():
        save(draw_fit(training), Path(path))
    if not raised:
        return []
    return [
        "No font on this computer has all characters of the picture, which shows boxes instead; "
        "install one such as Noto Sans CJK."
    ]


def draw_fit(training: Training) -> Any:
    """Return a matplotlib figure of four panels.

    The loss by step; the largest weights per standard deviation; the ROC curve; and where the
    inputs are two numbers the plane with the model's regions, else for two classes the
    probabilities, for several the table of predicted against true classes. The last two show the
    rows held out, or if there are none those that trained.
    """
    figures = library("matplotlib.figure", extra="plot")
    model = training.model
    with style():
        figure = figures.Figure(figsize=(11, 8.5), layout="constrained")
        figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12)
        panels = figure.subplots(2, 2)
        title = f"{model.target} in {training.plan.table.path.name}"
        figure.suptitle(_plain(title, 80), fontsize=14)
        _draw_course(panels[0, 0], training)
        _draw_weights(panels[0, 1], training)
        _draw_roc(panels[1, 0], training)
        _last_panel(training)(panels[1, 1], training)
        if len(model.classes) > 2:
            # One legend for both panels that show every class in its colour.
            shown = model.classes[:MOST_CLASSES]
            handles = panels[0, 1].containers[: len(shown)]
            labels = [_plain(name, 80 // min(4, len(shown))) for name in shown]
            figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=9)
    return figure


def _last_panel(training: Training) -> Callable[[Any, Training], None]:
    columns = training.model.columns
    if len(columns) == 2 and all(isinstance(column, NumberColumn) for column in columns):
        return _draw_regions
    return _draw_probabilities if len(training.model.classes) == 2 else _draw_confusion


def _draw_course(axes: Any, training: Training) -> None:
    steps = training.fit.solution.steps
    axes.plot([step.number for step in steps], [step.value for step in steps], color=COLOURS[0])
    axes.set(
        title=f"Training: {steps[-1].number} steps of L-BFGS",
        xlabel="step",
        ylabel="loss and penalty, a row",
    )
    shares = np.bincount(training.plan.target.codes[training.plan.training])
    shares = shares[shares > 0] / shares.sum()
    guess = float(-(shares * np.log(shares)).sum())
    axes.axhline(guess, color=GREY, linestyle=":")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(0, 1.15 * max(guess, *(step.value for step in steps)))
    axes.annotate(
        "knowing only how common each class is",
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
    outputs = model.outputs[:MOST_CLASSES]
    height = 0.8 / len(outputs)
    for k in range(len(outputs)):
        places = np.arange(len(largest)) + (len(outputs) / 2 - k - 0.5) * height
        weights = model.weights[largest, k]
        # Of two classes, a bar has the colour of the class that it speaks for.
        colour = COLOURS[k] if len(outputs) > 1 else [COLOURS[int(w > 0)] for w in weights]
        axes.barh(places, weights, height, color=colour)
    axes.set_yticks(range(len(largest)), [_plain(model.features[k], 28) for k in largest])
    axes.axvline(0, color="black", linewidth=0.8)
    axes.margins(y=0.02)
    if len(outputs) == 1:
        label = f"log-odds of {_plain(outputs[0])}, for one standard deviation"
    else:
        label = f"score{_of_the_first(training)}, for one standard deviation"
    shown, features = len(largest), len(model.features)
    every = "The weights" if shown == features else f"The {shown} largest of {features} weights"
    axes.set(title=every, xlabel=label)


def _draw_roc(axes: Any, training: Training) -> None:
    codes, probabilities, which = _judged(training)
    classes = training.model.classes
    shown = [1] if len(classes) == 2 else range(len(classes))[:MOST_CLASSES]
    for k in shown:
        false, true = roc_curve(codes == k, probabilities[:, k])
        axes.plot(false, true, color=COLOURS[k])
    axes.plot([0, 1], [0, 1], color=GREY, linestyle=":")
    measures = training.held_out.model if training.held_out else training.on_training
    area = "" if np.isnan(measures.auc) else f": AUC {measures.auc:.4f}"
    name = _plain(classes[1]) if len(classes) == 2 else "a class"
    axes.set(
        title=f"ROC on {which}{area}",
        xlabel=f"share of the others taken for {name}{_of_the_first(training)}",
        ylabel=f"share of {name} found",
        xlim=(-0.02, 1.02),
        ylim=(-0.02, 1.02),
        aspect="equal",
    )
    axes.text(0.55, 0.5, "guessing", color=GREY, fontsize=8)


def _draw_probabilities(axes: Any, training: Training) -> None:
    codes, probabilities, which = _judged(training)
    bins = np.linspace(0, 1, 21)
    for k, name in enumerate(training.model.classes):
        axes.hist(
            probabilities[codes == k, 1],
            bins,
            color=COLOURS[k],
            alpha=0.6,
            label=f"truly {_plain(name)}",
        )
    axes.axvline(0.5, color="black", linewidth=0.8)
    axes.set(
        title=f"Probabilities on {which}",
        xlabel=f"probability of {_plain(training.model.classes[1])}",
        ylabel="rows",
        xlim=(0, 1),
    )
    axes.legend(loc="upper center", fontsize=8)


def _draw_confusion(axes: Any, training: Training) -> None:
    codes, probabilities, which = _judged(training)
    classes = training.model.classes
    counts = np.zeros((len(classes), len(classes)), dtype=int)
    np.add.at(counts, (codes, np.argmax(probabilities, axis=1)), 1)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for true, predicted in np.ndindex(counts.shape) if len(classes) <= 20 else ():
        colour = "white" if shares[true, predicted] > 0.5 else "black"
        axes.text(predicted, true, counts[true, predicted], ha="center", va="center", color=colour)
    names = [_plain(name, 14) for name in classes]
    tilt = 30 if sum(map(len, names)) > 40 else 0
    axes.set_xticks(range(len(classes)), names, rotation=tilt, ha="right" if tilt else "center")
    axes.set_yticks(range(len(classes)), names)
    axes.set(title=f"T{which[1:]}", xlabel="predicted", ylabel="true")


def _draw_regions(axes: Any, training: Training) -> None:
    """The plane of two numbers, coloured by the most probable class."""
    model, plan = training.model, training.plan
    rows = plan.held_out if plan.held_out.size else plan.training
    points, codes = plan.reading.features[rows], plan.target.codes[rows]
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.05 * np.where(high > low, high - low, 1.0)
    x, y = (np.linspace(low[k] - margin[k], high[k] + margin[k], 200) for k in range(2))
    grid = np.stack([each.ravel() for each in np.meshgrid(x, y)], axis=1)
    best = np.argmax(model.probabilities(grid), axis=1).reshape(200, 200)
    colours = [COLOURS[k % MOST_CLASSES] for k in range(len(model.classes))]
    levels = np.arange(len(colours) + 1) - 0.5
    axes.contourf(x, y, best, levels=levels, colors=colours, alpha=0.2)
    for k, name in enumerate(model.classes):
        axes.scatter(*points[codes == k].T, s=14, color=colours[k], label=_plain(name))
    axes.set(
        title=f"The most probable class, and {_judged(training)[2]}",
        xlabel=_plain(model.features[0], 40),
        ylabel=_plain(model.features[1], 40),
    )
    if len(model.classes) == 2:  # more of them stand in the figure's own legend
        axes.legend(fontsize=8)


def _judged(training: Training) -> tuple[Any, Any, str]:
    """The rows to be shown: the held out ones, or else those that trained."""
    plan = training.plan
    if training.held_out is not None:
        held_out = training.held_out
        return held_out.codes, held_out.probabilities, f"the {len(held_out.codes)} rows held out"
    features = plan.reading.features[plan.training]
    which = f"the {len(plan.training)} rows that trained"
    return plan.target.codes[plan.training], training.model.probabilities(features), which


def _of_the_first(training: Training) -> str:
    """Say that classes beyond the colours are not drawn."""
    classes = len(training.model.classes)
    return f" ({MOST_CLASSES} of {classes} classes)" if classes > MOST_CLASSES else ""


def _plain(text: str, most: int = 24) -> str:
    """A name as a label: short, on one line, and its dollar signs no mathematics."""
    return shortened(text, most).replace("$", r"\$")


@contextmanager
def _quiet_fonts() -> Iterator[list[warnings.WarningMessage]]:
    """Yield what matplotlib warns of while fonts are looked up, and keep it off the terminal."""
    log = logging.getLogger("matplotlib.font_manager")
    level = log.level
    log.setLevel(logging.ERROR)  # it reports every font that lacks a weight nobody asked for
    try:
        with warnings.catch_warnings(record=True) as raised:
            warnings.filterwarnings("always", message="Glyph .* missing from font")
            yield raised
    finally:
        log.setLevel(level)
