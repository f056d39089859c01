"""The operators and methods of values that are being differentiated, by the table of rules."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial, partialmethod
from typing import Any, NoReturn

import numpy as np

from .table import RECORD
from .values import OPAQUE, Held, Value, bare, take


def operator_method(function: Any, swapped: bool = False) -> Any:
    from .dispatch import operator_of

    return operator_of(function, swapped=swapped)


def in_place_method(function: Any) -> Any:
    from .dispatch import operator_in_place

    return operator_in_place(function)


def item_setter() -> Any:
    from .writing import set_item

    return set_item


def absent(name: str) -> property:
    """An attribute of arrays that values have not; with `__getattr__` all would be slow."""
    advice = (
        "its memory is not to be read or written"
        if name in ("ctypes", "data")
        else "look for a function of that name in chainrule.numpy"
    )

    def refuse(self: Any) -> NoReturn:
        raise AttributeError(
            f"a value that is being differentiated has no attribute {name!r}; {advice}."
        )

    return property(refuse)


def compared(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda a, b: compare(bare(a), bare(b))


def swapped(function: Any) -> Callable[[Any, Any], Any]:
    return lambda a, b: function(b, a)


def lazily(name: str, record: Callable[[], Any]) -> None:
    """Give values a method that makes itself at its first call.

    Printing all of them would double the time of the import.
    """

    def method(self: Any, *inputs: Any, **options: Any) -> Any:
        setattr(Value, name, record())
        return getattr(self, name)(*inputs, **options)

    setattr(Value, name, method)


COMPARED = {
    "eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal, "gt": np.greater,
    "ge": np.greater_equal,
}  # fmt: skip
BITS = {  # of truth values and whole numbers, which are batched or shared by a batch
    "and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor,
    "lshift": np.left_shift, "rshift": np.right_shift,
}  # fmt: skip
BINARY = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.divide, "pow": np.power,
    "matmul": np.matmul, "floordiv": np.floor_divide, "mod": np.remainder, "divmod": np.divmod,
}  # fmt: skip
UNARY = {"neg": np.negative, "pos": np.positive, "abs": np.absolute}
METHODS = [  # functions of the same name, with the array in front
    "all", "any", "argmax", "argmin", "argpartition", "argsort", "clip", "cumprod", "cumsum",
    "diagonal", "dot", "max", "mean", "min", "nonzero", "prod", "put", "ravel", "repeat", "round",
    "searchsorted", "squeeze", "std", "sum", "swapaxes", "take", "trace", "var",
]  # fmt: skip
OWN = [  # surface.py has them
    "__array_namespace__", "astype", "choose", "compress", "conj", "conjugate", "copy", "fill",
    "is_integer", "item", "partition", "resize", "setflags", "sort", "to_device", "tolist",
    "view",
]  # fmt: skip
OF_MEMORY = [
    "__dlpack__", "__dlpack_device__", "byteswap", "dump", "dumps", "getfield", "setfield",
    "tobytes", "tofile",
]  # fmt: skip


def own(name: str) -> Any:
    from . import surface

    return surface.refused(name) if name in OF_MEMORY else getattr(surface, name)


def install() -> None:
    for name, function in (BINARY | UNARY).items():
        lazily(f"__{name}__", partial(operator_method, function))
    for name, function in BINARY.items():
        lazily(f"__r{name}__", partial(operator_method, function, swapped=True))
    for name in METHODS:
        lazily(name, partial(RECORD.__getitem__, getattr(np, name)))
    for name in (*OWN, *OF_MEMORY):
        lazily(name, partial(own, name))
    for name in set(BINARY) - {"divmod"}:
        lazily(f"__i{name}__", partial(in_place_method, BINARY[name]))
    lazily("__getitem__", lambda: RECORD[take])
    lazily("__setitem__", item_setter)
    for name, function in COMPARED.items():
        setattr(Value, f"__{name}__", compared(getattr(operator, name)))
        for kind in OPAQUE:
            setattr(kind, f"__{name}__", partialmethod(function))
    kinds: list[type[Value]] = [Held, *OPAQUE]
    for kind in kinds:
        for name, function in (BITS | {"invert": np.invert}).items():
            setattr(kind, f"__{name}__", partialmethod(function))
        for name, function in BITS.items():
            setattr(kind, f"__r{name}__", swapped(function))
    for name in (*dir(np.ndarray), "ptp", "itemset", "newbyteorder"):  # the last before NumPy 2
        if not name.startswith("_") and not hasattr(Value, name):
            setattr(Value, name, absent(name))


install()
