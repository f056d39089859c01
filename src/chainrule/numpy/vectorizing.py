"""np.vectorize: a function of numbers applied to every element, recorded or not."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from chainrule._core.traces import joined
from chainrule._core.values import Value, cast, dtype_of, holds_value, ndim_of, shape_of

__all__ = ["vectorize"]

Dims = list[tuple[str, ...]]
GROUP = r"\(\s*(?:\w+\s*(?:,\s*\w+\s*)*)?\)"
SIGNATURE = re.compile(rf"\s*{GROUP}\s*(?:,\s*{GROUP}\s*)*->\s*{GROUP}\s*(?:,\s*{GROUP}\s*)*")


def dims_of(side: str) -> Dims:
    return [tuple(re.findall(r"\w+", group)) for group in re.findall(GROUP, side)]


class vectorize:
    """A function of numbers that takes arrays of them, as `numpy.vectorize` makes it.

    The parameters are NumPy's. The function may return, and use, values that are being
    differentiated. It is called once for every element, so this is as slow as a loop.

    >>> import chainrule
    >>> import chainrule.numpy as np
    >>> relu = np.vectorize(lambda x: x if x > 0 else 0.0)
    >>> chainrule.grad(lambda v: np.sum(relu(v) ** 2))(np.array([3.0, -1.0]))
    array([6., 0.])
    """

    def __init__(
        self,
        pyfunc: Any = None,
        otypes: Any = None,
        doc: str | None = None,
        excluded: Iterable[Any] | None = None,
        cache: bool = False,
        signature: str | None = None,
    ) -> None:
        if pyfunc is not None and not callable(pyfunc):
            # as a decorator, vectorize(otypes=...) has its options by name
            raise TypeError("When used as a decorator, only accepts keyword arguments.")
        if signature is not None and not SIGNATURE.fullmatch(signature):
            raise ValueError(f"not a valid gufunc signature: {signature}")
        self.otypes = None if otypes is None else [np.dtype(kind) for kind in otypes]
        self.excluded, self.cache, self.signature = set(excluded or ()), cache, signature
        self.__doc__ = doc
        self.pyfunc: Any = None
        if pyfunc is not None:
            self._take(pyfunc)

    def _take(self, pyfunc: Callable[..., Any]) -> None:
        doc = self.__doc__
        functools.update_wrapper(self, pyfunc, updated=())
        self.pyfunc = pyfunc
        if doc is not None:
            self.__doc__ = doc

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.pyfunc is None:  # a decorator with options
            self._take(*args)
            return self
        at = [k for k in range(len(args)) if k not in self.excluded]
        names = [name for name in kwargs if name not in self.excluded]
        call = self.pyfunc

        def function(*items: Any) -> Any:
            given = list(args)
            for k, item in zip(at, items, strict=False):
                given[k] = item
            return call(*given, **{**kwargs, **dict(zip(names, items[len(at) :], strict=True))})

        return self._mapped(function, [args[k] for k in at] + [kwargs[name] for name in names])

    def _mapped(self, function: Callable[..., Any], args: Sequence[Any]) -> Any:
        if not args:
            return function()
        inputs: Dims = [() for _ in args]
        outputs: Dims | None = None
        if self.signature is not None:
            inputs, outputs = map(dims_of, self.signature.split("->"))
            if len(inputs) != len(args):
                raise TypeError(
                    f"wrong number of positional arguments: expected {len(inputs)}, got {len(args)}"
                )
        arrays = [v if isinstance(v, Value) else np.asanyarray(v) for v in map(joined, args)]
        sizes: dict[str, int] = {}
        around = []
        for array, dims in zip(arrays, inputs, strict=True):
            count = ndim_of(array) - len(dims)
            if count < 0:
                raise ValueError(
                    f"{ndim_of(array)}-dimensional argument does not have enough dimensions for "
                    f"all core dimensions {dims!r}"
                )
            agree(sizes, shape_of(array)[count:], dims)
            around.append(shape_of(array)[:count])
        whole = np.broadcast_shapes(*around)
        rows = zip(*[items_of(v, whole, dims) for v, dims in zip(arrays, inputs, strict=True)])  # noqa: B905
        results = [function(*row) for row in rows]
        return self._gathered(results, whole, outputs, sizes)

    def _gathered(
        self, results: list[Any], whole: tuple[int, ...], outputs: Dims | None, sizes: Any
    ) -> Any:
        if not results:
            return self._empty(whole, outputs, sizes)
        several = isinstance(results[0], tuple) if outputs is None else len(outputs) > 1
        columns = list(zip(*results, strict=True)) if several else [tuple(results)]
        found = []
        for k, column in enumerate(columns):
            y = in_array(column, self.otypes[k] if self.otypes else None)
            if outputs is not None:
                if ndim_of(y) - 1 != len(outputs[k]):
                    raise ValueError(
                        f"output {k} has {ndim_of(y) - 1} core dimensions, but the signature "
                        f"says {outputs[k]!r}"
                    )
                agree(sizes, shape_of(y)[1:], outputs[k])
            found.append(np.reshape(y, whole + shape_of(y)[1:]))
        return tuple(found) if several else found[0]

    def _empty(self, whole: tuple[int, ...], outputs: Dims | None, sizes: Any) -> Any:
        if self.otypes is None:
            raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
        dims = outputs or [()] * len(self.otypes)
        try:
            found = [
                np.empty(whole + tuple(sizes[n] for n in names), kind)
                for names, kind in zip(dims, self.otypes, strict=True)
            ]
        except KeyError:
            raise ValueError(
                "cannot call `vectorize` with a signature including new output dimensions on "
                "size 0 inputs"
            ) from None
        return tuple(found) if len(found) > 1 else found[0]


def agree(sizes: dict[str, int], shape: tuple[int, ...], dims: tuple[str, ...]) -> None:
    for n, name in zip(shape, dims, strict=True):
        if sizes.setdefault(name, n) != n:
            raise ValueError(f"inconsistent size for core dimension {name!r}: {n} vs {sizes[name]}")


def items_of(array: Any, whole: tuple[int, ...], dims: tuple[str, ...]) -> Any:
    """Return what the function is called with, for each place of the shape `whole`."""
    core = shape_of(array)[ndim_of(array) - len(dims) :]
    if not dims and not isinstance(array, Value):
        array = array.astype(object)  # Python's own numbers, as NumPy hands out
    return np.reshape(np.broadcast_to(array, whole + core), (-1, *core))


def in_array(column: Sequence[Any], dtype: Any) -> Any:
    """Return results in one array, of the first one's dtype if none is asked for."""
    if dtype is None:
        first = joined(column[0])
        kind = dtype_of(first) if isinstance(first, Value) else np.asarray(first).dtype
        dtype = np.dtype(kind.char)  # of texts not the length
    if not holds_value(column):
        return np.array(column, dtype)
    y = joined(column)
    return y if dtype_of(y) == dtype else cast(y, dtype)
