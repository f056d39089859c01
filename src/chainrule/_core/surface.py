"""Methods and attributes of arrays that have a meaning of their own for recorded ones.

Those that are a function of the same name are in methods.py.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from operator import index
from typing import Any, NoReturn

import numpy as np

from .errors import refuse_plain
from .examples import stand_in
from .overwriting import become
from .parts import again
from .table import RECORD
from .traces import joined
from .values import BATCHES, OPAQUE, Batched, bare, cast, dtype_of, made, ndim_of, numbers, take
from .views import forget, living, remember, shares
from .writing import write

__all__ = ["Flat", "imaginary_part_written", "real_part_written", "refused", "reshaped"]


def plain_array(a: Any) -> Any:
    return np.asanyarray(bare(a))


# ---------------------------------------------------------------- elements


def item(a: Any, *at: Any) -> Any:
    """Return one element, recorded: the only one, or that at a flat or full index."""
    plain_array(a).item(*at)  # where NumPy has something to say, it says it
    if not ndim_of(a):
        return a
    if len(at) == 1 and isinstance(at[0], tuple):
        at = at[0]
    return a[at] if len(at) == ndim_of(a) else np.reshape(a, -1)[at[0] if at else 0]


def tolist(a: Any) -> Any:
    """Return nested lists of recorded numbers."""
    return [tolist(part) for part in a] if ndim_of(a) else a


class Flat:
    """The elements of an array in the order of its rows, as `ndarray.flat`: to read and to set."""

    __slots__ = ("base", "index")

    def __init__(self, base: Any) -> None:
        self.base, self.index = base, 0

    def __len__(self) -> int:
        return int(self.base.size)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self.index >= len(self):
            raise StopIteration
        self.index += 1
        return self[self.index - 1]

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, (int, np.integer)):
            return self.base[np.unravel_index(range(len(self))[at], self.base.shape)]
        return self.copy()[at]

    def __setitem__(self, at: Any, v: Any) -> None:
        places = np.arange(self.base.size)[at]
        v = joined(v)
        if places.ndim == 0 and ndim_of(v):
            raise ValueError("Error setting single item of array.")
        v = np.reshape(v, -1)
        if not v.size:
            return
        # repeated, or cut off, as NumPy does it
        v = v[np.arange(places.size) % v.size] if places.ndim else v[0]
        write(self.base, v, ((take, np.unravel_index(places, self.base.shape)),))

    def copy(self) -> Any:
        """Return the elements as a vector of their own."""
        return np.copy(np.reshape(self.base, -1))

    @property
    def coords(self) -> Any:
        places = np.unravel_index(self.index, self.base.shape) if len(self) else ()
        return tuple(map(int, places)) or (0,) * ndim_of(self.base)


def copy(a: Any, order: Any = "C") -> Any:
    """Return an array of its own, row by row; `numpy.copy` lays it as it lies."""
    return np.copy(a) if order == "K" or ndim_of(a) < 2 else np.copy(a, order)


def is_integer(a: Any) -> bool:
    return bool(bare(a).is_integer())


# ---------------------------------------------------------------- in place


def fill(a: Any, value: Any) -> None:
    from .constant_calls import constant_call

    like = stand_in(value) if BATCHES else value
    constant_call(np.ndarray.fill)(np.empty(1, dtype_of(a)), like)  # says what is no one number
    a[...] = value


def sort(
    a: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None
) -> None:
    a[...] = np.sort(a, index(axis), **given(kind=kind, order=order, stable=stable))


def partition(
    a: Any, kth: Any, axis: Any = -1, kind: Any = "introselect", order: Any = None
) -> None:
    a[...] = np.partition(
        a, kth, index(axis), **given(kind=None if kind == "introselect" else kind)
    )


def given(**options: Any) -> dict[str, Any]:
    return {name: v for name, v in options.items() if v is not None}


def resize(a: Any, *shape: Any, refcheck: bool = True) -> None:
    """Change the shape in place: further elements are zero."""
    if not shape or shape == (None,):
        return
    whole = shape[0] if len(shape) == 1 else shape
    shape = tuple(whole) if isinstance(whole, (tuple, list)) else (whole,)
    size = int(np.prod(shape, dtype=int))
    if size == a.size:
        reshaped(a, shape)
        return
    if getattr(a, "source", None) is not None or living(a):
        raise ValueError(
            "an array that shares its numbers with another cannot be resized; take a new one, by "
            "numpy.resize."
        )
    flat = np.reshape(a, -1)
    more = size - flat.size
    flat = flat[:size] if more <= 0 else np.concatenate([flat, np.zeros(more, dtype_of(a))])
    become(a, np.copy(np.reshape(flat, shape)))


def reshaped(a: Any, shape: Any) -> None:
    """Do `a.shape = shape`: `a` becomes a view of what it was, which views know instead of it."""
    source, views = getattr(a, "source", None), living(a)
    new: Any = np.reshape(a, shape)
    if not shares(numbers(new), numbers(a)):
        raise AttributeError("the array is not in one piece; take a.reshape(shape), which copies.")
    if source or views:
        before = made(type(a), a.value, a.level, a.link)
        if source:
            forget(a, source[0])
            remember(before, *source)
        for view in views:
            remember(view, before, view.source[1])
        remember(a, before, new.source[1])
    a.views = None
    a.value, a.level, a.link = new.value, new.level, new.link


def real_part_written(a: Any, v: Any) -> None:
    """Do `a.real = v`."""
    write(a, v, ((again, (np.real, (), {})),))


def imaginary_part_written(a: Any, v: Any) -> None:
    """Do `a.imag = v`."""
    if dtype_of(a).kind != "c":
        raise TypeError("array does not have imaginary part to set")
    a[...] = np.real(a) + 1j * np.real(joined(v))


# ---------------------------------------------------------------- as other functions have them


def astype(
    a: Any,
    dtype: Any,
    order: str = "K",
    casting: str = "unsafe",
    subok: bool = True,
    copy: bool = True,
) -> Any:
    """Return the array in another dtype; whole numbers and truth values are constants."""
    dtype = np.dtype(dtype)
    if not np.can_cast(dtype_of(a), dtype, casting):  # type: ignore[arg-type]
        plain_array(a).astype(dtype, order, casting)
    if dtype == dtype_of(a):
        return np.copy(a) if copy else a
    if dtype.kind not in "fc":
        plain = bare(a)
        if type(plain) is Batched:
            return made(Batched, plain.value.astype(dtype), plain.level, plain.link)
        if type(plain) in OPAQUE:
            return cast(plain, dtype)
        return np.asanyarray(plain).astype(dtype)[()]
    return RECORD[cast](a, dtype)


def compress(a: Any, condition: Any, axis: Any = None, out: Any = None) -> Any:
    return np.compress(condition, a, axis, out)


def conj(a: Any, *out: Any) -> Any:
    """Return the complex conjugate: of real numbers the array itself, and no copy."""
    return np.conj(a, *out) if out or dtype_of(a).kind == "c" else a


conjugate = conj


def choose(a: Any, choices: Any, out: Any = None, mode: Any = "raise") -> Any:
    return np.choose(a, choices, out, mode)


def view(a: Any, dtype: Any = None, type: Any = None) -> Any:
    """Return another array that shares the numbers; they are not read as another dtype."""
    if dtype is np.ndarray:  # a class may stand here, too
        dtype, type = None, dtype
    type = None if type is np.ndarray else type
    if type is not None or (dtype is not None and np.dtype(dtype) != dtype_of(a)):
        refused("view")(a)
    return a[...]


def to_device(a: Any, device: Any, /, *, stream: Any = None) -> Any:
    if device != "cpu" or stream is not None:
        raise ValueError(f"arrays are on the device 'cpu', and cannot be moved to {device!r}.")
    return a


def __array_namespace__(a: Any, /, *, api_version: Any = None) -> Any:
    """Return the module whose functions take such arrays."""
    return importlib.import_module("chainrule.numpy")


def setflags(a: Any, write: Any = None, align: Any = None, uic: Any = None) -> NoReturn:
    raise TypeError(
        "an array that is being differentiated has no memory whose flags could be set; protect the "
        "array that the function is called with."
    )


def refused(name: str) -> Any:
    """Return what answers for a method that reads the memory of an array."""

    def method(a: Any, *_: Any, **__: Any) -> NoReturn:
        refuse_plain(a.shape)

    method.__name__ = method.__qualname__ = name
    return method
