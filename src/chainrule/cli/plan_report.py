"""What `chainrule fit` understood of a table, in words."""

from __future__ import annotations

import numpy as np

from chainrule._languages import tr, tr_n
from chainrule._text import shortened
from chainrule.cli.layout import counted, lined_up, paragraph
from chainrule.linear_model.columns import Column, NumberColumn
from chainrule.linear_model.training import Plan

__all__ = ["report_plan"]

MOST_COLUMNS = 60  # of a wide table: what is more is counted
MOST_CLASSES = 8


def report_plan(plan: Plan) -> str:
    """Return what was understood of the table and how its rows are used."""
    table, target = plan.table, plan.target
    lines = paragraph(
        tr(
            "Read {path}: {rows} rows, {columns} columns ({dialect}).",
            path=table.path,
            rows=table.rows,
            columns=len(table.names),
            dialect=table.dialect.describe(),
        )
    )
    lines += paragraph(
        tr("Target {name}: {classes}.", name=target.name, classes=_class_counts(plan))
    )
    without = table.rows - len(target.rows)
    if without:
        lines.append(
            tr_n(
                "Left out: {count} row without a {name}.",
                "Left out: {count} rows without a {name}.",
                without,
                name=target.name,
            )
        )
    lines += [*_columns(plan), ""]
    features = plan.reading.features.shape[1]
    lines += paragraph(
        tr(
            "Training on {rows} and {features}; {held_out}.",
            rows=counted(len(plan.training)),
            features=tr_n("{count} feature", "{count} features", features),
            held_out=_held_out(plan),
        )
    )
    return "\n".join(lines)


def _held_out(plan: Plan) -> str:
    if not plan.held_out.size:
        return tr("none held out")
    return tr(
        "{rows} held out, of every class alike (seed {seed})",
        rows=counted(len(plan.held_out)),
        seed=plan.seed,
    )


def _class_counts(plan: Plan) -> str:
    counts = np.bincount(plan.target.codes[plan.target.rows])
    named = [f"{shortened(c, 24)} {n}" for c, n in zip(plan.target.classes, counts, strict=True)]
    listed = tr(", ").join(named[:MOST_CLASSES])
    more = len(named) - MOST_CLASSES
    return (
        tr("{listed} and {count} classes more", listed=listed, count=more) if more > 0 else listed
    )


def _columns(plan: Plan) -> list[str]:
    plain, rows = [], []
    for column, reading in zip(plan.columns, plan.reading.columns, strict=True):
        if isinstance(column, NumberColumn) and not reading.filled:
            plain.append(shortened(column.name, 28))
        else:
            rows.append([shortened(column.name, 28), *_understood(column, reading.filled)])
    lines = []
    if plain:
        names = tr(", ").join(plain[:MOST_COLUMNS])
        more = len(plain) - MOST_COLUMNS
        if more > 0:
            names = tr("{named}, and {count} more", named=names, count=more)
        lines += paragraph(tr("Numbers, none missing: {names}.", names=names))
    if rows:
        header = [tr("column"), tr("is"), tr("missing"), tr("filled with")]
        lines += ["", *lined_up(header, rows[:MOST_COLUMNS], "<<><")]
        more = len(rows) - MOST_COLUMNS
        if more > 0:
            lines.append(tr("… and {count} columns more", count=more))
    if any(reading.filled for reading in plan.reading.columns):
        lines += paragraph(
            tr("Missing cells are filled with the training part's median or commonest text.")
        )
    for left_out in plan.left_out:
        name = shortened(left_out.name, 28)
        lines.append(tr("Left out: {name} ({reason}).", name=name, reason=left_out.reason))
    return lines + _suspicions(plan)


def _understood(column: Column, missing: int) -> list[str]:
    if isinstance(column, NumberColumn):
        return [tr("numbers"), str(missing), f"{column.fill:.6g}" if missing else ""]
    kinds = tr_n(
        "text: {count} indicator against {usual}",
        "text: {count} indicators against {usual}",
        len(column.others),
        usual=shortened(column.usual, 16),
    )
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
                tr(
                    "Note: {name} would be numbers with --decimal {decimal}.",
                    name=shortened(name, 28),
                    decimal=decimal,
                )
            )
        elif 0 < 10 * len(strange) <= plan.table.rows:
            first = int(strange[0])
            lines += paragraph(
                tr(
                    'Note: {name} counts as text because of "{text}" in {where}; all but {rows} '
                    "are numbers.",
                    name=shortened(name, 28),
                    text=shortened(plan.table.texts(name)[first].as_py(), 16),
                    where=plan.table.where(first),
                    rows=counted(len(strange)),
                )
            )
    return lines
