"""Panels that show how good a model is, on the rows held out or else on those that trained."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._languages import tr
from chainrule.drawing.style import COLOURS, GREY, label
from chainrule.linear_model.measures import decide, roc_curve
from chainrule.linear_model.training import Training

__all__ = ["draw_confusion", "draw_probabilities", "draw_regions", "draw_roc", "of_the_first"]


def of_the_first(training: Training) -> str:
    """Return what says that classes beyond the colours are not drawn."""
    classes = len(training.model.classes)
    if classes <= len(COLOURS):
        return ""
    return tr(" ({shown} of {all} classes)", shown=len(COLOURS), all=classes)


def draw_roc(axes: Any, training: Training) -> None:
    """The ROC curve of each class against the rest, of the second of two."""
    codes, probabilities, which = _judged(training)
    classes = training.model.classes
    shown = [1] if len(classes) == 2 else range(len(classes))[: len(COLOURS)]
    for k in shown:
        false, true = roc_curve(codes == k, probabilities[:, k])
        axes.plot(false, true, color=COLOURS[k])
    axes.plot([0, 1], [0, 1], color=GREY, linestyle=":")
    measures = training.held_out.model if training.held_out else training.on_training
    title = tr("ROC on {rows}", rows=which)
    if not np.isnan(measures.auc):
        title = tr("{title}: AUC {area}", title=title, area=f"{measures.auc:.4f}")
    taken, found = tr("share of the others taken for a class"), tr("share of a class found")
    if len(classes) == 2:
        name = label(classes[1])
        taken = tr("share of the others taken for {name}", name=name)
        found = tr("share of {name} found", name=name)
    axes.set(
        title=title,
        xlabel=taken + of_the_first(training),
        ylabel=found,
        xlim=(-0.02, 1.02),
        ylim=(-0.02, 1.02),
        aspect="equal",
    )
    axes.text(0.55, 0.5, tr("guessing"), color=GREY, fontsize=8)


def draw_probabilities(axes: Any, training: Training) -> None:
    """How the second of two classes' probability spreads over the rows of each class."""
    codes, probabilities, which = _judged(training)
    bins = np.linspace(0, 1, 21)
    for k, name in enumerate(training.model.classes):
        axes.hist(
            probabilities[codes == k, 1],
            bins,
            color=COLOURS[k],
            alpha=0.6,
            label=tr("truly {name}", name=label(name)),
        )
    axes.axvline(0.5, color="black", linewidth=0.8)
    axes.yaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
    axes.set_ylim(top=1.35 * axes.get_ylim()[1])  # the legend stands above the bars
    axes.set(
        title=tr("Probabilities on {rows}", rows=which),
        xlabel=tr("probability of {name}", name=label(training.model.classes[1])),
        ylabel=tr("rows"),
        xlim=(0, 1),
    )
    axes.legend(loc="upper center", fontsize=8)


def draw_confusion(axes: Any, training: Training) -> None:
    """How many rows of each class were predicted as each."""
    codes, probabilities, which = _judged(training)
    classes = training.model.classes
    counts = np.zeros((len(classes), len(classes)), dtype=int)
    np.add.at(counts, (codes, decide(probabilities)), 1)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for true, predicted in np.ndindex(counts.shape) if len(classes) <= 20 else ():
        colour = "white" if shares[true, predicted] > 0.5 else "black"
        axes.text(predicted, true, counts[true, predicted], ha="center", va="center", color=colour)
    names = [label(name, 14) for name in classes]
    tilt = 30 if sum(map(len, names)) > 40 else 0
    axes.set_xticks(range(len(classes)), names, rotation=tilt, ha="right" if tilt else "center")
    axes.set_yticks(range(len(classes)), names)
    axes.set(title=which[0].upper() + which[1:], xlabel=tr("predicted"), ylabel=tr("true"))


def draw_regions(axes: Any, training: Training) -> None:
    """The plane of two numbers, coloured by the most probable class."""
    model, plan = training.model, training.plan
    rows = plan.held_out if plan.held_out.size else plan.training
    points, codes = plan.reading.features[rows], plan.target.codes[rows]
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.05 * np.where(high > low, high - low, 1.0)
    x, y = (np.linspace(low[k] - margin[k], high[k] + margin[k], 200) for k in range(2))
    grid = np.stack([each.ravel() for each in np.meshgrid(x, y)], axis=1)
    best = decide(model.probabilities(grid)).reshape(200, 200)
    colours = [COLOURS[k % len(COLOURS)] for k in range(len(model.classes))]
    levels = np.arange(len(colours) + 1) - 0.5
    axes.contourf(x, y, best, levels=levels, colors=colours, alpha=0.2)
    for k, name in enumerate(model.classes):
        axes.scatter(*points[codes == k].T, s=14, color=colours[k], label=label(name))
    axes.set(
        title=tr("The most probable class, and {rows}", rows=_judged(training)[2]),
        xlabel=label(model.features[0], 40),
        ylabel=label(model.features[1], 40),
    )
    if len(model.classes) == 2:  # more of them stand in the figure's own legend
        axes.legend(fontsize=8)


def _judged(training: Training) -> tuple[Any, Any, str]:
    """The rows to be shown: the held out ones, or else those that trained."""
    plan = training.plan
    if training.held_out is not None:
        held_out = training.held_out
        which = tr("the {count} rows held out", count=len(held_out.codes))
        return held_out.codes, held_out.probabilities, which
    features = plan.reading.features[plan.training]
    which = tr("the {count} rows that trained", count=len(plan.training))
    return plan.target.codes[plan.training], training.model.probabilities(features), which
