"""What PyTorch says of tensors as objects, the face says: `objects.txt` lists the questions."""

from __future__ import annotations

import pytest

from .objects import cases, recorded, told


@pytest.mark.parametrize("name", cases())
def test_the_face_says_what_is_recorded(name: str) -> None:
    answers = recorded()[name]
    assert [line for line, *_ in answers] == cases()[name]
    assert told("chainrule.torch", cases()[name]) == answers


@pytest.mark.peers
@pytest.mark.parametrize("name", cases())
def test_pytorch_says_what_is_recorded(name: str) -> None:
    pytest.importorskip("torch")
    assert told("torch", cases()[name]) == recorded()[name]
