"""What a function reads from around it: frozen when it is written down.

It stands in a program as constants. Before every call a printed test looks at it, so that a change
is seen: the function is written down again.
"""

from __future__ import annotations

import functools
import sys
from collections import deque
from collections.abc import Callable, Iterable
from types import (
    CodeType,
    FunctionType,
    MappingProxyType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any

import numpy as np

from chainrule._core.constants import sample
from chainrule.operators.arguments import Derivative

__all__ = ["Surroundings", "followed"]

KEYED = (dict, MappingProxyType)
NUMBERS = (int, float, complex, bool, str, type(None), np.generic)
MOST = 1000  # items of a container, attributes of an object
LARGE = 1_000_000  # numbers from which on an array should be an argument
# What does not change while a program runs.
SETTLED = {"numpy", "scipy", "chainrule", *sys.stdlib_module_names}


class Surroundings:
    """What a function reads of closures, global names and objects, as it was when this was made.

    `unchanged()` says whether it still is. Arrays of many numbers are sampled: a change of few of
    them in place may stay unseen.
    """

    def __init__(self, f: Callable[..., Any], given: Iterable[Any] = ()) -> None:
        self.large: list[tuple[str, np.ndarray]] = []
        self._tests: dict[str, str] = {}  # and what each looks at
        self._given: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        self._seen: set[Any] = set()
        self._follow(f)
        for v in given:  # arguments that are no numbers: functions, and what is static
            self._meet("an argument", v, self._give(v), names_in(f))
        self.watches = bool(self._tests)
        self.unchanged: Callable[[], bool] = self._printed()

    def _printed(self) -> Callable[[], bool]:
        text = (
            "def unchanged():\n    try:\n"
            f"        return {' and '.join(self._tests) or True}\n"
            "    except (LookupError, ValueError, AttributeError):  # an item or a name is gone\n"
            "        return False\n"
        )
        exec(compile(text, "<what a compiled function reads>", "exec"), self._given)  # noqa: S102
        return self._given["unchanged"]  # type: ignore[no-any-return]

    def changes(self) -> list[str]:
        """Return the names of what is not what it was."""
        out = []
        for test, name in self._tests.items():
            try:
                same = eval(test, self._given)  # noqa: S307
            except (LookupError, ValueError, AttributeError):
                same = False
            if not same:
                out.append(name)
        return list(dict.fromkeys(out))

    def _give(self, v: Any) -> str:
        """Return the name of an object in the printed test, which keeps it alive."""
        name = self._names.setdefault(id(v), f"o{len(self._names)}")
        self._given[name] = v
        return name

    def _follow(self, f: Any) -> None:
        """Look at what a function reads, and at what the functions that it reads read."""
        if self._before(f):
            return
        if isinstance(f, Derivative):
            self._follow(f.made_by[1][0])
        elif isinstance(f, functools.partial):
            for v in (f.func, f.args, f.keywords):
                self._meet("an argument of partial", v, self._give(v))
        elif isinstance(f, MethodType):
            self._object(type(f.__self__).__name__, f.__self__, names_in(f))
            self._follow(f.__func__)
        elif isinstance(f, FunctionType):
            names = names_in(f)
            for name, cell in zip(f.__code__.co_freevars, f.__closure__ or (), strict=True):
                found = f"{self._give(cell)}.cell_contents"
                try:
                    self._meet(name, cell.cell_contents, found, names)
                except ValueError:  # bound later
                    continue
            if not is_settled(f):
                for which in ("__defaults__", "__kwdefaults__"):
                    if (v := getattr(f, which)) is not None:
                        self._meet("a default", v, f"{self._give(f)}.{which}", names)
                self._named("", f.__globals__, names)
        elif inner := followed(f):
            self._follow(inner)
        elif not is_settled(type(f)):
            self._object(type(f).__name__, f, ())

    def _before(self, v: Any, *rest: Any) -> bool:
        """Say whether an object was met before; it is kept, so that its id stays its own."""
        key = (id(v), *rest)
        met = key in self._seen
        self._seen.add(key)
        self._give(v)
        return met

    def _named(self, where: str, space: Any, names: Iterable[str]) -> None:
        """Look at those of the names in a module, a class or an object that code mentions."""
        for name in names:
            if name in space:
                label = f"{where}.{name}" if where else name
                self._meet(label, space[name], f"{self._give(space)}[{name!r}]", names)

    def _object(self, where: str, v: Any, names: Iterable[str]) -> None:
        """Look at an object's attributes, and follow its methods that code mentions."""
        kinds = [kind for kind in type(v).__mro__ if not is_settled(kind)]
        names = mentioned(kinds, names)
        if self._before(v, "object", *names):
            return
        space = getattr(v, "__dict__", None)
        if space is not None:
            self._named(where, space, [k for k in space if isinstance(k, str)][:MOST])
        for name in names:
            found = [vars(kind)[name] for kind in kinds if name in vars(kind)]
            if found and isinstance(found[0], MemberDescriptorType) and hasattr(v, name):  # a slot
                self._meet(f"{where}.{name}", getattr(v, name), f"{self._give(v)}.{name}", names)
            elif found and space is not None and name not in space:
                self._tests[f"{name!r} not in {self._give(space)}"] = f"{where}.{name}"
        for kind in kinds:
            self._class(where, kind, names)

    def _class(self, where: str, kind: type, names: Iterable[str]) -> None:
        space = vars(kind)  # a view, which shows changes
        for name in names:
            v = space.get(name)
            if isinstance(v, (FunctionType, property, classmethod, staticmethod)):
                self._follow(getattr(v, "fget", None) or getattr(v, "__func__", None) or v)
            elif name in space and not isinstance(v, MemberDescriptorType):
                self._meet(f"{where}.{name}", v, f"{self._give(kind)}.__dict__[{name!r}]", names)

    def _meet(self, name: str, v: Any, found: str, names: Iterable[str] = ()) -> None:
        """Write down a test of what was found by the expression `found`."""
        if isinstance(v, ModuleType):
            if not is_settled(v) and not self._before(v, *names):
                self._named(name, vars(v), names)
        elif isinstance(v, type):
            if not is_settled(v) and not self._before(v, *names):
                self._class(name, v, mentioned([v], names))
        elif is_settled(v) and (isinstance(v, FunctionType) or not hasattr(v, "__dict__")):
            if callable(v):
                self._follow(v)
        else:
            self._test(name, v, found, names)

    def _test(self, name: str, v: Any, found: str, names: Iterable[str]) -> None:
        own = self._give(v)
        if found != own:
            self._tests[f"{found} is {own}"] = name
        if isinstance(v, np.ndarray):
            if v.size > LARGE:
                self.large.append((name, v))
            if not self._before(v) and v.dtype.kind in "biufc":
                read = sample(v) if v.size and v.ndim else v.tobytes
                self._tests[f"{self._give(read)}() == {self._give(read())}"] = name
        elif isinstance(v, (set, frozenset)):
            self._tests[f"{own} == {self._give(frozenset(v))}"] = name
        elif isinstance(v, (list, tuple, deque, *KEYED)):
            if not self._before(v, *names):
                self._tests[f"len({own}) == {len(v)}"] = name
                for k in list(v if isinstance(v, KEYED) else range(len(v)))[:MOST]:
                    self._meet(f"{name}[{k!r}]", v[k], f"{own}[{self._give(k)}]", names)
        elif isinstance(v, (FunctionType, MethodType, functools.partial)) or followed(v):
            self._follow(v)
        elif not isinstance(v, NUMBERS):
            self._object(name, v, names)


def followed(v: Any) -> Any:
    """Return the function that an object, such as a compiled function, was made of."""
    inner = getattr(v, "__wrapped__", None)
    return inner if isinstance(inner, (FunctionType, MethodType, functools.partial)) else None


def is_settled(v: Any) -> bool:
    """Say whether a module, or what one defines, belongs to a library that does not change."""
    module = v.__name__ if isinstance(v, ModuleType) else getattr(v, "__module__", None)
    return isinstance(module, str) and module.partition(".")[0] in SETTLED


# Methods that no result depends on.
APART = {"__init__", "__new__", "__repr__", "__str__", "__del__", "__reduce__", "__hash__"}


def mentioned(kinds: Iterable[type], names: Iterable[str]) -> list[str]:
    """Return `names`, and those that methods of such names mention; an operator's have no name."""
    spaces = [vars(kind) for kind in kinds]
    special = {name for space in spaces for name in space if name.startswith("__")}
    found = dict.fromkeys([*names, *sorted(special - APART)])
    waiting = list(found)
    while waiting:
        name = waiting.pop()
        for space in spaces:
            v = space.get(name)
            f = getattr(v, "fget", None) or getattr(v, "__func__", None) or v
            waiting += [new for new in names_in(f) if new not in found]
            found.update(dict.fromkeys(waiting))
    return [name for name in found if not name.startswith("__") or callable_in(spaces, name)]


def callable_in(spaces: Iterable[Any], name: str) -> bool:
    return any(isinstance(space.get(name), FunctionType) for space in spaces)


def names_in(f: Any) -> list[str]:
    """The global names and attributes that a function reads, those of functions inside it too."""
    code = getattr(getattr(f, "__func__", f), "__code__", None)
    return list(dict.fromkeys(names_of(code))) if code else []


def names_of(code: CodeType) -> list[str]:
    found = list(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found += names_of(constant)
    return found
