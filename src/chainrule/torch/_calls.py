"""Calls that do not fit: PyTorch's words for them, found after a function has failed.

A function that is called well costs nothing here. When it raises, its arguments are held against
the ways to call it (`_signatures.py`), and if none fits, the error is told anew in PyTorch's words,
which depend on how it was called: the positions of a method are counted without the tensor itself.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ._kinds.dtypes import Size, device, dtype
from ._signatures import ways_of

__all__ = ["as_method", "combination_text", "title_of", "trouble"]

FAILURES = (TypeError, ValueError, AttributeError)
NUMBERS_SERVE = {"add", "div", "divide", "floor_divide", "mul", "multiply", "sub", "subtract",
                 "true_divide"}  # fmt: skip


class Parameter(NamedTuple):
    """One parameter of a way to call a function."""

    kind: str
    name: str
    default: str
    only_named: bool


@functools.cache
def parameters_of(way: str) -> tuple[Parameter, ...]:
    """Return the parameters that a way to call, written as in an error message, has.

    >>> parameters_of("(int dim, *, bool keepdim = False)")[0]
    Parameter(kind='int', name='dim', default='', only_named=False)
    """
    found = []
    only_named = False
    for text in way.lstrip("!")[1:-1].split(", "):
        if text == "*":
            only_named = True
        elif text:
            stated, _, default = text.partition(" = ")
            kind, _, name = stated.rpartition(" ")
            found.append(Parameter(kind, name, default, only_named))
    return tuple(found)


def title_of(v: Any) -> str:
    """Return what error messages call the type of `v`."""
    kind = type(v)
    if kind.__module__ == "numpy":
        return f"numpy.{kind.__name__}"
    return f"torch.{kind.__name__}" if kind in (dtype, device, Size) else kind.__name__


# ---------------------------------------------------------------- one way to call


def whole(v: Any) -> bool:
    return hasattr(v, "__index__") and not isinstance(v, (bool, np.ndarray, np.bool_))


def numeric(v: Any) -> bool:
    from ._tensor import Tensor

    if isinstance(v, Tensor):
        return v._array.ndim == 0
    return isinstance(v, (int, float, complex, np.number, np.bool_))


def serves(v: Any, parameter: Parameter, numbers_serve: bool) -> bool:
    """Say whether `v` is of the kind that the parameter wants; unusual kinds take anything."""
    from ._tensor import Tensor

    match parameter.kind:
        case "Tensor":
            return isinstance(v, Tensor) or (numbers_serve and numeric(v))
        case "Number" | "float":
            return numeric(v)
        case "int":
            return whole(v)
        case "tuple of ints":
            return isinstance(v, (tuple, list)) or whole(v)
        case "tuple of Tensors":
            return isinstance(v, (tuple, list, Tensor))
        case "bool":
            return isinstance(v, (bool, np.bool_))
        case "str":
            return isinstance(v, str)
        case "torch.dtype":
            return isinstance(v, (dtype, type))
        case "torch.device":
            return isinstance(v, (device, str, int))
    return True


def fault(name: str, way: str, given: Sequence[Any], named: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a call in the eyes of one way to call; None if nothing is."""
    parameters = parameters_of(way)
    least = sum(not p.default for p in parameters)
    most = sum(not p.only_named for p in parameters)
    lengths = most == 1 and parameters[0].kind == "tuple of ints"
    if lengths and given and whole(given[0]):
        given = [given]
    if len(given) > most:
        count = len(given)
        if least != most:
            return (
                f"{name}() takes from {least} to {most} positional arguments but {count} were given"
            )
        s, were = "" if most == 1 else "s", "was" if count == 1 else "were"
        return f"{name}() takes {most} positional argument{s} but {count} {were} given"
    numbers_serve = name.removesuffix("_") in NUMBERS_SERVE
    for k, p in enumerate(parameters):
        if k < len(given):
            v, place = given[k], f" (position {k + 1})"
        elif p.name in named:
            v, place = named[p.name], ""
        elif p.default:
            continue
        else:
            lacking = [q.name for q in parameters[k:] if not q.default and q.name not in named]
            count, s = len(lacking), "s" if len(lacking) == 1 else ""  # so PyTorch counts
            listed = ", ".join(f'"{one}"' for one in lacking)
            return f"{name}() missing {count} required positional argument{s}: {listed}"
        if not (v is None and p.default == "None") and not serves(v, p, numbers_serve):
            return f"{name}(): argument '{p.name}'{place} must be {p.kind}, not {title_of(v)}"
    known = [p.name for p in parameters]
    for key in named:
        if key not in known:
            return f"{name}() got an unexpected keyword argument '{key}'"
        if known.index(key) < len(given):
            return f"{name}() got multiple values for argument '{key}'"
    return None


# ---------------------------------------------------------------- several


def trouble(
    name: str, ways: Sequence[str], given: Sequence[Any], named: Mapping[str, Any]
) -> str | None:
    """Return what is wrong with a call in the eyes of all ways; None if it fits one of them.

    >>> trouble("mm", ["(Tensor mat2)"], [3], {})
    "mm(): argument 'mat2' (position 1) must be Tensor, not int"
    """
    faults = [fault(name, way, given, named) for way in ways]
    if None in faults:
        return None
    if len(ways) == 1 and not ways[0].startswith("!"):
        return faults[0]
    count = len(given) + len(named)
    fitting = []
    for way, text in zip(ways, faults, strict=True):
        parameters = parameters_of(way)
        if sum(not p.default for p in parameters) <= count <= len(parameters):
            fitting.append(text)
    if len(fitting) == 1:
        return fitting[0]
    return combination_text(name, ways, given, named)


def combination_text(
    name: str, ways: Sequence[str], given: Sequence[Any], named: Mapping[str, Any]
) -> str:
    """Return the sentence for arguments that fit none of several ways to call."""
    start = f"{name}() received an invalid combination of arguments - got "
    if len(ways) == 1:
        way = ways[0].lstrip("!")
        got = compared(way, given, named) if as_many(way, given, named) else said(given, named)
        return f"{start}{got}, but expected {way}"
    lines = ""
    for way in ways:
        lines += f" * {way}\n"
        if as_many(way, given, named):
            known = [p.name for p in parameters_of(way)]
            strange = [key for key in named if key not in known]
            if strange:
                why = f"keywords were incorrect: {', '.join(strange)}"
            else:
                why = f"arguments have invalid types: {compared(way, given, named)}"
            lines += f"      didn't match because some of the {why}\n"
    return f"{start}{said(given, named)}, but expected one of:\n{lines}"


def written(texts: list[str], given: Sequence[Any]) -> str:
    if texts and not given:
        texts = [*texts, ""]  # as PyTorch writes it
    return f"({', '.join(texts)})"


def said(given: Sequence[Any], named: Mapping[str, Any]) -> str:
    """Return the kinds of the arguments."""
    texts = [title_of(v) for v in given] + [f"{key}={title_of(v)}" for key, v in named.items()]
    return written(texts, given)


def as_many(way: str, given: Sequence[Any], named: Mapping[str, Any]) -> bool:
    """Say whether there are as many arguments as commas tell, which is how PyTorch counts."""
    return way.count(", ") + 1 == len(given) + len(named)


def compared(way: str, given: Sequence[Any], named: Mapping[str, Any]) -> str:
    """Return the kinds of the arguments, in `!` those that do not have the kind's very name."""
    wants = way.lstrip("!")[1:-1].split(", ")
    names = {p.name: p.kind for p in parameters_of(way)}
    texts = []
    pairs = [("", v, re.sub(r" \w+( = .*)?$", "", want)) for v, want in zip(given, wants)]  # noqa: B905
    pairs += [(f"{key}=", v, names.get(key, "")) for key, v in named.items()]
    for before, v, want in pairs:
        right = title_of(v) == want or (want == "float" and type(v) is int)
        texts.append(f"{before}{title_of(v)}" if right else f"!{before}{inside(v)}!")
    return written(texts, given)


def inside(v: Any) -> str:
    """Return the kind of an argument, with the kinds of what it lists."""
    if isinstance(v, list):
        return f"list of [{', '.join(map(title_of, v))}]"
    if isinstance(v, tuple):
        comma = "," if len(v) == 1 else ""
        return f"{title_of(v)} of ({', '.join(map(title_of, v))}{comma})"
    return title_of(v)


# ---------------------------------------------------------------- methods


def as_method(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` as the method `name`, whose errors tell of a method's arguments."""
    ways = ways_of(name)
    if not ways:
        return function

    @functools.wraps(function)
    def method(self: Any, *given: Any, **named: Any) -> Any:
        try:
            return function(self, *given, **named)
        except FAILURES:
            text = trouble(name, ways, given, named)
            if text is None:
                raise
        raise TypeError(text)

    return method
