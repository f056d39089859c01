"""What `chainrule fit` tells: what it understood of the table, what it found, how good it is."""

from __future__ import annotations

import math
from textwrap import wrap

import numpy as np

from chainrule.cli.layout import digits, lined_up, shortened
from chainrule.linear_model.columns import Column, NumberColumn
from chainrule.linear_model.model import TableModel
from chainrule.linear_model.training import Plan, Training

__all__ = ["report_plan", "report_training"]

MOST_COLUMNS = 60  # of a wide table: what is more is counted
MOST_WEIGHTS = 40  # all classes together
LARGE = 15.0  # a weight for one standard deviation that multiplies the odds by three million


def report_plan(plan: Plan) -> str:
    """Return what was understood of the table and how its rows are used."""
    table, target = plan.table, plan.target
    lines = [
        f"Read {table.path}: {table.rows} rows, {len(table.names)} columns "
        f"({table.dialect.describe()}).",
        f"Target {target.name}: {_class_counts(plan)}.",
    ]
    without = table.rows - len(target.rows)
    if without:
        lines.append(f"Left out: {_rows(without)} without a {target.name}.")
    lines += [*_columns(plan), ""]
    features = plan.reading.features.shape[1]
    held_out = (
        f"{_rows(len(plan.held_out))} held out (of every class alike, seed {plan.seed})"
        if plan.held_out.size
        else "none held out"
    )
    lines.append(f"Training on {_rows(len(plan.training))} and {features} features; {held_out}.")
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
        listed = f"Numbers, none missing: {', '.join(plain[:MOST_COLUMNS])}{more}."
        lines += wrap(listed, 80, subsequent_indent="  ", break_on_hyphens=False)
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
    for name in plan.table.names:
        if name == plan.target.name or plan.table.numbers(name) is not None:
            continue
        strange = plan.table.not_numbers(name)
        if 10 * len(strange) <= plan.table.rows:
            text = plan.table.texts(name)[int(strange[0])].as_py()
            lines.append(
                f'Note: {name} counts as text because of "{shortened(text, 16)}" in '
                f"{plan.table.where(int(strange[0]))}; the rest are numbers."
            )
    return lines


def _course(training: Training) -> list[str]:
    solution, plan = training.fit.solution, training.plan
    last = solution.last
    steps = f"{last.number} steps of L-BFGS"
    unpenalised = training.model.trained["l2"] == 0
    objective = "loss" if unpenalised else "loss and penalty"
    state = f"{objective} {last.value:.6g} a row, largest slope {last.gradient:.1e}"
    if solution.converged:
        lines = [f"Trained in {steps}: {state}."]
    else:
        lines = [
            f"Training did not converge in {steps}: {state}.",
            "The coefficients are those of the last step; a larger --l2 makes them definite.",
        ]
    if training.fit.separated and unpenalised:
        names = ", ".join(shortened(plan.target.classes[k], 24) for k in training.fit.separated)
        lines += [
            f"The training part separates completely ({names}): a plane parts these classes from",
            "the others, so without a penalty the coefficients have no finite values, and those",
            "below only tell where the steps ended. Take a penalty, such as --l2 1.",
        ]
    elif unpenalised and np.abs(training.model.weights).max() > LARGE:
        lines += [
            f"Some coefficients are very large ({np.abs(training.model.weights).max():.0f} for one "
            "standard deviation): the classes may",
            "separate but for a few rows, or columns may repeat each other. A penalty, such as",
            "--l2 1, makes them definite.",
        ]
    return lines


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
        return [
            "Nothing was held out, so nothing tells how good the model is on new rows. On the rows",
            f"that trained it: accuracy {measured.accuracy:.4f}, AUC {measured.auc:.4f}, log loss "
            f"{measured.log_loss:.4f}.",
        ]
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
        f"(The commonest class is {_commonest(training)}; its log loss is that of the classes' "
        "shares.)",
    ]


def _commonest(training: Training) -> str:
    codes = training.plan.target.codes[training.plan.training]
    return shortened(training.model.classes[int(np.argmax(np.bincount(codes)))], 24)


def _measure(number: float) -> str:
    return "?" if math.isnan(number) else f"{number:.4f}"


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"
