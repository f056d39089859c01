"""Functions said in terms of others: their calls, of single arrays and of whole batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .batching import SPELLING
from .errors import NoBatchedFormError, name_of
from .examples import by_example, of_all
from .stating import parameters
from .table import SPELLED
from .traces import WRITTEN, innermost_batch, joined
from .trees import values_in
from .values import BATCHES, Batched, Value, holds_value

__all__ = ["spell"]


def spell(function: Any, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    spelling = SPELLED[function]
    if BATCHES and innermost_batch((inputs, options)) is not None:
        return spell_batch(function, inputs, options)
    return spelled_out(spelling, inputs, options)


def spell_batch(function: Any, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """Spell a call with batched values; where that asks for one example, loop over them."""
    spelling = SPELLED[function]
    inner = innermost((inputs, options))
    if type(inner) in WRITTEN:
        return WRITTEN[type(inner)](function, inputs, options)
    from .faces import either

    call = either(function)
    if spelling.batched and type(inner) is Batched:
        inputs, options = spread_out(function, inputs, options)
        return of_all(function, call, spelling.batched, inner, inputs, options)
    trying = SPELLING.get()
    try:
        if trying.count(function) > 1:  # a spelling that asks the function itself about the numbers
            raise NoBatchedFormError
        before = SPELLING.set((*trying, function))
        try:
            return spelled_out(spelling, inputs, options)
        finally:
            SPELLING.reset(before)
    except NoBatchedFormError as error:
        if type(inner) is not Batched:
            raise NoBatchedFormError(
                f"{name_of(function)} works on one example at a time."
            ) from error
    return by_example(function, call, inner, inputs, options)


def innermost(tree: Any) -> Any:
    """Return the value of the innermost level in nested lists, tuples and dicts."""
    found: list[Value] = []
    values_in(tree, found)
    return min(found, key=lambda v: v.level)


def spread_out(
    function: Any, inputs: Sequence[Any], options: dict[str, Any]
) -> tuple[Sequence[Any], dict[str, Any]]:
    """Return a call of a spelled function with its options by name, as batched forms take them."""
    asks = parameters(SPELLED[function].call)
    count = SPELLED[function].inputs
    given = {ask.name: v for ask, v in zip(asks[count:], inputs[count:], strict=False)}
    return inputs[:count], given | options


def spelled_out(spelling: Any, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    if spelling.lists:
        return spelling.call(*inputs, **options)
    return spelling.call(
        *[joined(v) if k == 0 or holds_value(v) else v for k, v in enumerate(inputs)],
        **{name: joined(v) if holds_value(v) else v for name, v in options.items()},
    )
