"""`compile`: the function that runs a program in place of the function it was written down from."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from chainrule._core.trees import build, flatten
from chainrule._core.values import BATCHES, Value, holds_value

from .backends import Backend, runnable
from .reached import Surroundings
from .specialising import Written, parameter_names, written_down

__all__ = ["Compiled", "compile"]

ndarray = np.ndarray
MOST = 256  # shapes whose programs are found at once


def compile(
    f: Callable[..., Any] | None = None,
    *,
    static: str | Iterable[str] = (),
    backend: Backend = "auto",
) -> Any:
    """Return a function that gives what `f` gives, quicker: a program, printed and compiled.

    At its first call `f` runs once on placeholders, and every call that it makes of NumPy's
    functions is written down. The program is simplified, and printed as Python source that may be
    read (`source`), saved and edited. Arguments are numbers, arrays, and tuples, lists, dicts,
    named tuples and dataclasses of them; those named in `static` (and strings, truth values, None
    and functions) may be anything that can be hashed, and each value of them has a program of its
    own. Sizes, dtypes and layouts of arrays are fixed in a program, and others make another one
    beside the first; the number of rows alone, the length of the largest array and of those that
    share it, may be any.

    `backend` is "python" (NumPy alone), "numba" (machine code, by the extra `chainrule[fast]`) or
    "auto": NumPy at first, and Numba as soon as the calls have taken as long as its compilation
    would. `f` may be any derivative, as in `compile(value_and_grad(loss))`. Called with values that
    are being differentiated, or with tensors, the compiled function calls `f` itself.

    The results have the dtypes and shapes of `f`'s and agree with them up to rounding. Raises
    CompileError where `f` asks for the numbers themselves: in an `if`, in float(), as an index.
    Method: tracing to a straight-line program; Griewank and Walther (2008), *Evaluating
    Derivatives*, chapter 2.

    >>> import numpy as np
    >>> from chainrule import compile, value_and_grad
    >>> @compile
    ... def mean_of_squares(x):
    ...     return np.mean(x**2)
    >>> mean_of_squares(np.array([1.0, 2.0, 3.0]))
    np.float64(4.666666666666667)
    >>> both = compile(value_and_grad(mean_of_squares.function))
    >>> both(np.array([3.0, 4.0]))
    (np.float64(12.5), array([3., 4.]))
    """
    named = (static,) if isinstance(static, str) else tuple(static)
    if f is None:
        return lambda g: Compiled(g, named, backend)
    return Compiled(f, named, backend)


class Compiled:
    """A function that runs as a program; `function` is the one it was made of."""

    def __init__(self, f: Callable[..., Any], static: tuple[str, ...], backend: Backend) -> None:
        if not callable(f):
            raise TypeError(f"compile needs a function, but was given a {type(f).__name__}.")
        if backend not in ("auto", "python", "numba"):
            raise ValueError(f"backend is 'auto', 'python' or 'numba', but was {backend!r}.")
        self.__name__: str = getattr(f, "__name__", "compiled")
        self.__doc__ = f.__doc__
        self.__wrapped__ = f
        self.__module__ = getattr(f, "__module__", __name__)
        self.function, self.static, self.backend = f, static, backend
        self._surroundings: Surroundings | None = None
        self._quick: dict[Any, Callable[..., Any]] = {}  # by the very shapes of plain arguments
        self._programs: dict[Any, list[Specialised]] = {}
        self._last: Specialised | None = None
        self._lock = threading.RLock()

    def __call__(self, *args: Any, **options: Any) -> Any:
        if not options and not BATCHES:
            key: list[Any] = []
            for v in args:
                kind = type(v)
                if kind is ndarray:
                    key.append((v.shape, v.strides, v.dtype))
                elif kind is float or kind is np.float64:
                    key.append(kind)
                else:
                    break
            else:
                run = self._quick.get(tuple(key))
                if run is not None and self._surroundings.unchanged():  # type: ignore[union-attr]
                    return run(*args)
        return self._find(args, options)

    def _find(self, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Find or write down the program for such arguments, and run it."""
        asked = Arguments(self.function, args, options, self.static)
        if asked.differentiated:
            return self.function(*args, **options)
        with self._lock:
            if self._surroundings is None or not self._surroundings.unchanged():
                self._forget()
            special = self._special(asked)
        if asked.plain:
            with self._lock:
                if len(self._quick) > MOST:
                    self._quick.clear()
                self._quick[asked.exact] = special.run
        return special.run(*asked.leaves)

    def _forget(self) -> None:
        self._surroundings = Surroundings(self.function)
        self._quick.clear()
        self._programs.clear()

    def _special(self, asked: Arguments) -> Specialised:
        for special in self._programs.get(asked.kind, []):
            if special.serves(asked.leaves):
                self._last = special
                return special
        special = Specialised(self, asked)
        self._programs.setdefault(asked.kind, []).append(special)
        self._last = special
        return special

    # ---- what it became

    def _shown(self) -> Specialised:
        if self._last is None:
            raise RuntimeError(
                f"{self.__name__} has not been called yet: its program is written down at the "
                "first call, for the shapes and types of the arguments it is given."
            )
        return self._last

    @property
    def program(self) -> Any:
        """The simplified program of the last call: named, typed, shaped calls."""
        return self._shown().written.program

    @property
    def source(self) -> str:
        """The source that the last call ran."""
        return self._shown().source

    def explain(self, *args: Any) -> str:
        """Return what became of the function at its last call, in lines to be printed.

        With arguments, such as that call had, they tell the time that it takes, too, beside that of
        reading its largest argument.
        """
        from .explaining import explained

        return explained(self, self._shown(), args)

    def frozen(self) -> list[tuple[str, ndarray]]:
        """The large arrays that the function reads from around it, by name."""
        return self._surroundings.large if self._surroundings else []

    def __repr__(self) -> str:
        return f"<compiled {self.__name__}: {sum(map(len, self._programs.values()))} programs>"

    def __get__(self, owner: Any, kind: type | None = None) -> Any:
        return self if owner is None else functools.partial(self, owner)


class Arguments:
    """The arguments of one call, taken apart: leaves, their names, and what must be the same."""

    def __init__(
        self, f: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any], static: Any
    ) -> None:
        names = [*parameter_names(f, len(args)), *options]
        self.leaves: list[Any] = []
        self.names: list[str] = []
        self.differentiated = False
        self.count = len(args)
        self.options = list(options)
        self.structures: list[Any] = []
        fixed: list[Any] = []
        for name, v in zip(names, (*args, *options.values()), strict=True):
            if name in static or v is None or isinstance(v, (str, bool)) or is_function(v):
                self.structures.append(Fixed(v))
                fixed.append((name, type(v), hashed(name, v)))
                continue
            found: list[Any] = []
            structure = flatten(v, f"argument {name}", found)
            self.structures.append(structure)
            fixed.append((name, shape_text(structure)))
            self.leaves += found
            self.names += named(name, len(found), self.names)
        self.differentiated = bool(BATCHES) or any(
            holds_value(v) or not isinstance(v, (ndarray, np.generic, int, float, complex))
            for v in self.leaves
        )
        self.leaves = [np.asarray(v) if isinstance(v, np.memmap) else v for v in self.leaves]
        self.kind = (tuple(fixed), tuple(map(kind_of, self.leaves)))
        self.plain = (
            len(self.leaves) == len(args)
            and not options
            and all(type(v) is ndarray or type(v) is float or type(v) is np.float64 for v in args)
        )
        self.exact = (
            tuple((v.shape, v.strides, v.dtype) if type(v) is ndarray else type(v) for v in args)
            if self.plain
            else None
        )

    def call(self, f: Callable[..., Any], leaves: Any) -> Any:
        """Call `f` with other leaves in these places."""
        rest = iter(leaves)
        values = [
            s.value if type(s) is Fixed else build(s, [next(rest) for _ in range(size_of(s))])
            for s in self.structures
        ]
        return f(
            *values[: self.count], **dict(zip(self.options, values[self.count :], strict=True))
        )


class Fixed:
    """A static argument."""

    def __init__(self, value: Any) -> None:
        self.value = value


def is_function(v: Any) -> bool:
    return callable(v) and not isinstance(v, (ndarray, Value)) and not hasattr(v, "__array__")


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


def shape_text(structure: Any) -> Any:
    if structure is ... or structure is None:
        return structure
    return tuple((name, shape_text(inner)) for name, inner in structure.named)


def named(name: str, count: int, taken: list[str]) -> list[str]:
    names = [name] if count == 1 else [f"{name}{k}" for k in range(count)]
    return [f"{n}_" if n in taken else n for n in names]


def kind_of(v: Any) -> Any:
    """What of a leaf a program is written down for, but for the sizes."""
    if not isinstance(v, ndarray):
        return type(v)
    layout = "C" if v.flags.c_contiguous else "F" if v.flags.f_contiguous else "A"
    return v.dtype, v.ndim, layout


class Specialised:
    """The program for arguments of certain kinds, and how it runs."""

    def __init__(self, owner: Compiled, asked: Arguments) -> None:
        f = owner.function
        self.written: Written = written_down(
            f, lambda leaves: asked.call(f, leaves), asked.names, asked.leaves
        )
        self.shapes = [np.shape(v) for v in asked.leaves]
        self.name = owner.__name__ if owner.__name__.isidentifier() else "compiled"
        self.runnable = runnable(self.written.program, self.name, owner.backend)
        self.finish = finisher(self.written)

    @property
    def source(self) -> str:
        return self.runnable.source.text

    def serves(self, leaves: list[Any]) -> bool:
        """Say whether arguments of the same kinds have the same sizes, but for the rows."""
        rows = self.written.rows
        for k, (v, shape) in enumerate(zip(leaves, self.shapes, strict=True)):
            mine = np.shape(v)
            if k in rows:
                if mine[1:] != shape[1:] or mine[0] != len(leaves[rows[0]]):
                    return False
            elif mine != shape:
                return False
        return True

    def run(self, *leaves: Any) -> Any:
        return self.finish(self.runnable.run(*leaves))


def finisher(written: Written) -> Callable[[Any], Any]:
    """Return what puts the outputs of a program together as the function returned them."""
    structure = written.structure
    if structure is ...:
        return lambda outputs: outputs[0]
    if (
        type(outputs_like := getattr(structure, "named", None)) is list
        and all(inner is ... for _, inner in outputs_like)
        and structure.together([1] * len(outputs_like)) == (1,) * len(outputs_like)
    ):
        return tuple
    return lambda outputs: build(structure, outputs)
