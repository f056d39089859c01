"""Whatever the bytes of a table, `fit` and `predict` end in success or in a sentence."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

pytest.importorskip("pyarrow")

from chainrule.cli import main

cell = st.one_of(
    st.sampled_from(["", "NA", "x", "0", "-2.5", "1e300", "-1e-300", "inf", '"', "é"]),
    st.text(max_size=4),
    st.floats().map(repr),
    st.integers().map(str),
)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Tables that are nearly right: a cell may be anything, a row too short, a quote open."""
    columns = draw(st.integers(2, 4))
    labels = st.sampled_from(draw(st.sampled_from(["ab", "ab", "abc", "a"])))
    kinds = [labels] + [
        draw(st.sampled_from([cell, labels, st.floats(-9, 9).map(str), st.integers().map(str)]))
        for _ in range(columns - 1)
    ]
    names = [f"c{k}" for k in range(columns)]
    if draw(st.integers(0, 5)) == 0:
        names = draw(st.lists(cell, min_size=columns, max_size=columns))
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=draw(st.sampled_from(",;\t")))
    writer.writerow(names)
    writer.writerows(draw(st.lists(st.tuples(*kinds), min_size=3, max_size=14)))
    before = draw(st.sampled_from([*[""] * 5, "\n", "\r\n\n", "sep=;\n"]))
    return (
        before
        + text.getvalue()
        + draw(st.sampled_from([*[""] * 9, "1\n", "1,2,3,4,5\n", '"open,1\n']))
    )


@given(
    content=st.one_of(tables().map(str.encode), st.binary(max_size=200)),
    target=st.sampled_from(["c0", "c0", "c0", "c1"]),
    fraction=st.sampled_from(["0", "0.25", "0.9"]),
    l2=st.sampled_from(["0", "1", "1e300"]),
)
@settings(
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_success_or_a_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    target: str,
    fraction: str,
    l2: str,
) -> None:
    table, model = tmp_path / "t.csv", tmp_path / "m.json"
    table.write_bytes(content)
    model.unlink(missing_ok=True)
    arguments = ["--target", target, "--test-fraction", fraction, "--l2", l2]
    code = main(["fit", str(table), *arguments, "--model", str(model)])
    told = capsys.readouterr().err
    if code == 2:
        assert told.startswith("chainrule: ")
        assert told.rstrip("\n").isprintable() or "\\" in repr(told)
        assert not model.exists()
        return
    event("trained")
    assert (code, told) == (0, "")
    assert main(["predict", str(model), str(table)]) in (0, 2)
    capsys.readouterr()


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        ([f"{k},5" for k in range(20)], "Note: b would be numbers with --decimal ,."),
        ([*map(str, range(10)), *[f"{k},5" for k in range(10)]], "b would be numbers with"),
        ([*["?"] * 8, *[f"{k % 3},5" for k in range(12)]], "b would be numbers with"),
        ([*map(str, range(19)), "x"], 'counts as text because of "x" in row 21'),
    ],
)
def test_columns_that_are_nearly_numbers_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cells: list[str], note: str
) -> None:
    table = tmp_path / "t.csv"
    rows = [f"{k};{cell};{'xy'[k % 2]}" for k, cell in enumerate(cells)]
    table.write_text("\n".join(["a;b;y", *rows]), encoding="utf-8")
    assert main(["fit", str(table), "--target", "y"]) == 0
    assert note in " ".join(capsys.readouterr().out.split())
