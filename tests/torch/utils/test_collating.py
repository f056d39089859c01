"""Batches of examples of all kinds: what PyTorch 2.13 makes of them, or says."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from typing import Any

import numpy as np
import pytest

import chainrule.torch as mine

CASES = """
    [1, 2.5]
    [1.5, 1]
    [True, 1]
    [1, torch.ones(1)]
    [1.5, "a"]
    [1, None]
    [None]
    [np.float32(1), 2]
    [1, np.float64(2.5)]
    [np.float32(1), np.float64(1)]
    [np.int16(3), np.int16(4)]
    [np.bool_(True), True]
    [np.str_("a"), np.str_("b")]
    [b"a", b"b"]
    [np.datetime64(0, "s")]
    [np.array(["a"])]
    [np.array([None])]
    [np.ones(4)[::-1]]
    [np.array([1, 2], ">f4")]
    [np.ones(2), np.ones(3)]
    [np.array(1), np.array(2)]
    [torch.ones(2), torch.ones(3)]
    [1j]
    [2**70]
    [defaultdict(int, a=1)]
    [OrderedDict(a=1, b=2.0)]
    [[1, 2.0], [3, 4.0]]
    [(1, "a"), (2, "b")]
    [[1], [1, 2]]
    [deque([1, 2])]
    [{1}]
    [range(2), range(2)]
    [{"a": 1}, {"b": 1}]
    []
"""


def answered(torch: Any, f: Any, given: str) -> str:
    names = {"torch": torch, "np": np, "defaultdict": defaultdict}
    names |= {"OrderedDict": OrderedDict, "deque": deque}
    try:
        return repr(f(eval(given, names)))  # noqa: S307  (our own cases)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.peers
@pytest.mark.parametrize("case", list(filter(None, map(str.strip, CASES.splitlines()))))
def test_batches_are_pytorchs(case: str) -> None:
    torch = pytest.importorskip("torch")
    for name in ("default_collate", "default_convert"):
        ours, theirs = getattr(mine.utils.data, name), getattr(torch.utils.data, name)
        assert answered(mine, ours, case) == answered(torch, theirs, case)


def test_types_of_numbers() -> None:
    """Python's floating-point numbers become float64; after a whole number they do not."""
    collate = mine.utils.data.default_collate
    assert collate([1.5, 1]).dtype is mine.float64
    assert collate([1, 1.5]).dtype is mine.float32
    assert collate([np.float32(1), 2]).dtype is mine.float32
    assert collate([defaultdict(int, a=1)])["b"] == 0


def test_alone_a_loader_takes_no_timeout() -> None:
    with pytest.raises(AssertionError, match="requires timeout == 0"):
        iter(mine.utils.data.DataLoader([1], timeout=3))
