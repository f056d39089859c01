"""Steps of optimisers beside PyTorch's: the same parameters and states but for last bits.

PyTorch rounds p + step * g once (a fused multiply-add of the processor), NumPy twice.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import chainrule.torch as mine
import chainrule.torch.nn
import chainrule.torch.optim  # noqa: F401

SGD: list[dict[str, Any]] = [
    {},
    {"momentum": 0.9},
    {"momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01},
    {"momentum": 0.9, "nesterov": True, "maximize": True},
    {"weight_decay": 0.1, "maximize": True},
]
ADAM: list[dict[str, Any]] = [
    {},
    {"betas": (0.3, 0.5)},
    {"amsgrad": True, "weight_decay": 0.1},
    {"maximize": True, "eps": 0.1},
    {"decoupled_weight_decay": True, "weight_decay": 0.1},
]
OTHERS: dict[str, list[dict[str, Any]]] = {
    "RMSprop": [
        {},
        {"momentum": 0.9, "weight_decay": 0.1},
        {"centered": True, "alpha": 0.7, "eps": 0.01},
        {"centered": True, "momentum": 0.5, "maximize": True},
    ],
    "Adagrad": [
        {},
        {"lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.5},
        {"maximize": True, "eps": 0.1},
    ],
    "Adadelta": [{}, {"rho": 0.5, "weight_decay": 0.1, "maximize": True}],
    "Adamax": [{}, {"betas": (0.3, 0.5), "weight_decay": 0.1}, {"maximize": True, "eps": 0.1}],
    "NAdam": [
        {},
        {"betas": (0.3, 0.5), "weight_decay": 0.1, "momentum_decay": 0.1},
        {"decoupled_weight_decay": True, "weight_decay": 0.1, "maximize": True},
    ],
    "RAdam": [
        {},
        {"betas": (0.3, 0.9), "weight_decay": 0.1},
        {"decoupled_weight_decay": True, "weight_decay": 0.1, "maximize": True},
    ],
    "Rprop": [{}, {"etas": (0.3, 1.5), "step_sizes": (0.01, 0.2), "maximize": True}],
    "ASGD": [{}, {"lambd": 0.1, "t0": 5, "alpha": 0.5, "weight_decay": 0.1}, {"maximize": True}],
    "Adafactor": [
        {},
        {"eps": (0.1, 0.2), "d": 2.0, "weight_decay": 0.1, "maximize": True},
        {"beta2_decay": -0.1},
    ],
}
RUNS = [("SGD", o) for o in SGD] + [("Adam", o) for o in ADAM] + [("AdamW", {})]
RUNS += [(name, options) for name, several in OTHERS.items() for options in several]
REAL_ONLY = {"Adafactor"}
SHAPES = [(1, 2), (1,), (2, 5, 7), ()]


def parameters(torch: Any, arrays: list[Any]) -> list[Any]:
    return [torch.nn.Parameter(torch.tensor(a.tolist(), dtype=dtype_of(torch, a))) for a in arrays]


def dtype_of(torch: Any, a: Any) -> Any:
    return getattr(torch, str(a.dtype))


@pytest.mark.peers
@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64"])
@pytest.mark.parametrize(("name", "options"), RUNS, ids=str)
def test_beside_pytorch(name: str, options: dict[str, Any], dtype: str) -> None:
    torch = pytest.importorskip("torch")
    if name in REAL_ONLY and dtype == "complex64":
        pytest.skip("refused, which test_options asks for")
    rng = np.random.default_rng(1)

    def draw(shape: Any) -> Any:
        imaginary = 1j * rng.normal(size=shape) if dtype[0] == "c" else 0
        return np.asarray(rng.normal(size=shape) + imaginary).astype(dtype)

    start = [draw(shape) for shape in SHAPES]
    ours, theirs = parameters(mine, start), parameters(torch, start)
    runs = [
        getattr(t.optim, name)(ps, lr=0.1, **options) for t, ps in ((mine, ours), (torch, theirs))
    ]
    for step in range(50):
        for p, q in zip(ours, theirs, strict=True):
            g = draw(tuple(p.shape))
            skipped = step == 3 and g.shape == (1,)  # a parameter without a gradient stays
            p.grad = None if skipped else mine.tensor(g.tolist(), dtype=p.dtype)
            q.grad = None if skipped else torch.tensor(g.tolist(), dtype=q.dtype)
        for run in runs:
            run.step()
    assert repr(runs[0]) == repr(runs[1])
    close(list(map(array, ours)), list(map(array, theirs)))
    assert [p._version for p in ours] == [q._version for q in theirs]
    states = [run.state_dict()["state"] for run in runs]
    assert [list(held) for held in states[0].values()] == [list(h) for h in states[1].values()]
    for mine_, theirs_ in zip(states[0].values(), states[1].values(), strict=True):
        close(list(map(array, mine_.values())), list(map(array, theirs_.values())))


def array(t: Any) -> Any:
    return t.detach().numpy()


def close(ours: list[Any], theirs: list[Any]) -> None:
    for a, b in zip(ours, theirs, strict=True):
        assert a.dtype == b.dtype
        eps = float(np.finfo(a.dtype).eps)
        np.testing.assert_allclose(a, b, rtol=64 * eps, atol=16 * eps)


@pytest.mark.peers
def test_groups_have_options_of_their_own() -> None:
    torch = pytest.importorskip("torch")
    found = []
    for t in (mine, torch):
        p, q = parameters(t, [np.ones(2), np.ones(3)])
        sgd = t.optim.SGD([{"params": [p]}, {"params": [q], "lr": 0.5}], lr=0.1, momentum=0.9)
        for k in range(3):
            (p.sum() * 2 + (q * q).sum()).backward()
            sgd.step()
            sgd.zero_grad(set_to_none=k == 1)
            sgd.param_groups[0]["lr"] *= 0.5
        found.append((array(p), array(q)))
    np.testing.assert_allclose(found[0][0], found[1][0], rtol=1e-14)
    np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-14)


def test_momentum_by_hand() -> None:
    """Gradient 1, lr 0.1, momentum 0.5: steps 0.1, 0.15, 0.175."""
    (p,) = parameters(mine, [np.zeros(1)])
    sgd = mine.optim.SGD([p], lr=0.1, momentum=0.5)
    places = []
    for _ in range(3):
        p.grad = mine.ones(1, dtype=mine.float64)
        sgd.step()
        places.append(p.item())
    np.testing.assert_allclose(places, [-0.1, -0.25, -0.425], rtol=1e-15)


@pytest.mark.parametrize("g", [1e-3, 1.0, 1e4])
def test_first_step_of_adam_is_the_rate(g: float) -> None:
    """Both means are corrected for their start at 0, so the size of the gradient falls out."""
    (p,) = parameters(mine, [np.zeros(1)])
    adam = mine.optim.Adam([p], lr=0.25)
    p.grad = mine.tensor([g], dtype=mine.float64)
    adam.step()
    np.testing.assert_allclose(p.item(), -0.25, rtol=1e-4)


def test_a_state_taken_up_goes_on_the_same() -> None:
    def walk(p: Any, run: Any, steps: int) -> None:
        for k in range(steps):
            p.grad = mine.tensor([float(k), 1.0])
            run.step()

    for name, options in (("SGD", {"momentum": 0.9}), ("Adam", {"amsgrad": True})):
        make = getattr(mine.optim, name)
        (p,) = parameters(mine, [np.ones(2, "f4")])
        run = make([p], lr=0.1, **options)
        walk(p, run, 3)
        (q,) = parameters(mine, [p.detach().numpy().copy()])
        other = make([q], lr=9.0, **options)
        other.load_state_dict(copy.deepcopy(run.state_dict()))  # as it is, tensors are shared
        walk(p, run, 3)
        walk(q, other, 3)
        np.testing.assert_array_equal(p.detach().numpy(), q.detach().numpy())


def test_recorded_steps_are_refused_with_a_sentence() -> None:
    (p,) = parameters(mine, [np.ones(2)])
    with pytest.raises(NotImplementedError, match="not in chainrule; write the step"):
        mine.optim.SGD([p], lr=0.1, differentiable=True)


@pytest.mark.peers
@pytest.mark.parametrize("name", ["ASGD", "NAdam", "Adam", "RMSprop"])
def test_a_state_taken_up_goes_on_as_in_pytorch(name: str) -> None:
    """What is counted beside the parameters takes their number type there, but is float32."""
    torch = pytest.importorskip("torch")
    found = []
    for t in (mine, torch):
        (p,) = parameters(t, [np.array([1.0, -2.0])])
        run = getattr(t.optim, name)([p], lr=0.1)
        for _ in range(8):
            p.grad = p.detach() ** 3
            run.step()
            run.load_state_dict(copy.deepcopy(run.state_dict()))
        found.append([array(p), *map(array, run.state[p].values())])
    close(*found)
