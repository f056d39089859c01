"""Tensors as objects: where their numbers lie, how they are copied, what can be switched.

A case is a list of expressions; `objects.json` keeps what PyTorch 2.13 says to them. The switch
that a case turns is turned back in it. `python -m tests.torch.objects` asks PyTorch and writes the
file.
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import io
import json
import math
import pickle
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from .both import OURS_ONLY

RECORD = Path(__file__).with_name("objects.json")
TEXT = Path(__file__).with_name("objects.txt")


def cases() -> dict[str, list[str]]:
    """Return the expressions of each case."""
    found: dict[str, list[str]] = {}
    for line in TEXT.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            found[line[2:]] = []
        elif line:
            [*found.values()][-1].append(line)
    return found


def told(home: str, lines: list[str]) -> list[list[str]]:
    """Return each line with what it gives or raises, and the warnings on the way."""
    torch = importlib.import_module(home)
    for part in ("testing", "utils.dlpack", "utils.hooks"):
        importlib.import_module(f"{home}.{part}")
    names: dict[str, Any] = {
        "copy": copy, "math": math, "np": np, "pickle": pickle, "torch": torch,
    }  # fmt: skip

    def ran(program: str) -> str:
        """Run statements, and return what they print."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(program, names)  # noqa: S102  (our own cases)
        return printed.getvalue()

    names["ran"] = ran
    names["a"] = torch.arange(6.0).view(2, 3)
    torch.set_warn_always(True)
    try:
        return [[line, *answer(line, names)] for line in lines]
    finally:
        torch.set_warn_always(False)


def answer(line: str, names: dict[str, Any]) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            said = repr(eval(line, names))  # noqa: S307
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
    texts = [f"{one.category.__name__}: {one.message}" for one in caught]
    texts = [text for text in texts if not any(one in text for one in (*OURS_ONLY, "torch.jit"))]
    return [settled(text) for text in (said, *dict.fromkeys(texts))]


def settled(text: str) -> str:
    text = re.sub(r" ?\(Triggered internally.*?\)", "", text)
    text = re.sub(r"0x[0-9a-f]{6,}", "0x", text).replace("chainrule.torch", "torch")
    return re.sub(r"<torch\S*Generator object at 0x>", "<Generator>", text)


def recorded() -> dict[str, list[list[str]]]:
    return json.loads(RECORD.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


if __name__ == "__main__":
    answers = {name: told("torch", lines) for name, lines in cases().items()}
    RECORD.write_text(json.dumps(answers, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
