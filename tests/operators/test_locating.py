"""An error of the backward pass names the function, its argument and the user's own line."""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
import importlib.util
import inspect
import random
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainrule
import chainrule.numpy as cnp
from chainrule import grad
from chainrule._core.constants import ChangedConstantError
from chainrule._core.stating import elementwise, pulled
from chainrule._core.table import RECORD, RULES
from chainrule._core.values import recordable
from chainrule.extend import defvjp, defvjp_argnums, primitive


class OwnError(RuntimeError):
    """What a user's own rule raises."""


@recordable
def refusing(x: Any) -> Any:
    return 2 * x


@recordable
def second_refuses(a: Any, b: Any) -> Any:
    return a + b


def refuse(g: Any) -> Any:
    raise OwnError("not today")


@pytest.fixture(autouse=True)
def own_rules() -> Iterator[None]:
    """State two rules of the user's own, for as long as a test runs."""
    elementwise(refusing, lambda g, x: refuse(g))
    pulled(second_refuses, lambda g: g, lambda g, b: refuse(g))
    yield
    for function in (refusing, second_refuses):
        RULES.pop(function)
        RECORD.pop(function, None)


def line_of(f: Any, text: str) -> int:
    lines, start = inspect.getsourcelines(f)
    return start + next(k for k, line in enumerate(lines) if text in line)


def told(call: Any, kind: type[Exception]) -> str:
    with pytest.raises(kind) as caught:
        call()
    return "\n".join(caught.value.__notes__)


def loss(x: Any) -> Any:
    y = x * 3.0
    for k in range(4):
        y = y + np.sin(y) * k
    z = refusing(y)  # the line
    return np.sum(np.exp(z * 0.01))


X = np.array([0.5, 1.0])
OPERATORS = {
    "grad": lambda f: grad(f)(X),
    "grad of a list": lambda f: grad(lambda xs: f(xs[0]) + xs[1])([X, 2.0]),
    "grad of a float": lambda f: grad(f)(0.5),
    "grad of the second": lambda f: grad(lambda a, b: a + f(b), 1)(1.0, X),
    "value_and_grad": lambda f: chainrule.value_and_grad(f)(X),
    "elementwise_grad": lambda f: chainrule.elementwise_grad(f)(X),
    "jacobian": lambda f: chainrule.jacobian(f)(X),
    "hessian": lambda f: chainrule.hessian(f)(X),
    "hvp": lambda f: chainrule.hvp(f, (X,), (X,)),
    "vjp": lambda f: chainrule.vjp(f, X)[1](),
    "grad of grad": lambda f: grad(lambda x: np.sum(grad(f)(x)))(X),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator_names_function_argument_and_line(name: str) -> None:
    said = told(lambda: OPERATORS[name](loss), OwnError)
    assert "refusing to its argument 0" in said
    assert f'File "{__file__}", line {line_of(loss, "# the line")}, in loss' in said
    assert said.count("recorded here") == said.count("backward pass") == 1


KINDS = {
    "a method": """
        class Model:
            def loss(self, x):
                return np.sum(refusing(x * 2))  # here
        run = lambda: grad(Model().loss)(X)
        """,
    "an object that is called": """
        class Model:
            def __call__(self, x):
                return np.sum(refusing(x * 2))  # here
        run = lambda: grad(Model())(X)
        """,
    "a decorated function": """
        def doubled(f):
            @functools.wraps(f)
            def g(*args):
                return 2 * f(*args)
            return g
        @doubled
        def loss(x):
            return np.sum(refusing(x))  # here
        run = lambda: grad(loss)(X)
        """,
    "a comprehension": """
        def loss(x):
            rows = [
                refusing(v)  # here
                for v in x
            ]
            return sum(rows)
        run = lambda: grad(loss)(X)
        """,
    "a generator": """
        def rows(x):
            for v in x:
                yield refusing(v)  # here
        run = lambda: grad(lambda x: sum(rows(x)))(X)
        """,
    "a lambda of several lines": """
        run = lambda: grad(
            lambda x: np.sum(
                refusing(  # here
                    x * 2
                )
            )
        )(X)
        """,
    "an except clause": """
        def loss(x):
            try:
                raise ValueError
            except ValueError:
                z = refusing(x)  # here
            finally:
                x = x * 2
            return np.sum(z * x)
        run = lambda: grad(loss)(X)
        """,
    "a recursion": """
        def loss(n, x):
            if n == 0:
                return refusing(x)  # here
            return loss(n - 1, x) * 2
        run = lambda: grad(lambda x: np.sum(loss(3, x)))(X)
        """,
    "a function that a function of the library calls": """
        run = lambda: grad(lambda x: functools.reduce(
            lambda a, b: a + refusing(b),  # here
            x))(X)
        """,
    "a thread": """
        def loss(x):
            return np.sum(refusing(x))  # here
        def run():
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                pool.submit(grad(loss), X).result()
        """,
    "an asynchronous task": """
        def loss(x):
            return np.sum(refusing(x))  # here
        async def task():
            grad(loss)(X)
        run = lambda: asyncio.run(task())
        """,
    "a pull that is called later": """
        def loss(x):
            return np.sum(refusing(x))  # here
        pull, y = chainrule.make_vjp(loss)(X)
        run = lambda: pull(1.0)
        """,
    "a checkpoint": """
        def loss(x):
            return np.sum(refusing(x))
        run = lambda: grad(lambda x: (
            chainrule.checkpoint(loss)(x)  # here
            ))(X)
        """,
}


@pytest.mark.parametrize("kind", KINDS)
def test_programs_of_many_kinds_are_told_their_line(kind: str) -> None:
    text = textwrap.dedent(KINDS[kind])
    names = {**globals(), "asyncio": asyncio, "functools": functools}
    exec(compile(text, f"<{kind}>", "exec"), names)  # noqa: S102
    line = next(k for k, each in enumerate(text.splitlines(), 1) if "# here" in each)
    said = told(names["run"], OwnError)
    assert f'File "<{kind}>", line {line}, in ' in said
    assert "refusing to its argument 0" in said


def test_the_second_argument() -> None:
    said = told(lambda: grad(lambda x: second_refuses(x, x))(1.0), OwnError)
    assert "second_refuses to its argument 1" in said


def singular(x: Any) -> Any:
    def inner(m: Any) -> Any:
        half = m * 0.5
        return np.linalg.solve(half, np.ones(2))  # solved

    return np.sum(inner(x)) + np.sum(x)


def test_an_error_of_numpy_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    solve = np.linalg.solve

    def flaky(*inputs: Any) -> Any:
        calls.append(inputs)
        raise np.linalg.LinAlgError("Singular matrix")

    def f(x: Any) -> Any:
        y = singular(x)
        monkeypatch.setattr(np.linalg, "solve", flaky)
        return y

    def restored(x: Any) -> Any:
        monkeypatch.setattr(np.linalg, "solve", solve)
        return f(x)

    said = told(lambda: grad(restored)(np.eye(2)), np.linalg.LinAlgError)
    assert "the result of numpy.linalg.solve to its argument" in said
    assert f"line {line_of(singular, '# solved')}, in inner" in said


@pytest.mark.parametrize("numpy", [np, cnp])
def test_a_floating_point_error(numpy: Any) -> None:
    def f(x: Any) -> Any:
        y = x - 1.0
        return numpy.sum(
            numpy.sqrt(y)  # the root
        )

    with np.errstate(divide="raise"):
        said = told(lambda: grad(f)(np.array([1.0, 2.0])), FloatingPointError)
    assert "the result of numpy.sqrt to its argument 0" in said
    assert f"line {line_of(f, '# the root')}, in f" in said


def test_a_changed_constant_by_operator_and_by_method() -> None:
    def f(x: Any) -> Any:
        a = np.eye(60)
        y = (x @ a).sum()  # the product
        a *= 2
        return y

    said = told(lambda: grad(f)(np.ones(60)), ChangedConstantError)
    assert "the result of numpy.matmul to its argument 0" in said
    assert f"line {line_of(f, '# the product')}, in f" in said


def test_a_function_in_another_file(tmp_path: Path) -> None:
    file = tmp_path / "other_model.py"
    file.write_text("def layer(x, f):\n    y = x * 2\n    y = f(y)\n    return y\n")
    spec = importlib.util.spec_from_file_location("other_model", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    said = told(lambda: grad(lambda x: module.layer(x, refusing))(1.0), OwnError)
    assert f'File "{file}", line 3, in layer\n    y = f(y)' in said


def test_what_a_line_calls_and_what_comes_after() -> None:
    def twice(x: Any) -> Any:
        return x * 2

    def f(x: Any) -> Any:
        return refusing(twice(x) + 1)  # both

    said = told(lambda: grad(f)(1.0), OwnError)
    assert f"line {line_of(f, '# both')}, in f" in said


def test_a_second_run_that_differs_says_no_line() -> None:
    runs = []

    def f(x: Any) -> Any:
        runs.append(x)
        for _ in range(len(runs)):
            x = x * 2
        return refusing(x)

    said = told(lambda: grad(f)(1.0), OwnError)
    assert "refusing to its argument 0" in said
    assert "recorded here" not in said


def test_a_second_run_that_fails_says_no_line() -> None:
    runs = []

    def f(x: Any) -> Any:
        runs.append(x)
        if len(runs) > 1:
            raise ValueError
        return refusing(x)

    said = told(lambda: grad(f)(1.0), OwnError)
    assert "recorded here" not in said


def test_the_second_run_is_silent_and_puts_a_tracer_back(capsys: Any) -> None:
    def f(x: Any) -> Any:
        print("running")
        return refusing(x)

    before = sys.gettrace()
    told(lambda: grad(f)(1.0), OwnError)
    assert sys.gettrace() is before
    assert capsys.readouterr().out == "running\n"


def test_random_numbers_go_on_as_after_one_run() -> None:
    def f(x: Any) -> Any:
        return refusing(x * np.random.rand() + random.random())

    def drawn_after(call: Any) -> tuple[float, float]:
        np.random.seed(1)
        random.seed(1)
        call()
        return np.random.rand(), random.random()

    assert drawn_after(lambda: told(lambda: grad(f)(1.0), OwnError)) == drawn_after(lambda: f(1.0))


def test_threads_that_fail_at_once_leave_the_screen_as_it_was(capsys: Any) -> None:
    def f(x: Any) -> Any:
        print("running")
        time.sleep(0.001)
        return refusing(x)

    def fails(_: int) -> str:
        return told(lambda: grad(f)(1.0), OwnError)

    screen, errors = sys.stdout, sys.stderr
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        said = list(pool.map(fails, range(40)))
    assert (sys.stdout, sys.stderr) == (screen, errors)
    assert capsys.readouterr().out == "running\n" * 40
    assert all("refusing to its argument 0" in each for each in said)


def test_a_function_that_waits_for_a_thread_that_fails() -> None:
    def f(x: Any) -> Any:
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            said = pool.submit(told, lambda: grad(refusing)(1.0), OwnError).result()
        assert "refusing to its argument 0" in said
        return refusing(x)

    assert "refusing to its argument 0" in told(lambda: grad(f)(1.0), OwnError)


def refused_primitive(x: Any, y: Any) -> Any:
    return x * y


def test_a_primitive_s_own_pull_is_named() -> None:
    times = primitive(refused_primitive)
    defvjp(times, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: refuse)

    def f(x: Any) -> Any:
        return times(x, 2 * x)  # times

    for call in (lambda: grad(f)(1.0), lambda: grad(lambda p: f(p[0]))([1.0])):
        said = told(call, OwnError)
        assert "refused_primitive to its argument 1." in said
        assert f"line {line_of(f, '# times')}, in f" in said
    defvjp_argnums(times, lambda *of_call: refuse)
    said = told(lambda: hessian_of(f), OwnError)
    assert "refused_primitive to its argument 0, 1." in said
    assert said.count("backward pass") == 1


def hessian_of(f: Any) -> Any:
    return chainrule.hessian(lambda x: np.sum(f(x)))(X)


def test_the_error_keeps_its_class_and_text() -> None:
    with pytest.raises(OwnError) as caught:
        grad(loss)(X)
    assert str(caught.value) == "not today"
