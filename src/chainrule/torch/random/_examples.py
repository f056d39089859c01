"""Random numbers inside of `vmap`: none, the same for all examples, or others for each."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import numpy as np

from chainrule._core.values import Batched, made

__all__ = ["MAPPED", "drawn_for_all"]

# The calls of `vmap` that are under way, the outermost first: a level of the engine, its batch, and
# what its caller said of randomness.
MAPPED: ContextVar[tuple[tuple[int, Any, str], ...]] = ContextVar("MAPPED", default=())

NOT_ASKED = (
    "vmap: called random operation while in randomness error mode. Please either use the 'same' or "
    "'different' randomness flags on vmap or perform the randomness operation out of vmap"
)
SAME = (
    "Vmap does not currently support same randomness with a batched tensor input. Please file an "
    "issue with functorch"
)
SHAPED = {"uniform": 1, "normal": 1, "random": 1, "randint": 3, "bernoulli": 2}  # where it stands


def drawn_for_all(draw: Callable[..., Any], inputs: list[Any], options: dict[str, Any]) -> Any:
    """Draw inside of the calls of `vmap` that are under way."""
    return drawn_inside(draw, inputs, options, MAPPED.get())


def drawn_inside(
    draw: Callable[..., Any], inputs: list[Any], options: dict[str, Any], calls: Any
) -> Any:
    if not calls:
        return draw(*inputs, **options)
    *outer, (level, batch, randomness) = calls
    if randomness == "error":
        raise RuntimeError(NOT_ASKED)
    batched = [k for k, v in enumerate(inputs) if type(v) is Batched and v.level == level]
    if randomness == "same":
        if batched:
            raise RuntimeError(SAME)
        return drawn_inside(draw, inputs, options, outer)
    at = SHAPED.get(draw.__name__)
    if at is None:
        ys = [drawn_inside(draw, inputs, options, outer) for _ in range(batch.size)]
        return made(Batched, np.stack(ys), level, batch)
    inputs = [v.value if k in batched else v for k, v in enumerate(inputs)]
    if len(inputs) > at:
        shape = inputs[at]
        inputs[at] = (batch.size, *((shape,) if isinstance(shape, int) else shape))
    elif "shape" in options:
        options = {**options, "shape": (batch.size, *options["shape"])}
    elif not batched:
        inputs[1] = np.broadcast_to(inputs[1], (batch.size, *np.shape(inputs[1])))
    return made(Batched, drawn_inside(draw, inputs, options, outer), level, batch)
