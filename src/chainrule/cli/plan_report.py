"""What `chainrule fit` understood of a table, in words."""

from __future__ import annotations

import numpy as np

from chainrule._text import shortened
from chainrule.cli.layout import counted, lined_up, paragraph
from chainrule.linear_model.columns import Column, NumberColumn
from chainrule.linear_model.training import Plan

__all__ = ["report_plan"]

MOST_COLUMNS = 60  # of a wide table: what is more is counted


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
        lines.append(f"Left out: {counted(without)} without a {target.name}.")
    lines += [*_columns(plan), ""]
    features = plan.reading.features.shape[1]
    held_out = (
        f"{counted(len(plan.held_out))} held out, of every class alike (seed {plan.seed})"
        if plan.held_out.size
        else "none held out"
    )
    lines += paragraph(
        f"Training on {counted(len(plan.training))} and {counted(features, 'feature')}; {held_out}."
    )
    return "\n".join(lines)


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
    """Say which texts would be numbers but for a few stray cells, or the decimal mark."""
    lines = []
    judged = [*plan.columns, *plan.left_out]
    for name in [each.name for each in judged if not isinstance(each, NumberColumn)]:
        strange = plan.table.not_numbers(name)
        decimal = plan.table.other_decimal(name)
        if decimal:
            lines += paragraph(
                f"Note: {shortened(name, 28)} would be numbers with --decimal {decimal}."
            )
        elif 0 < 10 * len(strange) <= plan.table.rows:
            first = int(strange[0])
            lines += paragraph(
                f"Note: {shortened(name, 28)} counts as text because of "
                f'"{shortened(plan.table.texts(name)[first].as_py(), 16)}" in '
                f"{plan.table.where(first)}; all but {counted(len(strange))} are numbers."
            )
    return lines
