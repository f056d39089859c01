"""Reading tables in every dress that they come in."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("pyarrow")

from chainrule.linear_model.errors import TableError
from chainrule.linear_model.tables import MISSING, read_table


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_separators_line_ends_and_encodings(
    path: Path, separator: str, end: str, encoding: str
) -> None:
    lines = ["名,身高", "甲,1.5", '"乙, 丙; 丁",2', "", '"说""是""",NA']
    if separator != ",":
        lines = [line if line.startswith('"乙') else line.replace(",", separator) for line in lines]
        lines[2] = f'"乙, 丙; 丁"{separator}2'
    path.write_bytes(end.join(lines).encode(encoding))
    said = "utf-8" if encoding == "utf-8-sig" else encoding
    table = read_table(path, encoding=said)
    assert table.dialect.separator == separator
    assert table.names == ("名", "身高")
    assert table.texts("名").to_pylist() == ["甲", "乙, 丙; 丁", '说"是"']
    np.testing.assert_array_equal(table.numbers("身高"), [1.5, 2, np.nan])


def test_line_ends_within_quotes(path: Path) -> None:
    path.write_text('"a\nb",c\n"1\n2",3\n', encoding="utf-8")
    table = read_table(path)
    assert table.names == ("a\nb", "c")
    assert table.texts("a\nb").to_pylist() == ["1\n2"]


def test_decimal_commas(path: Path) -> None:
    path.write_text('x;y\n1,5;2.5\n-2;3\n"+,5";1e3\n', encoding="utf-8")
    table = read_table(path, decimal=",")
    np.testing.assert_array_equal(table.numbers("x"), [1.5, -2, 0.5])
    assert table.numbers("y") is None, "a point is no decimal mark where the comma is"
    np.testing.assert_array_equal(table.not_numbers("y"), [0])
    assert read_table(path).numbers("x") is None


@pytest.mark.parametrize("mark", MISSING)
def test_marks_of_missing_cells(path: Path, mark: str) -> None:
    path.write_text(f"x,y\n1,a\n {mark} ,b\n3,{mark}\n", encoding="utf-8")
    table = read_table(path)
    np.testing.assert_array_equal(table.numbers("x"), [1, np.nan, 3])
    codes, texts = table.categories("y")
    assert [texts[code] if code >= 0 else None for code in codes] == ["a", "b", None]


def test_columns_without_a_name_are_called_by_their_place(path: Path) -> None:
    path.write_text(",x,\n1,2,3\n", encoding="utf-8")
    assert read_table(path).names == ("column_1", "x", "column_3")


def test_a_single_column(path: Path) -> None:
    path.write_text("x\n1\n2\n", encoding="utf-8")
    np.testing.assert_array_equal(read_table(path).numbers("x"), [1, 2])


def test_any_separator_by_name(path: Path) -> None:
    path.write_text("x|y\n1|2\n", encoding="utf-8")
    assert read_table(path, separator="|").names == ("x", "y")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", [[""], ["", "", ""], ["", "  "], ["sep=;"], ["", '"SEP=;"', ""]])
def test_the_header_is_the_first_line_that_is_not_blank(
    path: Path, encoding: str, end: str, before: list[str]
) -> None:
    lines = [*before, f'"a{end}b";c', "1;2", "3;4", "5;6"]
    path.write_bytes(end.join(lines).encode(encoding))
    table = read_table(path, encoding="utf-16" if encoding == "utf-16" else "utf-8")
    assert table.names == (f"a{end}b", "c")
    np.testing.assert_array_equal(table.numbers("c"), [2, 4, 6])


def test_a_first_line_names_the_separator(path: Path) -> None:
    path.write_text("sep=|\na|b,c\n1|2,3\n", encoding="utf-8")
    assert read_table(path).names == ("a", "b,c")
    assert read_table(path, separator=",").names == ("a|b", "c"), "what is said counts more"


def test_rows_are_counted_as_a_spreadsheet_counts(path: Path) -> None:
    path.write_text('\n\na,b\n\n1,"x\ny"\n\n\n2,z\n', encoding="utf-8")
    table = read_table(path)
    assert [table.where(row) for row in range(table.rows)] == ["row 5", "row 8"]


def test_a_row_after_a_cell_of_great_length_is_counted_otherwise(path: Path) -> None:
    path.write_text(f"a,b\n1,{'x' * 200_000}\n2,3\n", encoding="utf-8")
    assert read_table(path).where(1) == "data row 2 (blank lines not counted)"


@pytest.mark.parametrize("mark", ["", "x", "..", ";"])
def test_decimal_marks_that_are_none(path: Path, mark: str) -> None:
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(TableError, match="decimal mark has to be a point or a comma"):
        read_table(path, decimal=mark)


def test_a_wide_table_is_read_in_time_that_grows_with_its_width(path: Path) -> None:
    columns = 20_000
    row = ",".join(map(str, range(columns)))
    path.write_text(f"{row}\n{row}\n", encoding="utf-8")
    start = perf_counter()
    table = read_table(path)
    assert all(name in table for name in table.names)
    assert perf_counter() - start < 5, "tens of seconds if every column goes through all names"


def test_texts_are_kept_as_they_were_written(path: Path) -> None:
    path.write_text("x\nTrue\n007\n2007-01-02\n 1.50 \n", encoding="utf-8")
    table = read_table(path)
    assert table.cells["x"].to_pylist() == ["True", "007", "2007-01-02", " 1.50 "]


def test_a_long_file_is_decoded_to_its_end(path: Path) -> None:
    path.write_bytes(b"x,y\n" + b"1,2\n" * 40_000 + b"1,\xff\n")
    with pytest.raises(TableError, match="line 40002 does not decode"):
        read_table(path)


def test_a_character_across_the_end_of_the_sample(path: Path) -> None:
    # 65536 bytes are sampled; whichever byte they end on, the character there is whole.
    for shift in range(3):
        path.write_bytes(("x,y\n" + "a" * shift + ",数\n" + "数数,数\n" * 10_000).encode())
        assert read_table(path).rows == 10_001


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@given(rows=st.lists(st.tuples(cells, cells, st.floats(allow_infinity=False)), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_reads_back_what_the_standard_library_writes(
    path: Path, rows: list[tuple[str, str, float]]
) -> None:
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([("one", "two", "three"), *rows])
    path.write_bytes(text.getvalue().encode())
    table = read_table(path)
    assert table.cells["one"].to_pylist() == [row[0] for row in rows]
    assert table.cells["two"].to_pylist() == [row[1] for row in rows]
    np.testing.assert_array_equal(table.numbers("three"), [row[2] for row in rows])


@given(
    texts=st.lists(
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5),
            st.text("0123456789+-.eE, ", max_size=7),
            st.floats(allow_infinity=False).map(repr),
        ),
        min_size=1,
    ),
    decimal=st.sampled_from([".", ","]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_column_is_numbers_exactly_if_no_cell_is_not(
    path: Path, texts: list[str], decimal: str
) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["x"], *([text] for text in texts)])
    table = read_table(path, decimal=decimal)
    try:
        numbers = table.numbers("x")
    except TableError:
        return  # too large
    assert (numbers is None) == (table.not_numbers("x").size > 0)
