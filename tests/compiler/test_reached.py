"""What a function reads from around it is looked at before every call."""

from __future__ import annotations

from collections import deque
from types import MappingProxyType
from typing import Any

import numpy as np

from chainrule import compile


class Base:
    scale = 1.0

    def scaled(self, x: Any) -> Any:
        return x * self.scale


class Model(Base):
    def __init__(self) -> None:
        self.w = np.ones(2)

    def __call__(self, x: Any) -> Any:
        return np.sum(self.w * super().scaled(x))


class Slotted:
    __slots__ = ("a",)
    a: float


def compiled(f: Any, **options: Any) -> Any:
    return compile(f, backend="python", **options)


def test_callable_objects_and_their_classes() -> None:
    model, x = Model(), np.ones(2)
    for f in (compiled(model), compiled(lambda x: model(x)), compiled(model.__call__)):
        model.w, model.__dict__["scale"] = np.ones(2), 1.0
        del model.__dict__["scale"]
        assert f(x) == 2.0
        model.w[0] = 3.0
        assert f(x) == 4.0
        Base.scale = 2.0
        try:
            assert f(x) == 8.0
        finally:
            Base.scale = 1.0
        model.scale = 10.0
        assert f(x) == 40.0


def test_slots_sets_and_other_containers() -> None:
    slotted = Slotted()
    slotted.a = 2.0
    chosen, last, table = {"a"}, deque([1.0]), {"k": 1.0}
    shown, many = MappingProxyType(table), [1.0] * 200
    f = compiled(lambda x: x * slotted.a * (2 if "a" in chosen else 3) * last[0] * shown["k"])
    g = compiled(lambda x: x * sum(many))
    assert (f(1.0), g(1.0)) == (4.0, 200.0)
    slotted.a = 3.0
    assert f(1.0) == 6.0
    chosen.clear()
    assert f(1.0) == 9.0
    last[0], many[150] = 2.0, 2.0
    assert (f(1.0), g(1.0)) == (18.0, 201.0)
    table["k"] = 5.0
    assert f(1.0) == 90.0


def test_defaults() -> None:
    a = np.ones(2)

    def f(x: Any, s: Any = 2.0, *, t: Any = a) -> Any:
        return x * s * t

    g = compiled(f)
    np.testing.assert_array_equal(g(1.0), [2.0, 2.0])
    a[0] = 5.0
    np.testing.assert_array_equal(g(1.0), [10.0, 2.0])
    f.__defaults__ = (3.0,)
    np.testing.assert_array_equal(g(1.0), [15.0, 3.0])


def test_functions_that_are_arguments() -> None:
    s = 2.0
    model = Model()

    def h(x: Any) -> Any:
        return x * s

    f = compiled(lambda g, x: g(x))
    assert f(h, 1.0) == 2.0
    s = 3.0
    assert f(h, 1.0) == 3.0
    assert f(model.scaled, 1.0) == 1.0
    model.scale = 4.0
    assert f(model.scaled, 1.0) == 4.0


def test_static_arguments_that_are_equal_but_not_the_same() -> None:
    f = compiled(lambda x, k: x * 2 if type(k[0]) is int else x * 3, static="k")
    assert (f(1.0, (1,)), f(1.0, (1.0,)), f(1.0, (1,))) == (2.0, 3.0, 2.0)
    g = compiled(np.copysign, static="x2")
    assert (g(1.0, 0.0), g(1.0, -0.0)) == (1.0, -1.0)
