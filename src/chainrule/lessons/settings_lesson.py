"""The lesson about logistic regression with settings of one's own: one training, or several."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chainrule._languages import tr
from chainrule._optional import how_to_get

from . import programs
from .findings import finding
from .homework import Sweep
from .page import Command, Output, Paragraph, Part, Picture, Table
from .training import ITERATIONS, SEED, Training

__all__ = ["PICTURE", "printed", "swept"]

PICTURE = "homework.png"
EVERY = 990  # as the lesson's program, which prints every so many iterations


def swept(sweep: Sweep, out: Path) -> Iterator[Part]:
    """Yield the parts of the page about the trainings of `sweep`; its picture goes to `out`."""
    yield from _one(sweep.trainings[0]) if len(sweep.trainings) == 1 else _several(sweep)
    if not programs.can_draw():
        yield Paragraph(
            tr(
                "There are no pictures, as matplotlib is not installed; {how}",
                how=how_to_get("plot"),
            )
        )
        return
    from chainrule.drawing.film import save_grid

    notes = save_grid(sweep, out / PICTURE)
    yield Picture(
        out / PICTURE,
        tr(
            "The points of the training, its first line dashed and its last one drawn through, and "
            "the curve of its loss."
        )
        if len(sweep.trainings) == 1
        else tr(
            "The points of each training, its first line dashed and its last one drawn through, "
            "and the curve of its loss."
        ),
    )
    yield from map(Paragraph, notes)


def _one(training: Training) -> Iterator[Part]:
    yield Paragraph(
        tr(
            "The lesson's five steps with settings of your own: mean_value {mean_value}, bias "
            "{bias}, lr {lr}, seed {seed}.",
            mean_value=f"{training.mean_value:g}",
            bias=f"{training.bias:g}",
            lr=f"{training.lr:g}",
            seed=training.seed,
        )
    )
    yield Output(programs.translated(printed(training)))
    yield Paragraph(finding(training))


def _several(sweep: Sweep) -> Iterator[Part]:
    yield Paragraph(
        tr(
            "The lesson's five steps with every combination of these settings, each begun from the "
            "same random numbers. Training stops where more than 99% of the points are right."
        )
    )
    header, *rows = sweep.rows()
    yield Table(tr("What each training came to"), header, rows)
    yield from map(Paragraph, sweep.findings())
    yield Paragraph(tr("Look at one of them, iteration by iteration:"))
    yield Command(_command(sweep))


def _command(sweep: Sweep) -> str:
    """The line that films the training of which there is most to see: what passed, but last."""
    seen = max(sweep.trainings, key=lambda each: (each.passed_at or 0, each.last))
    options = {
        "mean-value": f"{seen.mean_value:g}",
        "bias": f"{seen.bias:g}",
        "lr": f"{seen.lr:g}",
        "seed": seen.seed,
        "iterations": sweep.iterations,
    }
    own = {"seed": SEED, "iterations": ITERATIONS}  # the lesson's, which need not be typed
    typed = [f"--{name} {value}" for name, value in options.items() if value != own.get(name)]
    return " ".join(["chainrule lesson logistic", *typed, "--film film.html"])


def printed(training: Training) -> str:
    """Return what the lesson's program prints of such a training, and of its last iteration.

    >>> from chainrule.lessons.training import record
    >>> print(printed(record(5, 1)))
    Iteration:   0  w0: -0.05  w1: -0.46  b: 0.13  accuracy: 100.00%  Loss=0.0930
    """
    lines = []
    for n in sorted({*range(0, training.last, EVERY), training.last}):
        # It prints the weights after the step, beside the loss before it.
        w0, w1, b = training.weights[n + 1]
        lines.append(
            f"Iteration: {n:3}  w0: {w0:.2f}  w1: {w1:.2f}  b: {b:.2f}  "
            f"accuracy: {training.accuracy[n]:.2%}  Loss={training.loss[n]:.4f}"
        )
    return "\n".join(lines)
