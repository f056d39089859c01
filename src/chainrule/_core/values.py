"""Values that are being differentiated: how they meet Python's operators and NumPy's protocols, and what they refuse to become.

A value knows three things: the number or array itself (or a value of an outer level), the level that watches it, and its
link there: a node of the reverse reading (`Recorded`) or a tangent of the forward one (`Moving`). It has no state besides.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import numpy as np

from .errors import refuse_plain
from .table import RECORD

__all__ = ["Moving", "Recorded", "Value", "bare", "cast", "dtype_of", "made", "recordable", "shape_of", "take"]

ndarray = np.ndarray
FLOAT, COMPLEX = np.dtype(float), np.dtype(complex)


class Value:
    """What is differentiated: a value, the level that watches it, and that level's link: a node or a tangent."""

    __slots__ = ("level", "link", "value")  # and no __init__: a call and three stores take half its time
    level: int
    link: Any
    value: Any

    # ---- NumPy's protocols

    def __array_ufunc__(self, ufunc: Any, method: str, a: Any, b: Any = None, *more: Any, **options: Any) -> Any:
        if options or more or method != "__call__":
            inputs = (a,) if b is None else (a, b, *more)
            from .printing import unusual_ufunc

            return unusual_ufunc(ufunc, method, inputs, options)
        return RECORD[ufunc](a) if b is None else RECORD[ufunc](a, b)

    def __array_function__(self, function: Any, types: Any, inputs: Any, options: Any) -> Any:
        return RECORD[function](*inputs, **options) if options else RECORD[function](*inputs)

    # ---- what it refuses to become, where NumPy would quietly make arrays of objects, or the derivative would be lost

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        refuse_plain(self.shape)

    def _plain(self) -> NoReturn:
        refuse_plain(self.shape)

    __float__ = __int__ = __index__ = __complex__ = item = tolist = _plain

    def __setitem__(self, at: Any, v: Any) -> NoReturn:
        raise TypeError(
            "a value that is being differentiated cannot be written to; build the new array instead, "
            "with numpy.where, numpy.concatenate or numpy.stack."
        )

    def __delitem__(self, at: Any) -> NoReturn:
        self[at] = None

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a value that is being differentiated cannot be copied or pickled; return it from the function, "
            "and copy the result."
        )

    # ---- what it is

    @property
    def shape(self) -> tuple[int, ...]:
        return shape_of(self.value)

    @property
    def dtype(self) -> np.dtype[Any]:
        return dtype_of(self.value)

    @property
    def ndim(self) -> int:
        return len(shape_of(self.value))

    @property
    def size(self) -> int:
        return math.prod(shape_of(self.value))

    @property
    def itemsize(self) -> int:
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        return self.dtype.itemsize * self.size

    def __len__(self) -> int:
        return len(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __iter__(self) -> Iterator[Any]:
        if not self.shape:
            raise TypeError("iteration over a number: a 0-d value has no elements.")
        return (self[i] for i in range(self.shape[0]))  # type: ignore[index]

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"{type(self).__name__}({bare(self)!r})"

    def __format__(self, how: str) -> str:
        return format(bare(self), how)

    # ---- shapes as attributes

    @property
    def T(self) -> Any:
        return np.transpose(self)  # type: ignore[call-overload]

    @property
    def mT(self) -> Any:
        return np.swapaxes(self, -1, -2)  # type: ignore[call-overload]

    @property
    def real(self) -> Any:
        return np.real(self)  # type: ignore[call-overload]

    @property
    def imag(self) -> Any:
        return np.imag(self)  # type: ignore[call-overload]

    @property
    def flat(self) -> Iterator[Any]:
        return iter(np.reshape(self, -1))  # type: ignore[call-overload]

    def reshape(self, *shape: Any, **options: Any) -> Any:
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **options)  # type: ignore[call-overload]

    def transpose(self, *axes: Any) -> Any:
        return np.transpose(self, axes[0] if len(axes) == 1 else axes or None)  # type: ignore[call-overload]

    def astype(self, dtype: Any, order: str = "K", casting: str = "unsafe", subok: bool = True, copy: bool = True) -> Any:
        return RECORD[cast](self, np.dtype(dtype))

    def flatten(self, order: str = "C") -> Any:
        return np.ravel(self, order=order)  # type: ignore[call-overload]

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"a value that is being differentiated has no attribute {name!r}; look for a function of that "
            "name in chainrule.numpy."
        )


class Recorded(Value):
    """A value of the reverse reading; `link` is its node."""

    __slots__ = ()


class Moving(Value):
    """A value of the forward reading; `link` is its tangent."""

    __slots__ = ()


def made(kind: type[Value], value: Any, level: int, link: Any) -> Any:
    out = kind()
    out.value, out.level, out.link = value, level, link
    return out


def bare(v: Any) -> Any:
    """Return the plain number or array inside a value of any level."""
    while isinstance(v, Value):
        v = v.value
    return v


def shape_of(v: Any) -> Any:
    """Return the shape of a value, number or array; of a list of them, the list of shapes."""
    kind = type(v)
    if kind is float or kind is int or kind is complex:
        return ()
    if kind is list or kind is tuple:
        return [shape_of(item) for item in v]
    return v.shape


def dtype_of(v: Any) -> Any:
    """Return the dtype of a value, number or array; Python's numbers count as double precision."""
    kind = type(v)
    if kind is float or kind is int:
        return FLOAT
    return COMPLEX if kind is complex else v.dtype


def take(x: Any, at: Any) -> Any:
    """Return `x[at]`."""
    return x[at]


def recordable(f: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function of our own be recorded as NumPy's are: it gets a name in the table of rules."""

    @functools.wraps(f)
    def call(*inputs: Any, **options: Any) -> Any:
        for v in inputs:
            if type(v) is not ndarray and (isinstance(v, Value) or (type(v) is list and any(isinstance(w, Value) for w in v))):
                return RECORD[call](*inputs, **options)
        return f(*inputs, **options)

    return call


@recordable
def cast(x: Any, dtype: Any) -> Any:
    """Return `x` as `dtype`."""
    return np.asarray(x).astype(dtype)[()]


def _operator(ufunc: Any, swapped: bool = False) -> Any:
    from .printing import operator_of

    return operator_of(ufunc, swapped=swapped)


def _compared(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda a, b: compare(bare(a), bare(b))


def _first_use(name: str, record: Callable[[], Any]) -> Any:
    """A method that makes itself at its first call: printing all of them would double the time of the import."""

    def method(self: Any, *inputs: Any, **options: Any) -> Any:
        setattr(Value, name, record())
        return getattr(self, name)(*inputs, **options)

    return method


BINARY = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.divide, "pow": np.power, "matmul": np.matmul,
    "floordiv": np.floor_divide, "mod": np.remainder, "divmod": np.divmod,
}  # fmt: skip
UNARY = {"neg": np.negative, "pos": np.positive, "abs": np.absolute}
METHODS = [
    "sum", "mean", "prod", "max", "min", "std", "var", "cumsum", "ravel", "swapaxes", "squeeze", "clip", "dot",
    "argmax", "argmin", "argsort", "nonzero", "all", "any", "round", "conj", "conjugate", "copy", "searchsorted",
]  # fmt: skip


def _install() -> None:
    for name, ufunc in (BINARY | UNARY).items():
        setattr(Value, f"__{name}__", _first_use(f"__{name}__", lambda u=ufunc: _operator(u)))
    for name, ufunc in BINARY.items():
        setattr(Value, f"__r{name}__", _first_use(f"__r{name}__", lambda u=ufunc: _operator(u, True)))
    for name in METHODS:
        setattr(Value, name, _first_use(name, lambda n=name: RECORD[getattr(np, n)]))
    setattr(Value, "__getitem__", _first_use("__getitem__", lambda: RECORD[take]))
    setattr(Value, "__round__", _first_use("__round__", lambda: RECORD[np.round]))
    for name in ("eq", "ne", "lt", "le", "gt", "ge"):
        setattr(Value, f"__{name}__", _compared(getattr(operator, name)))


_install()
