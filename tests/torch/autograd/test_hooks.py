"""Hooks: when they are called, with what, and what becomes of what they return."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from tests.torch.autograd.saying import SECOND_TIME, leaf, raises

# ---------------------------------------------------------------- on tensors


def test_hooks_run_in_their_order_each_on_what_the_one_before_left(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = x * 2
    seen: list[Any] = []
    y.register_hook(lambda g: seen.append(("a", g.tolist())) or g * 2)
    b = y.register_hook(lambda g: seen.append(("b", g.tolist())) or g + 1)
    y.retain_grad()
    y.register_hook(lambda g: seen.append(("c", g.tolist())) or g * 10)
    y.sum().backward(retain_graph=True)
    assert seen == [("a", [1, 1]), ("b", [2, 2]), ("c", [3, 3])]
    assert y.grad.tolist() == [30, 30]
    assert x.grad.tolist() == [60, 60]
    b.remove()
    b.remove()
    seen.clear()
    x.grad = None
    y.sum().backward()
    assert seen == [("a", [1, 1]), ("c", [2, 2])]
    assert y.grad.tolist() == [50, 50]
    assert x.grad.tolist() == [40, 40]


def test_a_hook_that_returns_none_leaves_the_gradient(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    seen: list[Any] = []
    x.register_hook(lambda g: seen.append(g.tolist()))
    (x * 2 + x * 3).sum().backward()
    assert seen == [[5, 5]]
    (x * 2).sum().backward()
    assert seen == [[5, 5], [2, 2]]
    assert x.grad.tolist() == [7, 7]
    assert torch.autograd.grad((x * 4).sum(), x)[0].tolist() == [4, 4]
    assert seen[2:] == [[4, 4]]


def test_a_hook_may_write_to_the_gradient(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = x * 1

    def five_times(g: Any) -> None:
        g.mul_(5)

    y.register_hook(five_times)
    (y * 2).sum().backward()
    assert x.grad.tolist() == [10, 10]


def test_hooks_taken_off_and_added_while_hooks_run(torch: Any) -> None:
    y = leaf(torch, 1, 2) * 2
    seen: list[int] = []

    def first(g: Any) -> None:
        seen.append(1)
        second.remove()
        y.register_hook(lambda g: seen.append(3))

    y.register_hook(first)
    second = y.register_hook(lambda g: seen.append(2))
    y.sum().backward(retain_graph=True)
    assert seen == [1, 2]
    y.sum().backward()
    assert seen == [1, 2, 1, 3]


def test_a_hook_in_a_with(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with x.register_hook(lambda g: g * 10) as handle:
        x.sum().backward()
    x.sum().backward()
    assert x.grad.tolist() == [11, 11]
    assert type(handle).__name__ == "RemovableHandle"
    assert type(handle).__module__ == "torch.utils.hooks"
    assert x.register_hook(print).id < x.register_hook(print).id


@pytest.mark.parametrize("on_leaf", [True, False])
@pytest.mark.parametrize(
    ("returned", "kind", "text"),
    [
        (lambda torch: 3, TypeError, "expected Variable, but hook returned 'int'"),
        (lambda torch: [1.0], TypeError, "expected Variable, but hook returned 'list'"),
        (lambda torch: (torch.ones(2),), TypeError, "expected Variable, but hook returned 'tuple'"),
        (
            lambda torch: torch.ones(3),
            RuntimeError,
            "hook 'hook' has changed the size of value",
        ),
        (
            lambda torch: torch.tensor(1.0),
            RuntimeError,
            "hook 'hook' has changed the size of value",
        ),
        (
            lambda torch: torch.ones(3, dtype=torch.float64),
            RuntimeError,
            "hook 'hook' has changed the type of value "
            "(was torch.FloatTensor got torch.DoubleTensor)",
        ),
        (
            lambda torch: torch.tensor([1, 1]),
            RuntimeError,
            "hook 'hook' has changed the type of value "
            "(was torch.FloatTensor got torch.LongTensor)",
        ),
    ],
)
def test_what_cannot_take_a_gradients_place(
    torch: Any, on_leaf: bool, returned: Callable[[Any], Any], kind: Any, text: str
) -> None:
    x = leaf(torch, 1, 2)
    y = x * 2

    def hook(g: Any) -> Any:
        return returned(torch)

    (x if on_leaf else y).register_hook(hook)
    with raises(kind, text):
        y.sum().backward()


def test_what_a_hook_without_a_name_is_called(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    x.register_hook(functools.partial(lambda k, g: torch.ones(k), 3))
    with raises(RuntimeError, "hook '<unknown>' has changed the size of value"):
        x.sum().backward()


def test_no_hook_without_a_gradient(torch: Any) -> None:
    with raises(RuntimeError, "cannot register a hook on a tensor that doesn't require gradient"):
        torch.ones(1).register_hook(print)


def test_an_error_of_a_hook_arrives(torch: Any) -> None:
    y = leaf(torch, 1, 2) ** 2

    def fails(g: Any) -> None:
        raise KeyError("of a hook")

    handle = y.register_hook(fails)
    z = (y * y).sum()
    with pytest.raises(KeyError, match="of a hook"):
        z.backward()
    assert torch.is_grad_enabled()
    handle.remove()
    with raises(RuntimeError, SECOND_TIME):
        z.backward()


def test_hooks_are_recorded_if_the_pass_is(torch: Any) -> None:
    x = leaf(torch, 2)
    y = x**2
    modes: list[Any] = []
    y.register_hook(lambda g: modes.append((torch.is_grad_enabled(), g.requires_grad)) or g * x)
    (y * y).sum().backward(retain_graph=True)
    assert x.grad.tolist() == [2 * 4 * 2 * 4]
    (g,) = torch.autograd.grad((y * 3).sum(), x, create_graph=True)
    assert modes == [(False, False), (True, False)]
    assert g.tolist() == [24]
    assert torch.autograd.grad(g, x)[0].tolist() == [24]


def test_a_hook_on_an_input_of_grad_acts_on_what_lies_beyond(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = x * 2
    y.register_hook(lambda g: g * 10)
    by_y, by_x = torch.autograd.grad((y * 3).sum(), [y, x], retain_graph=True)
    assert (by_y.tolist(), by_x.tolist()) == ([3, 3], [60, 60])
    assert torch.autograd.grad((y * 3).sum(), y)[0].tolist() == [30, 30]


def test_hooks_of_a_tensor_that_is_written_to_later(torch: Any) -> None:
    y = leaf(torch, 1, 2) * 2
    seen: list[Any] = []
    y.register_hook(lambda g: seen.append(("before", g.tolist())))
    y.mul_(3)
    y.register_hook(lambda g: seen.append(("after", g.tolist())))
    y.sum().backward()
    assert seen == [("after", [1, 1]), ("before", [3, 3])]


def test_hooks_of_several_outputs_of_one_operation(torch: Any) -> None:
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    a, b = x.unbind()
    a.register_hook(lambda g: g * 10)
    b.retain_grad()
    (a + 2 * b).sum().backward()
    assert x.grad.tolist() == [[10, 10], [2, 2]]
    assert b.grad.tolist() == [2, 2]


# ---------------------------------------------------------------- the order among tensors

ORDERS: list[tuple[Callable[..., Any], str]] = [
    (lambda torch, tag, a, b, c: a * b, "a b"),
    (lambda torch, tag, a, b, c: b - a, "b a"),
    (lambda torch, tag, a, b, c: a * b * c, "c a b"),
    (lambda torch, tag, a, b, c: a * (b * c), "a b c"),
    (lambda torch, tag, a, b, c: torch.cat([b, c, a]), "b c a"),
    (lambda torch, tag, a, b, c: (a + b) * (b + c), "c a b"),
    (lambda torch, tag, a, b, c: tag(a * 2, "y") + b, "b y a"),
    (lambda torch, tag, a, b, c: tag(tag(a * b, "y") + c, "z") * a, "z c y a b"),
    (lambda torch, tag, a, b, c: (tag(a * b, "y") * b).exp() * a, "y a b"),
    (lambda torch, tag, a, b, c: tag(a.view(2), "y") * b[0] + c.sum(), "c b y a"),
]


@pytest.mark.parametrize(("f", "expected"), ORDERS, ids=range(len(ORDERS)))
@pytest.mark.parametrize("order", ["abc", "cab"])
def test_a_leaf_has_its_turn_as_soon_as_its_gradient_is_complete(
    torch: Any, f: Callable[..., Any], expected: str, order: str
) -> None:
    seen: list[str] = []

    def tag(t: Any, name: str) -> Any:
        t.register_hook(lambda g: seen.append(name))
        return t

    leaves = {name: tag(leaf(torch, 1, 2), name) for name in order}
    f(torch, tag, *(leaves[name] for name in "abc")).sum().backward()
    assert seen == expected.split()


def test_a_leaf_that_some_way_never_leads_to(torch: Any) -> None:
    class Half(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any, y: Any) -> Any:
            return x * y

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g, None

    x, seen = leaf(torch, 1, 2), []
    x.register_hook(lambda g: seen.append(g.tolist()))
    (Half.apply(x * 3, x * 5) + x).sum().backward()
    assert seen == [[4, 4]]
    assert x.grad.tolist() == [4, 4]


# ---------------------------------------------------------------- after a gradient was added up


def test_a_hook_after_adding_up(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    seen: list[Any] = []
    handle = x.register_post_accumulate_grad_hook(lambda t: seen.append((t is x, t.grad.tolist())))
    (x * 2).sum().backward()
    (x * 2).sum().backward()
    torch.autograd.grad((x * 2).sum(), x)
    assert seen == [(True, [2, 2]), (True, [4, 4])]
    handle.remove()
    (x * 2).sum().backward()
    assert len(seen) == 2


def test_it_may_take_the_gradient_away(torch: Any) -> None:
    x = leaf(torch, 1, 2)

    def step(t: Any) -> None:
        with torch.no_grad():
            t -= t.grad
        t.grad = None

    x.register_post_accumulate_grad_hook(step)
    (x * 2).sum().backward()
    assert x.grad is None
    assert x.tolist() == [-1, 0]


def test_it_returns_nothing_and_stands_on_leaves(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with raises(
        RuntimeError, "post accumulate grad hooks cannot be registered on non-leaf tensors"
    ):
        (x * 2).register_post_accumulate_grad_hook(print)
    with raises(RuntimeError, "cannot register a hook on a tensor that doesn't require gradient"):
        torch.ones(1).register_post_accumulate_grad_hook(print)
    x.register_post_accumulate_grad_hook(lambda t: 3)
    with raises(TypeError, "expected Variable, but hook returned 'int'"):
        x.sum().backward()


# ---------------------------------------------------------------- on nodes


def lists(gradients: Any) -> Any:
    return tuple(None if g is None else g.tolist() for g in gradients)


def test_hooks_before_and_after_a_node(torch: Any) -> None:
    y = leaf(torch, 1, 2) * torch.tensor([3.0, 4.0])
    seen: list[Any] = []
    after = y.grad_fn.register_hook(lambda gi, go: seen.append(("after", lists(gi), lists(go))))
    before = y.grad_fn.register_prehook(lambda go: seen.append(("before", lists(go))))
    y.register_hook(lambda g: seen.append(("tensor", g.tolist())) or g * 7)
    y.retain_grad()
    y.sum().backward(retain_graph=True)
    assert y.grad.tolist() == [7, 7]
    assert seen == [
        ("tensor", [1, 1]),
        ("before", ([7, 7],)),
        ("after", ([21, 28], None), ([7, 7],)),
    ]
    after.remove()
    before.remove()
    y.sum().backward()
    assert len(seen) == 4


def test_they_may_replace_gradients(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3, 4)
    y = x * w
    y.grad_fn.register_hook(lambda gi, go: (gi[0] * 2, None))
    y.grad_fn.register_prehook(lambda go: (go[0] * 100,))
    (y * 3).sum().backward()
    assert x.grad.tolist() == [1800, 2400]
    assert w.grad is None


def test_a_gradient_replaced_by_none_goes_no_further(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = x * 2
    y.grad_fn.register_prehook(lambda go: (None,))
    y.sum().backward()
    assert x.grad is None


def test_what_they_may_not_return(torch: Any) -> None:
    def failing(register: str, hook: Callable[..., Any]) -> Any:
        y = leaf(torch, 1, 2) * 2
        getattr(y.grad_fn, register)(hook)
        return y.sum().backward

    with raises(TypeError, "expected tuple, but hook returned 'Tensor'"):
        failing("register_hook", lambda gi, go: gi[0])()
    with raises(TypeError, "expected tuple, but hook returned 'Tensor'"):
        failing("register_prehook", lambda go: go[0])()
    with raises(RuntimeError, "hook '<lambda>' has changed the size of value"):
        failing("register_hook", lambda gi, go: (torch.ones(3), None))()
    with raises(
        RuntimeError,
        "hook '<lambda>' has returned an incorrect number of values (got 1, but expected 2)",
    ):
        failing("register_hook", lambda gi, go: (torch.ones(2),))()
    with raises(RuntimeError, "can't replace a None gradient with a non-None value"):
        failing("register_hook", lambda gi, go: (gi[0], torch.ones(2)))()


def test_hooks_on_where_gradients_are_added_up(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = x * 2
    leaf_node = y.grad_fn.next_functions[0][0]
    seen: list[Any] = []
    leaf_node.register_hook(lambda gi, go: seen.append((lists(gi), lists(go))))
    leaf_node.register_prehook(lambda go: (go[0] * 3,))
    y.sum().backward(retain_graph=True)
    assert x.grad.tolist() == [6, 6]
    assert seen == [((), ([6, 6],))]
    assert torch.autograd.grad(y.sum(), x)[0].tolist() == [2, 2]


def test_a_node_where_the_walk_ends_is_not_run(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = x * 2
    seen: list[Any] = []
    y.grad_fn.register_hook(lambda gi, go: seen.append("after"))
    y.grad_fn.register_prehook(lambda go: seen.append("before"))
    y.register_hook(lambda g: seen.append("tensor"))
    assert torch.autograd.grad((y * 3).sum(), y)[0].tolist() == [3, 3]
    assert seen == ["tensor"]


def test_hooks_on_a_node_of_several_inputs(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3)
    y = torch.cat([x, w])
    seen: list[Any] = []
    y.grad_fn.register_hook(lambda gi, go: seen.append((lists(gi), lists(go))) or (gi[0] * 5, None))
    (2 * y).sum().backward()
    assert seen == [(([2, 2], [2]), ([2, 2, 2],))]
    assert x.grad.tolist() == [10, 10]
    assert w.grad is None


def test_hooks_on_a_node_of_several_outputs(torch: Any) -> None:
    class Twice(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return 2 * x, 3 * x

        @staticmethod
        def backward(ctx: Any, g: Any, h: Any) -> Any:
            return 2 * g + 3 * h

    x = leaf(torch, 1, 2)
    a, b = Twice.apply(x)
    assert a.grad_fn is b.grad_fn
    seen: list[Any] = []
    a.grad_fn.register_prehook(lambda go: seen.append(lists(go)))
    a.grad_fn.register_hook(lambda gi, go: seen.append((lists(gi), lists(go))))
    (3 * a).sum().backward()
    assert seen == [([3, 3], None), (([6, 6],), ([3, 3], None))]


def test_hooks_on_nodes_are_recorded_if_the_pass_is(torch: Any) -> None:
    x = leaf(torch, 2)
    y = x**2
    y.grad_fn.register_hook(lambda gi, go: (gi[0] * x,))
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    assert g.tolist() == [8]
    assert torch.autograd.grad(g, x)[0].tolist() == [8]
