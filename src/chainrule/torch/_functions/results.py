"""Results of several tensors with names: tuples whose parts are fields too."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from .._kinds.c_names import c_name
from .._writing.out import into_out

__all__ = ["answered", "result_type"]


class Result(tuple[Any, ...]):
    """A tuple whose parts have names; it is shown as PyTorch shows it."""

    __slots__ = ()
    _names: tuple[str, ...]

    def __new__(cls, parts: Iterable[Any]) -> Result:
        return super().__new__(cls, parts)

    def __repr__(self) -> str:
        parts = ",\n".join(f"{name}={v!r}" for name, v in zip(self._names, self, strict=True))
        return f"torch.return_types.{type(self).__name__}(\n{parts})"

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuilt, (type(self).__name__, self._names, tuple(self))


TYPES: dict[str, type[Result]] = {}


def result_type(function: str, *names: str) -> type[Result]:
    """Return the type of what `function` returns: `torch.return_types.max` for "max".

    >>> result_type("max", "values", "indices")([3.0, 1]).indices
    1
    """
    found = TYPES.get(function)
    if found is None:
        space: dict[str, Any] = {"__slots__": (), "_names": names}
        space["__module__"] = "torch.return_types"
        for k, name in enumerate(names):
            space[name] = property(itemgetter(k))
        found = TYPES[function] = type(function, (Result,), space)
    return found


def answered(kind: type[Result], parts: Iterable[Any], out: Any) -> Any:
    """Return the parts under their names, written to the tensors `out` if there are such."""
    result = kind(parts)
    if out is None:
        return result
    name = kind.__name__
    for part, into in zip(result, out, strict=True):
        whole = part._array.dtype.kind in "iu"
        if whole and into._array.dtype != part._array.dtype:
            raise RuntimeError(
                f"Expected out tensor to have dtype {c_name(part._array.dtype)}, but got "
                f"{c_name(into._array.dtype)} instead"
            )
    for part, into in zip(result, out, strict=True):
        into_out(name, part, into)
    return result_type(f"{name}_out", *kind._names)(out)


def rebuilt(function: str, names: tuple[str, ...], parts: tuple[Any, ...]) -> Result:
    return result_type(function, *names)(parts)
