"""What cannot be compiled says so: the line, what it asks for, and what to write instead."""

from __future__ import annotations

import inspect
import random
import re
import time

import numpy as np
import pytest

from chainrule import compile, value_and_grad
from chainrule.compiler.refusals import CompileError

rng = np.random.default_rng(3)
X, y, w = rng.normal(size=(7, 3)), rng.random(7), rng.normal(size=3)


def loss(w, X, y):
    return np.sum((X @ w - y) ** 2)


# ---------------------------------------------------------------- numbers that are asked for


def branch(x):
    if x > 0:
        return x
    return -x


def repeated(x):
    while x < 10.0:
        x = x * 2
    return x


def as_float(x):
    return np.sin(float(x))


def as_int(x):
    return np.arange(3.0)[int(x)]


def index(x):
    return [1.0, 2.0, 3.0][x]


def counted(x):
    return sum(1.0 for _ in range(x))


def size(x):
    return np.zeros(x)


def compared(x):
    return max(x[0], x[1])


def recursive(n):
    return 1 if n <= 1 else n * recursive(n - 1)


def plain(x):
    return np.array([x[0], 2 * x[1]])


ASKED = [
    (branch, 1.0, 1, "a truth value", "np.where(condition, a, b)"),
    (branch, 1.0, 1, "a truth value", "cond(condition, f, g, x)"),
    (repeated, 1.0, 1, "a truth value", "until(condition, step, state)"),
    (as_float, 1.0, 1, "a float", "Leave float() out"),
    (as_int, 1.0, 1, "a whole number", "np.take"),
    (index, 1, 1, "a whole number", "static="),
    (counted, 3, 1, "a whole number", "static="),
    (size, 3, 1, "a size", "static="),
    (compared, w, 1, "a truth value", "np.where(condition, a, b)"),
    (recursive, 3, 1, "a truth value", "static="),
    (plain, w, 1, "a plain array", "np.stack"),
]


@pytest.mark.parametrize(("f", "x", "line", "what", "instead"), ASKED)
def test_the_line_that_asks_for_a_number_is_named(f, x, line, what, instead):
    with pytest.raises(CompileError) as raised:
        compile(f)(x)
    said = str(raised.value)
    at = inspect.getsourcelines(f)[1] + line
    assert what in said
    assert instead in said
    assert re.search(rf"test_bad_input\.py, line {at}\)", said), said


def test_the_line_is_that_of_a_helper_in_the_function_that_is_differentiated():
    with pytest.raises(CompileError, match=rf"line {inspect.getsourcelines(branch)[1] + 1}\)"):
        compile(value_and_grad(lambda x: 2 * branch(x)))(1.0)


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (lambda x: np.sum(x[x > 0]), "an index of truth values returns arrays whose shape depends"),
        (np.unique, "numpy.unique returns arrays whose shape depends on the numbers"),
        (lambda x: np.nonzero(x)[0], "numpy.nonzero returns arrays whose shape depends"),
        (lambda x: np.bincount(x.astype(int)), "numpy.bincount returns arrays whose shape depends"),
        (lambda x: np.repeat(x, x.astype(int)), "numpy.repeat returns arrays whose shape depends"),
    ],
)
def test_shapes_that_depend_on_numbers(f, said):
    with pytest.raises(CompileError, match=said) as raised:
        compile(f)(np.ones(3))
    assert "np.where(condition, a, b)" in str(raised.value)


def test_a_place_among_rows_known_beforehand_is_no_number_that_is_asked_for():
    wanted = np.array([True, False, True])
    assert compile(lambda x: np.sum(x[wanted]))(np.arange(3.0)) == 2.0


# ---------------------------------------------------------------- what else a function does


def test_what_is_printed_is_printed_when_it_is_written_down(capsys):
    def tells(x):
        print("here")
        return 2 * x

    f = compile(tells)
    f(w)
    assert "here" in capsys.readouterr().out
    f(w)
    assert capsys.readouterr().out == ""


def test_a_file_is_read_when_it_is_written_down(tmp_path):
    path = tmp_path / "scale.txt"
    path.write_text("2.0")
    f = compile(lambda x: x * float(path.read_text()))
    assert f(3.0) == 6.0
    path.write_text("5.0")
    assert f(3.0) == 6.0  # as the docstring of compile says


generator = np.random.default_rng(1)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x * np.random.rand(),
        lambda x: x * generator.normal(),
        lambda x: x + np.random.default_rng().normal(size=3),
        lambda x: x * random.random(),
        lambda x: x * time.perf_counter(),
    ],
)
def test_random_numbers_and_clocks_are_refused(f):
    with pytest.raises(CompileError, match=r"draws random numbers.*as an argument"):
        compile(f)(np.ones(3))


def test_random_numbers_in_rows_are_refused():
    with pytest.raises(CompileError, match=r"draws random numbers.*as an argument"):
        compile(lambda X: np.sum(X * random.random()))(X)


def written_at(x):
    x[0] = 1.0
    return np.sum(x)


def grown(x):
    x += 1.0
    return np.sum(x)


def put_out(x):
    np.add(x, 1.0, out=x)
    return np.sum(x)


@pytest.mark.parametrize("f", [written_at, grown, put_out])
def test_a_function_that_changes_its_argument_is_refused(f):
    x = np.arange(3.0)
    with pytest.raises(CompileError, match="writes into its argument x"):
        compile(f)(x)
    assert np.array_equal(x, np.arange(3.0))


CALLS: list[int] = []
count = 0


def appends(x):
    CALLS.append(1)
    return x


def counts(x):
    global count
    count += 1
    return x * 2


@pytest.mark.parametrize(("f", "name"), [(appends, "CALLS"), (counts, "count")])
def test_a_function_that_changes_a_global_is_refused(f, name):
    with pytest.raises(CompileError, match=rf"changes what it reads from around it \({name}\)"):
        compile(f)(w)


def test_a_cache_that_is_filled_once_is_no_change():
    known = {}

    def cached(x):
        if "scale" not in known:
            known["scale"] = 3.0
        return x * known["scale"]

    f = compile(cached)
    assert f(2.0) == 6.0
    known["scale"] = 4.0
    assert f(2.0) == 8.0


@pytest.mark.parametrize(
    ("v", "said"),
    [
        (None, "None; is a return missing?"),
        (object(), "something of type object"),
        ("a", "something of type str"),
        ({1.0}, "something of type set"),
    ],
)
def test_results_that_are_no_arrays_are_refused(v, said):
    with pytest.raises(CompileError, match="numbers, arrays, and tuples") as raised:
        compile(lambda x: v)(1.0)
    assert said in str(raised.value)


def test_a_value_that_is_kept_cannot_be_read_later():
    kept = []

    def keeps(x):
        kept[:] = [x]
        return 2 * x

    compile(keeps)(w)
    with pytest.raises(CompileError, match="read outside"):
        kept[0] * 2


# ---------------------------------------------------------------- arguments


def test_other_rows_at_a_later_call_name_the_argument():
    f = compile(loss)
    f(w, X, y)
    with pytest.raises(ValueError, match="argument y has 5 rows where X has 7: "):
        f(w, X, y[:5])


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((w[:2], X, y), r"argument w is float64\[2\] where it was float64\[3\] in an earlier call"),
        ((w, X, y[:, None] * X[:, :2]), r"argument y is float64\[7, 2\] where it was float64\[7\]"),
    ],
)
def test_other_shapes_at_a_later_call_name_the_argument(args, said):
    f = compile(loss)
    f(w, X, y)
    with pytest.raises(ValueError, match=said):
        f(*args)


def test_shapes_that_do_not_fit_at_the_first_call_are_told():
    with pytest.raises(ValueError, match=r"X: float64\[7, 3\], y: float64\[5\]"):
        compile(loss)(w, X, y[:5])


def test_an_argument_of_another_kind_is_named():
    with pytest.raises(TypeError, match=r"argument x is of type object; .* static="):
        compile(lambda x: 1.0)(object())
    with pytest.raises(TypeError, match="argument x holds something of type object"):
        compile(lambda x: 1.0)([1.0, object()])


def test_static_arguments_must_be_hashable_and_be_parameters():
    with pytest.raises(TypeError, match="the static argument n is a list"):
        compile(lambda x, n: x, static="n")(1.0, [3])
    with pytest.raises(ValueError, match=r"static='q' names no parameter of loss: it has w, X, y"):
        compile(loss, static="q")


def test_what_is_no_function_and_no_back_end():
    with pytest.raises(TypeError, match="compile needs a function, but was given a float"):
        compile(2.0)
    with pytest.raises(ValueError, match="backend is 'auto', 'python' or 'numba', but was 'c'"):
        compile(loss, backend="c")


def test_a_loop_over_many_rows_is_refused():
    def each(X):
        total = 0.0
        for x in X:
            total = total + np.sum(x * x)
        return total

    few = rng.normal(size=(20, 3))
    assert compile(each)(few) == pytest.approx(each(few), rel=1e-14)
    with pytest.raises(CompileError, match=r"a Python loop over the 2000 rows of X.*scan"):
        compile(each)(np.ones((2000, 3)))


def test_what_it_became_is_told_after_the_first_call():
    with pytest.raises(RuntimeError, match="loss has not been called yet"):
        compile(loss).explain()
