"""What a training shows, in one sentence that is read off its numbers and not off its settings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule._languages import tr, tr_n

from .training import PASSED, Training

__all__ = ["finding"]

# Within so many iterations is at once.
AT_ONCE = 10
# Clouds whose centres are so many of their spreads apart leave room for many a line.
FAR = 8.0
# A first line that puts so large a part of the points on one side is beside both clouds.
BESIDE = 0.85
# A loss goes to and fro if so large a part of its ways is upwards.
TO_AND_FRO = 0.2
# Steps are too small if a late hundred of them still bring so large a part of all that was won.
LATE = 100
STILL = 0.01


def finding(training: Training) -> str:
    """Return a sentence that says what happened in `training`, and why.

    Overlap is measured by the line half-way between the centres of the two clouds, which is the
    best there is for round clouds of one size; distance, by whether that line and the training's
    first put most points on one side.

    >>> from chainrule.lessons.training import record
    >>> finding(record(mean_value=5, bias=1))
    'Far apart, by 14 times their spread: right for 100.0% of the points before the first step.'
    """
    first, last = training.accuracy[0].item(), training.accuracy[-1].item()
    if training.overflowed:
        return tr(
            "Too large a step: after iteration {n} the weights are beyond the range of float32, "
            "and there is no loss any more.",
            n=training.last,
        )
    if training.passed_at is not None:
        return _passed(training, first, training.passed_at)
    if training.loss[-1] > training.loss[0]:
        return tr(
            "Too large a step: the loss rises, from {first} to {last}, instead of falling.",
            first=f"{training.loss[0]:.2f}",
            last=f"{training.loss[-1]:.2f}",
        )
    if _to_and_fro(training):
        return tr(
            "Too large a step: the loss jumps to and fro, up to {loss}, and does not settle.",
            loss=f"{training.loss.max():.2f}",
        )
    middle = _of_middle_line(training)
    if middle <= PASSED:
        return tr(
            "The clouds overlap: even the line half-way between them is right for {middle} only; "
            "training ends at {last}.",
            middle=_percent(middle),
            last=_percent(last),
        )
    return _not_yet(training, first, last, middle)


def _passed(training: Training, first: float, at: int) -> str:
    apart = _spreads_apart(training)
    if at <= AT_ONCE and apart >= FAR:
        far = tr("Far apart, by {apart} times their spread:", apart=f"{apart:.0f}")
        if at == 0:
            soon = tr("right for {part} of the points before the first step.", part=_percent(first))
        else:
            soon = tr_n("above 99% after {count} step.", "above 99% after {count} steps.", at)
        return tr("{beginning} {end}", beginning=far, end=soon)
    if apart >= FAR and _offset(training) > apart / 4:
        return tr(
            "Far apart, but far from the origin too, where the first line runs ({first} right): "
            "above 99% only after {n} steps.",
            first=_percent(first),
            n=at,
        )
    if at == 0:
        return tr(
            "A lucky start: the first line is right for {part} of the points, before any step.",
            part=_percent(first),
        )
    if _to_and_fro(training):
        return tr(
            "Large steps: the loss jumps to and fro, up to {loss}, and yet the accuracy is above "
            "99% in iteration {n}.",
            loss=f"{training.loss.max():.2f}",
            n=at,
        )
    start = _start(training, first)
    if start:
        end = tr_n("above 99% after {count} step.", "above 99% after {count} steps.", at)
        return tr("{beginning} {end}", beginning=start, end=end)
    middle = _of_middle_line(training)
    if middle <= PASSED:
        return tr(
            "The clouds touch: above 99% in iteration {n}, though the line half-way between them "
            "is right for {middle} only.",
            n=at,
            middle=_percent(middle),
        )
    return tr_n(
        "Learns steadily: from {first} to above 99% in {count} step.",
        "Learns steadily: from {first} to above 99% in {count} steps.",
        at,
        first=_percent(first),
    )


def _start(training: Training, first: float) -> str:
    """What is wrong with the first line, if it is no start to speak of."""
    above = (training.points @ training.weights[0, :2] + training.weights[0, 2] >= 0).mean()
    if max(above, 1 - above) > BESIDE:
        return tr(
            "A slow start: the first line, near the origin, has both clouds on one side "
            "({first} right);",
            first=_percent(first),
        )
    if first < 0.5:
        return tr(
            "A slow start: the first line has most points on the wrong side ({first} right);",
            first=_percent(first),
        )
    return ""


def _not_yet(training: Training, first: float, last: float, middle: float) -> str:
    end = tr(
        "iteration {n} has {last} right, and {middle} could be.",
        n=training.last,
        last=_percent(last),
        middle=_percent(middle),
    )
    won = training.loss[0] - training.loss[-1]
    late = training.loss[-min(LATE, len(training.loss))] - training.loss[-1]
    if start := _start(training, first):
        beginning = start
    elif late > STILL * won:
        beginning = tr("Too small a step, or too few: the loss is still on its way down;")
    else:
        beginning = tr("Just misses: the loss hardly falls any more;")
    return tr("{beginning} {end}", beginning=beginning, end=end)


def _to_and_fro(training: Training) -> bool:
    ways = np.diff(training.loss)
    up, all_ways = ways[ways > 0].sum(), np.abs(ways).sum()
    return bool(up > TO_AND_FRO * all_ways)


def _of_middle_line(training: Training) -> float:
    """The accuracy of the line that has each point on the side of the nearer cloud's centre."""
    points, classes = training.points, training.classes
    to_0, to_1 = (((points - points[classes == n].mean(0)) ** 2).sum(1) for n in (0, 1))
    return float(((to_1 <= to_0) == classes).mean())


def _percent(part: float) -> str:
    return f"{part:.1%}"


def _spreads_apart(training: Training) -> float:
    """How far the centres of the clouds are apart, in standard deviations of a cloud."""
    (one, other), spread = _clouds(training)
    return float(np.linalg.norm(one - other) / spread)


def _offset(training: Training) -> float:
    """How far the place half-way between the clouds is from the origin, measured likewise."""
    (one, other), spread = _clouds(training)
    return float(np.linalg.norm(one + other) / 2 / spread)


def _clouds(training: Training) -> tuple[NDArray[np.float64], float]:
    """The centres of the two clouds, and their spread."""
    clouds = [training.points[training.classes == n] for n in (0, 1)]
    spread = np.mean([cloud.std(0) for cloud in clouds])
    return np.array([cloud.mean(0) for cloud in clouds]), float(spread)
