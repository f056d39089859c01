"""Lines of text in columns: nothing is lost, nothing too wide, and Chinese breaks as it should."""

from __future__ import annotations

from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule._text import CLOSING, OPENING, shortened, width, wrapped

ENGLISH = st.text("abc xyz-'()0.,\u2019\n", max_size=200)
MIXED = st.text("ab (x) 导数是曲线的斜率，。；（例如）“链式法则” tanh", max_size=120)


@given(ENGLISH, st.integers(8, 60))
def test_english_is_wrapped_as_the_standard_library_does(text: str, most: int) -> None:
    once = " ".join(text.split())
    if any(len(word) > most for word in once.split()):
        return  # it fills the line before with the word's beginning
    assert wrapped(text, most) == wrap(once, most, break_on_hyphens=False)


@given(MIXED, st.integers(6, 40), st.sampled_from(["", "  "]))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, most: int, indent: str) -> None:
    lines = wrapped(text, most, indent)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= most for line in lines)
    assert all(line.strip() and line == line.rstrip() for line in lines)
    assert all(line.startswith(indent) for line in lines[1:])


def test_chinese_breaks_anywhere_but_at_marks() -> None:
    text = "训练部分是可分的（例如两类），没有“有限的”最优系数；请加上惩罚项。" * 3
    for most in range(10, 60):
        for line in wrapped(text, most):
            assert line[0] not in CLOSING
            assert line[-1] not in OPENING
            # No room is left that the next character, with the mark after it, could have had.
            assert width(line) > most - 7 or line.endswith("。")


@pytest.mark.parametrize(
    ("text", "most", "lines"),
    [
        ("don’t stop", 6, ["don’t", "stop"]),
        ("x" * 10, 4, ["xxxx", "xxxx", "xx"]),
        ("数" * 5, 5, ["数数", "数数", "数"]),
        ("", 5, []),
        ("  ", 5, []),
        ("图片、.dot 等", 7, ["图片、", ".dot 等"]),
        ("斜率 slope", 8, ["斜率", "slope"]),
    ],
)
def test_lines(text: str, most: int, lines: list[str]) -> None:
    assert wrapped(text, most) == lines


@given(MIXED, st.integers(1, 30))
def test_what_is_shortened_fits(text: str, most: int) -> None:
    assert width(shortened(text, most)) <= most
