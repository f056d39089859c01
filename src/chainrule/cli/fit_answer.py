"""What `chainrule fit --json` answers: the same findings as in words, with all digits."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from chainrule.linear_model.training import Training

__all__ = ["fit_answer"]


def fit_answer(training: Training, written: dict[str, Path], notes: list[str]) -> dict[str, Any]:
    """Return the findings as named values; `written` are the files, `notes` what is strange."""
    plan, model, held_out = training.plan, training.model, training.held_out
    return {
        "table": plan.table.path,
        "read_as": asdict(plan.table.dialect),
        "target": model.target,
        "classes": model.classes,
        "columns": [
            {**asdict(column), "missing": reading.filled}
            for column, reading in zip(plan.columns, plan.reading.columns, strict=True)
        ],
        "left_out": [asdict(each) for each in plan.left_out],
        "rows_without_target": plan.table.rows - len(plan.target.rows),
        "trained": model.trained,
        "outputs": model.outputs,
        "coefficients": [
            {
                "feature": name,
                "center": center,
                "scale": scale,
                "standardised": own,
                "per_unit": per,
            }
            for name, center, scale, own, per in zip(
                model.features,
                model.center,
                model.scale,
                model.weights,
                model.weights_per_unit,
                strict=True,
            )
        ],
        "intercepts": {"at_mean": model.intercepts, "at_zero": model.intercepts_at_zero},
        "on_training": asdict(training.on_training),
        "held_out": held_out and asdict(held_out.model),
        "held_out_guess": held_out and asdict(held_out.guess),
        "written": written,
        "notes": notes,
    }
