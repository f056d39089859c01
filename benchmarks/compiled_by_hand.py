"""The values and gradients of `compiled_programs`, by hand in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = [
    "lesson",
    "logistic",
    "logistic_hessian",
    "lstm",
    "network",
    "poisson",
    "softmax",
    "training",
]


def sigmoid(z: Any) -> Any:
    return 0.5 * (np.tanh(0.5 * z) + 1.0)


def lesson(w: Any, inputs: Any, targets: Any) -> Any:
    t = np.tanh(inputs @ w / 2)
    p = 0.5 * (t + 1)
    change = (1 - 2 * targets) / (p * targets + (1 - p) * (1 - targets))
    return (change * 0.5 * (1 - t * t) / 2) @ inputs


def logistic(w: Any, X: Any, y: Any) -> Any:
    z = X @ w
    return np.sum(np.logaddexp(0.0, z) - y * z), X.T @ (sigmoid(z) - y)


def logistic_hessian(w: Any, X: Any, y: Any) -> Any:
    z = X @ w
    p = sigmoid(z)
    hessian = (X.T * (p * (1 - p))) @ X
    return np.sum(np.logaddexp(0.0, z) - y * z), (p - y) @ X, hessian


def poisson(w: Any, X: Any, y: Any) -> Any:
    z = X @ w
    mean = np.exp(z)
    return np.sum(mean - y * z), (mean - y) @ X


def softmax(W: Any, X: Any, y: Any) -> Any:
    Z = X @ W.T
    Z -= np.max(Z, axis=1, keepdims=True)
    rows = np.arange(len(y))
    chosen = Z[rows, y]
    np.exp(Z, out=Z)
    total = np.sum(Z, axis=1)
    value = np.sum(np.log(total) - chosen)
    Z /= total[:, None]
    Z[rows, y] -= 1.0
    return value, Z.T @ X


def network(layers: Any, X: Any, y: Any) -> Any:
    W, a, v, b = layers
    H = np.tanh(X @ W.T + a)
    z = H @ v + b
    r = sigmoid(z) - y
    D = (1.0 - H * H) * r[:, None] * v
    value = np.sum(np.logaddexp(0.0, z) - y * z)
    return value, (D.T @ X, np.sum(D, axis=0), r @ H, np.sum(r))


def training(start: Any, X: Any, y: Any, steps: int, rate: float = 0.01, kept: float = 0.9) -> Any:
    w, b = start
    of_w, of_b = np.zeros_like(w), 0.0
    for _ in range(steps):
        r = (sigmoid(X @ w + b) - y) / len(y)
        of_w, of_b = kept * of_w + r @ X, kept * of_b + np.sum(r)
        w, b = w - rate * of_w, b - rate * of_b
    return w, b


def lstm(weights: Any, xs: Any, wanted: Any) -> Any:
    W, U, b = weights
    n, k = wanted.shape
    gates, cells, shown = np.empty((n, 4, k)), np.zeros((n + 1, k)), np.zeros((n + 1, k))
    for t in range(n):
        z = W @ xs[t] + U @ shown[t] + b
        gates[t] = z.reshape(4, k)
        gates[t, [0, 1, 3]] = sigmoid(gates[t, [0, 1, 3]])
        gates[t, 2] = np.tanh(gates[t, 2])
        i, f, g, o = gates[t]
        cells[t + 1] = f * cells[t] + i * g
        shown[t + 1] = o * np.tanh(cells[t + 1])
    rest = shown[1:] - wanted
    changes, of_h, of_c = np.empty((n, 4 * k)), np.zeros(k), np.zeros(k)
    for t in reversed(range(n)):
        i, f, g, o = gates[t]
        top = np.tanh(cells[t + 1])
        of_h = of_h + 2.0 * rest[t] / rest.size
        of_c = of_c + of_h * o * (1 - top * top)
        slopes = (
            of_c * g * i * (1 - i),
            of_c * cells[t] * f * (1 - f),
            of_c * i * (1 - g * g),
            of_h * top * o * (1 - o),
        )
        changes[t] = np.concatenate(slopes)
        of_h, of_c = changes[t] @ U, of_c * f
    return np.mean(rest**2), (changes.T @ xs, changes.T @ shown[:-1], np.sum(changes, axis=0))
