"""How the column to be predicted is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow")

from chainrule.linear_model.tables import read_table
from chainrule.linear_model.targets import Target, read_target


def target_of(folder: Path, *cells: str) -> Target:
    path = folder / "table.csv"
    path.write_text("\n".join(["t,x", *(f"{cell},1" for cell in cells)]), encoding="utf-8")
    return read_target(read_table(path), "t")


def test_texts_are_ordered_as_texts(tmp_path: Path) -> None:
    target = target_of(tmp_path, "b", "a", "NA", "b", "a")
    assert target.classes == ("a", "b")
    np.testing.assert_array_equal(target.codes, [1, 0, -1, 1, 0])
    np.testing.assert_array_equal(target.rows, [0, 1, 3, 4])


def test_numbers_are_ordered_as_numbers(tmp_path: Path) -> None:
    target = target_of(tmp_path, "10", "9", "10", "9", "-1", "-1")
    assert target.classes == ("-1", "9", "10")


def test_a_number_is_one_class_however_it_is_written(tmp_path: Path) -> None:
    target = target_of(tmp_path, "1", "0", "1.0", "0", "+1", "0.0")
    assert target.classes == ("0", "1")
    np.testing.assert_array_equal(target.codes, [1, 0, 1, 0, 1, 0])
