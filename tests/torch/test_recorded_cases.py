"""What PyTorch 2.13 printed for 183 small programs, and what the tape face prints for them.

`recorded_cases.json` holds the programs, each with its printed output (warnings among it) and the
exception that ended it. `docs/differences-from-pytorch.md` has a table of those that come out
otherwise here; all others must be the same to the letter.
"""

from __future__ import annotations

import contextlib
import difflib
import importlib
import io
import json
import math
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
CASES = json.loads((Path(__file__).parent / "recorded_cases.json").read_text(encoding="utf-8"))
DOCUMENT = (ROOT / "docs" / "differences-from-pytorch.md").read_text(encoding="utf-8")
DIFFERENT = re.findall(r"^\| *([A-Z]\d\d) *\|", DOCUMENT, re.MULTILINE)

# What differs from one build of PyTorch, and from one process, to the next.
PASSING = [(r" ?\(Triggered internally at [^)]*\)", ""), (r"0x[0-9a-f]{6,}", "0x...")]


def settled(text: str) -> str:
    for pattern, replacement in PASSING:
        text = re.sub(pattern, replacement, text)
    return text


def err(call: Callable[[], Any]) -> None:
    """What the programs show a failing call with."""
    try:
        result = call()
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
    else:
        print("no error ->", result)


@contextlib.contextmanager
def every_warning_printed(torch: Any) -> Any:
    def show(message: Any, category: type[Warning], *_: Any, **__: Any) -> None:
        # PyTorch warns of an old part of its own when it uses it
        if "torch.jit" not in str(message):
            print(f"[warning] {category.__name__}: {message}")

    # PyTorch says some things once in a process, unless it is told to.
    switch = getattr(torch, "set_warn_always", lambda on: None)
    before = getattr(torch, "is_warn_always_enabled", lambda: False)()
    switch(True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = show
            yield
    finally:
        switch(before)


def output(code: str, module: str) -> str:
    """Run the program on the module; return what it prints and, as a last line, what ended it."""
    torch = importlib.import_module(module)
    code = re.sub(r"\b(from|import) torch(?=[. ])", rf"\1 {module}", code)
    names = {
        "__name__": "__main__",
        "torch": torch,
        "nn": importlib.import_module(f"{module}.nn"),
        "F": importlib.import_module(f"{module}.nn.functional"),
        "optim": importlib.import_module(f"{module}.optim"),
        "autograd": importlib.import_module(f"{module}.autograd"),
        "np": np,
        "math": math,
        "err": err,
    }
    importlib.import_module(f"{module}.utils.data")
    printed, ended = io.StringIO(), ""
    with contextlib.redirect_stdout(printed), every_warning_printed(torch):
        try:
            exec(compile(code, "<case>", "exec"), names)  # noqa: S102
        except Exception as error:
            ended = f"!! {type(error).__name__}: {error}"
    return settled(printed.getvalue() + ended)


def recorded(case: dict[str, Any]) -> str:
    return case["stdout"] + ("!! " + ": ".join(case["exception"]) if case["exception"] else "")


def both(expected: str, got: str) -> str:
    lines = difflib.unified_diff(
        expected.splitlines(), got.splitlines(), "PyTorch", "here", lineterm="", n=0
    )
    return "\n".join(lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_program_prints_what_pytorch_printed(case: dict[str, Any]) -> None:
    if case["title"].startswith("plotting"):
        pytest.importorskip("matplotlib")
    expected, got = recorded(case), output(case["code"], "chainrule.torch")
    if case["id"] in DIFFERENT:
        assert got != expected, "the same now: take its row out of the document"
    elif got != expected:
        pytest.fail(f"{case['title']}\n{case['code']}\n{both(expected, got)}", pytrace=False)


def test_at_least_175_of_183_are_the_same() -> None:
    ids = [case["id"] for case in CASES]
    assert len(set(ids)) == len(ids) == 183
    assert sorted(set(DIFFERENT)) == sorted(DIFFERENT)
    assert set(DIFFERENT) <= set(ids)
    assert len(ids) - len(DIFFERENT) >= 175


@pytest.mark.peers
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_pytorch_itself_prints_it(case: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    if torch.__version__.split("+")[0] != "2.13.0":
        pytest.skip("the recording is of PyTorch 2.13.0")
    assert output(case["code"], "torch") == recorded(case)
