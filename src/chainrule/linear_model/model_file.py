"""The model file: JSON that a person can read, and that says when it is not what it should be."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule._files import replacing
from chainrule._languages import mark, tr
from chainrule._text import shortened
from chainrule.linear_model.columns import Column, NumberColumn, TextColumn
from chainrule.linear_model.dialects import Dialect
from chainrule.linear_model.errors import ModelFileError, quoted
from chainrule.linear_model.model import TableModel

__all__ = ["VERSION", "load_model", "save_model"]

FloatArray = NDArray[np.float64]

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
        # Editors on Windows put a byte order mark before what they save.
        content = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise ModelFileError(
            tr("{path} is no model file of chainrule: it is not text", path=path)
        ) from None
    except json.JSONDecodeError as error:
        raise ModelFileError(
            tr(
                "{path} is no whole model file: its JSON breaks off or is damaged in line {line}; "
                "write it again with chainrule fit --model",
                path=path,
                line=error.lineno,
            )
        ) from None
    except RecursionError:
        raise _damaged(path, tr("it holds lists in lists, too deep to be read")) from None
    except ValueError:  # Python's limit, which keeps endless digits from taking endless time
        raise _damaged(path, tr("it holds a number of too many digits")) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ModelFileError(
            tr(
                "{path} is JSON but no model file of chainrule; those are written by "
                "chainrule fit --model",
                path=path,
            )
        )
    version = content.get("version")
    if type(version) is int and version > VERSION:
        raise ModelFileError(
            tr(
                "{path} was written by a newer chainrule (its version is {version}, this one reads "
                "up to {newest}); upgrade with: python -m pip install --upgrade chainrule",
                path=path,
                version=_shown(version),
                newest=VERSION,
            )
        )
    try:
        if type(version) is not int or version < 1:
            raise ValueError(tr("its version is {version}", version=_shown(version)))
        return _model(content)
    except KeyError as error:
        raise _damaged(path, tr("it lacks {name}", name=error)) from None
    except ValueError as error:
        raise _damaged(path, str(error)) from None


def _model(content: dict[str, Any]) -> TableModel:
    features = [_mapping(feature) for feature in _list(content["features"])]
    model = TableModel(
        target=_text(content["target"]),
        classes=tuple(map(_text, _list(content["classes"]))),
        columns=tuple(map(_column, _list(content["columns"]))),
        center=_numbers([feature["center"] for feature in features]),
        scale=_numbers([feature["scale"] for feature in features]),
        weights=_rows([feature["weights"] for feature in features]),
        intercepts=_numbers(content["intercepts"]),
        dialect=_dialect(_mapping(content["read_as"])),
        trained=_mapping(content["trained"]),
    )
    if len(set(model.classes)) < max(2, len(model.classes)):
        raise ValueError(tr("it needs two different classes or more"))
    if [_text(feature["name"]) for feature in features] != list(model.features):
        raise ValueError(tr("its features are not those of its columns"))
    if model.weights.shape != (len(features), len(model.outputs)):
        raise ValueError(tr("it has too few or too many weights"))
    if model.intercepts.shape != (len(model.outputs),):
        raise ValueError(tr("it has too few or too many intercepts"))
    if not (model.scale > 0).all():
        raise ValueError(tr("it holds a scale that is not positive"))
    return model


def _column(content: Any) -> Column:
    column = _mapping(content)
    name, kind = _text(column["name"]), _text(column["kind"])
    if kind == "numbers":
        return NumberColumn(name, _number(column["fill"]))
    if kind == "texts":
        others = tuple(map(_text, _list(column["others"])))
        return TextColumn(name, _text(column["usual"]), others)
    raise ValueError(tr("a column of kind {kind} is not known", kind=quoted(kind)))


def _dialect(content: dict[str, Any]) -> Dialect:
    return Dialect(
        _text(content["encoding"]),
        _text(content["separator"]),
        _text(content["decimal"]),
        _flag(content["byte_order_mark"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _unfit(value, mark("a text"))
    return value


def _number(value: Any) -> float:
    # JSON's true would pass for 1, and Python reads NaN and Infinity, which no model has.
    if type(value) not in (int, float) or not abs(value) <= sys.float_info.max:
        raise _unfit(value, mark("a finite number"))
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _unfit(value, mark("true or false"))
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _unfit(value, mark("a list"))
    return value


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _unfit(value, mark("an object of named values"))
    return value


def _numbers(value: Any) -> FloatArray:
    return np.array(list(map(_number, _list(value))), dtype=np.float64)


def _rows(values: list[Any]) -> FloatArray:
    rows = [_numbers(value) for value in values]
    if len({len(row) for row in rows}) != 1:
        raise ValueError(tr("it has too few or too many weights"))
    return np.stack(rows)


def _unfit(value: Any, wanted: str) -> ValueError:
    return ValueError(
        tr("it holds {value} where {wanted} belongs", value=_shown(value), wanted=tr(wanted))
    )


def _shown(value: Any) -> str:
    return shortened(json.dumps(value, ensure_ascii=False), 40)


def _damaged(path: str | Path, what: str) -> ModelFileError:
    return ModelFileError(
        tr(
            "{path} is damaged ({what}); write it again with chainrule fit --model",
            path=path,
            what=what,
        )
    )
