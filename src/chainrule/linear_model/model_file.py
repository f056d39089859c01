"""The model file: JSON that a person can read, and that says when it is not what it should be."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from chainrule._files import replacing
from chainrule.linear_model.columns import Column, NumberColumn, TextColumn
from chainrule.linear_model.dialects import Dialect
from chainrule.linear_model.errors import ModelFileError
from chainrule.linear_model.model import TableModel

__all__ = ["VERSION", "load_model", "save_model"]

FORMAT = "chainrule table model"
VERSION = 1


def save_model(model: TableModel, path: str | Path) -> None:
    """Write `model` to `path` whole or not at all; every number keeps all its digits."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "target": model.target,
        "classes": list(model.classes),
        "columns": [asdict(column) for column in model.columns],
        "features": [
            {"name": name, "center": center, "scale": scale, "weights": weights}
            for name, center, scale, weights in zip(
                model.features,
                model.center.tolist(),
                model.scale.tolist(),
                model.weights.tolist(),
                strict=True,
            )
        ],
        "intercepts": model.intercepts.tolist(),
        "read_as": asdict(model.dialect),
        "trained": model.trained,
    }
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    with replacing(Path(path)) as new:
        new.write_text(text + "\n", encoding="utf-8")


def load_model(path: str | Path) -> TableModel:
    """Return the model that `save_model` wrote to `path`.

    Raises `ModelFileError` for a file that is truncated, is something else, or was written by a
    newer version, and `OSError` for one that cannot be read.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ModelFileError(f"{path} is no model file of chainrule: it is not text") from None
    except json.JSONDecodeError as error:
        raise ModelFileError(
            f"{path} is no whole model file: its JSON breaks off or is damaged in line "
            f"{error.lineno}; write it again with chainrule fit --model"
        ) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ModelFileError(
            f"{path} is JSON but no model file of chainrule; those are written by "
            "chainrule fit --model"
        )
    version = content.get("version")
    if type(version) is int and version > VERSION:
        raise ModelFileError(
            f"{path} was written by a newer chainrule (its version is {version}, this one reads "
            f"up to {VERSION}); upgrade with: python -m pip install --upgrade chainrule"
        )
    try:
        if type(version) is not int or version < 1:
            raise ValueError(f"its version is {version}")
        model = _model(content)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelFileError(
            f"{path} is damaged ({_what(error)}); write it again with chainrule fit --model"
        ) from None
    return model


def _model(content: dict[str, Any]) -> TableModel:
    features = content["features"]
    model = TableModel(
        target=str(content["target"]),
        classes=tuple(map(str, content["classes"])),
        columns=tuple(map(_column, content["columns"])),
        center=np.array([feature["center"] for feature in features], dtype=np.float64),
        scale=np.array([feature["scale"] for feature in features], dtype=np.float64),
        weights=np.array([feature["weights"] for feature in features], dtype=np.float64),
        intercepts=np.array(content["intercepts"], dtype=np.float64),
        dialect=Dialect(**content["read_as"]),
        trained=dict(content["trained"]),
    )
    if len(set(model.classes)) < max(2, len(model.classes)):
        raise ValueError("it needs two different classes or more")
    if [feature["name"] for feature in features] != list(model.features):
        raise ValueError("its features are not those of its columns")
    if model.weights.shape != (len(features), len(model.outputs)):
        raise ValueError("it has too few or too many weights")
    if model.intercepts.shape != (len(model.outputs),):
        raise ValueError("it has too few or too many intercepts")
    numbers = (model.center, model.scale, model.weights, model.intercepts)
    if not all(np.isfinite(each).all() for each in numbers) or not (model.scale > 0).all():
        raise ValueError("it holds numbers that no model has")
    return model


def _column(content: dict[str, Any]) -> Column:
    if content["kind"] == "numbers":
        return NumberColumn(str(content["name"]), float(content["fill"]))
    if content["kind"] == "texts":
        return TextColumn(
            str(content["name"]), str(content["usual"]), tuple(map(str, content["others"]))
        )
    raise ValueError(f'a column of kind "{content["kind"]}" is not known')


def _what(error: Exception) -> str:
    return f"it lacks {error}" if isinstance(error, KeyError) else str(error)
