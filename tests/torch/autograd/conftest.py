"""Every test here that asks for `torch` runs twice: on the tape face and on PyTorch itself.

So what is written down in them is what PyTorch does, and needs no PyTorch to be compared with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(params=["chainrule.torch", pytest.param("torch", marks=pytest.mark.peers)])
def torch(request: pytest.FixtureRequest) -> Iterator[Any]:
    module = pytest.importorskip(request.param)
    if request.param == "torch":
        before = module.is_warn_always_enabled()
        module.set_warn_always(True)
    yield module
    if request.param == "torch":
        module.set_warn_always(before)
    module.set_grad_enabled(True)
