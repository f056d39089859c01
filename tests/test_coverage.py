"""docs/coverage.md is in step with the table of rules, and with NumPy's own list of names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy

import chainrule.numpy as cnp
from tests.coverage import MODULES, PAGE, functions, minor, page, share, standing
from tests.nature import BY_NATURE, REFUSED

ROOT = PAGE.parent.parent
SAVED = PAGE.read_text(encoding="utf-8")
NATURAL = [name for names in BY_NATURE.values() for name in names.split()]
SAME_NUMPY = f"NumPy {minor(np)}," in SAVED and f"SciPy {minor(scipy)}:" in SAVED


def rows(text: str, title: str) -> dict[str, str]:
    """Return how the functions are stated that the page lists under a title."""
    (part,) = re.findall(rf"^## {re.escape(title)}: .*?(?=^## )", text, re.DOTALL | re.MULTILINE)
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", part, re.MULTILINE))


@pytest.mark.skipif(not SAME_NUMPY, reason="the page is of other releases of NumPy and SciPy")
def test_the_page_is_in_step() -> None:
    assert page() == SAVED, "print it anew: python -m tests.coverage"


@pytest.mark.parametrize(("title", "module", "face"), MODULES, ids=[m[0] for m in MODULES])
def test_rows_are_true_of_other_releases(title: str, module: Any, face: Any) -> None:
    """What the installed NumPy has of them."""
    there = functions(module)
    for name, word in rows(SAVED, title).items():
        if name in there:
            found = standing(name, there[name], face)
            assert found == word or (found, word) == ("face", "chainrule.numpy's own"), name


def test_each_name_of_numpy_has_one_place() -> None:
    """In the table, among those without a derivative by nature, or among those refused."""
    for name, f in functions(np).items():
        in_table = standing(name, f, cnp) not in ("", "constant") and name not in NATURAL
        assert in_table + NATURAL.count(name) + (name in REFUSED) == 1, name


def test_those_without_a_derivative_have_no_rule() -> None:
    for name in NATURAL:
        f = getattr(np, name, None)
        assert f is None or standing(name, f, None) in ("", "constant"), name


def test_few_are_refused() -> None:
    assert len(REFUSED) <= 12
    for name in REFUSED:
        assert f"- `{name}`: " in SAVED


@pytest.mark.skipif(not SAME_NUMPY, reason="the page is of another release of NumPy")
@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readme_says_the_same_share(readme: str) -> None:
    text = Path(ROOT / readme).read_text(encoding="utf-8")
    said = [line for line in text.split("\n\n") if "docs/coverage.md" in line]
    assert said, f"{readme} names no share of NumPy, with a link to docs/coverage.md."
    numbers = {int(n) for part in said for n in re.findall(r"\d+", part)}
    assert set(share(np, cnp)) <= numbers
