"""Reading parts of an array, and adding parts up."""

from __future__ import annotations

from typing import Any

from chainrule._core.batching import looped
from chainrule._core.pieces import Pieces, gather
from chainrule._core.stating import linear
from chainrule._core.values import take


def take_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    at = options["at"] if isinstance(options["at"], tuple) else (options["at"],)
    arrays = [
        n
        for n, i in enumerate(at)
        if not isinstance(i, slice) and i is not None and i is not Ellipsis
    ]
    if arrays and arrays != list(range(arrays[0], arrays[-1] + 1)):
        return looped(
            f, values, ranks, size, options
        )  # NumPy moves the dimensions of such indices in front
    return f(values[0], (slice(None), *at))


linear(take, lambda g, into, at: Pieces([(into, at, g)]), batched=take_batch)
linear(gather, lambda g, places, shape: [g[place] for place in places], lists=True)
