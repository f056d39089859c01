"""The film's three pictures as they are at iteration 0, and their scales, for what moves them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chainrule._languages import tr
from chainrule.lessons.training import PASSED, Training

from .scene import Point, limits, sides, ticks

__all__ = ["Panel", "Scale", "curve_panel", "legend", "plane_panel"]

# A value at one end of an axis, where that is in the picture, and how much one more is there.
Scale = tuple[float, float, float]

WIDE = 440
PLANE = (34.0, 6.0, 434.0, 406.0)  # left, top, right, bottom
CURVE = (54.0, 18.0, 430.0, 162.0)
# A circle and a triangle, around the place where a path has come to.
SHAPES = ("m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0", "m0 -5l4.4 7.6h-8.8z")


@dataclass(frozen=True)
class Panel:
    """A picture, and the scales that put numbers into it."""

    svg: str
    x: Scale
    y: Scale


def put(scale: Scale, value: float) -> float:
    """Return where `value` is in the picture."""
    start, place, by = scale
    return place + (value - start) * by


def plane_panel(training: Training) -> Panel:
    """The points, the line, and its two sides, each in the colour of its class."""
    low, high = limits(training)
    left, top, right, bottom = PLANE
    x = (low, left, (right - left) / (high - low))
    y = (low, bottom, -(right - left) / (high - low))
    found = sides(training.weights[0], low, high)
    side = _path(found.of_class_1, x, y)
    box = f'x="{left:g}" y="{top:g}" width="{right - left:g}" height="{bottom - top:g}"'
    parts = [
        f'<rect class="side0" {box}/>',
        f'<path class="side1" id="side" d="{side}"/>',
        f'<path class="side1 tint" id="tint" d="{side}"/>',
        *_axes(PLANE, x, y, ticks(low, high), ticks(low, high)),
        *_points(training, x, y),
        '<path class="wrong" id="wrong" d=""/>',
        f'<path class="decision" id="decision" d="{_path(found.line, x, y)}"/>',
        f'<rect class="frame" {box}/>',
    ]
    said = tr(
        "Two clouds of {count} points each in the plane, and the line that learns to part them; "
        "the table below has the numbers.",
        count=len(training.classes) // 2,
    )
    return Panel(_svg(said, int(bottom) + 26, parts), x, y)


def curve_panel(name: str, training: Training, low: float, high: float) -> Panel:
    """The loss or the accuracy over the iterations, up to the one shown."""
    left, top, right, bottom = CURVE
    x = (0.0, left, (right - left) / max(1, training.last))
    y = (low, bottom, -(bottom - top) / (high - low))
    value = put(y, getattr(training, name)[0])
    percent = name == "accuracy"
    across = ticks(0, max(1, training.last), 6)
    parts = [*_axes(CURVE, x, y, across, ticks(low, high, 5), percent)]
    if name == "accuracy":
        goal = f"{put(y, PASSED):.1f}"
        parts += [
            f'<path class="goal" d="M{left:g} {goal}H{right:g}"/>',
            f'<text x="{right:g}" y="{goal}" dy="-.4em" text-anchor="end">{PASSED:.0%}</text>',
        ]
    else:
        # What is to come is cut away from both curves.
        parts.append(
            '<clipPath id="until">'
            f'<rect id="past" width="{left:g}" height="{bottom:g}"/></clipPath>'
        )
    parts += [
        f'<path class="{name}" id="{name}" clip-path="url(#until)" d=""/>',
        f'<circle class="now" id="{name}-now" r="4" cx="{left:g}" cy="{value:.1f}"/>',
    ]
    said = {
        "loss": tr("The loss over the iterations; the table below has the numbers."),
        "accuracy": tr("The accuracy over the iterations; the table below has the numbers."),
    }[name]
    return Panel(_svg(said, int(bottom) + 26, parts), x, y)


def legend() -> str:
    """What the signs in the plane mean."""
    signs = [
        (f'<path class="class{n}" d="M0 0{shape}"/>', tr("class {n}", n=n))
        for n, shape in enumerate(SHAPES)
    ]
    signs += [
        ('<circle class="wrong" r="6"/>', tr("on the wrong side")),
        ('<path class="decision" d="M-8 0H8"/>', tr("both classes equally probable")),
    ]
    items = "".join(
        f'<li><svg viewBox="-8 -8 16 16" aria-hidden="true">{sign}</svg>{said}</li>'
        for sign, said in signs
    )
    return f'<ul class="legend">{items}</ul>'


def _svg(said: str, height: int, parts: list[str]) -> str:
    inside = "\n".join(parts)
    return f'<svg viewBox="0 0 {WIDE} {height}" role="img" aria-label="{said}">\n{inside}\n</svg>'


def _path(corners: list[Point], x: Scale, y: Scale) -> str:
    places = (f"{put(x, across):.1f} {put(y, up):.1f}" for across, up in corners)
    return "M" + "L".join(places) if corners else ""


def _points(training: Training, x: Scale, y: Scale) -> Iterator[str]:
    """Both classes, each of its own shape and on one path."""
    for n, shape in enumerate(SHAPES):
        places = training.points[training.classes == n].tolist()
        drawn = "".join(f"M{put(x, across):.1f} {put(y, up):.1f}{shape}" for across, up in places)
        yield f'<path class="class{n}" d="{drawn}"/>'


def _axes(
    box: tuple[float, float, float, float],
    x: Scale,
    y: Scale,
    across: list[float],
    up: list[float],
    percent: bool = False,
) -> Iterator[str]:
    left, top, right, bottom = box
    for value in across:
        at = f"{put(x, value):.1f}"
        yield f'<path class="axis" d="M{at} {bottom:g}v5"/>'
        yield f'<text x="{at}" y="{bottom + 18:g}" text-anchor="middle">{_number(value)}</text>'
    for value in up:
        at = f"{put(y, value):.1f}"
        yield f'<path class="axis" d="M{left:g} {at}h-5"/>'
        yield (
            f'<text x="{left - 8:g}" y="{at}" dy=".35em" text-anchor="end">'
            f"{f'{value:.0%}' if percent else _number(value)}</text>"
        )
    yield f'<path class="axis" d="M{left:g} {top:g}V{bottom:g}H{right:g}"/>'


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")
