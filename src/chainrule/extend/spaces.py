"""The space that a value lies in: its zero, its ones, a basis, and its arithmetic.

For numbers, arrays, and containers of them alike, so that rules and checks need not tell them
apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import numpy as np

from chainrule._core.pieces import zeros
from chainrule._core.trees import build, flatten, is_number, parts
from chainrule._core.values import bare, dtype_of, shape_of

__all__ = ["ArrayVSpace", "SparseObject", "VSpace", "added", "arranged", "dense", "vspace"]


class VSpace:
    """The space of all values of the shapes, dtypes and containers of one; see `vspace`.

    `shape` is that of an array; of a container it is the same container of spaces. `size` counts
    real numbers, so complex ones twice. Arithmetic takes values that are being differentiated,
    too. `register` gives `vspace` the space of a type of your own.

    >>> import numpy as np
    >>> from chainrule.extend import vspace
    >>> space = vspace({"w": np.ones((2, 3)), "b": 1.0})
    >>> space.size, space.zeros()["b"], space == vspace({"w": np.zeros((2, 3)), "b": 5.0})
    (7, np.float64(0.0), True)
    """

    mappings: ClassVar[dict[type, Callable[[Any], Any]]] = {}

    def __init__(self, value: Any) -> None:
        leaves: list[Any] = []
        self.structure = flatten(value, "a value", leaves)
        self.kinds = [(shape_of(v), dtype_of(v)) for v in leaves]
        taken = None if self.structure is ... else parts(value)
        self.shape = taken[1]([vspace(v) for _, v in taken[0]]) if taken else shape_of(leaves[0])

    @classmethod
    def register(cls, value_type: type, vspace_maker: Callable[[Any], Any] | None = None) -> None:
        """Let `vspace` answer for a type with this class, or with what the maker makes."""
        VSpace.mappings[value_type] = vspace_maker or cls

    # ---- what it is

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VSpace):
            return NotImplemented
        leaf = self.structure is ..., other.structure is ...
        if any(leaf):
            return all(leaf) and self.kinds == other.kinds
        return type(self.shape) is type(other.shape) and bool(self.shape == other.shape)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{d}{list(s)}' for s, d in self.kinds)})"

    @property
    def iscomplex(self) -> bool:
        return any(dtype.kind == "c" for _, dtype in self.kinds)

    @property
    def size(self) -> int:
        return sum(
            int(np.prod(shape, dtype=int)) * (2 if dtype.kind == "c" else 1)
            for shape, dtype in self.kinds
        )

    # ---- its elements

    def zeros(self) -> Any:
        return build(self.structure, [zeros(*kind) for kind in self.kinds])

    def ones(self) -> Any:
        """All ones; of complex numbers 1 + 1j, so that both parts count."""
        return build(
            self.structure,
            [np.full(shape, 1 + 1j if d.kind == "c" else 1, d)[()] for shape, d in self.kinds],
        )

    def randn(self) -> Any:
        """Draw every element from the standard normal distribution, by `numpy.random`'s state."""
        return build(self.structure, [drawn(*kind) for kind in self.kinds])

    def standard_basis(self) -> Iterator[Any]:
        """Yield the values that are 1 at one place and 0 at all others, and 1j if complex."""
        for k, (shape, dtype) in enumerate(self.kinds):
            for place in np.ndindex(shape):
                for one in (1.0, 1.0j) if dtype.kind == "c" else (1.0,):
                    leaves = [np.zeros(*kind) for kind in self.kinds]
                    leaves[k][place] = one
                    yield build(self.structure, [v[()] for v in leaves])

    # ---- arithmetic

    def add(self, x: Any, y: Any) -> Any:
        """The sum; `x` may be None for zero, as sums begin."""
        return self._each(lambda a, b: a + b, self.zeros() if x is None else x, y)

    mut_add = add  # a sum in place could not be recorded

    def scalar_mul(self, x: Any, a: Any) -> Any:
        return self._each(lambda v: v * a, x)

    def inner_prod(self, x: Any, y: Any) -> Any:
        """The sum of all products; with complex numbers Re(sum(conj(x) * y))."""
        pairs = zip(self._leaves(x), self._leaves(y), strict=True)
        return sum(np.sum(np.real(np.conj(a) * b)) for a, b in pairs)

    def covector(self, x: Any) -> Any:
        """The change that stands for `x`: its conjugate."""
        return self._each(np.conj, x)

    def flatten(self, x: Any) -> Any:
        """Return the numbers of `x` as one vector."""
        return np.concatenate([np.ravel(v) for v in self._leaves(x)])

    def unflatten(self, x: Any) -> Any:
        """Return the value whose `flatten` is `x`."""
        bounds = np.cumsum([0, *(np.prod(shape, dtype=int) for shape, _ in self.kinds)])
        return build(
            self.structure,
            [
                np.reshape(x[start:stop], shape)
                for start, stop, (shape, _) in zip(bounds, bounds[1:], self.kinds, strict=False)
            ],
        )

    def _each(self, f: Callable[..., Any], *trees: Any) -> Any:
        columns = map(self._leaves, trees)
        return build(self.structure, [f(*vs) for vs in zip(*columns, strict=True)])

    def _leaves(self, tree: Any) -> list[Any]:
        return list(arranged(self.structure, tree, "a value of this space"))


class ArrayVSpace(VSpace):
    """The space of numbers or arrays of one shape and dtype."""

    @property
    def dtype(self) -> Any:
        return self.kinds[0][1]

    @property
    def ndim(self) -> int:
        return len(self.shape)


def drawn(shape: Any, dtype: Any) -> Any:
    x: Any = np.random.randn(*shape)
    if dtype.kind == "c":
        x = x + 1j * np.random.randn(*shape)
    return np.asarray(x).astype(dtype)[()]


def vspace(value: Any) -> Any:
    """Return the space that `value` lies in: a `VSpace`.

    `value` is a number, an array, or a container of them.

    Raises TypeError if it is anything else.

    >>> import numpy as np
    >>> from chainrule.extend import vspace
    >>> space = vspace(np.array([3.0, 4.0]))
    >>> space.shape, space.ones(), [list(map(float, v)) for v in space.standard_basis()]
    ((2,), array([1., 1.]), [[1.0, 0.0], [0.0, 1.0]])
    >>> float(space.inner_prod(np.array([3.0, 4.0]), np.array([3.0, 4.0])))
    25.0
    """
    value = bare(value)
    maker = VSpace.mappings.get(type(value))
    if maker is not None:
        return maker(value)
    if value is None:
        raise TypeError("vspace needs a number, an array or a container, but was given None.")
    return (VSpace if isinstance(value, (tuple, list, dict)) else ArrayVSpace)(value)


class SparseObject:
    """A change of a large value that touches a part of it: `mut_add(x)` adds it to `x` in place.

    Pulls may return one in place of an array. It is added to zeros of the space `vs`.

    >>> import numpy as np
    >>> from chainrule import grad
    >>> from chainrule.extend import SparseObject, defvjp, primitive, vspace
    >>> @primitive
    ... def first(x):
    ...     return x[0]
    >>> def pull_of_first(ans, x):
    ...     def pull(g):
    ...         def add(whole):
    ...             whole[0] += g
    ...             return whole
    ...         return SparseObject(vspace(x), add)
    ...     return pull
    >>> defvjp(first, pull_of_first)
    >>> grad(first)(np.array([5.0, 6.0]))
    array([1., 0.])
    """

    __slots__ = ("mut_add", "vs")

    def __init__(self, vs: VSpace, mut_add: Callable[[Any], Any]) -> None:
        self.vs, self.mut_add = vs, mut_add


def dense(v: Any) -> Any:
    """Return a sparse change as a whole one, and any other as it is."""
    return v.mut_add(v.vs.zeros()) if isinstance(v, SparseObject) else v


def arranged(structure: Any, tree: Any, what: str) -> Iterator[Any]:
    """Yield the leaves of `tree` in the order of a structure: its dicts may have another.

    Raises TypeError if `tree` has other containers, or a leaf that is no number or array.
    """
    if structure is ...:
        if not is_number(tree):
            raise TypeError(f"{what} is a number or an array, but was given as {tree!r:.60}.")
        yield tree
    elif structure is not None:
        found, names = named_parts(tree), [name for name, _ in structure.named]
        if found.keys() != set(names):
            raise TypeError(
                f"{what} is a container with the parts {', '.join(names)}, but was given as "
                f"{tree!r:.60}."
            )
        for name, inner in structure.named:
            yield from arranged(inner, found[name], what + name)


def named_parts(tree: Any) -> dict[str, Any]:
    """Return the parts of a container by their names; of a number or array none."""
    taken = None if is_number(tree) else parts(tree)
    return dict(taken[0]) if taken else {}


def added(changes: Sequence[Any]) -> Any:
    """Return the sum of changes of one value, which may be containers."""
    first, *rest = map(dense, changes)
    for change in rest:
        first = vspace(first).add(first, change)
    return first
