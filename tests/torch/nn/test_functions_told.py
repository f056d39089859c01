"""Functions and classes of layers say what PyTorch says."""

from __future__ import annotations

import json

import pytest

from tests.torch.told import settled, told

from .functions_told import CASES, RECORD, SETUP

ASKED = json.loads(RECORD.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_as_pytorch_answered(name: str) -> None:
    answered = [[one, *map(settled, said)] for one, *said in ASKED[name]]
    assert len(answered) > 15
    for mine, theirs in zip(told("chainrule.torch", SETUP, CASES[name]), answered, strict=True):
        assert mine == theirs


@pytest.mark.peers
@pytest.mark.parametrize("name", CASES)
def test_pytorch_still_answers_so(name: str) -> None:
    pytest.importorskip("torch")
    assert told("torch", SETUP, CASES[name]) == ASKED[name]
