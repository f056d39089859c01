"""The import lines that docs/from-pytorch.md tells users to write, there and here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "from-pytorch.md").read_text("utf-8")
LINES = re.findall(r"^\| `([^`]*import[^`]*)` \| `([^`]*)` \|$", PAGE, re.MULTILINE)


def test_the_table_is_found() -> None:
    assert len(LINES) >= 10


@pytest.mark.parametrize("lines", LINES, ids=lambda lines: lines[0])
def test_its_line_for_chainrule_gives_the_names_of_pytorchs(lines: tuple[str, str]) -> None:
    theirs, ours = lines
    found: dict[str, object] = {}
    exec(ours, found)  # noqa: S102  (our own page)
    names = re.sub(r"^.*import | as .*$", "", theirs)
    wanted = theirs.split(" as ")[1].split(",") if " as " in theirs else names.split(",")
    assert {name.strip() for name in wanted} <= set(found)


@pytest.mark.peers
@pytest.mark.parametrize("lines", LINES, ids=lambda lines: lines[0])
def test_its_line_for_pytorch_is_right(lines: tuple[str, str]) -> None:
    pytest.importorskip("torch")
    exec(lines[0], {})  # noqa: S102
