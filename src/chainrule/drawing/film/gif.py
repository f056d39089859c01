"""The film of a training as a GIF, for where a page cannot go: a chat, a slide, a README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from chainrule._languages import tr
from chainrule._optional import library
from chainrule.drawing.style import COLOURS, GREY, style
from chainrule.lessons.training import PASSED, Training

from .scene import limits, moments, sides, signed

__all__ = ["write_gif"]

MOST = 100  # pictures
# Milliseconds for each picture, for the first, and for the last.
EACH, FIRST, LAST = 90, 800, 2500
SIZE, DPI = (8.4, 4.6), 100
SHADES = 64  # of the palette


def write_gif(training: Training, path: Path) -> list[str]:
    """Write the film to `path`; return notes to be told. It begins at iteration 0 and repeats."""
    image = library("PIL.Image", extra="plot")
    shown = moments(training, MOST)
    with style() as notes:
        stage = _Stage(training)
        pictures = [image.fromarray(pixels) for pixels in stage.play(shown)]
    # All pictures have the colours of one in the middle: a palette of its own for each flickers.
    palette = pictures[len(pictures) // 2].quantize(SHADES, image.Quantize.MAXCOVERAGE)
    plain = image.Dither.NONE
    first, *rest = (picture.quantize(palette=palette, dither=plain) for picture in pictures)
    lasting = [EACH] * len(shown)
    lasting[0], lasting[-1] = FIRST, LAST
    first.save(
        path,
        format="GIF",
        save_all=True,
        append_images=rest,
        duration=lasting if rest else LAST,
        loop=0,
        optimize=False,
    )
    return notes


class _Stage:
    """The figure: what stays is drawn once, what moves is drawn onto it for each picture."""

    def __init__(self, training: Training) -> None:
        figure = library("matplotlib.figure", extra="plot").Figure(SIZE, dpi=DPI)
        self.canvas = library("matplotlib.backends.backend_agg", extra="plot").FigureCanvasAgg(
            figure
        )
        self.training, self.figure = training, figure
        grid = figure.add_gridspec(
            2, 2, left=0.055, right=0.97, bottom=0.12, top=0.8, wspace=0.16, hspace=0.55
        )
        self.moving: list[Any] = []
        self._plane(figure.add_subplot(grid[:, 0]))
        self._curves(figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1]))
        figure.text(0.055, 0.955, training.settings, color=GREY, va="center")
        self.said = [
            self._moves(figure.text(x, 0.885, "", va="center", size=12))
            for x in (0.055, 0.22, 0.39, 0.6, 0.73, 0.86)
        ]

    def _moves(self, artist: Any) -> Any:
        artist.set_animated(True)
        self.moving.append(artist)
        return artist

    def _plane(self, axes: Any) -> None:
        training = self.training
        axes.set(xlim=limits(training), ylim=limits(training), aspect="equal")
        axes.patch.set(facecolor=COLOURS[0], alpha=0.1)
        self.under = self._moves(axes.fill([], [], color="white")[0])
        self.side = self._moves(axes.fill([], [], color=COLOURS[1], alpha=0.13, linewidth=0)[0])
        for n, marker in enumerate("o^"):
            x, y = training.points[training.classes == n].T
            self._moves(
                axes.plot(
                    *(x, y, marker),
                    color=COLOURS[n],
                    markersize=5,
                    markeredgecolor="white",
                    markeredgewidth=0.4,
                    label=tr("class {n}", n=n),
                )[0]
            )
        self.line = self._moves(axes.plot([], [], color=COLOURS[2], linewidth=3)[0])
        self.figure.legend(
            loc="center right", bbox_to_anchor=(0.985, 0.955), ncols=2, frameon=False
        )

    def _curves(self, loss: Any, accuracy: Any) -> None:
        training = self.training
        last = max(1, training.last)
        loss.set(xlim=(0, last), ylim=(0, max(training.loss.max() * 1.05, 1e-3)))
        loss.set_title(tr("loss"), loc="left")
        accuracy.set(xlim=(0, last), ylim=(min(0.5, training.accuracy.min()), 1.02))
        accuracy.set_title(tr("accuracy"), loc="left")
        accuracy.set_xlabel(tr("iteration"))
        accuracy.yaxis.set_major_formatter("{x:.0%}")
        accuracy.axhline(PASSED, color=GREY, linestyle="--", linewidth=0.8)
        ticker = library("matplotlib.ticker", extra="plot")
        self.curves = []
        for axes, values, colour in (
            (loss, training.loss, "black"),
            (accuracy, training.accuracy, COLOURS[2]),
        ):
            axes.xaxis.set_major_locator(ticker.MaxNLocator(6, integer=True))
            curve = self._moves(axes.plot([], [], color=colour)[0])
            dot = self._moves(axes.plot([], [], "o", color="black", markersize=5, clip_on=False)[0])
            self.curves.append((values, curve, dot))

    def play(self, shown: list[int]) -> Iterator[Any]:
        """Yield the pixels of each picture."""
        self.canvas.draw()
        still = self.canvas.copy_from_bbox(self.figure.bbox)
        for iteration in shown:
            self.canvas.restore_region(still)
            self._show(iteration)
            for artist in self.moving:
                self.figure.draw_artist(artist)
            yield np.asarray(self.canvas.buffer_rgba())[..., :3].copy()

    def _show(self, iteration: int) -> None:
        training = self.training
        weights = training.weights[iteration]
        found = sides(weights, *limits(training))
        corners = np.array(found.of_class_1).reshape(-1, 2)
        self.under.set_xy(corners)
        self.side.set_xy(corners)
        self.line.set_data(*np.array(found.line).reshape(-1, 2).T)
        for values, curve, dot in self.curves:
            curve.set_data(range(iteration + 1), values[: iteration + 1])
            dot.set_data([iteration], [values[iteration]])
        said = (
            tr("iteration {n}", n=iteration),
            tr("loss {loss}", loss=f"{training.loss[iteration]:.4f}"),
            tr("accuracy {part}", part=f"{training.accuracy[iteration]:.1%}"),
            *(
                f"{name} {signed(value)}"
                for name, value in zip(("w0", "w1", "b"), weights, strict=True)
            ),
        )
        for text, words in zip(self.said, said, strict=True):
            text.set_text(words)
