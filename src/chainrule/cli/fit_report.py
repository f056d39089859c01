"""What `chainrule fit` tells: what it understood of the table, what it found, how good it is."""

from __future__ import annotations

import math

import numpy as np

from chainrule._text import shortened
from chainrule.cli.layout import digits, lined_up, paragraph
from chainrule.linear_model.columns import Column, NumberColumn
from chainrule.linear_model.model import TableModel
from chainrule.linear_model.training import Plan, Training

__all__ = ["report_plan", "report_training"]

MOST_COLUMNS = 60  # of a wide table: what is more is counted
MOST_WEIGHTS = 40  # all classes together
TOO_SURE = 1e-9  # a probability that honest data without a penalty hardly ever reach


def report_plan(plan: Plan) -> str:
    """Return what was understood of the table and how its rows are used."""
    table, target = plan.table, plan.target
    lines = [
        *paragraph(
            f"Read {table.path}: {table.rows} rows, {len(table.names)} columns "
            f"({table.dialect.describe()})."
        ),
        *paragraph(f"Target {target.name}: {_class_counts(plan)}."),
    ]
    without = table.rows - len(target.rows)
    if without:
        lines.append(f"Left out: {_rows(without)} without a {target.name}.")
    lines += [*_columns(plan), ""]
    features = plan.reading.features.shape[1]
    held_out = (
        f"{_rows(len(plan.held_out))} held out, of every class alike (seed {plan.seed})"
        if plan.held_out.size
        else "none held out"
    )
    lines += paragraph(
        f"Training on {_rows(len(plan.training))} and {features} features; {held_out}."
    )
    return "\n".join(lines)


def report_training(training: Training) -> str:
    """Return how training went, the coefficients, and the measures."""
    return "\n".join(
        [
            *_course(training),
            "",
            *_coefficients(training.model, len(training.plan.training)),
            "",
            *_measures(training),
            "",
        ]
    )


def _class_counts(plan: Plan) -> str:
    counts = np.bincount(plan.target.codes[plan.target.rows])
    named = [f"{shortened(c, 24)} {n}" for c, n in zip(plan.target.classes, counts, strict=True)]
    more = f" and {len(named) - 8} classes more" if len(named) > 8 else ""
    return ", ".join(named[:8]) + more


def _columns(plan: Plan) -> list[str]:
    plain, rows = [], []
    for column, reading in zip(plan.columns, plan.reading.columns, strict=True):
        if isinstance(column, NumberColumn) and not reading.filled:
            plain.append(shortened(column.name, 28))
        else:
            rows.append([shortened(column.name, 28), *_understood(column, reading.filled)])
    lines = []
    if plain:
        more = f", and {len(plain) - MOST_COLUMNS} more" if len(plain) > MOST_COLUMNS else ""
        lines += paragraph(f"Numbers, none missing: {', '.join(plain[:MOST_COLUMNS])}{more}.")
    if rows:
        header = ["column", "is", "missing", "filled with"]
        lines += ["", *lined_up(header, rows[:MOST_COLUMNS], "<<><")]
        if len(rows) > MOST_COLUMNS:
            lines.append(f"… and {len(rows) - MOST_COLUMNS} columns more")
    if any(reading.filled for reading in plan.reading.columns):
        lines.append("Missing cells are filled with the training part's median or commonest text.")
    for left_out in plan.left_out:
        lines.append(f"Left out: {shortened(left_out.name, 28)} ({left_out.reason}).")
    return lines + _suspicions(plan)


def _understood(column: Column, missing: int) -> list[str]:
    if isinstance(column, NumberColumn):
        return ["numbers", str(missing), f"{column.fill:.6g}" if missing else ""]
    several = "s" if len(column.others) > 1 else ""
    kinds = f"text: {len(column.others)} indicator{several} against {shortened(column.usual, 16)}"
    return [kinds, str(missing), shortened(column.usual, 12) if missing else ""]


def _suspicions(plan: Plan) -> list[str]:
    """Say which texts are numbers but for a few cells: a stray mark, or another decimal."""
    lines = []
    judged = [*plan.columns, *plan.left_out]
    for name in [each.name for each in judged if not isinstance(each, NumberColumn)]:
        strange = plan.table.not_numbers(name)
        if 0 < 10 * len(strange) <= plan.table.rows:
            first = int(strange[0])
            lines += paragraph(
                f"Note: {shortened(name, 28)} counts as text because of "
                f'"{shortened(plan.table.texts(name)[first].as_py(), 16)}" in '
                f"{plan.table.where(first)}; all but {_rows(len(strange))} are numbers."
            )
    return lines


def _course(training: Training) -> list[str]:
    solution = training.fit.solution
    last, unpenalised = solution.last, training.model.trained["l2"] == 0
    steps = f"{last.number} steps of {solution.method}"
    objective = "loss" if unpenalised else "loss and penalty"
    state = f"{objective} {last.value:.6g} a row, largest slope {last.gradient:.1e}."
    if solution.converged:
        lines = paragraph(f"Trained in {steps}: {state}")
    else:
        lines = paragraph(
            f"Training did not converge in {steps}: {state} The coefficients are those of the "
            "last step; a larger --l2 makes them definite."
        )
    largest = float(np.abs(training.model.weights).max())
    if training.fit.separated and unpenalised:
        names = training.model.trained["separated_classes"]
        are = "is" if len(names) == 1 else "are"
        lines += paragraph(
            f"The training part separates: {shortened(', '.join(names), 60)} {are} told from all "
            "other rows without a single error, so that without a penalty no finite coefficients "
            "are best, and those below only tell where the steps ended. Take a penalty, such as "
            "--l2 1."
        )
    elif unpenalised and _surest(training) < TOO_SURE:
        lines += paragraph(
            "Some rows of the training part are given probabilities of almost 0 or 1 (down to "
            f"{_surest(training):.0e}, with coefficients up to {largest:.3g} for one standard "
            "deviation): the classes may separate but for a few rows, and then these "
            "coefficients have no finite best values. A penalty, such as --l2 1, makes them "
            "definite."
        )
    return lines


def _surest(training: Training) -> float:
    features = training.plan.reading.features[training.plan.training]
    return float(training.model.probabilities(features).min())


def _coefficients(model: TableModel, rows: int) -> list[str]:
    """The table of weights, the largest for one standard deviation first."""
    lines = [f"Coefficients, from the {_rows(rows)} of the training part:"]
    most = max(5, MOST_WEIGHTS // len(model.outputs))
    for output, name in enumerate(model.outputs):
        weights, per_unit = model.weights[:, output], model.weights_per_unit[:, output]
        order = np.argsort(-np.abs(weights), kind="stable")
        rows_of_output = [
            [
                shortened(model.features[k], 30),
                digits(per_unit[k]),
                digits(model.scale[k]).lstrip("+"),
                digits(weights[k]),
                _odds(weights[k]),
            ]
            for k in order[:most]
        ]
        at_zero = float(model.intercepts_at_zero[output])
        rows_of_output.append(
            ["(intercept)", digits(at_zero), "", digits(model.intercepts[output]), ""]
        )
        header = ["column", "per unit", "1 std. dev.", "per std. dev.", "odds x"]
        speaks_for = f"log-odds of {name}" if len(model.outputs) == 1 else f"score of {name}"
        lines += ["", f"{speaks_for}:", *lined_up(header, rows_of_output, "<>>>>")]
        if len(order) > most:
            kept = len(order) - most
            lines.append(f"… and {kept} smaller ones, which the model file has (--model)")
    return lines


def _odds(weight: float) -> str:
    return f"{math.exp(weight):.4g}" if abs(weight) < 700 else "?"


def _measures(training: Training) -> list[str]:
    held_out, classes = training.held_out, training.model.classes
    if held_out is None:
        measured = training.on_training
        return paragraph(
            "Nothing was held out, so nothing tells how good the model is on new rows. On the rows "
            f"that trained it: accuracy {_measure(measured.accuracy)}, AUC "
            f"{_measure(measured.auc)}, log loss {_measure(measured.log_loss)}."
        )
    header = ["", "this model", "always the commonest class"]
    rows = [
        [name, _measure(getattr(held_out.model, field)), _measure(getattr(held_out.guess, field))]
        for name, field in (
            ("accuracy", "accuracy"),
            ("AUC" if len(classes) == 2 else "AUC (mean, one against rest)", "auc"),
            ("log loss", "log_loss"),
        )
    ]
    return [
        f"On the {_rows(len(held_out.codes))} held out:",
        *lined_up(header, rows, "<>>"),
        *paragraph(
            f"The commonest class is {_commonest(training)}; the log loss of that guess is that of "
            "the classes' shares in the training part."
        ),
    ]


def _commonest(training: Training) -> str:
    codes = training.plan.target.codes[training.plan.training]
    return shortened(training.model.classes[int(np.argmax(np.bincount(codes)))], 24)


def _measure(number: float) -> str:
    return "?" if math.isnan(number) else f"{number:.4f}"


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"
