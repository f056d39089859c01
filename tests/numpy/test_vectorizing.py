"""vectorize: NumPy's values for plain arrays, and derivatives through loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import elementwise_grad, grad, vjp
from chainrule.checking import check_grads

V = np.array([1.5, -2.0, 3.0])
M = np.array([[1.5, 2.0, -1.0], [0.5, 4.0, 2.5]])


def bent(x: Any, y: Any = 2.0) -> Any:
    """Twice or thrice."""
    return x * y if x > 0 else 3 * x


PLAIN: list[Any] = [
    lambda m: m.vectorize(bent)(V),
    lambda m: m.vectorize(bent)(2.0),
    lambda m: m.vectorize(bent)([1, 2], [[3], [4]]),
    lambda m: m.vectorize(bent, otypes=[np.float32])(V, V),
    lambda m: m.vectorize(bent, otypes="f")(V),
    lambda m: m.vectorize(bent, excluded=[1])(V, 5.0),
    lambda m: m.vectorize(bent, excluded={"y"})(V, y=5.0),
    lambda m: m.vectorize(bent)(x=V, y=M),
    lambda m: m.vectorize(lambda x: (x, x > 1))(V),
    lambda m: m.vectorize(lambda x: max(x, 0))(V[::-1]),
    lambda m: m.vectorize(type, otypes=[object])(V),
    lambda m: m.vectorize(str)(V),
    lambda m: m.vectorize(bent, otypes=[float])(np.zeros((0, 2))),
    lambda m: m.vectorize(np.dot, signature="(n),(n)->()")(V, M),
    lambda m: m.vectorize(np.outer, signature="(m),(n)->(m,n)")(M, V),
    lambda m: m.vectorize(lambda v: (v.sum(), v[:2]), signature="(n)->(),(k)")(M),
    lambda m: m.vectorize(np.cumsum, signature="(n)->(n)", otypes=[float])(M[:0]),
]


@pytest.mark.parametrize("call", PLAIN)
def test_plain_arrays_give_what_numpy_gives(call: Any) -> None:
    found, own = call(cnp), call(np)
    assert type(found) is type(own)
    for a, b in zip(*((y if isinstance(y, tuple) else (y,)) for y in (found, own)), strict=True):
        assert type(a) is type(b) and a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)


def test_derivatives_of_a_loop() -> None:
    f = cnp.vectorize(bent)
    assert elementwise_grad(f)(V).tolist() == [2.0, 3.0, 2.0]
    check_grads(lambda x, y: f(x, y), V, M)
    check_grads(lambda x: cnp.vectorize(bent, excluded={"y"})(x, y=x[0]), V)
    assert grad(lambda k: cnp.sum(cnp.vectorize(lambda x: x * k)(V)))(2.0) == V.sum()
    both = cnp.vectorize(lambda x: (x**2, np.sin(x)))
    check_grads(lambda x: both(x), M)
    assert vjp(cnp.vectorize(bent, otypes=[np.float32]), V)[0].dtype == np.float32


def test_derivatives_of_loops_over_rows() -> None:
    dot = cnp.vectorize(lambda a, b: np.sum(a * b), signature="(n),(n)->()")
    check_grads(lambda a, b: dot(a, b), M, V)
    outer = cnp.vectorize(lambda a, b: (np.outer(a, b), a[0]), signature="(m),(n)->(m,n),()")
    check_grads(lambda a, b: outer(a, b), M, V)


def test_without_arguments_it_is_one_call() -> None:
    assert cnp.vectorize(lambda: 3.0)() == np.vectorize(lambda: 3.0)() == 3.0


def test_as_a_decorator() -> None:
    @cnp.vectorize
    def twice(x: Any) -> Any:
        """Double."""
        return 2 * x

    @cnp.vectorize(otypes=[float], doc="Triple.")
    def thrice(x: Any) -> Any:
        return 3 * x

    assert (twice.__name__, twice.__doc__, thrice.__doc__) == ("twice", "Double.", "Triple.")
    assert elementwise_grad(lambda v: twice(v) + thrice(v))(V).tolist() == [5.0] * 3


def test_refusals_are_numpys() -> None:
    for m in (np, cnp):
        with pytest.raises(ValueError, match="size 0 inputs unless `otypes` is set"):
            m.vectorize(bent)(np.zeros(0))
        with pytest.raises(ValueError, match="not a valid gufunc signature"):
            m.vectorize(bent, signature="n->n")
        with pytest.raises(ValueError, match="inconsistent size for core dimension 'n'"):
            m.vectorize(np.dot, signature="(n),(n)->()")(V, V[:2])
        with pytest.raises(TypeError, match="wrong number of positional arguments"):
            m.vectorize(np.dot, signature="(n),(n)->()")(V)
        with pytest.raises(ValueError, match="does not have enough dimensions"):
            m.vectorize(np.dot, signature="(n),(n)->()")(V, 2.0)
        with pytest.raises(ValueError, match="new output dimensions on size 0"):
            m.vectorize(np.dot, signature="(n)->(k)", otypes=[float])(M[:0])
        with pytest.raises(TypeError, match="only accepts keyword arguments"):
            m.vectorize("text")
    with pytest.raises(ValueError, match="core dimensions"):
        cnp.vectorize(np.sum, signature="(n)->(n)")(M)
