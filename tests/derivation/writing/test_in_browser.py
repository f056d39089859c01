"""Derivations as a browser lays them out: signs under one another, fractions over, sums below."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from chainrule.derivation import Derivation, derive
from tests.browser import OpenPage

LOSS = "z = w*x + b; p = 1/(1+exp(-z)); L = sum(-t*log(p) - (1-t)*log(1-p))"

# The box of each cell's content, row by row: [left, right, top, bottom] of its <mrow>.
BOXES = """() => [...document.querySelectorAll("math > mtable > mtr")].map(row =>
    [...row.children].map(cell => {
        const box = cell.firstElementChild.getBoundingClientRect();
        return [box.left, box.right, box.top, box.bottom];
    }))"""


def opened(d: Derivation, lang: str, tmp_path: Path, open_page: OpenPage) -> Any:
    path = tmp_path / "d.html"
    page = f'<!doctype html><html lang="{lang}"><meta charset="utf-8">{d.html(lang)}</html>'
    path.write_text(page, encoding="utf-8")
    return open_page(path)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_signs_stand_under_one_another(lang: str, tmp_path: Path, open_page: OpenPage) -> None:
    d = derive("(1-exp(-2*x))/(1+exp(-2*x))", at=1.0)
    rows = opened(d, lang, tmp_path, open_page).evaluate(BOXES)
    assert len(rows) == len(d.definitions) + len(d.steps)
    lefts = [row[0] for row in rows if row[0][1] > row[0][0]]
    assert len({round(left[1]) for left in lefts}) == 1  # left sides end at one line
    assert len({round((row[1][0] + row[1][1]) / 2) for row in rows}) == 1
    assert len({round(row[2][0]) for row in rows}) == 1
    assert len({round(row[3][0]) for row in rows}) == 1
    # No row runs into the next, and each sign stands beside its line.
    for above, below in pairwise(rows):
        assert above[2][3] <= below[2][2] + 1
    for row in rows:
        assert row[2][2] <= (row[1][2] + row[1][3]) / 2 <= row[2][3]


def test_fractions_and_sums_are_set_in_two_dimensions(tmp_path: Path, open_page: OpenPage) -> None:
    d = derive(LOSS, "w", {"w": 0.5, "b": 0.0, "x": [1.0, 2.0], "t": [0.0, 1.0]})
    page = opened(d, "en", tmp_path, open_page)
    over = page.evaluate("""() => [...document.querySelectorAll("mfrac, munder")].map(each =>
        [...each.children].map(part => part.getBoundingClientRect()))
        .map(([a, b]) => [a.bottom, b.top, (a.left + a.right) / 2 - (b.left + b.right) / 2])""")
    assert len(over) > 5
    for above, below, aside in over:
        assert above <= below + 3  # boxes of signs may reach over each other by their margins
        assert abs(aside) < 4
    assert page.evaluate("document.body.innerText").count("chain rule") == 1


def test_a_wide_derivation_scrolls_for_itself(tmp_path: Path, open_page: OpenPage) -> None:
    path = tmp_path / "d.html"
    path.write_text(
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        + derive("log(1+exp(-u*v))*u**2*sin(u)", "u").html(),
        encoding="utf-8",
    )
    page = open_page(path, viewport={"width": 320, "height": 600})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("(d => d.scrollWidth > d.clientWidth)(document.querySelector('div'))")
