"""The variables of a program so far, and a random source that writes its next statement from them.

A few choices in a hundred are mistakes on purpose: a tensor of another shape, an axis that is not
there.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from types import ModuleType
from typing import Any

TAME = [quarter / 4 for quarter in range(-12, 13)] + [0.0] * 3 + [1.0] * 3
NAMES = "abcdefghjkmnpqrstuvwxyz"
MISTAKE = 0.05

Test = Callable[[Any], bool]


def floating(x: Any) -> bool:
    return bool(x.dtype.is_floating_point)


def wanted(x: Any) -> bool:
    return bool(x.requires_grad)


def finite(x: Any) -> bool:
    return bool(x.isfinite().all())


def recorded(x: Any) -> bool:
    return bool(x.requires_grad and not x.is_leaf)


def whole(x: Any) -> bool:
    return str(x.dtype) == "torch.int64"


def truth(x: Any) -> bool:
    return str(x.dtype) == "torch.bool"


def fits(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Whether the two shapes broadcast."""
    return all(m == n or 1 in (m, n) for m, n in zip(a[::-1], b[::-1], strict=False))


def repeats(x: Any) -> bool:
    """Whether the memory holds a number once that is seen many times; or that of its base does.

    PyTorch hands the gradient of a sum out so. What a write into it does is not for us to copy.
    """
    strided = [x, x._base] if x._is_view() else [x]
    return any(
        n > 1 and not step for t in strided for n, step in zip(t.shape, t.stride(), strict=True)
    )


def stale(x: Any) -> bool:
    """Whether it is a view, made under no_grad or one of several, whose base was written to since.

    PyTorch refuses then to read its very flags, here and there; programs end at that.
    """
    try:
        return bool(getattr(x, "is_leaf", False) and getattr(x, "grad_fn", None))
    except RuntimeError:
        return True


class Writer:
    """A random source together with the variables that a program has so far."""

    def __init__(self, random: Random, torch: ModuleType, names: dict[str, Any]) -> None:
        self.random, self.torch, self.names = random, torch, names
        sizes = [self.one_of([1, 2, 2, 3, 3, 4]) for _ in range(2)]
        m, n = sizes
        self.shapes: list[tuple[int, ...]] = [(), (n,), (m, n), (n,), (m, n), (n, m), (m, 1)]
        self.shapes += [(1, n), (n, n), (m,), (1,), (2, m, n), self.one_of([(0,), (0, n), (1, 1)])]

    # -------------------------------------------------------------------------------- chances

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one_of(self, choices: Any) -> Any:
        return choices[self.random.randrange(len(choices))]

    # ------------------------------------------------------------------------------- variables

    def tensors(self) -> list[str]:
        return [name for name, value in self.names.items() if isinstance(value, self.torch.Tensor)]

    def pick(self, *tests: Test) -> str | None:
        """The name of a tensor that passes the tests, mostly one of the last made."""
        names = self.tensors()
        if not self.chance(MISTAKE):
            names = [name for name in names if all(test(self.names[name]) for test in tests)]
        if not names:
            return None
        return self.one_of(names[-3:] if self.chance(0.6) else names)

    def partner(self, a: str, *tests: Test) -> str | None:
        """A tensor that broadcasts with `a`, `a` itself now and then."""
        shape = self.names[a].shape
        return self.pick(lambda x: fits(shape, x.shape), *tests)

    def new(self) -> str:
        """A name for a result: mostly one that is free."""
        free = [name for name in NAMES if name not in self.names]
        taken = self.tensors()
        return self.one_of(taken) if taken and self.chance(0.1) else free[0]

    # --------------------------------------------------------------------------------- numbers

    def number(self, kind: str = "float") -> str:
        if kind == "bool":
            return self.one_of(["True", "False"])
        if kind == "int":
            return str(self.one_of(range(-3, 4)))
        return repr(self.one_of(TAME))

    def scalar(self) -> str:
        return self.number(self.one_of(["float", "float", "float", "int", "int", "bool"]))

    def literal(self, shape: tuple[int, ...], kind: str = "float") -> str:
        if not shape:
            return self.number(kind)
        return "[" + ", ".join(self.literal(shape[1:], kind) for _ in range(shape[0])) + "]"

    def axis(self, x: Any) -> int:
        rank = 2 if self.chance(MISTAKE) else x.ndim
        return self.one_of(range(-rank, rank)) if rank else self.one_of([0, -1])

    def options(self, *choices: tuple[str, float]) -> str:
        """Of the options, each with its chance, what is drawn, as the end of a call's arguments."""
        return "".join(f", {text}" for text, share in choices if self.chance(share))


def call(w: Writer, name: str, *arguments: str) -> str:
    """A function of torch's, spelled as a function or as a method."""
    if w.chance(0.5):
        return f"torch.{name}({', '.join(arguments)})"
    return f"{arguments[0]}.{name}({', '.join(arguments[1:])})"
