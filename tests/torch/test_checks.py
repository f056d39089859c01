"""Error texts: each is PyTorch's own for the same call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chainrule.torch import _checks

pytestmark = pytest.mark.peers
torch = pytest.importorskip("torch")

SHAPES = [
    ((3,), (2,)),
    ((2, 3), (2,)),
    ((4, 3, 2), (3, 1, 5)),
    ((4, 3, 2), (5, 7, 2)),
    ((2,), (4, 3)),
]


def error_of(call: Callable[[], Any]) -> BaseException:
    with pytest.raises(Exception) as caught:
        call()
    return caught.value


def same(mine: BaseException, theirs: BaseException) -> None:
    assert (type(mine).__mro__[0].__name__, str(mine)) == (type(theirs).__name__, str(theirs))


@pytest.mark.parametrize(("a", "b"), SHAPES)
def test_broadcasting(a: Any, b: Any) -> None:
    same(_checks.broadcast_error(a, b), error_of(lambda: torch.zeros(a) + torch.zeros(b)))


@pytest.mark.parametrize(
    ("into", "shape"), [((2,), (3,)), ((2, 2), (3,)), ((3,), (2, 3)), ((2, 2, 4), (2, 3))]
)
def test_expanding(into: Any, shape: Any) -> None:
    mine = _checks.expand_error(into, shape, "torch.FloatTensor")
    same(mine, error_of(lambda: torch.zeros(shape).expand(into)))


@pytest.mark.parametrize(
    ("shape", "other"),
    [((3,), (2,)), ((1,), (2,)), ((), (2,)), ((2, 3), (2,)), ((2, 3), (3, 2, 3)), ((2, 1), (3,))],
)
def test_writing(shape: Any, other: Any) -> None:
    mine = _checks.write_error(shape, other)
    same(mine, error_of(lambda: torch.zeros(shape).copy_(torch.zeros(other))))


@pytest.mark.parametrize(("dim", "ndim"), [(1, 1), (-2, 1), (2, 2), (-3, 2), (1, 0), (-2, 0)])
def test_dimension(dim: int, ndim: int) -> None:
    mine = error_of(lambda: _checks.dimension(dim, ndim))
    same(mine, error_of(lambda: torch.zeros((2,) * ndim).sum(dim)))


def test_dimensions() -> None:
    mine = error_of(lambda: _checks.dimensions((0, -2), 2))
    same(mine, error_of(lambda: torch.zeros(2, 2).sum((0, -2))))
    assert _checks.dimensions((0, -1), 3) == (0, 2)
    assert _checks.dimensions(-1, 3) == 2
    assert _checks.dimensions(None, 3) is _checks.dimensions((), 3) is None
    assert _checks.dimensions(-1, 0) is _checks.dimensions((0,), 0) is None


def test_arguments() -> None:
    mine = _checks.argument_error("exp", "input", 1, None)
    same(mine, error_of(lambda: torch.exp(None)))
    mine = _checks.combination_error(
        "sum",
        (torch.zeros(2), "a"),
        (
            "Tensor input, *, torch.dtype dtype = None",
            "Tensor input, tuple of ints dim, bool keepdim = False, *, torch.dtype dtype = None, "
            "Tensor out = None",
        ),
    )
    same(mine, error_of(lambda: torch.sum(torch.zeros(2), "a")))
    mine = error_of(lambda: _checks.check_tensors("maximum", input=_tensor(), other=2))
    same(mine, error_of(lambda: torch.maximum(torch.zeros(2), 2)))


def test_number_types() -> None:
    from chainrule.torch._kinds.dtypes import int64

    mine = error_of(lambda: _checks.not_implemented("hypot_cpu", int64.numpy))
    i = torch.tensor([1])
    same(mine, error_of(lambda: torch.hypot(i, i)))


def _tensor() -> Any:
    import numpy as np

    from chainrule.torch._tensor import made

    return made(np.zeros(2))
