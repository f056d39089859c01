"""Operations of one's own: what forward and backward get, what they may return, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.torch.autograd.saying import SECOND_TIME, leaf, raises, warns

MODIFIED = (
    "one of the variables needed for gradient computation has been modified by an inplace "
    "operation: [torch.FloatTensor [2]], which is output 0 of {}, is at version 1; expected "
    "version 0 instead. Hint: enable anomaly detection to find the operation that failed to "
    "compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False)."
)


def function(
    torch: Any,
    forward: Callable[..., Any],
    backward: Callable[..., Any] | None = None,
    name: str = "Mine",
    **others: Callable[..., Any],
) -> Any:
    """Return a Function of that name with these static methods."""
    given = {"forward": forward, "backward": backward, **others}
    methods = {key: staticmethod(f) for key, f in given.items() if f is not None}
    return type(name, (torch.autograd.Function,), methods)


def gradients(f: Any, *inputs: Any) -> list[Any]:
    """Return the gradients that a backward pass from the sum of `f` leaves in its inputs."""
    f.apply(*inputs).sum().backward()
    return [None if v.grad is None else v.grad.tolist() for v in inputs if hasattr(v, "grad")]


# ---------------------------------------------------------------- the tutorial's


def test_a_cubic_of_legendre(torch: Any) -> None:
    class LegendrePolynomial3(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return 0.5 * (5 * x**3 - 3 * x)

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            (x,) = ctx.saved_tensors
            return g * 1.5 * (5 * x**2 - 1)

    x = leaf(torch, 0, 0.5, 1)
    y = LegendrePolynomial3.apply(x)
    assert y.tolist() == [0, -0.4375, 1]
    assert repr(y) == "tensor([ 0.0000, -0.4375,  1.0000], grad_fn=<LegendrePolynomial3Backward>)"
    y.sum().backward()
    assert x.grad.tolist() == [-1.5, 0.375, 6]


def test_it_is_differentiated_as_often_as_its_backward_is(torch: Any) -> None:
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x**3

    def backward(ctx: Any, g: Any) -> Any:
        (x,) = ctx.saved_tensors
        return 3 * x**2 * g

    x = leaf(torch, 2)
    y = function(torch, forward, backward).apply(x)
    for expected in [12, 12, 6, 0]:
        (y,) = torch.autograd.grad(y, x, create_graph=True)
        assert y.item() == expected
    assert not y.requires_grad


# ---------------------------------------------------------------- the context


def test_what_the_context_knows(torch: Any) -> None:
    x, seen = leaf(torch, 1, 2), []

    def forward(ctx: Any, a: Any, b: Any, n: int) -> Any:
        seen.append(ctx)
        assert ctx.needs_input_grad == (True, False, False)
        assert a is x
        assert a.requires_grad
        assert not torch.is_grad_enabled()
        ctx.factor = n
        ctx.save_for_backward(a, None)
        assert ctx.saved_tensors == ()
        return a * b * n

    def backward(ctx: Any, g: Any) -> Any:
        assert ctx is seen[0]
        assert ctx.needs_input_grad == (True, False, False)
        assert ctx.saved_tensors[0] is x
        assert ctx.saved_tensors[1] is None
        assert not torch.is_grad_enabled()
        assert not g.requires_grad
        return g * ctx.factor, None, None

    y = function(torch, forward, backward).apply(x, torch.ones(2), 2)
    node = y.grad_fn
    assert node is seen[0]
    assert node.name() == type(node).__name__ == "MineBackward"
    assert repr(node).startswith("<torch.autograd.function.MineBackward object at 0x")
    assert isinstance(node, torch.autograd.function.FunctionCtx)
    (first, number), second = node.next_functions
    assert (first.name(), number) == ("torch::autograd::AccumulateGrad", 0)
    assert second == (None, 0)
    assert node.factor == 2
    assert node.saved_tensors[0] is x
    y.sum().backward()
    assert x.grad.tolist() == [2, 2]
    with raises(RuntimeError, SECOND_TIME):
        _ = node.saved_tensors


def test_a_recorded_pass_records_backward(torch: Any) -> None:
    modes = []

    def backward(ctx: Any, g: Any) -> Any:
        modes.append(torch.is_grad_enabled())
        return g * 2

    x = leaf(torch, 1, 2)
    y = function(torch, lambda ctx, x: x * 2, backward).apply(x).sum()
    torch.autograd.grad(y, x, create_graph=True)
    torch.autograd.grad(y, x)
    with torch.no_grad():
        y.backward()
    assert modes == [True, False, False]


def test_it_is_not_recorded_without_need(torch: Any) -> None:
    needs = []

    def forward(ctx: Any, x: Any) -> Any:
        needs.append(ctx.needs_input_grad)
        return x * 2

    f = function(torch, forward, lambda ctx, g: g)
    x = leaf(torch, 1, 2)
    with torch.no_grad():
        assert not f.apply(x).requires_grad
    assert not f.apply(torch.ones(2)).requires_grad
    assert needs == [(True,), (False,)]


def test_an_error_inside(torch: Any) -> None:
    def fails(*_: Any) -> Any:
        raise KeyError("inside")

    x = leaf(torch, 1, 2)
    with pytest.raises(KeyError, match="inside"):
        function(torch, fails, fails).apply(x)
    assert torch.is_grad_enabled()
    y = function(torch, lambda ctx, x: x * 1, fails).apply(x)
    with pytest.raises(KeyError, match="inside"):
        y.sum().backward()
    assert torch.is_grad_enabled()


# ---------------------------------------------------------------- inputs


def test_inputs_that_are_no_tensors(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3, 4)
    f = function(torch, lambda ctx, a, n, b: a * n, lambda ctx, g: (g * 3, None, None))
    assert gradients(f, x, 3, w) == [[3, 3], None]


def test_tensors_in_a_list_are_not_seen(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3, 4)
    f = function(torch, lambda ctx, a, b: a[0] * b, lambda ctx, g: (None, g))
    assert gradients(f, [x], w) == [[1, 1]]
    assert x.grad is None


def test_inputs_by_name(torch: Any) -> None:
    def forward(ctx: Any, a: Any, k: int = 1, *, alone: int = 3) -> Any:
        return a * k

    x = leaf(torch, 1, 2)
    f = function(torch, forward, lambda ctx, g: (g, None)[: len(ctx.needs_input_grad)])
    assert f.apply(x, k=2).tolist() == f.apply(k=2, a=x).tolist() == [2, 4]
    f.apply(x, k=2).sum().backward()
    f.apply(x).sum().backward()
    assert x.grad.tolist() == [2, 2]
    for name in ("alone", "other"):
        with raises(TypeError, f"forward() got an unexpected keyword argument '{name}'"):
            f.apply(x, **{name: 2})


# ---------------------------------------------------------------- outputs


def test_several_outputs(torch: Any) -> None:
    x, given = leaf(torch, 1, 2), []

    def backward(ctx: Any, g: Any, h: Any) -> Any:
        given.append((g.tolist(), h.tolist()))
        return 2 * g + 3 * h

    a, b = function(torch, lambda ctx, x: (x * 2, x * 3), backward).apply(x)
    assert a.grad_fn is b.grad_fn
    assert (a.output_nr, b.output_nr) == (0, 1)
    (a + 10 * b).sum().backward(retain_graph=True)
    a.sum().backward(retain_graph=True)
    assert given == [([1, 1], [10, 10]), ([1, 1], [0, 0])]
    assert x.grad.tolist() == [34, 34]
    by_a, by_b = torch.autograd.grad((a * 3 + b * 2).sum(), [a, b])
    assert (by_a.tolist(), by_b.tolist()) == ([3, 3], [2, 2])


def test_none_instead_of_zeros(torch: Any) -> None:
    given = []

    def forward(ctx: Any, x: Any) -> Any:
        ctx.set_materialize_grads(False)
        return x * 2, x * 3

    def backward(ctx: Any, g: Any, h: Any) -> Any:
        given.append((g, h.tolist()))
        return h * 3

    x = leaf(torch, 1, 2)
    _, b = function(torch, forward, backward).apply(x)
    b.sum().backward()
    assert given == [(None, [1, 1])]
    assert x.grad.tolist() == [3, 3]


def test_outputs_that_are_no_tensors(torch: Any) -> None:
    given = []

    def backward(ctx: Any, *g: Any) -> Any:
        given.append(g)
        return g[0]

    x = leaf(torch, 1, 2)
    y, number, text = function(torch, lambda ctx, x: (x * 2, 3, "s"), backward).apply(x)
    assert (number, text) == (3, "s")
    y.sum().backward()
    assert [g is None for g in given[0]] == [False, True, True]
    for output in (3, None, "s"):
        f = function(torch, lambda ctx, x, output=output: output)
        assert f.apply(x) is output
    assert not function(torch, lambda ctx, x: [x * 2]).apply(x)[0].requires_grad
    assert not function(torch, lambda ctx, x: x.long()).apply(x).requires_grad


def test_outputs_without_a_gradient(torch: Any) -> None:
    given = []

    def forward(ctx: Any, x: Any) -> Any:
        whole, mask = x.long(), x * 2
        ctx.mark_non_differentiable(whole, mask)
        return x * 3, whole, mask

    def backward(ctx: Any, *g: Any) -> Any:
        given.append([(one.dtype, one.tolist()) for one in g])
        return g[0] * 3

    x = leaf(torch, 1, 2)
    y, whole, mask = function(torch, forward, backward).apply(x)
    assert [y.requires_grad, whole.requires_grad, mask.requires_grad] == [True, False, False]
    assert mask.grad_fn is None
    y.sum().backward()
    assert given == [[(torch.float32, [1, 1]), (torch.int64, [0, 0]), (torch.float32, [0, 0])]]


def test_an_input_returned_as_it_is(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = function(torch, lambda ctx, x: x, lambda ctx, g: g * 5).apply(x)
    assert y is not x
    assert repr(y) == "tensor([1., 2.], grad_fn=<MineBackward>)"
    assert y._is_view()
    y.sum().backward()
    assert x.grad.tolist() == [5, 5]


@pytest.mark.parametrize("f", [lambda ctx, x: x, lambda ctx, x: x.view(2, 1)])
def test_a_view_that_it_returns_is_not_to_be_written_to(torch: Any, f: Any) -> None:
    x = leaf(torch, 1, 2)
    for given in (x, x * 1):
        y = function(torch, f, lambda ctx, g: g).apply(given)
        with pytest.raises(
            RuntimeError, match=r"^Output 0 of Mine is a view and is being modified inplace"
        ):
            y.add_(1)


def test_one_tensor_returned_twice(torch: Any) -> None:
    def forward(ctx: Any, x: Any) -> Any:
        y = x * 2
        return y, y

    given = []

    def backward(ctx: Any, g: Any, h: Any) -> Any:
        given.append((g.tolist(), h.tolist()))
        return g + h

    x = leaf(torch, 1, 2)
    a, b = function(torch, forward, backward).apply(x)
    assert a is b
    (a + b).sum().backward()
    assert given == [([0, 0], [2, 2])]


def test_results_may_be_written_to(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    a, _ = function(torch, lambda ctx, x: (x * 2, x * 3), lambda ctx, g, h: 2 * g + 3 * h).apply(x)
    a.mul_(10)
    assert a.grad_fn.name() == "MulBackward0"
    a.sum().backward()
    assert x.grad.tolist() == [20, 20]


# ---------------------------------------------------------------- what backward returns


def test_nones_too_many_are_dropped(torch: Any) -> None:
    f = function(torch, lambda ctx, x: x * 2, lambda ctx, g: (g * 2, None, None))
    assert gradients(f, leaf(torch, 1, 2)) == [[2, 2]]


def test_none_is_no_gradient(torch: Any) -> None:
    assert gradients(function(torch, lambda c, x: x * 2, lambda c, g: None), leaf(torch, 1)) == [
        None
    ]
    x, w = leaf(torch, 1), leaf(torch, 2)
    y = function(torch, lambda c, x, w: x * w, lambda c, g: (None, g)).apply(x.exp(), w)
    by_x, by_w = torch.autograd.grad(y, [x, w], allow_unused=True)
    assert by_x is None
    assert by_w.tolist() == [1]


def test_a_gradient_is_summed_to_the_shape_of_the_input(torch: Any) -> None:
    f = function(torch, lambda ctx, x: x * 2, lambda ctx, g: torch.ones(3, 2))
    assert gradients(f, leaf(torch, 1, 2)) == [[3, 3]]


def test_a_gradient_is_cast_to_the_type_of_the_input(torch: Any) -> None:
    for cast in (lambda g: g.double(), lambda g: g.long()):
        f = function(torch, lambda ctx, x: x * 2, lambda ctx, g, cast=cast: cast(g))
        x = leaf(torch, 1, 2)
        assert gradients(f, x) == [[1, 1]]
        assert x.grad.dtype is torch.float32


def test_a_gradient_nobody_needs_is_ignored(torch: Any) -> None:
    c = torch.ones(2)
    f = function(torch, lambda ctx, a, b: a * b, lambda ctx, g: (g * 2, torch.ones(7)))
    assert gradients(f, leaf(torch, 1, 2), c) == [[2, 2], None]


@pytest.mark.parametrize(
    ("backward", "text"),
    [
        (
            lambda torch, g: (g, g, g),
            "function MineBackward returned an incorrect number of gradients (expected 2, got 3)",
        ),
        (
            lambda torch, g: g,
            "function MineBackward returned an incorrect number of gradients (expected 2, got 1)",
        ),
        (lambda torch, g: ([g], None), "expected Variable or None (got list)"),
        (lambda torch, g: (3.0, None), "expected Variable or None (got float)"),
        (
            lambda torch, g: (g, g),
            "function MineBackward returned a gradient different than None at position 2, but the "
            "corresponding forward input was not a Variable",
        ),
        (
            lambda torch, g: (g[:1], None),
            "Function MineBackward returned an invalid gradient at index 0 - got [1] but expected "
            "shape compatible with [2]",
        ),
        (
            lambda torch, g: (torch.tensor(1.0), None),
            "Function MineBackward returned an invalid gradient at index 0 - got [] but expected "
            "shape compatible with [2]",
        ),
        (
            lambda torch, g: (torch.ones(2, 3), None),
            "Function MineBackward returned an invalid gradient at index 0 - got [2, 3] but "
            "expected shape compatible with [2]",
        ),
    ],
)
def test_what_backward_may_not_return(
    torch: Any, backward: Callable[[Any, Any], Any], text: str
) -> None:
    f = function(torch, lambda ctx, x, n: x * n, lambda ctx, g: backward(torch, g))
    y = f.apply(leaf(torch, 1, 2), 3)
    with raises(RuntimeError, text):
        y.sum().backward()


def test_the_index_of_a_gradient_counts_tensors(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3, 4)
    f = function(torch, lambda ctx, x, n, w: x * w, lambda ctx, g: (g, None, g[:1]))
    with raises(
        RuntimeError,
        "Function MineBackward returned an invalid gradient at index 1 - got [1] but expected "
        "shape compatible with [2]",
    ):
        f.apply(x, 3, w).sum().backward()


# ---------------------------------------------------------------- what is saved


def test_an_output_is_saved_with_its_history(torch: Any) -> None:
    def forward(ctx: Any, x: Any) -> Any:
        y = x.exp()
        ctx.save_for_backward(y)
        return y

    makers = []

    def backward(ctx: Any, g: Any) -> Any:
        (y,) = ctx.saved_tensors
        makers.append(y.grad_fn.name())
        return g * y

    x = leaf(torch, 1)
    y = function(torch, forward, backward, "Exp").apply(x)
    for _ in range(3):
        (y,) = torch.autograd.grad(y, x, create_graph=True)
        assert y.item() == pytest.approx(2.7182818)
        assert y.grad_fn.name() == "MulBackward0"
    assert makers == ["ExpBackward"] * 3


def test_one_of_several_outputs_is_saved(torch: Any) -> None:
    def forward(ctx: Any, x: Any) -> Any:
        y, z = x * 2, x**2
        ctx.save_for_backward(z)
        return y, z

    def backward(ctx: Any, g: Any, h: Any) -> Any:
        (z,) = ctx.saved_tensors
        return 2 * g + 2 * z.sqrt() * h

    x = leaf(torch, 3)
    _, z = function(torch, forward, backward).apply(x)
    (g,) = torch.autograd.grad(z, x, create_graph=True)
    assert g.item() == pytest.approx(6)
    assert torch.autograd.grad(g, x)[0].item() == pytest.approx(2)


def test_what_was_computed_on_the_way_is_saved_without_history(torch: Any) -> None:
    def forward(ctx: Any, x: Any) -> Any:
        m = x * 2
        ctx.save_for_backward(m)
        return m.exp()

    def backward(ctx: Any, g: Any) -> Any:
        (m,) = ctx.saved_tensors
        assert not m.requires_grad
        return g * m.exp() * 2

    x = leaf(torch, 0)
    (g,) = torch.autograd.grad(function(torch, forward, backward).apply(x), x, create_graph=True)
    assert g.tolist() == [2]
    assert not g.requires_grad


def saving(torch: Any, *, reads: bool, output: bool = False) -> Any:
    def forward(ctx: Any, x: Any) -> Any:
        y = x * 2
        ctx.save_for_backward(y if output else x)
        return y

    def backward(ctx: Any, g: Any) -> Any:
        return g * len(ctx.saved_tensors) if reads else g

    return function(torch, forward, backward)


def test_a_second_pass_fails_where_what_is_gone_is_read(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = saving(torch, reads=True).apply(x).sum()
    y.backward(retain_graph=True)
    y.backward()
    with raises(RuntimeError, SECOND_TIME):
        y.backward()
    y = saving(torch, reads=False).apply(x).sum()
    y.backward()
    y.backward()
    assert x.grad.tolist() == [4, 4]


def test_what_was_saved_is_not_to_be_written_to(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    for output, maker in ((False, "Add"), (True, "Mine")):
        for reads in (True, False):
            z = x * 1
            y = saving(torch, reads=reads, output=output).apply(z)
            total = (y * 1).sum()
            (y if output else z).add_(1)
            if reads:
                with raises(RuntimeError, MODIFIED.format(maker)):
                    total.backward()
            else:
                total.backward()


@pytest.mark.parametrize(("value", "name"), [(3, "int"), ([1], "list"), ("a", "str")])
def test_only_tensors_are_saved(torch: Any, value: Any, name: str) -> None:
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x, value)
        return x * 2

    with raises(
        TypeError, f"save_for_backward can only save variables, but argument 1 is of type {name}"
    ):
        function(torch, forward).apply(leaf(torch, 1))


def test_the_last_call_to_save_counts(torch: Any) -> None:
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        ctx.save_for_backward(x * 2, x * 3)
        return x * 1

    y = function(torch, forward, lambda ctx, g: g).apply(leaf(torch, 1, 2))
    assert [t.tolist() for t in y.grad_fn.saved_tensors] == [[2, 4], [3, 6]]


# ---------------------------------------------------------------- written to in place


def in_place(torch: Any) -> Any:
    def forward(ctx: Any, x: Any) -> Any:
        ctx.mark_dirty(x)
        return x.mul_(2)

    return function(torch, forward, lambda ctx, g: g * 2)


def test_an_input_written_to(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    h = x * 1
    y = in_place(torch).apply(h)
    assert y is h
    assert y.grad_fn.name() == "MineBackward"
    assert y._version == 2
    (3 * y).sum().backward()
    assert x.grad.tolist() == [6, 6]


def test_a_leaf_is_not_to_be_written_to(torch: Any) -> None:
    with raises(
        RuntimeError, "a leaf Variable that requires grad has been used in an in-place operation."
    ):
        in_place(torch).apply(leaf(torch, 1, 2))


def test_what_was_written_to_is_returned(torch: Any) -> None:
    def forward(ctx: Any, x: Any) -> Any:
        ctx.mark_dirty(x)
        return x.mul_(2) * 1

    with raises(
        RuntimeError,
        "Some elements marked as dirty during the forward method were not returned as output. The "
        "inputs that are modified inplace must all be outputs of the Function.",
    ):
        function(torch, forward).apply(leaf(torch, 1, 2) * 1)


def test_only_inputs_are_written_to(torch: Any) -> None:
    def forward(ctx: Any, x: Any) -> Any:
        y = x * 2
        ctx.mark_dirty(y)
        return y

    with warns(
        UserWarning,
        "ctx.mark_dirty() received a tensor that was not an input. Only input Tensors that have "
        "been mutated should be passed to ctx.mark_dirty().",
    ):
        function(torch, forward).apply(leaf(torch, 1, 2))


def test_marks_are_for_tensors(torch: Any) -> None:
    with raises(RuntimeError, "mark_dirty can only accept variables, but argument "):
        function(torch, lambda ctx, x: (ctx.mark_dirty(3), x)[1]).apply(leaf(torch, 1))
    with raises(RuntimeError, "mark_non_differentiable only accepts variable arguments, but got "):
        f = function(torch, lambda ctx, x: (ctx.mark_non_differentiable(3), x * 1)[1])
        f.apply(leaf(torch, 1))


# ---------------------------------------------------------------- other ways to state one


def test_forward_without_the_context(torch: Any) -> None:
    seen = []

    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        seen.append((inputs[1], output.tolist(), torch.is_grad_enabled()))
        ctx.factor = inputs[1]
        ctx.save_for_backward(inputs[0])

    f = function(
        torch,
        lambda x, k=3: x * k,
        lambda ctx, g: (g * ctx.factor, None),
        setup_context=setup_context,
    )
    x = leaf(torch, 1, 2)
    f.apply(x, 3).sum().backward()
    f.apply(x).sum().backward()
    f.apply(x=x, k=4).sum().backward()
    assert x.grad.tolist() == [10, 10]
    assert seen == [(3, [3, 6], False), (3, [3, 6], False), (4, [4, 8], False)]


def test_backward_by_its_other_name(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    assert gradients(function(torch, lambda ctx, x: x * 3, vjp=lambda ctx, g: g * 3), x) == [[3, 3]]
    y = function(torch, lambda ctx, x: x, lambda ctx, g: g, vjp=lambda ctx, g: g).apply(x)
    with raises(
        RuntimeError,
        "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You should "
        "only implement one of them.",
    ):
        y.sum().backward()


def test_what_was_not_implemented(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = function(torch, lambda ctx, x: x * 2).apply(x)
    with raises(
        NotImplementedError,
        "You must implement either the backward or vjp method for your custom autograd.Function to "
        "use it with backward mode AD.",
    ):
        y.sum().backward()
    with raises(
        NotImplementedError,
        "You must implement the forward function for custom autograd.Function.",
    ):
        type("Mine", (torch.autograd.Function,), {}).apply(x)
    with raises(
        NotImplementedError,
        "You must implement the forward function for custom autograd.Function.",
    ):
        torch.autograd.Function.apply(x)


def test_methods_that_are_not_static(torch: Any) -> None:
    class Old(torch.autograd.Function):  # type: ignore[misc, name-defined]
        def forward(self, x: Any) -> Any:
            return x * 2

        def backward(self, g: Any) -> Any:
            return g * 2

    assert gradients(Old, leaf(torch, 1, 2)) == [[2, 2]]


def test_it_is_a_class_and_not_an_object(torch: Any) -> None:
    f = function(torch, lambda ctx, x: x * 2)
    with warns(
        DeprecationWarning,
        f"{f} should not be instantiated. Methods on autograd functions are all static, so you "
        "should invoke them on the class itself. Instantiating an autograd function will raise an "
        "error in a future version of PyTorch.",
    ):
        instance = f()
    with raises(
        RuntimeError,
        "Legacy autograd function with non-static forward method is deprecated. Please use "
        "new-style autograd function with static forward method. (Example: "
        "https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)",
    ):
        instance(leaf(torch, 1))


def test_differentiable_once(torch: Any) -> None:
    once = torch.autograd.function.once_differentiable
    modes = []

    @once
    def backward(ctx: Any, g: Any) -> Any:
        modes.append(torch.is_grad_enabled())
        return g * 2

    f = function(torch, lambda ctx, x: x * 2, backward)
    x, v = leaf(torch, 1, 2), leaf(torch, 3, 4)
    (g,) = torch.autograd.grad(f.apply(x).sum(), x, create_graph=True)
    assert repr(g) == "tensor([2., 2.])"
    (g,) = torch.autograd.grad(f.apply(x), x, v, create_graph=True)
    assert repr(g) == "tensor([6., 8.], grad_fn=<Error>)"
    with raises(
        RuntimeError,
        "trying to differentiate twice a function that was marked with @once_differentiable",
    ):
        g.sum().backward()
    assert modes == [False, False]
