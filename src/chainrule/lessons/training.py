"""The training of `examples/lessons/logistic_regression.py`, recorded iteration by iteration."""

from __future__ import annotations

import ast
import html
import math
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule._languages import tr
from chainrule.substitution import substituted

from .programs import path_of

__all__ = ["ITERATIONS", "PASSED", "SEED", "SettingsError", "Training", "check_settings", "record"]

# The lesson's own.
SEED, ITERATIONS = 10, 1000
# The lesson stops at an accuracy above this.
PASSED = 0.99
# Points are of type float32: farther out they lie on a grid too coarse for clouds one wide.
FARTHEST = 1e6
MOST_ITERATIONS = 100_000  # half a minute

_Floats = NDArray[np.float64]


class SettingsError(ValueError):
    """A setting that no training can have, as one sentence."""


@dataclass(frozen=True, eq=False)
class Training:
    """What a training did: row n of `weights`, `loss` and `accuracy` belongs to iteration n.

    `weights` holds w0, w1 and b as they were when loss and accuracy were measured, which is before
    the iteration's step; one more row, the last, is what the last step left. (The lesson's program
    prints its weights after the step: for iteration n that is row n + 1.) Points have two
    coordinates, `classes` 0 or 1.
    """

    mean_value: float
    bias: float
    lr: float
    seed: int
    points: _Floats = field(repr=False)
    classes: NDArray[np.int64] = field(repr=False)
    weights: _Floats = field(repr=False)
    loss: _Floats = field(repr=False)
    accuracy: _Floats = field(repr=False)
    overflowed: bool

    @property
    def settings(self) -> str:
        """The settings of the training, as its pictures print them."""
        numbers = (f"{name} {getattr(self, name):g}" for name in ("mean_value", "bias", "lr"))
        return ", ".join([*numbers, f"seed {self.seed}"])

    @property
    def last(self) -> int:
        """The number of the last iteration."""
        return len(self.loss) - 1

    @property
    def passed_at(self) -> int | None:
        """The iteration in which the accuracy was above 99%, where training stops; else None."""
        return self.last if self.accuracy[-1] > PASSED else None

    def _repr_html_(self) -> str:
        """The film, as a page in a notebook's page."""
        from chainrule.drawing.film.page import page

        return (
            f'<iframe srcdoc="{html.escape(page(self))}" sandbox="allow-scripts" '
            f'title="{tr("the film of a training")}" '
            'style="width: 100%; height: 820px; border: 0"></iframe>'
        )


def record(
    mean_value: float = 1.7,
    bias: float = 1.0,
    lr: float = 0.01,
    seed: int = SEED,
    iterations: int = ITERATIONS,
) -> Training:
    """Return the record of the lesson's training, run by the lesson's own functions.

    It stops in the first iteration whose accuracy is above 99%, as the lesson does where it
    looks, or after so many `iterations`; or where the weights have become so large that there is
    no loss any more (`overflowed`). The shared random numbers of `chainrule.torch` begin anew
    from `seed`, as in the lesson. Raises `SettingsError` for settings that no training can have.

    >>> training = record(mean_value=1.7, bias=1, lr=0.01, seed=10)
    >>> training.passed_at, training.accuracy[0].item(), training.accuracy[-1].item()
    (376, 0.92, 0.995)
    """
    check_settings(mean_value, bias, lr, seed, iterations)
    lesson = _lesson()
    lesson.torch.manual_seed(seed)
    train_x, train_y = lesson.two_clouds(mean_value, bias)
    net = lesson.LogisticRegression()
    weights = [lesson.weights(net)]
    losses: list[float] = []
    accuracies: list[float] = []
    overflowed = False
    steps = lesson.training(net, train_x, train_y, iterations, lr=lr)
    try:
        for _, loss, accuracy in steps:
            weights.append(lesson.weights(net))
            losses.append(loss.item())
            accuracies.append(accuracy)
            if accuracy > PASSED:
                break
    except RuntimeError:
        # So says the loss of probabilities that are no numbers: infinity less infinity.
        if np.isfinite(_log_odds(train_x.numpy(), weights[-1])).all():
            raise
        overflowed = True
    return Training(
        mean_value=float(mean_value),
        bias=float(bias),
        lr=float(lr),
        seed=seed,
        points=train_x.numpy().astype(float),
        classes=train_y.numpy().astype(int),
        weights=np.array(weights),
        loss=np.array(losses),
        accuracy=np.array(accuracies),
        overflowed=overflowed,
    )


def check_settings(mean_value: float, bias: float, lr: float, seed: int, iterations: int) -> None:
    """Raise `SettingsError` if no training can have these settings.

    >>> check_settings(1.7, 1, lr=0.01, seed=10, iterations=0)
    Traceback (most recent call last):
    chainrule.lessons.training.SettingsError: 0 iterations are no training; give at least 1
    """
    for name, value in (("mean_value", mean_value), ("bias", bias)):
        if not abs(value) <= FARTHEST:  # nan, too, is not
            raise SettingsError(
                tr(
                    "{name} is {value}; give a number from -1000000 to 1000000",
                    name=name,
                    value=value,
                )
            )
    if not (math.isfinite(lr) and lr > 0):
        raise SettingsError(
            tr("lr, the learning rate, is {value}; give a number above 0", value=lr)
        )
    if not 0 <= seed < 2**64:
        raise SettingsError(
            tr("the seed is {value}; give a whole number from 0 to 2**64 - 1", value=seed)
        )
    if iterations < 1:
        raise SettingsError(
            tr("{count} iterations are no training; give at least 1", count=iterations)
        )
    if iterations > MOST_ITERATIONS:
        raise SettingsError(
            tr(
                "{count} iterations would take too long; give at most {most}",
                count=iterations,
                most=MOST_ITERATIONS,
            )
        )


def _log_odds(points: NDArray[np.float32], weights: tuple[float, float, float]) -> Any:
    w = np.array(weights, np.float32)
    with np.errstate(all="ignore"):
        return points @ w[:2] + w[2]


@cache
def _lesson() -> SimpleNamespace:
    """The functions of the lesson's program, with `chainrule.torch` for its PyTorch.

    What draws in it is not needed, so its imports of Matplotlib are left out.
    """
    path = path_of("logistic_regression")
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    tree.body = [each for each in tree.body if _is_needed(each)]
    names: dict[str, Any] = {"__name__": path.stem}
    with substituted(str(path.parent)):
        exec(compile(tree, str(path), "exec"), names)  # noqa: S102  (the lesson is ours)
    return SimpleNamespace(**names)


def _is_needed(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import):
        return statement.names[0].name.partition(".")[0] == "torch"
    return isinstance(statement, ast.FunctionDef | ast.ClassDef)
