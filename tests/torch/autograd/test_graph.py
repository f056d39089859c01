"""The graph as it is shown, how long it is kept, and how much of it there may be."""

from __future__ import annotations

import functools
import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.collecting import collect_all
from tests.torch.autograd.saying import SECOND_TIME, leaf, raises

LEAF = "torch::autograd::AccumulateGrad"

# ---------------------------------------------------------------- names and edges


def test_a_node(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3, 4)
    y = x * w
    node = y.grad_fn
    assert y.grad_fn is node
    assert node.name() == type(node).__name__ == "MulBackward0"
    assert repr(node).startswith("<MulBackward0 object at 0x")
    assert node.metadata == {}
    node.metadata["seen"] = True
    assert y.grad_fn.metadata == {"seen": True}
    for _ in range(2):
        assert [type(one).__name__ for one, _ in node.next_functions] == ["AccumulateGrad"] * 2
        assert [number for _, number in node.next_functions] == [0, 0]
    first = node.next_functions[0][0]
    assert first is (x + 1).grad_fn.next_functions[0][0]
    assert first.variable is x
    assert first.next_functions == ()
    assert first.name() == LEAF
    with raises(AttributeError, "'MulBackward0' object has no attribute 'variable'"):
        _ = node.variable
    assert x.grad_fn is None


def names(node: Any) -> list[str | None]:
    return [one and one.name() for one, _ in node.next_functions]


EDGES: list[tuple[str, Callable[..., Any], list[str | None]]] = [
    ("AddBackward0", lambda x, w: x + 1, [LEAF, None]),
    ("AddBackward0", lambda x, w: x + w, [LEAF, LEAF]),
    ("AddBackward0", lambda x, w: x + x, [LEAF, LEAF]),
    ("SubBackward0", lambda x, w: x - 1, [LEAF, None]),
    ("RsubBackward1", lambda x, w: 1 - x, [LEAF]),
    ("MulBackward0", lambda x, w: 2 * x, [LEAF, None]),
    ("MulBackward0", lambda x, w: x * w.detach(), [LEAF, None]),
    ("MulBackward0", lambda x, w: x.detach() * w, [None, LEAF]),
    ("DivBackward0", lambda x, w: x / w, [LEAF, LEAF]),
    ("MulBackward0", lambda x, w: 2 / x, ["ReciprocalBackward0", None]),
    ("NegBackward0", lambda x, w: -x, [LEAF]),
    ("PowBackward0", lambda x, w: x**2, [LEAF]),
    ("PowBackward1", lambda x, w: x**w, [LEAF, LEAF]),
    ("PowBackward2", lambda x, w: 2**x, [LEAF]),
    ("ExpBackward0", lambda x, w: (x * w).exp(), ["MulBackward0"]),
    ("SumBackward0", lambda x, w: x.sum(), [LEAF]),
    ("MeanBackward0", lambda x, w: x.mean(), [LEAF]),
    ("ViewBackward0", lambda x, w: x.view(2, 1), [LEAF]),
    ("SelectBackward0", lambda x, w: x[0], [LEAF]),
    ("IndexBackward0", lambda x, w: x[[0, 1]], [LEAF]),
    ("CloneBackward0", lambda x, w: x.clone(), [LEAF]),
]


@pytest.mark.parametrize(("name", "f", "edges"), EDGES, ids=range(len(EDGES)))
def test_edges(torch: Any, name: str, f: Callable[..., Any], edges: list[str | None]) -> None:
    node = f(leaf(torch, 1, 2), leaf(torch, 3, 4)).grad_fn
    assert (node.name(), names(node)) == (name, edges)


def test_edges_to_a_list_of_tensors(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3)
    y = torch.cat([x, torch.ones(1), w * 2])
    assert names(y.grad_fn) == [LEAF, None, "MulBackward0"]


def test_a_graph_is_walked_by_hand(torch: Any) -> None:
    x, w, c = leaf(torch, 1, 1), leaf(torch, 1, 1), torch.ones(2)
    y = ((x * w + c) ** 2).sum()
    found, waiting = [], [y.grad_fn]
    while waiting:
        node = waiting.pop(0)
        found.append(node.name())
        waiting += [one for one, _ in node.next_functions if one is not None]
    assert found == ["SumBackward0", "PowBackward0", "AddBackward0", "MulBackward0", LEAF, LEAF]


def test_a_node_outlives_its_tensor(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    node = (x * 2).exp().grad_fn
    gc.collect()
    assert names(node) == ["MulBackward0"]
    assert node.next_functions[0][0].next_functions[0][0].variable is x


def test_so_does_one_of_a_function(torch: Any) -> None:
    class Twice(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            y = x * 2
            ctx.save_for_backward(x, y)
            return y

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * 2

    node = Twice.apply(leaf(torch, 1, 2) * 1).grad_fn
    gc.collect()
    assert names(node) == ["MulBackward0"]
    assert [t.tolist() for t in node.saved_tensors] == [[1, 2], [2, 4]]
    assert node.saved_tensors[1].grad_fn is node


# ---------------------------------------------------------------- what is saved


def test_saved_inputs_and_results(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3, 4)
    node = (x * w).grad_fn
    assert node._saved_self is x
    assert node._saved_other is w
    y = (x * w).exp()
    assert y.grad_fn._saved_result.tolist() == y.tolist()
    assert y.grad_fn._saved_result.grad_fn is y.grad_fn
    assert {"_saved_self", "_saved_other"} <= set(dir(node))
    inner = (x * w).log().grad_fn._saved_self
    assert inner.grad_fn.name() == "MulBackward0"


def test_only_what_is_needed_is_saved(torch: Any) -> None:
    x, c = leaf(torch, 1, 2), torch.tensor([3.0, 4.0])
    node = (x * c).grad_fn
    assert node._saved_self is None
    assert node._saved_other.tolist() == [3, 4]
    with raises(AttributeError, "'MulBackward0' object has no attribute '_saved_result'"):
        _ = node._saved_result
    with raises(AttributeError, "'AddBackward0' object has no attribute '_saved_self'"):
        _ = (x + c).grad_fn._saved_self


def test_what_is_gone_cannot_be_looked_at(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3, 4)
    y = (x * w).exp()
    y.sum().backward()
    with raises(RuntimeError, SECOND_TIME):
        _ = y.grad_fn._saved_result
    assert names(y.grad_fn) == ["MulBackward0"]
    with raises(RuntimeError, SECOND_TIME):
        _ = y.grad_fn.next_functions[0][0]._saved_self


def test_what_was_written_to_cannot_be_looked_at(torch: Any) -> None:
    x, z = leaf(torch, 1, 2), leaf(torch, 3, 4) * 1
    node = (x * z).grad_fn
    z.add_(1)
    with pytest.raises(RuntimeError, match="has been modified by an inplace operation"):
        _ = node._saved_other


# ---------------------------------------------------------------- nothing is left behind


@pytest.fixture
def nothing_left() -> Iterator[None]:
    """After the test has dropped what it made, the collector of cycles finds nothing."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def left_over(work: Callable[[], None]) -> int:
    work()  # imports, and what is made once
    collect_all()
    work()
    return gc.collect()


def chain(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3, 4)
    y = ((x * w).exp() + x.view(2, 1) / w).sum()
    y.backward()


def chain_never_walked(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = torch.cat([x * 2, x[0:1].exp()]).sum()
    assert y.grad_fn.next_functions[0][0].next_functions


def several_orders(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = (x**3).sum()
    for _ in range(3):
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)


def with_hooks(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = x * 2
    x.register_hook(lambda g: g * 2)
    y.register_hook(lambda g: g * 2)
    y.retain_grad()
    y.grad_fn.register_hook(lambda gi, go: None)
    x.register_post_accumulate_grad_hook(lambda t: None)
    (y * y).sum().backward()
    assert y.grad is not None


def with_a_function(torch: Any) -> None:
    y = square_and_cube(torch).apply(leaf(torch, 1, 2))
    node = y[0].grad_fn
    (y[0] * y[1]).sum().backward()
    assert node.name() == "PowersBackward"
    x = leaf(torch, 1, 2)
    y = square_and_cube(torch).apply(x)
    (g,) = torch.autograd.grad(y[1].sum(), x, create_graph=True)
    torch.autograd.grad(g.sum(), x)


def written_in_place(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = x * 2
    y.mul_(3)
    y[0] = 5.0
    y.view(2).add_(1)
    y.sum().backward()


def matrices(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    torch.autograd.functional.jacobian(lambda x: x**2, x)
    torch.autograd.functional.hessian(lambda x: (x**3).sum(), x)


@functools.cache
def square_and_cube(torch: Any) -> Any:
    """Made once: every class is a cycle."""

    class Powers(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            y, z = x**2, x**3
            ctx.save_for_backward(x, y)
            return y, z

        @staticmethod
        def backward(ctx: Any, g: Any, h: Any) -> Any:
            x, y = ctx.saved_tensors
            return 2 * x * g + 3 * y * h

    return Powers


@pytest.mark.parametrize(
    "work",
    [
        chain, chain_never_walked, several_orders, with_hooks, with_a_function, written_in_place,
        matrices,
    ],
)  # fmt: skip
@pytest.mark.usefixtures("nothing_left")
def test_no_cycles(torch: Any, work: Callable[[Any], None]) -> None:
    if torch.__name__ == "torch" and work is matrices:
        pytest.skip("it is about the tape")
    if work is with_a_function:
        square_and_cube(torch)
    assert left_over(lambda: work(torch)) == 0


@pytest.mark.usefixtures("nothing_left")
def test_memory_goes_with_the_last_reference(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = x * 2
    z = (y * y).sum()
    seen = weakref.ref(y)
    del y
    z.backward()
    assert seen() is None
    gone = weakref.ref(z)
    del z
    assert gone() is None
    assert x.grad.tolist() == [8, 16]


@pytest.mark.usefixtures("nothing_left")
def test_a_walk_frees_what_was_saved() -> None:
    import chainrule.torch as torch

    x = leaf(torch, 1, 2)
    y = (x * 2).exp()
    saved = weakref.ref(y._array)
    z = (y * 3).sum()
    del y
    assert saved() is not None
    z.backward()
    assert saved() is None
    assert z.item() > 0


def test_a_leaf_that_is_gone_is_made_anew(torch: Any) -> None:
    node = (leaf(torch, 1, 2) * 2).grad_fn.next_functions[0][0]
    gc.collect()
    assert node.variable.tolist() == [1, 2]
    assert node.variable.is_leaf
    assert node.variable is node.variable


# ---------------------------------------------------------------- long graphs


def test_a_hundred_thousand_steps(torch: Any) -> None:
    x = leaf(torch, 1)
    y = x
    for _ in range(100_000):
        y = y + 0.5
    (2 * y).backward()
    assert x.grad.tolist() == [2]


def test_a_hundred_thousand_steps_deleted(torch: Any) -> None:
    y = leaf(torch, 1)
    for _ in range(100_000):
        y = y * 1.0
    del y  # no pass was made


def test_a_hundred_thousand_steps_of_a_function(torch: Any) -> None:
    class Step(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return x + 1

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g

    x = leaf(torch, 1)
    y = x
    for _ in range(20_000):
        y = Step.apply(y)
    y.backward()
    assert x.grad.tolist() == [1]


def test_a_wide_graph(torch: Any) -> None:
    x = leaf(torch, 1)
    parts = [x * float(k) for k in range(2000)]
    torch.cat(parts).sum().backward()
    assert x.grad.tolist() == [2000 * 1999 / 2]


def test_a_graph_of_many_ways(torch: Any) -> None:
    x = leaf(torch, 1)
    y = x
    for _ in range(60):
        y = y + y  # 2**60 ways, 60 nodes
    y.backward()
    assert x.grad.tolist() == [2.0**60]


# ---------------------------------------------------------------- threads


def test_one_graph_walked_by_several_threads(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = (x * x).sum()
    found: list[Any] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(torch.autograd.grad(y, x, retain_graph=True)[0].tolist())
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[2, 4]] * 8


def test_a_graph_recorded_in_one_thread_and_walked_in_another(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    made: list[Any] = []
    thread = threading.Thread(target=lambda: made.append((x * x).sum()))
    thread.start()
    thread.join()
    made[0].backward()
    assert x.grad.tolist() == [2, 4]


def test_numbers_that_are_saved(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    assert [(x**k).grad_fn._saved_exponent for k in (2, 3.0)] == [2, 3.0]
    assert (2**x).grad_fn._saved_self == 2
    clamped = x.clamp(0, 1.5)
    assert (clamped.grad_fn._saved_min, clamped.grad_fn._saved_max) == (0, 1.5)
    clamped.sum().backward()
    with raises(RuntimeError, SECOND_TIME):
        _ = clamped.grad_fn._saved_self
