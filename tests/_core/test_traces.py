"""The life of nodes: long chains, memory, loops over elements, threads, exceptions, leaks."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest

from chainrule import deriv, grad, hessian, hvp, jvp, vjp
from tests.collecting import collect_all

V = np.array([0.5, -1.0, 2.0])


# ---------------------------------------------------------------- long chains


def chain(x: Any, n: int) -> Any:
    for _ in range(n):
        x = x + 1.0
    return x


def test_a_chain_of_a_hundred_thousand_operations() -> None:
    """Pulled back and freed without recursion."""
    n = 100_000
    assert sys.getrecursionlimit() < n
    assert grad(lambda x: chain(x, n) * x)(2.0) == 2.0 + n + 2.0
    assert deriv(lambda x: chain(x, n) * x)(2.0) == 2.0 + n + 2.0
    np.testing.assert_array_equal(vjp(lambda x: chain(x, n), V)[1](V)[0], V)


def test_a_long_chain_to_second_order() -> None:
    n = 20_000
    f = lambda x: chain(x * x, n) ** 2
    expected = 12 * 3.0**2 + 4 * n
    assert grad(grad(f))(3.0) == pytest.approx(expected)
    assert deriv(grad(f))(3.0) == pytest.approx(expected)


def test_a_value_used_very_often() -> None:
    assert grad(lambda x: sum([x] * 20_000))(1.0) == 20_000.0
    assert grad(lambda x: np.sum(np.stack([x] * 2000)))(1.0) == 2000.0


def test_branches_that_lead_nowhere_cost_no_backward_pass() -> None:
    def f(x: Any) -> Any:
        np.log(x - 1.0)  # 1/0 if it were pulled back
        return x * 2.0

    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert grad(f)(1.0) == 2.0


def test_diamonds_are_walked_once() -> None:
    """Sixty doublings: 2**60 paths, 60 nodes."""

    def f(x: Any) -> Any:
        for _ in range(60):
            x = x + x
        return x

    assert grad(f)(1.0) == 2.0**60


# ---------------------------------------------------------------- loops over elements


def squares(x: Any) -> Any:
    s = 0.0
    for i in range(len(x)):
        s = s + x[i] * x[i] * x[i]
    return s


def work_of(f: Callable[[], Any]) -> float:
    """The least of a few processor times: other programs on the machine do not count."""
    times = []
    for _ in range(3):
        start = time.process_time()
        f()
        times.append(time.process_time() - start)
    return min(times)


SECOND_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "first": lambda x, t: 3 * x * t * x + 0 * grad(squares)(x),
    "forward over reverse": lambda x, t: hvp(squares, (x,), (t,))[0],
    "reverse over reverse": lambda x, t: grad(lambda v: np.sum(grad(squares)(v) * t))(x),
    "reverse over forward": lambda x, t: grad(lambda v: jvp(squares, (v,), (t,))[1])(x),
}


@pytest.mark.parametrize("order", SECOND_ORDERS)
def test_a_loop_over_elements_is_linear_in_its_length(order: str) -> None:
    """Eight times the length takes eight times as long; a quadratic way would take 64 times."""
    run = SECOND_ORDERS[order]
    small, large = np.linspace(1, 2, 400), np.linspace(1, 2, 3200)
    run(small, small)
    ratios: list[float] = []
    while len(ratios) < 3 and min(ratios, default=64.0) > 24:
        ratios.append(work_of(lambda: run(large, large)) / work_of(lambda: run(small, small)))
    assert min(ratios) < 24


def test_a_loop_over_elements_is_right() -> None:
    x, t = np.linspace(-1, 1, 50), np.linspace(2, 3, 50)
    np.testing.assert_allclose(grad(squares)(x), 3 * x**2)
    for order, run in SECOND_ORDERS.items():
        if order != "first":
            np.testing.assert_allclose(run(x, t), 6 * x * t, err_msg=order)


def test_a_loop_over_rows_and_slices() -> None:
    m = np.arange(12.0).reshape(4, 3)
    f = lambda m: sum(np.sum(m[i] * m[i - 1]) + m[i, 1:] @ m[i, :2] for i in range(4))
    found, h = grad(f)(m), 1e-6
    for place in np.ndindex(4, 3):
        e = np.zeros((4, 3))
        e[place] = h
        assert found[place] == pytest.approx((f(m + e) - f(m - e)) / (2 * h), rel=1e-6)


def test_pieces_and_whole_changes_add_up() -> None:
    f = lambda x: x[0] * 2 + np.sum(x * V) + x[[0, 0, 1]] @ np.ones(3) + np.sum(x[1:]) + x[0]
    np.testing.assert_allclose(grad(f)(V), V + [2 + 2 + 1, 1 + 1, 1])
    np.testing.assert_allclose(
        hessian(lambda x: f(x) ** 2 / 2)(V), np.outer(grad(f)(V), grad(f)(V))
    )


# ---------------------------------------------------------------- memory


class Pair(NamedTuple):
    a: Any
    b: Any


def softplus_sum(p: Any) -> Any:
    return np.sum(np.log1p(np.exp(p["w"] * p["b"][0]))) + p["n"].a @ p["n"].b


TREE = {"w": V, "b": [0.5], "n": Pair(V, V + 1)}
SYMMETRIC = np.array([[2.0, 0.3], [0.3, 1.0]])
PASSES: dict[str, Callable[[], Any]] = {
    "first order": lambda: grad(lambda x: np.sum(np.tanh(x) * x))(V),
    "a float": lambda: grad(lambda x: x * x + np.exp(x))(1.5),
    "reverse over reverse": lambda: grad(grad(lambda x: np.tanh(x) * x))(0.5),
    "third order": lambda: grad(grad(grad(np.tanh)))(0.5),
    "forward": lambda: deriv(deriv(np.tanh))(0.5),
    "forward over reverse": lambda: hvp(lambda x: np.sum(np.exp(x) * x[::-1]), (V,), (V,)),
    "reverse over forward": lambda: grad(lambda x: jvp(np.tanh, (x,), (1.0,))[1])(0.5),
    "elements": lambda: grad(squares)(V),
    "elements, second order": lambda: hvp(squares, (V,), (V,)),
    "lists": lambda: grad(lambda x: np.sum(np.concatenate([x, x * x]) * np.stack([x, x]).ravel()))(
        V
    ),
    "lists, second order": lambda: hvp(lambda x: np.sum(np.stack([x, x * x]) ** 2), (V,), (V,)),
    "several outputs": lambda: grad(lambda a: np.sum(np.linalg.eigh(a)[0] ** 2))(SYMMETRIC),
    "one of several outputs": lambda: hvp(
        lambda a: np.linalg.eigh(a).eigenvalues[0], (SYMMETRIC,), (SYMMETRIC,)
    ),
    "trees": lambda: grad(softplus_sum)(TREE),
    "trees, second order": lambda: hvp(softplus_sum, (TREE,), (TREE,)),
    "transposed pulls": lambda: jvp(lambda x: np.prod(x) * np.max(x), (V,), (V,)),
    "hessian": lambda: hessian(lambda x: np.sum(x**3))(V),
}


@pytest.fixture
def no_collector() -> Iterator[None]:
    collect_all()
    gc.disable()
    yield
    gc.enable()


def held() -> int:
    """Blocks of memory that Python holds, after a collection that finds nothing.

    The collection is there for the lists of freed tuples that Python keeps, which it empties.
    """
    assert gc.collect() == 0
    return sys.getallocatedblocks()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("name", PASSES)
def test_nothing_is_left_for_the_collector(name: str) -> None:
    run = PASSES[name]
    for _ in range(3):  # what is printed at first use
        run()
    gc.collect()
    for _ in range(300):  # NumPy's own caches fill up
        run()
    before = held()
    for _ in range(200):
        run()
    assert held() - before < 200  # not one object a pass


@pytest.mark.usefixtures("no_collector")
def test_a_hundred_thousand_backward_passes_in_flat_memory() -> None:
    gradient = grad(lambda x: np.sum(x * x))
    x = np.ones(64)
    for _ in range(3000):
        gradient(x)
    gc.collect()
    before = held()
    tracemalloc.start(1)  # for a part only: it takes most of the time
    try:
        for _ in range(2000):
            gradient(x)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200_000  # each pass makes 2 kB of arrays
    for _ in range(98_000):
        gradient(x)
    assert held() - before < 50


@pytest.mark.usefixtures("no_collector")
def test_the_trace_of_a_large_array_is_freed_at_once() -> None:
    x = np.ones(200_000)
    f = lambda v: np.sum(np.exp(np.tanh(np.sin(v))))
    grad(f)(x)
    tracemalloc.start(1)
    try:
        for _ in range(5):
            grad(f)(x)
        now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert now < x.nbytes
    assert peak < 12 * x.nbytes


# ---------------------------------------------------------------- threads and tasks


def third(x: float) -> float:
    """Three levels, two kinds of them: d/dx of x * d/dy (x + y**2) * z..., 6 x + 1 at any x."""
    return grad(lambda x: x * deriv(lambda y: y * grad(lambda z: x * z + y * z)(1.0))(x) + x)(x)


def test_four_threads_never_disturb_one_another() -> None:
    """10,000 nested gradients at a switch interval of 1e-5 s: 0 wrong."""
    before = sys.getswitchinterval()
    wrong: list[Any] = []

    def work(seed: int) -> None:
        try:
            for k in range(2500):
                x = 0.25 * ((k * 7 + seed) % 40)
                if third(x) != 6 * x + 1:
                    wrong.append((x, third(x)))
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert wrong == []


def test_threads_that_meet_functions_for_the_first_time() -> None:
    """Rules are printed at their first use: by whoever comes first, the same for all."""
    program = (
        "import sys, threading; sys.setswitchinterval(1e-6)\n"
        "import numpy as np; from chainrule import grad\n"
        "f = lambda x: np.sum(np.cosh(x) * np.arctan(x) + np.logaddexp(x, 1) - x.mean() * x[0])\n"
        "found, gate = [], threading.Barrier(8)\n"
        "def work(): gate.wait(); found.append(grad(f)(np.array([0.5, 1.5])).tolist())\n"
        "threads = [threading.Thread(target=work) for _ in range(8)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "assert len(found) == 8 and all(g == found[0] for g in found), found\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_async_tasks_may_interleave() -> None:
    """Levels belong to values, not to the moment: several traces may be open at a time."""

    def slope_by_steps(x: float) -> Iterator[float]:
        y, pull = vjp(lambda v: v * v * v, x)
        yield y
        yield pull(1.0)[0]

    async def work(x: float) -> float:
        steps = slope_by_steps(x)
        next(steps)
        await asyncio.sleep(0)
        return grad(lambda v: v * next(steps))(1.0)

    async def all_of_them() -> list[float]:
        return await asyncio.gather(*[work(float(k)) for k in range(20)])

    assert asyncio.run(all_of_them()) == [3.0 * k * k for k in range(20)]


# ---------------------------------------------------------------- exceptions and leaks


class Broken(Exception):
    pass


@pytest.mark.parametrize("mode", [grad, deriv, hessian])
def test_an_exception_passes_through_and_leaves_nothing_behind(mode: Any) -> None:
    def f(x: Any) -> Any:
        y = x * x
        if y > 4:
            raise Broken("too large")
        return y

    outer = lambda x: x * mode(f)(x)
    for _ in range(3):
        with pytest.raises(Broken, match=r"^too large$"):
            mode(outer)(3.0)
        with pytest.raises(Broken):
            mode(f)(3.0)
        assert mode(f)(1.0) == 2.0
    try:
        mode(f)(3.0)
    except Broken:
        assert (
            mode(outer)(1.0) == {grad: 4.0, deriv: 4.0, hessian: 0.0}[mode]
        )  # inside the handler too


def test_an_exception_in_the_middle_of_a_backward_pass() -> None:
    _, pull = vjp(lambda x: np.sum(x) * x, V)
    with pytest.raises(ValueError, match="they must agree"):
        pull(np.ones(7))
    np.testing.assert_allclose(pull(np.ones(3))[0], np.sum(V) * np.ones(3) + np.sum(V))


def leaked(x: float, mode: Any = grad) -> Any:
    kept: list[Any] = []
    mode(lambda v: kept.append(v * 1.0) or v * v)(x)
    return kept[0]


@pytest.mark.parametrize("mode", [grad, deriv])
def test_a_value_that_outlives_its_trace_is_harmless(mode: Any) -> None:
    old = leaked(3.0, mode)
    assert (old * 2 + 1).value == 7.0
    assert grad(lambda x: x * 2.0)(5.0) == 2.0  # other traces do not see it
    y, pull = vjp(lambda x: x * 2.0 + 0.0 * leaked(1.0, mode).value, 5.0)
    assert (y, pull(1.0)) == (10.0, (2.0,))
    assert grad(lambda x: old * 2.0)(5.0) == 0.0  # and it is not taken for theirs
    found = grad(lambda x: x * old)(5.0)  # an old value is a constant here
    assert getattr(found, "value", found) == 3.0


def test_a_pull_that_outlives_the_rest() -> None:
    pulls = [vjp(lambda x, k=k: np.sum(x**2) * k, V)[1] for k in range(3)]
    gc.collect()
    for k in (2, 0, 1):
        np.testing.assert_allclose(pulls[k](1.0)[0], 2 * k * V)


def test_printed_text_of_a_rule_is_there_to_read() -> None:
    from chainrule._core.printing import printed
    from chainrule._core.table import RULES

    text = printed(RULES[np.multiply])
    assert text.startswith("def record(a, b")
    assert "a * b" in text
