"""From a table to a model: the steps of the main job in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule._languages import tr
from chainrule.linear_model.columns import Column, LeftOut, Reading, read_columns, understand
from chainrule.linear_model.errors import TableError, quoted
from chainrule.linear_model.fitting import LinearFit, fit_linear
from chainrule.linear_model.measures import Measures, measure
from chainrule.linear_model.model import TableModel, log_loss_of
from chainrule.linear_model.penalties import Ridge
from chainrule.linear_model.solvers import Step
from chainrule.linear_model.splitting import stratified_split
from chainrule.linear_model.standardising import center_and_scale
from chainrule.linear_model.tables import Table
from chainrule.linear_model.targets import Target, read_target

__all__ = ["HeldOut", "Plan", "Training", "prepare", "train"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Plan:
    """A table understood and split, ready to be trained on."""

    table: Table
    target: Target
    columns: tuple[Column, ...]
    left_out: tuple[LeftOut, ...]
    reading: Reading
    training: IntArray
    held_out: IntArray
    seed: int
    test_fraction: float


@dataclass(frozen=True)
class HeldOut:
    """The rows set aside: their classes, what the model says, and how good that is.

    `guess` gives every row the classes' shares in the training part, whose largest is the
    commonest class.
    """

    codes: IntArray
    probabilities: FloatArray
    model: Measures
    guess: Measures


@dataclass(frozen=True)
class Training:
    """A trained model with all that is worth telling about how it came about."""

    plan: Plan
    model: TableModel
    fit: LinearFit
    on_training: Measures
    held_out: HeldOut | None


def prepare(table: Table, target: str, *, test_fraction: float = 0.25, seed: int = 0) -> Plan:
    """Return how `table` is understood and which of its rows train.

    Rows without a class are left out. What columns are and how gaps are filled is decided on the
    training part alone. Raises `TableError` for what cannot be trained on.
    """
    classes = read_target(table, target)
    training, held_out = (
        classes.rows[part]
        for part in stratified_split(classes.codes[classes.rows], test_fraction, seed)
    )
    columns, left_out = understand(table, target, training)
    if not columns:
        decimals = (
            tr(
                "; {name} would be numbers with --decimal {decimal}",
                name=quoted(each.name),
                decimal=other,
            )
            for each in left_out
            if (other := table.other_decimal(each.name))
        )
        lacks = tr(
            "{path} has no column to predict {target} from", path=table.path, target=quoted(target)
        )
        raise TableError(lacks + next(decimals, table.uncut))
    return Plan(
        table,
        classes,
        tuple(columns),
        tuple(left_out),
        read_columns(columns, table),
        training,
        held_out,
        seed,
        test_fraction,
    )


def train(
    plan: Plan, *, l2: float = 1.0, report: Callable[[Step], None] = lambda step: None
) -> Training:
    """Return the logistic regression trained on the training part of `plan`.

    `l2` is the strength of the penalty on the weights of standardised columns; `report` is told of
    every step.
    """
    features, codes = plan.reading.features[plan.training], plan.target.codes[plan.training]
    center, scale = center_and_scale(features)
    fit = fit_linear(
        (features - center) / scale,
        codes,
        log_loss_of(len(plan.target.classes)),
        Ridge(l2),
        report=report,
    )
    model = TableModel(
        target=plan.target.name,
        classes=plan.target.classes,
        columns=plan.columns,
        center=center,
        scale=scale,
        weights=fit.weights,
        intercepts=fit.intercepts,
        dialect=plan.table.dialect,
        trained=_how(plan, l2, fit),
    )
    return Training(
        plan, model, fit, measure(codes, model.probabilities(features)), _judge(plan, model)
    )


def _judge(plan: Plan, model: TableModel) -> HeldOut | None:
    if not plan.held_out.size:
        return None
    codes = plan.target.codes[plan.held_out]
    probabilities = model.probabilities(plan.reading.features[plan.held_out])
    shares = np.bincount(plan.target.codes[plan.training], minlength=len(model.classes))
    guess = np.tile(shares / shares.sum(), (len(codes), 1))
    return HeldOut(codes, probabilities, measure(codes, probabilities), measure(codes, guess))


def _how(plan: Plan, l2: float, fit: LinearFit) -> dict[str, Any]:
    last = fit.solution.last
    return {
        "table": plan.table.path.name,
        "rows": plan.table.rows,
        "training_rows": len(plan.training),
        "held_out_rows": len(plan.held_out),
        "test_fraction": plan.test_fraction,
        "seed": plan.seed,
        "l2": l2,
        "solver": fit.solution.method,
        "steps": last.number,
        "objective_per_row": last.value,
        "gradient_per_row": last.gradient,
        "converged": fit.solution.converged,
        "separated_classes": [plan.target.classes[k] for k in fit.separated],
    }
