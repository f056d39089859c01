"""The arguments of one call, taken apart: leaves, their names, and what must be the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.sparse_operands import is_sparse
from chainrule._core.trees import build, flatten, is_number, parts
from chainrule._core.values import Value, holds_value

from .specialising import parameter_names

__all__ = ["Arguments", "Fixed", "skeleton"]

PLAIN = (np.ndarray, np.generic, int, float, complex)


class Fixed:
    """A static argument."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Arguments:
    """What a call gives: `leaves` in order, by `names`; `kind` is what a program is written for.

    `eager` says that the function itself must be called: with values that are being differentiated,
    with tensors, with what is no array of numbers.
    """

    def __init__(
        self, f: Any, args: tuple[Any, ...], options: dict[str, Any], static: tuple[str, ...] = ()
    ) -> None:
        self.given = [*args, *options.values()]
        self.count, self.options = len(args), list(options)
        self.leaves: list[Any] = []
        self.names: list[str] = []
        self.structures: list[Any] = []
        self.eager = False
        self.sparse: list[tuple[int, int]] = []  # the first leaf and the width of sparse matrices
        fixed: list[Any] = []
        for name, v in zip([*parameter_names(f, len(args)), *options], self.given, strict=True):
            if name in static or v is None or isinstance(v, (str, bool)) or is_function(v):
                self.structures.append(Fixed(v))
                fixed.append((name, exactly(v), hashed(name, v)))
                continue
            if is_sparse(v) and v.format == "csr" and v.ndim == 2:
                fixed.append((name, self.sparse_rows(name, v)))
                continue
            found: list[Any] = []
            structure = self.structure(name, v, found)
            self.structures.append(structure)
            fixed.append((name, types_in(v)))
            self.leaves += found
            self.names += named(name, len(found), self.names)
        kept = [s.value for s in self.structures if type(s) is Fixed]
        # what it is is known, but it may change inside
        self.fixed = [v for v in kept if not isinstance(v, (str, bool, int, float, type(None)))]
        self.eager = self.eager or not all(map(is_plain, self.leaves))
        self.leaves = [np.asarray(v) if type(v) is np.memmap else v for v in self.leaves]
        self.kind = None if self.eager else (tuple(fixed), tuple(map(kind_of, self.leaves)))

    def structure(self, name: str, v: Any, found: list[Any]) -> Any:
        try:
            return flatten(v, f"argument {name}", found)
        except TypeError:
            if not any(is_foreign(leaf) for leaf in anything_in(v)):
                refuse_argument(name, v)
            self.eager = True
            return ...

    def sparse_rows(self, name: str, matrix: Any) -> Any:
        """Take a sparse matrix apart into its rows, and return what is fixed of it."""
        from .sparse_arguments import SparseArgument

        structure = SparseArgument(matrix)
        self.sparse.append((len(self.leaves), structure.width))
        self.structures.append(structure)
        self.leaves += structure.leaves(matrix)
        self.names += [f"{name}{part}" for part, _ in structure.named]
        return type(matrix), structure.width

    def skeletons(self) -> list[Any]:
        """Return the arguments without their numbers, static ones as `Fixed`."""
        both = zip(self.given, self.structures, strict=True)
        return [s if type(s) is Fixed else skeleton(v) for v, s in both]

    def call(self, f: Any, leaves: Any) -> Any:
        """Call `f` with other leaves in these places."""
        args, options = self.rebuilt(leaves)
        return f(*args, **options)

    def rebuilt(self, leaves: Any) -> tuple[list[Any], dict[str, Any]]:
        """Return arguments and keywords with other leaves in their places."""
        rest = iter(leaves)
        values = [
            s.value if type(s) is Fixed else build(s, [next(rest) for _ in range(size_of(s))])
            for s in self.structures
        ]
        n = self.count
        return values[:n], dict(zip(self.options, values[n:], strict=True))


def skeleton(tree: Any) -> Any:
    """Return a tree like this one, without the memory that its arrays take."""
    if isinstance(tree, np.ndarray):
        return np.broadcast_to(np.zeros((), tree.dtype), tree.shape)
    taken = None if tree is None or is_number(tree) else parts(tree)
    return tree if taken is None else taken[1]([skeleton(v) for _, v in taken[0]])


def is_function(v: Any) -> bool:
    return callable(v) and not isinstance(v, (np.ndarray, Value)) and not is_foreign(v)


def is_plain(v: Any) -> bool:
    """Say whether a leaf is a number or an array of numbers; subclasses know more than we do."""
    if isinstance(v, np.ndarray):
        return type(v) in (np.ndarray, np.memmap) and v.dtype.kind in "biufc" and v.dtype.isnative
    return isinstance(v, PLAIN) and not holds_value(v) and np.result_type(v).kind in "biufc"


def is_foreign(v: Any) -> bool:
    """Say whether an object is an array of another library's, or a tensor."""
    return hasattr(v, "__array__") or hasattr(v, "__array_priority__")


def anything_in(tree: Any) -> list[Any]:
    taken = None if is_number(tree) else parts(tree)
    return [tree] if taken is None else [leaf for _, v in taken[0] for leaf in anything_in(v)]


def refuse_argument(name: str, v: Any) -> None:
    inside = next(leaf for leaf in anything_in(v) if not (is_number(leaf) or leaf is None))
    kind = type(inside).__name__
    what = f"is of type {kind}" if inside is v else f"holds something of type {kind}"
    raise TypeError(
        f"argument {name} {what}; a compiled function takes numbers, arrays, and tuples, lists, "
        "dicts, named tuples and dataclasses of them. Name it in static= if it can be hashed: "
        "each value of it then has a program of its own."
    )


def exactly(v: Any) -> Any:
    """Return what is unlike in values that are equal: 1, 1.0 and True; 0.0 and -0.0."""
    if isinstance(v, tuple):
        return type(v), tuple(map(exactly, v))
    return type(v), repr(v) if isinstance(v, float) else ""


def hashed(name: str, v: Any) -> Any:
    try:
        hash(v)
    except TypeError:
        raise TypeError(
            f"the static argument {name} is a {type(v).__name__}, which cannot be hashed, so that "
            "its program would not be found again; pass a tuple, a number or a string."
        ) from None
    return v


def size_of(structure: Any) -> int:
    if structure is ...:
        return 1
    return 0 if structure is None else sum(size_of(inner) for _, inner in structure.named)


def types_in(tree: Any) -> Any:
    """The containers of a tree, which decide what a function does with it."""
    taken = None if tree is None or is_number(tree) else parts(tree)
    if taken is None:
        return tree is None
    return type(tree), tuple((name, types_in(v)) for name, v in taken[0])


def named(name: str, count: int, taken: list[str]) -> list[str]:
    names = [name] if count == 1 else [f"{name}{k}" for k in range(count)]
    return [f"{n}_" if n in taken else n for n in names]


def kind_of(v: Any) -> Any:
    """What of a leaf a program is written down for, but for the sizes.

    The layout is no part of it: the program is the same, and Numba compiles it for each layout.
    """
    return (v.dtype, v.ndim) if isinstance(v, np.ndarray) else type(v)
