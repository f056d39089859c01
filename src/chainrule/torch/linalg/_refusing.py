"""Results that want a gradient of which PyTorch says, on the way back, that there is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

import numpy as np

from chainrule._core.traces import tick

from .._tape.plans import RULELESS, bare_plan
from .._tape.values import recording
from .._tensor import made

__all__ = ["refusing"]


def refusing(name: str, input: Any, why: str, arrays: Iterable[Any]) -> list[Any]:
    """Return tensors of the arrays; a gradient that passes there raises a RuntimeError `why`."""
    outs = [made(np.asarray(array)) for array in arrays]
    if input._node is not None and recording.get():
        for k, out in enumerate(outs):
            plan = bare_plan(name, RULELESS, k)
            out._node = [tick(), refuse, input._node, why, None, plan, None, None, None]
    return outs


def refuse(g: Any, why: str) -> NoReturn:
    raise RuntimeError(why)
