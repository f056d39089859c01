"""Values that are being differentiated: how they meet NumPy, and what they refuse to become.

A value knows three things: the number or array itself (or a value of an outer level), the level
that watches it, and its link there: a node of the reverse reading (`Recorded`), a tangent of the
forward one (`Moving`), or the batch of which it is one example (`Batched`). Arrays that share
numbers know each other, besides: views.py.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, ClassVar, NoReturn

import numpy as np

from .errors import BatchError, refuse_batch, refuse_index, refuse_number, refuse_plain
from .sparse_operands import unknown_operand
from .table import RECORD, answered

__all__ = [
    "BATCHES",
    "OPAQUE",
    "RECORDING",
    "Batched",
    "Held",
    "Moving",
    "Recorded",
    "Staged",
    "Value",
    "awaits_numbers",
    "bare",
    "cast",
    "dtype_of",
    "freed",
    "holds_value",
    "is_batched",
    "made",
    "ndim_of",
    "numbers",
    "recordable",
    "shape_of",
    "take",
]

ndarray = np.ndarray
FLOAT = np.dtype(float)
# Whether an operator is calling the user's function; it decides what creation functions return.
RECORDING: ContextVar[bool] = ContextVar("RECORDING", default=False)
BATCHES: list[int] = []  # levels of batches being computed: while there is none, nobody looks
PYTHON_DTYPES = {float: FLOAT, int: FLOAT, complex: np.dtype(complex), bool: np.dtype(bool)}


class Value:
    """A value, the level that watches it, and that level's link: a node or a tangent."""

    # no __init__: three stores take half its time; the last two are set where arrays share numbers
    __slots__ = ("__weakref__", "level", "link", "source", "value", "views")
    level: int
    link: Any
    value: Any
    source: Any
    views: Any
    reading = "recorded"  # what its repr calls it

    # ---- NumPy's protocols

    def __array_ufunc__(
        self, ufunc: Any, method: str, a: Any, b: Any = None, *more: Any, **options: Any
    ) -> Any:
        if options or more or method != "__call__":
            inputs = (a,) if b is None else (a, b, *more)
            from .dispatch import unusual_ufunc

            return unusual_ufunc(ufunc, method, inputs, options)
        return RECORD[ufunc](a) if b is None else RECORD[ufunc](a, b)

    def __array_function__(self, function: Any, types: Any, inputs: Any, options: Any) -> Any:
        if not options:
            return RECORD[function](*inputs)
        return answered(function, inputs, options)

    # ---- what it refuses to become, where NumPy would quietly make arrays of objects, or the
    # derivative would be lost

    def __array__(self, *dtype: Any, **options: Any) -> Any:
        if type(self) is Held:
            return np.array(self.value, *dtype, **options)
        if (unknown := unknown_operand(sys._getframe(1))) is not None:
            return unknown
        return refuse_plain(self.shape)

    def __index__(self) -> int:
        return refuse_number(self.shape)

    def __float__(self) -> float:
        return float(self.value) if type(self) is Held else refuse_number(self.shape)

    def __int__(self) -> int:
        return int(self.value) if type(self) is Held else refuse_number(self.shape)

    def __complex__(self) -> complex:
        return complex(self.value) if type(self) is Held else refuse_number(self.shape)

    def __delitem__(self, at: Any) -> NoReturn:
        raise ValueError("cannot delete array elements")

    def __copy__(self) -> Any:
        return np.copy(self) if self.ndim else self  # a number never changes

    def __deepcopy__(self, memo: Any) -> Any:
        return self.__copy__()

    def __reduce__(self) -> Any:
        if type(self) is Held:
            return self.value.__reduce__()
        raise TypeError(
            "a value that is being differentiated cannot be pickled, nor sent to another process; "
            "return it from the function, and pickle the result."
        )

    # ---- what it is

    @property
    def _value(self) -> Any:
        """What programs for the `autograd` package read of its boxes."""
        return self.value

    @property
    def shape(self) -> tuple[int, ...]:
        return shape_of(self.value)  # type: ignore[no-any-return]

    @shape.setter
    def shape(self, shape: Any) -> None:
        from .surface import reshaped

        reshaped(self, shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        return dtype_of(self.value)  # type: ignore[no-any-return]

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def itemsize(self) -> int:
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        return self.dtype.itemsize * self.size

    @property
    def strides(self) -> tuple[int, ...]:
        return np.asarray(numbers(self)).strides

    @property
    def flags(self) -> Any:
        return np.asarray(numbers(self)).view().flags  # setting them changes nothing

    @property
    def base(self) -> Any:
        return getattr(self, "source", (None,))[0]

    @property
    def device(self) -> str:
        return "cpu"

    def __len__(self) -> int:
        return len(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __iter__(self) -> Iterator[Any]:
        if not self.shape:
            raise TypeError("iteration over a number: a 0-d value has no elements.")
        return (self[i] for i in range(self.shape[0]))  # type: ignore[index]

    def __contains__(self, v: Any) -> bool:
        return bool(np.any(bare(self) == bare(v)))

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        read: list[str] = []
        v: Any = self
        while isinstance(v, Value):
            read.append(v.reading)
            v = v.value
        said = ", ".join(filter(None, read))  # the innermost level first
        return f"{v!r} ({said})" if said else repr(v)

    def __str__(self) -> str:
        return str(numbers(self))

    def __format__(self, how: str) -> str:
        return format(numbers(self), how)

    def __round__(self, *digits: Any) -> Any:
        return round(bare(self), *digits)

    # ---- shapes as attributes

    @property
    def T(self) -> Any:
        return np.transpose(self)

    @property
    def mT(self) -> Any:
        return np.swapaxes(self, -1, -2)

    @property
    def real(self) -> Any:
        return np.real(self)

    @real.setter
    def real(self, v: Any) -> None:
        from .surface import real_part_written

        real_part_written(self, v)

    @property
    def imag(self) -> Any:
        return np.imag(self)

    @imag.setter
    def imag(self, v: Any) -> None:
        from .surface import imaginary_part_written

        imaginary_part_written(self, v)

    @property
    def flat(self) -> Any:
        from .surface import Flat

        return Flat(self)

    @flat.setter
    def flat(self, v: Any) -> None:
        self.flat[:] = v

    def reshape(self, *shape: Any, **options: Any) -> Any:
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **options)

    def transpose(self, *axes: Any) -> Any:
        return np.transpose(self, axes[0] if len(axes) == 1 else axes or None)

    def flatten(self, order: Any = "C") -> Any:
        return np.copy(np.ravel(self, order=order))


class Recorded(Value):
    """A value of the reverse reading; `link` is its node."""

    __slots__ = ()


class Moving(Value):
    """A value of the forward reading; `link` is its tangent."""

    __slots__ = ()
    reading = "moving"


class Batched(Value):
    """One example of a batch, standing for all: `value` has them along its first axis.

    `link` is the batch. Shape, length and elements are those of one example.
    """

    __slots__ = ()
    reading = "batched"

    @Value.shape.getter  # type: ignore[attr-defined, untyped-decorator]
    def shape(self) -> tuple[int, ...]:
        return shape_of(self.value)[1:]  # type: ignore[no-any-return]

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]  # type: ignore[no-any-return]

    @property
    def strides(self) -> tuple[int, ...]:
        return np.asarray(numbers(self)).strides[1:]

    def __array__(self, *dtype: Any, **options: Any) -> Any:
        if (unknown := unknown_operand(sys._getframe(1))) is not None:
            return unknown
        return refuse_batch("a plain array")

    def __bool__(self) -> bool:
        return refuse_batch("one truth value")

    def __index__(self) -> int:
        return refuse_batch("one whole number")

    def __int__(self) -> int:
        return refuse_batch("one whole number")

    def __float__(self) -> float:
        return refuse_batch("one float")

    def __complex__(self) -> complex:
        return refuse_batch("one complex number")

    def __round__(self, *digits: Any) -> Any:
        return np.round(self, *digits)


class Held(Value):
    """A constant array that may be written to while a function is being differentiated.

    It becomes a recorded or moving value, in place, when such a value is written into it; until
    then `value` is the plain array, and level and link are None.
    """

    __slots__ = ()
    reading = ""


class Staged(Value):
    """A value of a program that is being written down: only its shape and dtype are to be read.

    `value` is an example of it, `link` what it is in the program; `refuse` is what the compiler
    says of a question that only the numbers could answer.
    """

    __slots__ = ()
    reading = "staged"
    refuse: ClassVar[Callable[[Any, str], NoReturn]]

    def __array__(self, *dtype: Any, **options: Any) -> Any:
        return self.refuse("a plain array")

    def __bool__(self) -> bool:
        return self.refuse("a truth value")

    def __index__(self) -> int:
        return self.refuse("a whole number")

    def __int__(self) -> int:
        return self.refuse("a whole number")

    def __float__(self) -> float:
        return self.refuse("a float")

    def __complex__(self) -> complex:
        return self.refuse("a complex number")

    def __round__(self, *digits: Any) -> Any:
        return np.round(self, *digits)


# Kinds of values that stand for numbers which nobody may read: those of many examples, or none yet.
OPAQUE: set[type[Value]] = {Batched, Staged}


def made(kind: type[Value], value: Any, level: int, link: Any) -> Any:
    out = kind()
    out.value, out.level, out.link = value, level, link
    return out


def holds_value(v: Any) -> bool:
    """Say whether an argument is, or holds in lists, a value that is being differentiated."""
    if isinstance(v, (list, tuple)):
        return any(map(holds_value, v))
    return isinstance(v, Value)


def bare(v: Any) -> Any:
    """Return what is inside a value of any level that nothing differentiates.

    A plain number or array, or a batch of them.
    """
    while isinstance(v, Value):
        if type(v) in OPAQUE:
            inside = bare(v.value)
            return v if inside is v.value else made(type(v), inside, v.level, v.link)
        v = v.value
    return v


def numbers(v: Any) -> Any:
    """Return the plain number or array inside a value of any level; of a batch, all examples."""
    while isinstance(v, Value):
        v = v.value
    return v


def awaits_numbers(*values: Any) -> bool:
    """Say whether a program is being written down with one of the values: it has no numbers yet."""

    def awaits(v: Any) -> bool:
        if type(v) is list or type(v) is tuple:
            return any(map(awaits, v))
        while isinstance(v, Value) and type(v) is not Staged:
            v = v.value
        return type(v) is Staged

    return any(map(awaits, values))


def freed(v: Any) -> Any:
    """Return the plain array that a constant array holds; of anything else, itself."""
    if type(v) is list or type(v) is tuple:
        return [freed(w) for w in v] if holds_value(v) else v
    return v.value if type(v) is Held else v


def shape_of(v: Any) -> Any:
    """Return the shape of a value, number or array; of a list of them, the list of shapes."""
    kind = type(v)
    if kind in PYTHON_DTYPES:
        return ()
    if kind is list or kind is tuple:
        return [shape_of(item) for item in v]
    return v.shape


def ndim_of(v: Any) -> int:
    return len(shape_of(v))


def dtype_of(v: Any) -> Any:
    """Return the dtype of a value, number or array; Python's numbers count as double precision."""
    return PYTHON_DTYPES.get(type(v)) or v.dtype


def take(x: Any, at: Any) -> Any:
    """Return `x[at]`."""
    try:
        return x[at]
    except TypeError as error:
        if BATCHES and type(x) is ndarray and is_batched(at):
            return RECORD[take](x, at)
        if holds_value(at) and not isinstance(error, BatchError):
            refuse_index()
        raise


def is_batched(at: Any) -> bool:
    """Say whether an index differs from example to example, or a part of it does."""
    return any(map(is_batched, at)) if isinstance(at, (tuple, list)) else type(at) in OPAQUE


def recordable(f: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function of our own be recorded as NumPy's are.

    It gets a name in the table of rules.
    """

    if f.__code__.co_argcount == 1:

        @functools.wraps(f)
        def call_one(x: Any) -> Any:
            return RECORD[call_one](x) if isinstance(x, Value) else f(x)

        return call_one

    @functools.wraps(f)
    def call(*inputs: Any, **options: Any) -> Any:
        for v in inputs:
            if type(v) is not ndarray and (
                isinstance(v, Value) or (type(v) is list and any(isinstance(w, Value) for w in v))
            ):
                return RECORD[call](*inputs, **options)
        if BATCHES and (is_batched(inputs) or is_batched(tuple(options.values()))):
            return RECORD[call](*inputs, **options)
        return f(*inputs, **options)

    return call


@recordable
def cast(x: Any, dtype: Any) -> Any:
    """Return `x` as `dtype`."""
    return np.asarray(x).astype(dtype)[()]
