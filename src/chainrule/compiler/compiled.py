"""`compile`: the function that runs a program in place of the function it was written down from."""

from __future__ import annotations

import inspect
import sys
import threading
from collections.abc import Callable, Iterable
from types import MethodType
from typing import Any

import numpy as np

from chainrule._core.values import BATCHES

from .backends import Backend, runnable
from .dispatching import MISS, dispatcher, finisher, result_types, results_of_numbers
from .given import Arguments, skeleton
from .reached import Surroundings
from .refusals import blame, refuse_change
from .specialising import OuterValues, Written, written_down

__all__ = ["Compiled", "compile"]

QUICK = 8  # programs that a call looks through at once, the last found first


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
    own. Sizes and dtypes of arrays are fixed in a program, and others make another one beside the
    first; the number of rows alone, the length of the largest array and of those that share it,
    may be any; a branch on it is seen up to a thousand rows, and beyond needs a static argument.
    Of no rows, `f` itself makes what it makes.

    What `f` reads from around it, by closures, global names and attributes, is frozen in the
    program; it is looked at before every call, and a change makes another program. Whatever else
    `f` does, such as printing, or reading a file, happens when it is written down, and not again.

    `backend` is "python" (NumPy alone), "numba" (machine code, by the extra `chainrule[fast]`) or
    "auto": NumPy at first, and Numba as soon as the calls have taken as long as its compilation
    would. `f` may be any derivative, as in `compile(value_and_grad(loss))`, or a method, of which
    each object has its own. Called with values that are being differentiated, or with tensors, the
    compiled function calls `f` itself.

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
        check_static(f, static)
        self.__name__: str = getattr(f, "__name__", "compiled")
        self.__qualname__: str = getattr(f, "__qualname__", self.__name__)
        self.__doc__ = f.__doc__
        self.__wrapped__ = f
        self.__module__ = getattr(f, "__module__", __name__)
        self.function, self.static, self.backend = f, static, backend
        self._surroundings: Surroundings | None = None
        self._programs: dict[Any, list[Specialised]] = {}
        self._quick: tuple[Specialised, ...] = ()
        self._last: Specialised | None = None
        self._lock = threading.RLock()

    def __call__(self, *args: Any, **options: Any) -> Any:
        if not options:
            for special in self._quick:
                out = special.quick(args)
                if out is not MISS:
                    return out
        return self._find(args, options)

    def _find(self, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Find or write down the program for such arguments, and run it."""
        asked = Arguments(self.function, args, options, self.static)
        if asked.eager or BATCHES:
            return self.function(*args, **options)
        with self._lock:
            if self._surroundings is None or not self._surroundings.unchanged():
                self._forget(Surroundings(self.function))
            try:
                special = self._special(asked)
            except OuterValues:
                special = None
            if special:
                others = [s for s in self._quick if s is not special]
                self._quick = (special, *others[: QUICK - 1])
                self._last = special
        if special is None or special.is_empty(asked.leaves):
            return self.function(*args, **options)
        return special.run(asked.leaves)

    def _forget(self, surroundings: Surroundings) -> None:
        self._surroundings, self._programs, self._quick = surroundings, {}, ()
        self._last = None

    def _special(self, asked: Arguments) -> Specialised:
        before = self._programs.setdefault(asked.kind, [])
        if asked.fixed:
            before[:] = [special for special in before if special.unchanged()]
        for special in before:
            if special.serves(asked.leaves):
                return special
        for _ in range(2):  # the first time it may fill caches that it reads
            around = self._surroundings = self._surroundings or Surroundings(self.function)
            if asked.fixed:
                around = Surroundings(self.function, asked.fixed)
            try:
                special = Specialised(self, asked, around.unchanged if around.watches else None)
            except (TypeError, ValueError, IndexError) as error:
                known = [s for same in self._programs.values() for s in same]
                blame(error, asked, [(s.examples, s.written.rows) for s in known])
                raise
            if around.unchanged():
                before.append(special)
                return special
            self._surroundings = None
        return refuse_change(around.changes())

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
        return self._shown().runnable.source.text

    def explain(self, *args: Any) -> str:
        """Return what became of the function at its last call, in lines to be printed.

        With arguments, such as that call had, they tell the time that it takes, too, beside that of
        reading its largest argument.
        """
        from .explaining import explained

        if args:
            self(*args)
        return explained(self, self._shown(), args)

    def frozen(self) -> list[tuple[str, np.ndarray]]:
        """The large arrays that the function reads from around it, by name."""
        return self._surroundings.large if self._surroundings else []

    def __repr__(self) -> str:
        count = sum(map(len, self._programs.values()))
        return f"<compiled {self.__name__}: {count} program{'s' * (count != 1)}>"

    # ---- as a method, and in a pickle

    def __get__(self, owner: Any, kind: type | None = None) -> Any:
        """Return the method of an object, compiled by itself: its attributes are looked at."""
        if owner is None:
            return self
        kept = getattr(owner, "__dict__", {})
        name = f"_compiled_{self.__name__}"
        method = kept.get(name)
        # A copy of an object has the attributes of the first, this one too.
        if type(method) is not Compiled or method.function.__self__ is not owner:  # type: ignore[attr-defined]
            method = Compiled(MethodType(self.function, owner), self.static, self.backend)
            kept[name] = method
        return method

    def __reduce__(self) -> Any:
        module = sys.modules.get(self.__module__)
        if getattr(module, self.__name__, None) is self and self.__qualname__ == self.__name__:
            return self.__name__  # a decorator's, which stands where its function did
        return Compiled, (self.function, self.static, self.backend)


def check_static(f: Any, static: tuple[str, ...]) -> None:
    """Raise if no parameter has a name that is static."""
    try:
        known = inspect.signature(f).parameters
    except (TypeError, ValueError):
        return
    if any(p.kind is p.VAR_KEYWORD for p in known.values()):
        return
    for name in static:
        if name not in known:
            raise ValueError(
                f"static={name!r} names no parameter of {getattr(f, '__name__', 'the function')}: "
                f"it has {', '.join(known) or 'none'}."
            )


class Specialised:
    """The program for arguments of certain kinds, and how it runs."""

    def __init__(
        self, owner: Compiled, asked: Arguments, watched: Callable[[], bool] | None
    ) -> None:
        f = owner.function
        self.written: Written = written_down(
            f, lambda leaves: asked.call(f, leaves), asked.names, asked.leaves, asked.sparse
        )
        self.structure = self.written.structure
        self.examples = [skeleton(v) for v in asked.leaves]
        name = owner.__name__ if owner.__name__.isidentifier() else "compiled"
        self.runnable = runnable(self.written.program, name, owner.backend)
        self._watched = watched
        self.unchanged = watched or (lambda: True)
        self._like = results_of_numbers(lambda leaves: asked.call(f, leaves), asked.leaves)
        self._given = None if asked.options or asked.sparse else asked.skeletons()
        self.runnable.changed = self.prepare
        self.prepare()

    def prepare(self) -> None:
        """Print what runs at a call, for the back end as it is."""
        self.types = result_types(self.written, self._like, self.runnable.source.kernels)
        self.finish = finisher(self.structure, self.types)
        self.quick = dispatcher(self, self._given, self._watched)

    def serves(self, leaves: list[Any]) -> bool:
        """Say whether arguments of the same kinds have the same sizes, but for the rows."""
        rows = self.written.rows
        if rows and 0 < len(leaves[rows[0]]) < self.written.least:
            return False
        for k, (v, example) in enumerate(zip(leaves, self.examples, strict=True)):
            mine, shape = np.shape(v), np.shape(example)
            if k in self.written.counted:
                continue
            if k in rows:
                if mine[1:] != shape[1:] or mine[0] != len(leaves[rows[0]]):
                    return False
            elif mine != shape:
                return False
        return True

    def is_empty(self, leaves: list[Any]) -> bool:
        """Say whether there are no rows."""
        return bool(self.written.rows) and not len(leaves[self.written.rows[0]])

    def run(self, leaves: list[Any]) -> Any:
        return self.finish(self.runnable.run(*leaves))
