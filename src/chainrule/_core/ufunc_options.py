"""The options that every ufunc has: which elements it works on, and in which precision.

`order` and `subok` say how a result lies in memory and of which class it is; values that are being
differentiated have neither, so these two change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .errors import refuse_option
from .parts import put_back
from .traces import joined
from .values import bare, cast, dtype_of, holds_value, ndim_of, shape_of, take

__all__ = ["call_with_options", "in_precision", "where_true"]

WEAK = {int, float, complex}  # Python's numbers, which take the precision of what they meet
KNOWN = ("where", "dtype", "signature", "casting", "order", "subok")


def call_with_options(ufunc: Any, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """Call `ufunc` with any of the options that all ufuncs have."""
    for name in options:
        if name not in KNOWN and name != "sig":
            refuse_option(ufunc, name, KNOWN)
    inputs = in_precision(ufunc, [joined(v) for v in inputs], options)
    where = options.get("where", True)
    return ufunc(*inputs) if where is True else where_true(ufunc, inputs, where)


def in_precision(ufunc: Any, inputs: Sequence[Any], options: dict[str, Any]) -> Sequence[Any]:
    """Return `inputs` in the dtypes that `dtype`, `signature` and `casting` ask for."""
    dtype, casting = options.get("dtype"), options.get("casting", "same_kind")
    signature = options.get("signature", options.get("sig"))
    if dtype is not None:
        signature = (None,) * ufunc.nin + (dtype,) * ufunc.nout
    elif isinstance(signature, str):
        signature = tuple(signature.replace("->", ""))
    elif signature is None and casting == "same_kind":
        return inputs
    if signature is not None:
        signature = tuple(d if d is None else np.dtype(d) for d in signature)
    kinds = [type(bare(v)) if type(bare(v)) in WEAK else dtype_of(v) for v in inputs]
    found = ufunc.resolve_dtypes(
        (*kinds, *(None,) * ufunc.nout), signature=signature, casting=casting
    )
    return [v if dtype_of(v) == d else cast(v, d) for v, d in zip(inputs, found, strict=False)]


def where_true(function: Any, inputs: Sequence[Any], where: Any) -> Any:
    """Call an elementwise function on those elements alone where `where` is true.

    Elsewhere, where NumPy without out= leaves what happens to be in memory, the result is 0 and
    does not move, even if the function had no value or no slope there.
    """
    mask = np.asarray(bare(where))
    if mask.dtype != bool:
        raise TypeError(f"where= needs an array of truth values, but has dtype {mask.dtype}.")
    shape = np.broadcast_shapes(mask.shape, *map(shape_of, inputs))
    whole = shape or (1,)
    mask = np.broadcast_to(mask, whole)
    none = not mask.any()  # a number too is left out then

    def chosen(v: Any) -> Any:
        return np.broadcast_to(v, whole)[mask] if ndim_of(v) or (none and holds_value(v)) else v

    def placed(y: Any) -> Any:
        y = put_back(y, ((take, mask),), whole)
        return y if shape else y[0]

    y = function(*map(chosen, inputs))
    return tuple(map(placed, y)) if isinstance(y, tuple) else placed(y)
