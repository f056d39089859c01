"""The compiled function stands where the function stood: same calls, same results, same kinds."""

from __future__ import annotations

import functools
import pickle
import threading
from collections import namedtuple
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from chainrule import compile, grad, hessian, hvp, jacobian, jvp, value_and_grad, vmap
from chainrule.compiler.compiled import Compiled

rng = np.random.default_rng(5)
X, y, w = rng.normal(size=(40, 3)), (rng.random(40) < 0.5) * 1.0, rng.normal(size=3)
BACKENDS = ["python", "numba"]


@pytest.fixture(params=BACKENDS)
def backend(request):
    if request.param == "numba":
        pytest.importorskip("numba", reason="the back end needs Numba")
    return request.param


def loss(w, X, y):
    z = X @ w
    return np.mean(np.logaddexp(0.0, z) - y * z)


def programs(f: Compiled) -> int:
    return sum(map(len, f._programs.values()))


def assert_same(found: Any, wanted: Any, rtol: float = 1e-13) -> None:
    """Compare trees: kinds exactly, numbers up to rounding."""
    assert type(found) is type(wanted)
    if wanted is None or isinstance(wanted, str):
        assert found == wanted
    elif isinstance(wanted, (tuple, list)):
        assert len(found) == len(wanted)
        for a, b in zip(found, wanted, strict=True):
            assert_same(a, b, rtol)
    elif isinstance(wanted, dict):
        assert list(found) == list(wanted)
        assert_same(list(found.values()), list(wanted.values()), rtol)
    elif hasattr(wanted, "__dataclass_fields__"):
        assert_same(vars(found), vars(wanted), rtol)
    else:
        assert np.result_type(found) == np.result_type(wanted)
        np.testing.assert_allclose(found, wanted, rtol=rtol, atol=1e-300)


# ---------------------------------------------------------------- as a decorator


@compile
def decorated(x):
    """Twice."""
    return 2 * x


@compile(static="power", backend="python")
def powers(x, power=2):
    return x**power


def test_as_a_decorator():
    assert decorated(3.0) == 6.0
    assert (decorated.__name__, decorated.__doc__) == ("decorated", "Twice.")
    assert decorated.__module__ == __name__
    assert decorated.function(3.0) == 6.0


def test_static_arguments_have_a_program_each():
    assert (powers(2.0), powers(2.0, 3), powers(2.0, power=3)) == (4.0, 8.0, 8.0)
    assert powers(3.0, 3) == 27.0
    assert powers(3.0, 4) == 81.0

    def recursive(x, n):
        return x if n == 0 else x * recursive(x, n - 1)

    assert compile(recursive, static="n")(2.0, 3) == 16.0


def test_strings_truth_values_none_and_functions_are_static(backend):
    def f(x, how, turned, by, function):
        x = function(x) if by is None else x * by
        return {"sum": np.sum, "mean": np.mean}[how](-x if turned else x)

    g = compile(f, backend=backend)
    for args in [
        (w, "sum", True, None, np.sin),
        (w, "mean", False, None, np.cos),
        (w, "sum", True, 2.0, np.sin),
    ]:
        for _ in range(2):
            assert_same(g(*args), f(*args))


# ---------------------------------------------------------------- trees

Pair = namedtuple("Pair", "a b")


@dataclass
class Layer:
    W: Any
    b: Any
    name: str = field(default="layer", init=False)


TREES = [
    (1.0, X),
    [w, 2.0],
    {"u": w, "v": [X, (w, 1.0)]},
    Pair(w, 2.0),
    Layer(w, X),
    ((w,), {"k": [X, None]}),
    (),
    3.0,
    np.float32(2.0),
    1 + 2j,
]


@pytest.mark.parametrize("tree", TREES, ids=lambda t: type(t).__name__)
def test_trees_in_and_out(tree, backend):
    f = compile(lambda t: t, backend=backend)
    for _ in range(2):
        assert_same(f(tree), tree)


def test_trees_of_parameters(backend):
    def net(p, X):
        h = np.tanh(X @ p["first"].W + p["first"].b)
        return Pair(np.sum(h @ p["last"][0]), {"hidden": h})

    p = {"first": Layer(rng.normal(size=(3, 4)), rng.normal(size=4)), "last": (w[[0, 1, 2, 0]],)}
    f = compile(net, backend=backend)
    for n in (40, 40, 7):
        assert_same(f(p, X[:n]), net(p, X[:n]), 1e-12)
    assert programs(f) == 1
    both = compile(value_and_grad(lambda p, X: net(p, X).a), backend=backend)
    assert_same(both(p, X), value_and_grad(lambda p, X: net(p, X).a)(p, X), 1e-11)


def test_the_order_and_the_kind_of_a_container_are_looked_at():
    f = compile(lambda t: [v * 2 for v in (t.values() if isinstance(t, dict) else t)])
    assert f({"a": 1.0, "b": 2.0}) == [2.0, 4.0]
    assert f({"b": 1.0, "a": 2.0}) == [2.0, 4.0]
    assert f({"a": 1.0, "b": 2.0}) == [2.0, 4.0]
    assert f([1.0, 2.0]) == f((1.0, 2.0)) == [2.0, 4.0]
    assert f([1.0]) == [2.0]
    assert programs(f) == 5


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: x * x, 2.0),
        (lambda x: x + 1, 2),
        (lambda x: x // 2, 5),
        (lambda x: x / 2, 5),
        (np.sin, 2.0),
        (value_and_grad(lambda x: np.sin(x) * x), 2.0),
        (lambda x: x > 1, 2.0),
        (lambda x: x + 1, np.float32(2.0)),
        (np.sin, np.float32(2.0)),
        (lambda x: np.exp(1j * x), 2.0),
        (np.sum, np.ones(3, np.float32)),
        (lambda x: np.sum(x) > 2, np.ones(3)),
        (lambda x: x[0], np.ones(3, np.int32)),
    ],
)
def test_numbers_are_of_the_kinds_that_the_function_returns(f, x, backend):
    g = compile(f, backend=backend)
    for _ in range(2):
        assert_same(g(x), f(x))


def test_results_are_the_callers_own(backend):
    f = compile(grad(lambda w: np.sum(w * 2.0)), backend=backend)
    f(w)[:] = 7.0
    assert np.array_equal(f(w), [2.0, 2.0, 2.0])
    table = np.arange(3.0)
    g = compile(lambda x: (x, table), backend=backend)
    g(w)[1][:] = 7.0
    assert np.array_equal(table, np.arange(3.0))


# ---------------------------------------------------------------- which calls there may be


def test_keywords_defaults_and_more_arguments(backend):
    f = compile(loss, backend=backend)
    for _ in range(2):
        assert_same(f(w, y=y, X=X), loss(w, X, y), 1e-12)
    g = compile(lambda *args, scale=2.0, **rest: args[0] * scale + rest["more"], backend=backend)
    assert_same(g(w, more=w), w * 2.0 + w)
    assert_same(g(w, scale=3.0, more=1.0), w * 3.0 + 1.0)


def test_partials_and_lambdas(backend):
    f = compile(functools.partial(loss, X=X, y=y), backend=backend)
    assert_same(f(w), loss(w, X, y), 1e-12)
    assert_same(compile(functools.partial(loss, w), backend=backend)(X, y), loss(w, X, y), 1e-12)
    assert "compiled" in repr(f)


class Model:
    power = 1.0

    def __init__(self, scale):
        self.scale = scale
        self.options = {"shift": 0.0}

    @compile
    def predict(self, x):
        return self.scale * x**self.power + self.options["shift"] + self.more()

    def more(self):
        return OFFSET


OFFSET = 0.0


def test_methods_look_at_the_attributes_of_their_object(monkeypatch):
    one, two = Model(2.0), Model(5.0)
    assert (one.predict(3.0), two.predict(3.0)) == (6.0, 15.0)
    assert one.predict is one.predict
    one.scale = 4.0
    assert (one.predict(3.0), two.predict(3.0)) == (12.0, 15.0)
    one.options["shift"] = 1.0
    assert one.predict(3.0) == 13.0
    monkeypatch.setattr(Model, "power", 2.0)
    assert one.predict(3.0) == 37.0
    monkeypatch.setitem(globals(), "OFFSET", 0.5)
    assert one.predict(3.0) == 37.5
    bound = compile(one.more)
    assert bound() == 0.5


def test_a_copy_of_an_object_has_a_method_of_its_own():
    import copy

    one = Model(2.0)
    assert one.predict(3.0) == 6.0
    two = copy.copy(one)
    two.scale = 3.0
    assert (one.predict(3.0), two.predict(3.0)) == (6.0, 9.0)


scale = 2.0


def helper(x):
    return x * scale


def test_closures_and_globals_that_change_make_another_program(monkeypatch):
    shift = 1.0
    table = np.arange(3.0)
    inside = {"a": [1.0, 2.0]}

    def f(x):
        return helper(x) + shift + table[0] + inside["a"][1]

    g = compile(f)
    assert g(1.0) == f(1.0) == 5.0
    shift = 10.0
    assert g(1.0) == f(1.0) == 14.0
    table[0] = 5.0
    assert g(1.0) == f(1.0) == 19.0
    inside["a"][1] = 0.0
    assert g(1.0) == f(1.0) == 17.0
    monkeypatch.setitem(globals(), "scale", 3.0)
    assert g(1.0) == f(1.0) == 18.0
    monkeypatch.setitem(globals(), "helper", lambda x: x)
    assert g(1.0) == f(1.0) == 16.0
    assert programs(g) == 1


def test_large_arrays_around_a_function_are_told():
    big = np.ones(1_100_000)
    f = compile(lambda x: x + np.sum(big))
    f(1.0)
    assert "big, float64[1100000]: read when the program was written down" in f.explain()


# ---------------------------------------------------------------- arrays of all sorts


def layouts():
    readonly = X.copy()
    readonly.flags.writeable = False
    return {
        "read-only": readonly,
        "every second row": np.repeat(X, 2, 0)[::2],
        "every second column": np.repeat(X, 2, 1)[:, ::2],
        "backwards": X[::-1],
        "Fortran": np.asfortranarray(X),
        "part of Fortran": np.asfortranarray(np.hstack([X, X]))[:, 1:4],
        "float32": X.astype(np.float32),
        "int": (X * 5).astype(int),
    }


@pytest.mark.parametrize("which", list(layouts()))
def test_arrays_of_all_layouts(which, backend):
    other = layouts()[which]
    f = compile(value_and_grad(loss), backend=backend)
    for _ in range(2):
        assert_same(f(w, other, y), value_and_grad(loss)(w, other, y), 1e-11)


def test_arrays_in_files(tmp_path, backend):
    array = np.memmap(tmp_path / "X", dtype=float, mode="w+", shape=X.shape)
    array[:] = X
    f = compile(value_and_grad(loss), backend=backend)
    assert_same(f(w, array, y), value_and_grad(loss)(w, X, y), 1e-12)
    assert programs(f) == 1


@pytest.mark.parametrize("n", [1, 2, 5, 39])
def test_any_number_of_rows_has_one_program(n, backend):
    f = compile(value_and_grad(loss), backend=backend)
    f(w, X, y)
    assert_same(f(w, X[:n], y[:n]), value_and_grad(loss)(w, X[:n], y[:n]), 1e-11)
    assert programs(f) == 1


def test_no_rows(backend):
    def total(w, X, y):
        return np.sum((X @ w - y) ** 2) + np.sum(w * w)

    f = compile(value_and_grad(total), backend=backend)
    for _ in range(2):
        assert_same(f(w, X[:0], y[:0]), value_and_grad(total)(w, X[:0], y[:0]))
    assert_same(f(w, X, y), value_and_grad(total)(w, X, y), 1e-12)


def test_other_widths_dtypes_and_ranks_have_programs_of_their_own():
    f = compile(loss)
    f(w, X, y)
    f(w, X[:11], y[:11])
    f(w, np.asfortranarray(X), y)
    assert programs(f) == 1
    f(w[:2], X[:, :2], y)
    f(w.astype(np.float32), X, y)
    f(w[:, None], X, y[:, None])
    assert programs(f) == 4
    f(w, X, y)
    assert programs(f) == 4


def test_a_place_that_few_rows_do_not_have_makes_sizes_fixed(backend):
    def head(X):
        return np.sum(np.sin(X[:20]))

    f = compile(head, backend=backend)
    for n in (40, 12, 40):
        assert_same(f(X[:n]), head(X[:n]))


def test_what_few_rows_change_has_programs_for_many(backend):
    slopes = jacobian(lambda w, X: np.tanh(X @ w))
    f = compile(slopes, backend=backend)
    more = rng.normal(size=(300, 3))
    for n in (300, 250, 2, 300):
        assert_same(f(w, more[:n]), slopes(w, more[:n]), 1e-12)
    assert programs(f) == 2


NAMES = ["m", "n", "start", "stop", "np", "lo", "i", "v1", "c1", "X_", "expit", "loss", "self"]


@pytest.mark.parametrize("name", NAMES)
def test_arguments_may_have_the_names_that_a_source_has(name):
    for names in (f"{name}, X, y", f"w, {name}, y", f"w, X, {name}"):
        a, b, c = names.split(", ")
        space: dict[str, Any] = {"numpy": np}
        text = f"lambda {names}: numpy.sum(numpy.logaddexp(0.0, {b} @ {a}) - {c} * ({b} @ {a}))"
        f = value_and_grad(eval(text, space))  # noqa: S307  (names are what it is about)
        assert_same(compile(f, backend="python")(w, X, y), f(w, X, y), 1e-12)


def test_arrays_that_hold_no_numbers_go_to_the_function_itself():
    f = compile(lambda x: x[0])
    assert f(np.array(["a", "b"])) == "a"
    assert programs(f) == 0


# ---------------------------------------------------------------- derivatives

DERIVATIVES = {
    "grad": grad(loss),
    "value_and_grad": value_and_grad(loss),
    "of all": grad(loss, (0, 1, 2)),
    "hessian": hessian(loss),
    "jacobian": jacobian(lambda w, X, y: X @ w * y),
    "jvp": lambda w, X, y: jvp(loss, (w, X, y), (2 * w, X, y)),
    "hvp": lambda w, X, y: hvp(lambda w: loss(w, X, y), (w,), (w,)),
    "vmap": lambda w, X, y: vmap(lambda x, t: np.logaddexp(0.0, x @ w) * t)(X, y),
}


@pytest.mark.parametrize("name", list(DERIVATIVES))
def test_derivatives(name, backend):
    f = DERIVATIVES[name]
    g = compile(f, backend=backend)
    for n in (40, 40, 9):
        assert_same(g(w, X[:n], y[:n]), f(w, X[:n], y[:n]), 1e-10)


def test_a_compiled_function_inside_another_and_under_operators(backend):
    f = compile(loss, backend=backend)
    g = compile(lambda w, X, y: 2 * f(w, X, y), backend=backend)
    assert_same(g(w, X, y), 2 * loss(w, X, y), 1e-12)
    assert_same(grad(f)(w, X, y), grad(loss)(w, X, y), 1e-12)
    assert_same(hessian(f)(w, X, y), hessian(loss)(w, X, y), 1e-12)
    assert_same(vmap(lambda x: f(w, x[None], y[:1]))(X), vmap(lambda x: loss(w, x[None], y[:1]))(X))


def test_values_around_a_function_that_are_being_differentiated():
    assert grad(lambda a: compile(lambda x: x * a)(2.0))(3.0) == 2.0


def test_tensors_go_to_the_function_itself():
    torch = pytest.importorskip("chainrule.torch")
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    f = compile(lambda x: (x * x).sum())
    f(x).backward()
    assert np.array_equal(x.grad.numpy(), [2.0, 4.0])


# ---------------------------------------------------------------- threads, pickles


def test_several_threads_at_once(backend):
    f = compile(value_and_grad(loss), backend=backend)
    wrong = []

    def work(n):
        for k in range(5):
            found, wanted = f(w, X[:n], y[:n]), value_and_grad(loss)(w, X[:n], y[:n])
            if not np.allclose(found[1], wanted[1], rtol=1e-12):
                wrong.append((n, k))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(2, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert programs(f) == 1


def test_pickles():
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    f = pickle.loads(pickle.dumps(compile(value_and_grad(loss), backend="python")))
    assert_same(f(w, X, y), value_and_grad(loss)(w, X, y), 1e-12)
    assert f.backend == "python"


# ---------------------------------------------------------------- what it is made of


def test_the_program_and_the_source_can_be_read(backend):
    f = compile(value_and_grad(loss), backend=backend)
    f(w, X, y)
    assert [v.name for v in f.program.inputs] == ["w", "X", "y"]
    space: dict[str, Any] = {}
    exec(f.source, space)  # noqa: S102  (it is what a user may save and run)
    assert_same(space["value_and_grad_of_loss"](w, X, y)[1], grad(loss)(w, X, y), 1e-12)
