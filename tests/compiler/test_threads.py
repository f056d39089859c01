"""Chunks of rows on several threads."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest

from chainrule.compiler.kernels.threads import cores, limit, over_rows

ROWS, WIDTH = 200_000, 100
SUMS = [((1,), float), ((3, 2), np.float32)]


def count(start, stop, x, total, squares, out):
    total += np.sum(x[start:stop])
    squares += np.float32(stop - start)
    out[start:stop] += x[start:stop]


def counted(kernel=count, rows=ROWS, width=WIDTH):
    x, out = np.sin(np.arange(rows)), np.zeros(rows)
    total, squares = over_rows(kernel, rows, [x], SUMS, [out], width)
    np.testing.assert_array_equal(out, x)  # every row once
    assert squares.dtype == np.float32
    np.testing.assert_array_equal(squares, np.full((3, 2), rows, np.float32))
    np.testing.assert_allclose(total, [x.sum()], rtol=0, atol=1e-11)
    return total


@pytest.mark.parametrize(
    "rows, width", [(0, 1), (1, 1), (10, 3), (20_000, 100), (3, 10**7), (ROWS, WIDTH)]
)
def test_every_row_is_counted_once(rows, width):
    counted(rows=rows, width=width)


def test_small_data_are_one_call_on_this_thread():
    calls = []
    over_rows(lambda *arguments: calls.append(arguments), 5, ["x"], [((), float)], ["y"], width=2)
    assert calls == [(0, 5, "x", np.zeros(()), "y")]


def test_the_digits_do_not_depend_on_the_threads():
    default = counted()
    for threads in 1, 2, 5:
        with limit(threads):
            assert counted().tobytes() == default.tobytes()


def test_the_limit_counts_the_calling_thread():
    used = set()
    with limit(1):
        over_rows(lambda *_: used.add(threading.get_ident()), ROWS, [], [], (), WIDTH)
    assert used == {threading.get_ident()}
    with pytest.raises(ValueError, match="at least one thread"), limit(0):
        pass


@pytest.mark.skipif(cores() < 2, reason="a second thread needs a second processor")
def test_two_threads_work_at_once():
    both = threading.Barrier(2)
    over_rows(lambda *_: both.wait(10), ROWS, [], [], (), WIDTH)  # an even number of chunks


@pytest.mark.parametrize("bad", range(0, ROWS, 25_000))
def test_an_exception_in_any_chunk_is_raised(bad):
    def kernel(start, stop):
        if start <= bad < stop:
            raise ArithmeticError(f"row {bad}")

    with pytest.raises(ArithmeticError, match=f"row {bad}"):
        over_rows(kernel, ROWS, [], [], (), WIDTH)


def test_nested_calls_end():
    def outer(start, stop, total):
        total += counted() * 0 + (stop - start)

    (total,) = over_rows(outer, ROWS, [], [((1,), float)], (), WIDTH)
    assert total == ROWS


def test_several_threads_at_once():
    results = []
    callers = [threading.Thread(target=lambda: results.append(counted())) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(results) == 4
    assert len({result.tobytes() for result in results}) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings(
    "ignore:.*fork:DeprecationWarning"
)  # warns of threads: that is the test
def test_a_child_process_has_threads_of_its_own():
    expected = counted()
    child = os.fork()
    if child == 0:
        os._exit(0 if counted().tobytes() == expected.tobytes() else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
