"""Containers of numbers and arrays as one vector, and back."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.traces import typed
from chainrule._core.trees import is_number, parts
from chainrule._core.values import dtype_of, shape_of

__all__ = ["flatten", "flatten_func"]

Function = Callable[..., Any]


def flatten(value: Any) -> tuple[Any, Function]:
    """Return the numbers in `value` as one vector, and the function that puts them back.

    `value` is a number, an array, or a container of them, nested as you like; dicts are taken in
    the order of their sorted keys. What is put back has the shapes, and the floating dtypes, of
    `value`; whole numbers become what the vector has. Both directions may be differentiated.

    >>> import numpy as np
    >>> from chainrule.misc import flatten
    >>> vector, unflatten = flatten([1.0, np.array([2.0, 3.0])])
    >>> vector, unflatten(2 * vector)
    (array([1., 2., 3.]), [2.0, array([4., 6.])])
    """
    leaves: list[Any] = []
    put = taken_in_order(value, leaves)
    kinds = [(shape_of(v), dtype_of(v), type(v)) for v in leaves]
    sizes = [int(np.prod(shape, dtype=int)) for shape, _, _ in kinds]
    bounds = [0, *itertools.accumulate(sizes)]
    vector = np.concatenate([np.ravel(v) for v in leaves]) if leaves else np.array([])

    def unflatten(x: Any) -> Any:
        if shape_of(x) != (bounds[-1],):
            raise ValueError(
                f"unflatten needs a vector of {bounds[-1]} numbers, one for each that was "
                f"flattened, but was given shape {shape_of(x)}."
            )
        return put(
            iter([put_back(x[i:j], *kind) for (i, j), kind in zip(pairs, kinds, strict=True)])
        )

    pairs = list(itertools.pairwise(bounds))
    return vector, unflatten


def taken_in_order(tree: Any, leaves: list[Any]) -> Function:
    """Append the leaves of `tree` to `leaves`; return what puts an iterator of leaves together."""
    if is_number(tree):
        leaves.append(tree)
        return next
    taken = parts(tree)
    if taken is None:
        if tree is None:
            return lambda rest: None
        raise TypeError(
            f"flatten takes numbers, arrays and containers of them, but found a "
            f"{type(tree).__name__}; keep it outside."
        )
    named, together = taken
    order = list(range(len(named)))
    if isinstance(tree, dict):
        order.sort(key=list(tree).__getitem__)
    puts = [taken_in_order(named[k][1], leaves) for k in order]

    def put(rest: Any) -> Any:
        made: dict[int, Any] = {k: f(rest) for k, f in zip(order, puts, strict=True)}
        return together([made[k] for k in range(len(named))])

    return put


def put_back(x: Any, shape: Any, dtype: Any, kind: type) -> Any:
    x = np.reshape(x, shape)
    if kind is not np.ndarray and type(x) is np.ndarray:
        x = x[()]
    if dtype.kind in "fc":
        x = typed(x, dtype)
    return float(x) if kind is float and type(x) is np.float64 else x


def flatten_func(f: Function, example: Any) -> tuple[Function, Function, Any]:
    """Return `f` as a function of vectors, what makes its argument of one, and `example` as one.

    What `f` returns is flattened, too. Further arguments are passed on.

    >>> import chainrule
    >>> from chainrule.misc.flatten import flatten_func
    >>> loss, unflatten, start = flatten_func(lambda p: p["a"] ** 2 + p["b"], {"a": 3.0, "b": 1.0})
    >>> loss(start), unflatten(start)
    (array([10.]), {'a': 3.0, 'b': 1.0})
    >>> chainrule.grad(loss)(start)
    array([6., 1.])
    """
    vector, unflatten = flatten(example)

    def of_vector(x: Any, *args: Any) -> Any:
        return flatten(f(unflatten(x), *args))[0]

    return of_vector, unflatten, vector
