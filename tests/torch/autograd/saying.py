"""Leaves to begin with; errors and warnings, whose text has to be exactly this."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

SECOND_TIME = (
    "Trying to backward through the graph a second time (or directly access saved tensors after "
    "they have already been freed). Saved intermediate values of the graph are freed when you "
    "call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
    "through the graph a second time or if you need to access saved tensors after calling backward."
)
NO_HISTORY = "element {} of tensors does not require grad and does not have a grad_fn"


def leaf(torch: Any, *numbers: float, **options: Any) -> Any:
    """A vector that requires its gradient."""
    return torch.tensor([float(n) for n in numbers], requires_grad=True, **options)


@contextmanager
def raises(kind: type[Exception], text: str) -> Iterator[None]:
    with pytest.raises(kind) as found:
        yield
    assert type(found.value) is kind
    assert str(found.value) == text


@contextmanager
def warns(kind: type[Warning], *texts: str) -> Iterator[None]:
    """All warnings of the block are these, in this order."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        yield
    said = [re.sub(r" ?\(Triggered internally at [^)]*\)", "", str(one.message)) for one in found]
    assert said == list(texts)
    assert all(one.category is kind for one in found)
