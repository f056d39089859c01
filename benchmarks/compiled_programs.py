"""What is compiled, as users write it: each program for `numpy`, or for a module with its names.

The first argument is what is differentiated: an array, or a tuple of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = [
    "lesson",
    "logistic",
    "lstm_step",
    "mean_logistic",
    "momentum",
    "network",
    "poisson",
    "sequence_loss",
    "softmax",
]

Function = Callable[..., Any]


def lesson(np: Any) -> Function:
    """The loss of lesson D: 4 inputs of 3 numbers, and whether each is wanted."""

    def sigmoid(x: Any) -> Any:
        return 0.5 * (np.tanh(x / 2.0) + 1)

    def loss(w: Any, inputs: Any, targets: Any) -> Any:
        p = sigmoid(np.dot(inputs, w))
        return -np.sum(np.log(p * targets + (1 - p) * (1 - targets)))

    return loss


def logistic(np: Any) -> Function:
    def loss(w: Any, X: Any, y: Any) -> Any:
        z = X @ w
        return np.sum(np.logaddexp(0.0, z) - y * z)

    return loss


def poisson(np: Any) -> Function:
    return lambda w, X, y: np.sum(np.exp(X @ w) - y * (X @ w))


def softmax(np: Any) -> Function:
    """The loss of classes 0 .. k - 1; the weights have a row for each."""

    def loss(W: Any, X: Any, y: Any) -> Any:
        Z = X @ W.T
        top = np.max(Z, axis=1, keepdims=True)
        total = np.sum(np.exp(Z - top), axis=1, keepdims=True)
        return np.sum(np.log(total) + top - np.take_along_axis(Z, y[:, None], axis=1))

    return loss


def network(np: Any) -> Function:
    def loss(layers: Any, X: Any, y: Any) -> Any:
        W, a, v, b = layers
        z = np.tanh(X @ W.T + a) @ v + b
        return np.sum(np.logaddexp(0.0, z) - y * z)

    return loss


def mean_logistic(np: Any) -> Function:
    """The loss of lesson C: two weights and a bias, the mean over the points."""

    def loss(w: Any, b: Any, X: Any, y: Any) -> Any:
        z = X @ w + b
        return np.mean(np.logaddexp(0.0, z) - y * z)

    return loss


def momentum(gradient: Function, rate: float = 0.01, kept: float = 0.9) -> Function:
    """A step of SGD with momentum, with `gradient(w, b, X, y)` of two arguments."""

    def step(state: Any, X: Any, y: Any) -> Any:
        w, b, of_w, of_b = state
        g_w, g_b = gradient(w, b, X, y)
        of_w, of_b = kept * of_w + g_w, kept * of_b + g_b
        return w - rate * of_w, b - rate * of_b, of_w, of_b

    return step


def lstm_step(np: Any) -> Function:
    """A step of an LSTM: the next state, and what it shows of it."""

    def sigmoid(x: Any) -> Any:
        return 0.5 * (np.tanh(0.5 * x) + 1.0)

    def step(weights: Any, state: Any, x: Any) -> Any:
        W, U, b = weights
        h, c = state
        k = h.shape[0]
        z = W @ x + U @ h + b
        c = sigmoid(z[k : 2 * k]) * c + sigmoid(z[:k]) * np.tanh(z[2 * k : 3 * k])
        h = sigmoid(z[3 * k :]) * np.tanh(c)
        return (h, c), h

    return step


def sequence_loss(np: Any, scan: Function) -> Function:
    """The mean square of what an LSTM shows over a sequence, less what is wanted."""
    step = lstm_step(np)

    def loss(weights: Any, xs: Any, wanted: Any) -> Any:
        start = np.zeros(wanted.shape[1]), np.zeros(wanted.shape[1])
        _, shown = scan(lambda state, x: step(weights, state, x), start, xs)
        return np.mean((shown - wanted) ** 2)

    return loss
