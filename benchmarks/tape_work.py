"""The work of the tape: the same lines run on chainrule.torch and on PyTorch, and by hand in NumPy.

Every way returns its numbers; a test compares them.
"""

from __future__ import annotations

import functools
import importlib
import itertools
from typing import Any

import numpy as np

from benchmarks.work import BY_HAND, OURS, Way, Work, installed

__all__ = ["pieces"]

rng = np.random.default_rng(10)
POINTS = np.concatenate([rng.normal(1.7, 1, (100, 2)), rng.normal(-1.7, 1, (100, 2))]) + 1
POINTS = POINTS.astype(np.float32)
LABELS = np.repeat([0.0, 1.0], 100).astype(np.float32)
START = np.array([[0.1, -0.2]], np.float32), np.array([0.3], np.float32)
PICTURES = rng.normal(size=(64, 784)).astype(np.float32)
CLASSES = rng.integers(0, 10, 64)
TINY = np.float32(1e-30)
LENGTH = 100
FACTOR = 1.01
ROWS, BATCH = 60_000, 64


def ways_of(torch: Any, nn: Any, optim: Any) -> dict[str, Way]:
    """Return the work on a torch: ours or PyTorch's."""
    w, x = (torch.tensor([v], requires_grad=True) for v in (1.0, 2.0))
    three = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    factor = torch.tensor([FACTOR])
    plain = torch.tensor([1.0, 2.0, 3.0])

    def slide_graph() -> Any:
        y = (x + w) * (w + 1)
        y.backward()  # the gradients add up, which is part of the work
        return y

    def chain() -> Any:
        x.grad = None
        v = x
        for _ in range(LENGTH):
            v = v * factor
        v.backward()
        return x.grad.numpy()

    def normals() -> Any:
        torch.manual_seed(10)
        return torch.randn(1_000_000).numpy()

    def rows() -> Any:
        three.grad = None
        total = 0.0
        for i in range(3):
            total = total + three[i] * three[i]
        total.backward()
        return three.grad.numpy()

    def watched() -> Any:
        return three * plain

    def unwatched() -> Any:
        with torch.no_grad():
            return three * plain

    return {
        "slide graph": slide_graph,
        "addition": lambda: three + three,
        "lesson step": lesson_step(torch, nn, optim),
        "network step": network_step(torch, nn, optim),
        "chain": chain,
        "rows": rows,
        "watched": watched,
        "unwatched": unwatched,
        "normals": normals,
        "epoch": epoch(torch),
    }


def lesson_step(torch: Any, nn: Any, optim: Any) -> Way:
    """One iteration of the lesson's training loop, with momentum; it returns the loss."""
    points, labels = torch.tensor(POINTS), torch.tensor(LABELS)

    class Model(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.features = nn.Linear(2, 1)
            self.sigmoid = nn.Sigmoid()

        def forward(self, x: Any) -> Any:
            return self.sigmoid(self.features(x))

    model, loss_of = Model(), nn.BCELoss()
    with torch.no_grad():
        model.features.weight.copy_(torch.tensor(START[0]))
        model.features.bias.copy_(torch.tensor(START[1]))
    optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def step() -> Any:
        loss = loss_of(model(points).squeeze(), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss.detach().numpy()

    return step


def network_step(torch: Any, nn: Any, optim: Any) -> Way:
    """One step of Adam on a network for 64 pictures of 784 numbers."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = optim.Adam(model.parameters(), lr=1e-5)
    loss_of = nn.CrossEntropyLoss()
    pictures, classes = torch.tensor(PICTURES), torch.tensor(CLASSES)

    def step() -> Any:
        loss = loss_of(model(pictures), classes)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach().numpy()

    return step


def epoch(torch: Any) -> Way:
    """A walk over all batches of a shuffled table; it returns their number and sums."""

    def walk() -> Any:
        data = torch.utils.data
        table, labels = map(torch.from_numpy, table_of_pictures())
        rows = data.TensorDataset(table, labels)
        count = total = 0
        for batch, label in data.DataLoader(rows, batch_size=BATCH, shuffle=True):
            count += len(batch)
            total += int(label.numpy().sum())
        return np.array([count, total])

    return walk


@functools.cache
def table_of_pictures() -> tuple[Any, Any]:
    return np.ones((ROWS, 784), np.float32), np.arange(ROWS)


# ---------------------------------------------------------------- by hand


def epoch_by_hand() -> Any:
    table, labels = table_of_pictures()
    order = np.random.default_rng().permutation(ROWS)
    count = total = 0
    for start in range(0, ROWS, BATCH):
        numbers = order[start : start + BATCH]
        batch, label = table.take(numbers, 0), labels.take(numbers, 0)
        count += len(batch)
        total += int(label.sum())
    return np.array([count, total])


def slide_by_hand() -> Any:
    w, x = np.float32([1.0]), np.float32([2.0])
    a, b = x + w, w + 1
    b + a
    return a * b


def lesson_by_hand() -> Way:
    weight, bias = START[0].copy(), START[1].copy()
    speeds = [np.zeros_like(weight), np.zeros_like(bias)]
    n = np.float32(len(LABELS))

    def step() -> Any:
        p = 1 / (1 + np.exp(-(POINTS.dot(weight.T) + bias)))[:, 0]
        loss = -np.mean(np.log(np.where(LABELS == 1, p, 1 - p) + TINY))
        g = ((p - LABELS) / n)[None]
        for v, speed, change in zip(
            (weight, bias), speeds, (g.dot(POINTS), g.sum(axis=1)), strict=True
        ):
            speed *= np.float32(0.9)
            speed += change
            v -= np.float32(0.01) * speed
        return loss

    return step


def network_by_hand() -> Way:
    """The same step of the same network, its slopes worked out on paper."""
    torch = importlib.import_module("chainrule.torch")
    torch.manual_seed(0)
    layers = torch.nn.Linear(784, 128), torch.nn.Linear(128, 10)
    weights = [p.detach().numpy() for layer in layers for p in layer.parameters()]
    means, squares = ([np.zeros_like(w) for w in weights] for _ in range(2))
    rows, steps = np.arange(len(PICTURES)), itertools.count(1)
    rate, b1, b2 = map(np.float32, (1e-5, 0.9, 0.999))

    def step() -> Any:
        w1, c1, w2, c2 = weights
        hidden = np.maximum(PICTURES @ w1.T + c1, 0)
        scores = hidden @ w2.T + c2
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[rows, CLASSES]).mean()
        p[rows, CLASSES] -= 1
        p /= np.float32(len(rows))
        h = (p @ w2) * (hidden > 0)
        gradients = h.T @ PICTURES, h.sum(axis=0), p.T @ hidden, p.sum(axis=0)
        n = next(steps)
        size, root = rate / (1 - b1**n), np.sqrt(1 - b2**n)
        for w, m, v, g in zip(weights, means, squares, gradients, strict=True):
            m += (1 - b1) * (g - m)
            v *= b2
            v += (1 - b2) * g * g
            w -= size * m / (np.sqrt(v) / root + np.float32(1e-8))
        return loss

    return step


def chain_by_hand() -> Any:
    x, factor = np.float32([2.0]), np.float32([FACTOR])
    for _ in range(LENGTH):
        x = x * factor
    g = np.float32([1.0])
    for _ in range(LENGTH):
        g = g * factor
    return g


def add_by_hand() -> Any:
    return THREE + THREE


THREE = np.float32([1.0, 2.0, 3.0])
BY_HANDS: dict[str, tuple[str, Way | None, dict[str, float]]] = {
    "slide graph": ("y = (x+w)(w+1), forward and backward", slide_by_hand, {"torch": 4}),
    "addition": ("adding two 3-vectors that require gradients", add_by_hand, {"torch": 1.5}),
    "lesson step": ("a training step of the lesson, 200 x 2", lesson_by_hand(), {"torch": 2}),
    "chain": ("100 multiplications, forward and backward", chain_by_hand, {"torch": 2}),
    "network step": ("an Adam step, 784-128-10, 64 rows", network_by_hand(), {"torch": 1}),
    "rows": ("s += x[i]*x[i], 3 elements, backward", lambda: 2 * THREE, {}),
    "watched": ("a product, recorded", lambda: THREE * THREE, {}),
    "unwatched": ("the same under no_grad", lambda: THREE * THREE, {}),
    "normals": ("a million normals, seeded", None, {}),
    "epoch": ("a shuffled epoch of 60,000 x 784, batches of 64", epoch_by_hand, {"torch": 2}),
}


def pieces() -> list[Work]:
    """Return the work, each piece with every way that is installed."""
    ours = loaded("chainrule.torch")
    peers = {"torch": loaded("torch")} if installed("torch") else {}
    found = []
    for key, (name, by_hand, asked) in BY_HANDS.items():
        ways: dict[str, Way] = {OURS: ours[key]}
        if by_hand is not None:
            ways[BY_HAND] = by_hand
        ways |= {peer: rows[key] for peer, rows in peers.items()}
        found.append(Work(name, ways, asked))
    return found


def loaded(name: str) -> dict[str, Way]:
    torch = importlib.import_module(name)
    if hasattr(torch, "set_num_threads"):
        torch.set_num_threads(1)
    return ways_of(
        torch, importlib.import_module(f"{name}.nn"), importlib.import_module(f"{name}.optim")
    )
