"""Recording an operation with several results: one node, and beside it one for each result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._tensor import Tensor, made
from .nodes import WATCH, node_of, outputs_of
from .plans import Op
from .quiet import QUIET, hush, unhush
from .values import recording, taped

__all__ = ["recorded_several"]


def recorded_several(
    op: Op, inputs: tuple[Any, ...], options: dict[str, Any], call: Callable[..., Any] | None = None
) -> list[Any]:
    """Return the tensors that `call` makes of `inputs`, with their nodes if one wants a gradient.

    All results are watched: PyTorch's decompositions save them.
    """
    values = [v._array if isinstance(v, Tensor) else v for v in inputs]
    token = hush(QUIET)
    try:
        y = (call or op.stated().call)(*values, **options)
    finally:
        unhush(token)
    arrays = [np.asarray(v) for v in y]
    outs: list[Any] = [made(array) for array in arrays]
    if not recording.get() or all(v._node is None for v in inputs if isinstance(v, Tensor)):
        return outs
    y = type(y)(*arrays) if hasattr(y, "_fields") else tuple(arrays)
    counts = [v._writes if isinstance(v, Tensor) else None for v in inputs]
    node = node_of(op, [taped(v) for v in inputs], counts, values, options, y, None)
    if node is None:
        return outs
    watch = [*(node[WATCH] or ())]
    for k, (out, link) in enumerate(zip(outs, outputs_of(node, y), strict=True)):
        watch += (out._writes, 0, -1 - k)
        out._node = link
    node[WATCH] = watch
    return outs
