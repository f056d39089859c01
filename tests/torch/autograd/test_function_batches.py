"""Functions inside of vmap: the forward for all examples at once, or a rule for batches."""

from __future__ import annotations

from typing import Any

from tests.torch.autograd.saying import leaf, raises

SEE = "For more details, please see https://pytorch.org/docs/main/notes/extending.func.html"


def scaled(torch: Any, *, generate: bool = False, stated: Any = None) -> Any:
    class Scaled(torch.autograd.Function):  # type: ignore[misc, name-defined]
        generate_vmap_rule = generate

        @staticmethod
        def forward(x: Any, k: Any) -> Any:
            return x * k

        @staticmethod
        def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
            ctx.k = inputs[1]

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * ctx.k, None

    if stated is not None:
        Scaled.vmap = staticmethod(stated)
    return Scaled


def test_the_forward_for_all(torch: Any) -> None:
    vmap, grad, x = torch.func.vmap, torch.func.grad, torch.ones(3, 2)
    apply = scaled(torch, generate=True).apply
    assert vmap(apply, in_dims=(0, None))(x, 3).tolist() == [[3, 3]] * 3
    assert vmap(grad(lambda x: apply(x, 3).sum()))(x).tolist() == [[3, 3]] * 3


def test_a_rule_for_batches(torch: Any) -> None:
    told: list[Any] = []

    def rule(info: Any, in_dims: Any, x: Any, k: Any) -> Any:
        told.append((info.batch_size, info.randomness, in_dims, tuple(x.shape), k))
        return function.apply(x, k), in_dims[0]

    function = scaled(torch, stated=rule)
    y = torch.func.vmap(function.apply, in_dims=(0, None))(torch.ones(3, 2), 2)
    assert y.tolist() == [[2, 2]] * 3
    assert told == [(3, "error", (0, None), (3, 2), 2)]
    x = leaf(torch, 1, 2)
    torch.func.vmap(function.apply, in_dims=(0, None))(x, 5).sum().backward()
    assert x.grad.tolist() == [5, 5]


def test_what_is_refused(torch: Any) -> None:
    class Old(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return 2 * x

    vmap, x = torch.func.vmap, torch.ones(3, 2)
    text = (
        "In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, "
        f"...), it must override the setup_context staticmethod. {SEE}"
    )
    with raises(RuntimeError, text):
        vmap(Old.apply)(x)
    text = (
        "You tried to vmap over Scaled, but it does not have vmap support. Please override and "
        f"implement the vmap staticmethod or set generate_vmap_rule=True. {SEE}"
    )
    with raises(RuntimeError, text):
        vmap(scaled(torch).apply, in_dims=(0, None))(x, 2)
    text = (
        "You tried to vmap over Scaled, but it has both generate_vmap_rule=True and an overridden "
        "vmap staticmethod. Please set generate_vmap_rule=False or delete the overridden vmap "
        f"staticmethod to avoid ambiguity. {SEE}"
    )
    both = scaled(torch, generate=True, stated=lambda *_: None)
    with raises(RuntimeError, text):
        vmap(both.apply, in_dims=(0, None))(x, 2)
    text = (
        "Expected the vmap staticmethod to have two returns, an output and out_dims with pytree "
        "structure compatible with the output. Got a <class 'int'> instead"
    )
    with raises(RuntimeError, text):
        vmap(scaled(torch, stated=lambda *_: 3).apply, in_dims=(0, None))(x, 2)
