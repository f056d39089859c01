"""L-BFGS beside PyTorch's: the same walk, calls and state; and on functions with known minima."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule.torch as mine

OPTIONS: list[dict[str, Any]] = [
    {"lr": 1e-3, "max_iter": 5},
    {"line_search_fn": "strong_wolfe", "max_iter": 5},
    {"line_search_fn": "strong_wolfe", "history_size": 3, "max_iter": 8},
    {"lr": 0.5, "line_search_fn": "strong_wolfe", "max_iter": 4, "max_eval": 40},
    {"lr": 1e-2, "history_size": 2, "tolerance_change": 1e-3, "max_iter": 5},
    {"lr": 1e-3, "max_iter": 1},
]


def walked(torch: Any, dtype: str, options: dict[str, Any], steps: int) -> tuple[list[Any], Any]:
    """Walk down Rosenbrock's valley; return calls, losses and places, and the state."""
    p = torch.nn.Parameter(torch.tensor([[-1.2], [1.0]], dtype=getattr(torch, dtype)))
    q = torch.nn.Parameter(torch.tensor(0.5, dtype=getattr(torch, dtype)))
    unused = torch.nn.Parameter(torch.ones(2, dtype=getattr(torch, dtype)))
    optimizer = torch.optim.LBFGS([p, unused, q], **options)
    found: list[Any] = [0]

    def closure() -> Any:
        found[0] += 1
        optimizer.zero_grad()
        loss = (1 - p[0, 0]) ** 2 + 100 * (p[1, 0] - p[0, 0] ** 2) ** 2 + (q - 2) ** 4
        loss.backward()
        return loss

    for _ in range(steps):
        loss = optimizer.step(closure)
        found += [found[0], loss.item(), *p.view(-1).tolist(), q.item()]
    return found, optimizer.state_dict()


@pytest.mark.peers
@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_beside_pytorch(dtype: str, options: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    steps = 4 if dtype == "float64" else 1
    ours, theirs = walked(mine, dtype, options, steps), walked(torch, dtype, options, steps)
    # rounding differs in the last bits, and the valley makes more of it with every iteration
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-6 if dtype == "float64" else 1e-3)
    assert ours[1]["param_groups"] == theirs[1]["param_groups"]
    held = [one["state"][0] for one in (ours[1], theirs[1])]
    assert list(held[0]) == list(held[1])
    for name in ("n_iter", "func_evals"):
        assert held[0][name] == held[1][name]
    for name in ("al", "old_dirs", "old_stps", "ro"):
        assert len(held[0].get(name, ())) == len(held[1].get(name, ()))


@pytest.mark.parametrize("search", [None, "strong_wolfe"])
def test_a_parabola_is_solved(search: str | None) -> None:
    """In n dimensions n + 1 gradients tell a quadratic function: it is minimal where Ax = b."""
    rng = np.random.default_rng(0)
    root = rng.normal(size=(5, 5))
    a, b = mine.tensor(root @ root.T + np.eye(5)), mine.tensor(rng.normal(size=5))
    x = mine.zeros(5, dtype=mine.float64, requires_grad=True)
    optimizer = mine.optim.LBFGS([x], lr=1.0 if search else 0.5, max_iter=80, line_search_fn=search)

    def closure() -> Any:
        optimizer.zero_grad()
        loss = 0.5 * x @ (a @ x) - b @ x
        loss.backward()
        return loss

    optimizer.step(closure)
    np.testing.assert_allclose(a.numpy() @ x.detach().numpy(), b.numpy(), atol=1e-4)


def test_a_state_taken_up_goes_on_the_same() -> None:
    def closure_of(x: Any, optimizer: Any) -> Any:
        def closure() -> Any:
            optimizer.zero_grad()
            loss = ((x**2 - mine.arange(4)) ** 2).sum()
            loss.backward()
            return loss

        return closure

    x = mine.ones(4, requires_grad=True)
    run = mine.optim.LBFGS([x], max_iter=3, line_search_fn="strong_wolfe")
    run.step(closure_of(x, run))
    y = x.detach().clone().requires_grad_()
    other = mine.optim.LBFGS([y], lr=9)
    other.load_state_dict(run.state_dict())
    for one, place in ((run, x), (other, y)):
        one.step(closure_of(place, one))
    assert x.tolist() == y.tolist()


def test_what_it_refuses() -> None:
    p, q = (mine.nn.Parameter(mine.ones(2)) for _ in range(2))
    with pytest.raises(ValueError, match=r"^LBFGS doesn't support per-parameter options"):
        mine.optim.LBFGS([{"params": [p]}, {"params": [q]}])
    optimizer = mine.optim.LBFGS([p], line_search_fn="golden")
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'closure'"):
        optimizer.step()
    p.grad = mine.ones(2)
    with pytest.raises(RuntimeError, match=r"^only 'strong_wolfe' is supported$"):
        optimizer.step(lambda: 1.0)
    optimizer.add_param_group({"params": [q]})
    with pytest.raises(AssertionError, match=r"^Expected exactly one param_group, but got 2$"):
        optimizer.step(lambda: 1.0)
