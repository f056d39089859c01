"""Containers, states, layers, hooks, initial values, utilities: what they say is what PyTorch says.

The files of `told/` hold cases: a name, a setup and, below `--`, expressions, a line each.
`told.json` beside them keeps PyTorch's answers; `python -m tests.torch.nn.test_nn_told` asks for
them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.torch.told import settled, told

HERE = Path(__file__).with_name("told")
RECORD = HERE / "told.json"


def cases() -> dict[str, tuple[str, str]]:
    found = {}
    for file in sorted(HERE.glob("*.txt")):
        for part in ("\n" + file.read_text(encoding="utf-8")).split("\n== ")[1:]:
            name, _, body = part.partition("\n")
            setup, _, expressions = f"\n{body}".partition("\n--\n")
            found[name] = (setup, expressions)
    return found


CASES = cases()


def asked(torch: str, name: str) -> list[list[str]]:
    answers = told(torch, "import pickle\nimport warnings\n" + CASES[name][0], CASES[name][1])
    return [[re.sub(r" ?\(Triggered .*?\)", "", said) for said in one] for one in answers]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.filterwarnings("ignore")
def test_ours_says_what_was_recorded(name: str) -> None:
    expected = json.loads(RECORD.read_text(encoding="utf-8"))[name]
    expected = [[one, *map(settled, said)] for one, *said in expected]
    for mine, theirs in zip(asked("chainrule.torch", name), expected, strict=True):
        assert mine == theirs


@pytest.mark.peers
@pytest.mark.parametrize("name", CASES)
@pytest.mark.filterwarnings("ignore")
def test_pytorch_still_says_it(name: str) -> None:
    torch = pytest.importorskip("torch")
    torch.set_warn_always(True)
    try:
        now = asked("torch", name)
    finally:
        torch.set_warn_always(False)
    expected = json.loads(RECORD.read_text(encoding="utf-8"))[name]
    assert now == [[one, *map(settled, said)] for one, *said in expected]


def write_record() -> None:
    import torch

    torch.set_warn_always(True)
    found = {name: asked("torch", name) for name in CASES}
    text = json.dumps(found, indent=1, ensure_ascii=False)
    RECORD.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_record()
