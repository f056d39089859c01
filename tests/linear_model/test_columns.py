"""What columns are taken for, and what becomes of gaps and of texts never seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow")

from chainrule.linear_model.columns import (
    LeftOut,
    NumberColumn,
    TextColumn,
    read_columns,
    understand,
)
from chainrule.linear_model.tables import Table, read_table


def table_of(folder: Path, text: str) -> Table:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path)


TEXT = """\
n,color,same,id,t
1,red,5,a,x
,blue,5,b,y
7,red,5,c,x
2,NA,5,d,y
3,red,5,e,x
9,blue,,f,y
"""


def test_understand(tmp_path: Path) -> None:
    columns, left_out = understand(table_of(tmp_path, TEXT), "t", np.arange(6))
    assert columns == [NumberColumn("n", 3.0), TextColumn("color", "red", ("blue",))]
    assert left_out == [LeftOut("same", "always 5"), LeftOut("id", "6 different texts in 6 rows")]


def test_only_the_training_rows_are_judged(tmp_path: Path) -> None:
    columns, left_out = understand(table_of(tmp_path, TEXT), "t", np.array([0, 1, 5]))
    assert columns == [NumberColumn("n", 5.0)]
    assert LeftOut("color", "2 different texts in 3 rows") in left_out


def test_texts_too_many_for_indicators_are_left_out(tmp_path: Path) -> None:
    rows = "".join(f"place {k % 1001},{k % 2}\n" for k in range(4004))
    columns, left_out = understand(table_of(tmp_path, "place,t\n" + rows), "t", np.arange(4004))
    assert columns == []
    assert left_out == [LeftOut("place", "1001 different texts in 4004 rows")]


def test_features_and_fills(tmp_path: Path) -> None:
    table = table_of(tmp_path, TEXT)
    reading = read_columns(understand(table, "t", np.arange(6))[0], table)
    np.testing.assert_array_equal(
        reading.features, [[1, 0], [3, 1], [7, 0], [2, 0], [3, 0], [9, 1]]
    )
    assert [column.filled for column in reading.columns] == [1, 1]


def test_texts_never_seen_are_no_indicator_and_reported(tmp_path: Path) -> None:
    column = TextColumn("color", "red", ("blue", "green"))
    reading = column.read(table_of(tmp_path, "color\ngreen\npink\nblue\nred\npink\n?\n"))
    np.testing.assert_array_equal(
        reading.features, [[0, 1], [0, 0], [1, 0], [0, 0], [0, 0], [0, 0]]
    )
    assert (reading.unseen, reading.unseen_rows, reading.filled) == (("pink",), 2, 1)


def test_a_text_column_may_look_like_numbers_later(tmp_path: Path) -> None:
    column = TextColumn("code", "A1", ("7",))
    reading = column.read(table_of(tmp_path, "code\n7\n8\n"))
    np.testing.assert_array_equal(reading.features, [[1], [0]])
    assert reading.unseen == ("8",)


def test_a_wholly_missing_column_of_a_new_table_is_filled(tmp_path: Path) -> None:
    columns = [NumberColumn("n", 4.0), TextColumn("color", "red", ("blue",))]
    reading = read_columns(columns, table_of(tmp_path, "color,n\n,\n,\n"))
    np.testing.assert_array_equal(reading.features, [[4, 0], [4, 0]])
