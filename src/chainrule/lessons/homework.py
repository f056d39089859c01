"""The homework: the lesson's training with other settings, and what they change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import product

from chainrule._languages import speaking, tr
from chainrule._text import wrapped

from .as_text import table
from .findings import finding
from .training import ITERATIONS, SEED, SettingsError, Training, check_settings, record

__all__ = ["SWEPT", "Sweep", "settings_of", "sweep"]

# What can be swept, with the lesson's own values, in the order of the table's columns.
SWEPT = {"mean_value": 1.7, "bias": 1.0, "lr": 0.01}
# A grid of more panels is no picture any more.
MOST = 60
TERMINAL = 80


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """The trainings of all combinations of some settings, the last setting changing fastest.

    Notebooks show it as a table.
    """

    values: dict[str, list[float]]
    trainings: list[Training]
    iterations: int = ITERATIONS  # at most

    def rows(self) -> list[list[str]]:
        """Return the table of the trainings, its heading first, in the language spoken."""
        header = [*SWEPT, tr("loss"), tr("accuracy"), tr("above 99%")]
        return [header, *map(_row, self.trainings)]

    def records(self) -> list[dict[str, object]]:
        """Return the table's rows as data for programs, unrounded.

        >>> swept = sweep({"mean_value": [5], "bias": [-1, 1]})
        >>> [(row["bias"], row["passed_at"], row["last_accuracy"]) for row in swept.records()]
        [(-1.0, 0, 1.0), (1.0, 0, 1.0)]
        """
        return [
            {
                **{name: getattr(training, name) for name in (*SWEPT, "seed")},
                "last_iteration": training.last,
                "first_loss": training.loss[0].item(),
                "last_loss": training.loss[-1].item(),
                "first_accuracy": training.accuracy[0].item(),
                "last_accuracy": training.accuracy[-1].item(),
                "passed_at": training.passed_at,
                "finding": finding(training),
            }
            for training in self.trainings
        ]

    def findings(self) -> list[str]:
        """Return a sentence for each training, in the language spoken: what it shows."""
        return [
            tr("{setting}: {finding}", setting=self.name(training), finding=finding(training))
            for training in self.trainings
        ]

    def table(self, lang: str | None = None) -> str:
        """Return a table of the trainings, and below it a sentence for each: what it shows."""
        with speaking(lang):
            header, *rows = self.rows()
            lines = table(header, rows)
            for said in self.findings():
                lines += ["", *wrapped(said, TERMINAL)]
            return "\n".join(lines)

    def __repr__(self) -> str:
        return self.table()

    def _repr_html_(self) -> str:
        header, *rows = self.rows()
        lines = [_html([*header, tr("what it shows")], "th")]
        for row, training in zip(rows, self.trainings, strict=True):
            lines.append(_html([*row, finding(training)], "td"))
        return "<table>\n" + "\n".join(lines) + "\n</table>"

    def name(self, training: Training) -> str:
        """Return the settings of a training that others of the sweep have otherwise.

        >>> swept = sweep({"mean_value": [5], "bias": [-1, 1]})
        >>> swept.name(swept.trainings[0])
        'bias -1'
        """
        varied = [name for name, values in self.values.items() if len(values) > 1] or list(SWEPT)
        return ", ".join(f"{name} {getattr(training, name):g}" for name in varied)


def sweep(
    values: Mapping[str, Sequence[float]], seed: int = SEED, iterations: int = ITERATIONS
) -> Sweep:
    """Return the trainings of all combinations of `values`, each begun from the same `seed`.

    `values` maps "mean_value", "bias" and "lr" to lists of numbers; a setting that is not named
    has the lesson's value. Raises `SettingsError` for other names, empty lists, numbers that no
    training can have, and more than 60 combinations.

    >>> swept = sweep({"mean_value": [5], "bias": [-1, 1]})
    >>> [training.passed_at for training in swept.trainings]
    [0, 0]
    """
    chosen: dict[str, list[float]] = {name: [value] for name, value in SWEPT.items()}
    for name, numbers in values.items():
        name = name.replace("-", "_")
        if name not in SWEPT:
            raise SettingsError(
                tr(
                    "there is no setting {name} to sweep; there are {names}",
                    name=repr(name),
                    names=", ".join(SWEPT),
                )
            )
        if not len(numbers):
            raise SettingsError(tr("{name} has no values to sweep; give some", name=name))
        chosen[name] = [float(number) for number in numbers]
    count = math.prod(map(len, chosen.values()))
    if count > MOST:
        raise SettingsError(
            tr("these are {count} trainings; sweep at most {most}", count=count, most=MOST)
        )
    settings = list(product(*chosen.values()))
    for mean_value, bias, lr in settings:  # all of them before the first is trained
        check_settings(mean_value, bias, lr, seed, iterations)
    trainings = [record(mean, bias, lr, seed, iterations) for mean, bias, lr in settings]
    return Sweep(chosen, trainings, iterations)


def settings_of(words: Iterable[str]) -> dict[str, list[float]]:
    """Return the settings that words such as `mean-value=1,1.7,5` name, for `sweep`.

    Raises `SettingsError` for a word that is none.

    >>> settings_of(["mean-value=1,1.7,5", "lr=0.01"])
    {'mean_value': [1.0, 1.7, 5.0], 'lr': [0.01]}
    """
    found: dict[str, list[float]] = {}
    for word in words:
        name, sign, numbers = word.partition("=")
        name = name.strip().replace("-", "_")
        try:
            read = [float(number) for number in numbers.split(",")] if numbers.strip() else []
        except ValueError:
            sign = ""
            read = []
        if not sign:
            raise SettingsError(
                tr(
                    "{word} is no setting to sweep; write it as mean-value=1,1.7,5",
                    word=repr(word),
                )
            )
        if name in found:
            raise SettingsError(tr("{name} is given twice; give it once", name=name))
        found[name] = read
    return found


def _row(training: Training) -> list[str]:
    numbers = [f"{getattr(training, name):g}" for name in SWEPT]
    loss = f"{training.loss[0]:.4f} → {training.loss[-1]:.4f}"
    accuracy = f"{training.accuracy[0]:.1%} → {training.accuracy[-1]:.1%}"
    passed = training.passed_at
    when = tr("never") if passed is None else tr("iteration {n}", n=passed)
    return [*numbers, loss, accuracy, when]


def _html(cells: Sequence[str], tag: str) -> str:
    """A row of a table; the last cell has a sentence, which notebooks would put to the right."""
    *numbers, sentence = map(escape, cells)
    row = "".join(f'<{tag} style="white-space:nowrap">{number}</{tag}>' for number in numbers)
    return f'<tr>{row}<{tag} style="text-align:left">{sentence}</{tag}></tr>'
