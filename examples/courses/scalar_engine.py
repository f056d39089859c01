"""An engine for derivatives in fifty lines, for single numbers, held against the tensors'.

First the engine, then the same expressions with it and with tensors, then a small network that is
trained by both: the same losses, step by step.
"""

import math
import random
from itertools import pairwise

import torch


class Number:
    """A number that remembers what it was made of, and how a change goes back to that."""

    def __init__(self, value, parents=(), slopes=()):
        self.value, self.parents, self.slopes = value, parents, slopes
        self.grad = 0.0

    def __add__(self, other):
        other = number(other)
        return Number(self.value + other.value, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = number(other)
        return Number(self.value * other.value, (self, other), (other.value, self.value))

    def __pow__(self, n):
        return Number(self.value**n, (self,), (n * self.value ** (n - 1),))

    def exp(self):
        y = math.exp(self.value)
        return Number(y, (self,), (y,))

    def log(self):
        return Number(math.log(self.value), (self,), (1 / self.value,))

    def tanh(self):
        y = math.tanh(self.value)
        return Number(y, (self,), (1 - y * y,))

    def relu(self):
        return Number(max(self.value, 0.0), (self,), (float(self.value > 0),))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -number(other)

    def __truediv__(self, other):
        return self * number(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other

    def __repr__(self):
        return f"Number({self.value:.4f}, grad={self.grad:.4f})"

    def backward(self):
        """Add to every number's `grad` the derivative of this one in it."""
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:  # parents first, without recursion
            node, done = waiting.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                waiting.append((node, True))
                waiting += [(parent, False) for parent in node.parents]
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes, strict=True):
                parent.grad += slope * node.grad


def number(v):
    return v if isinstance(v, Number) else Number(v)


# ------------------------------------------------------------------------------ expressions


def expression(a, b):
    """Something with every operation, and numbers that are used more than once."""
    c = a + b
    d = a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    return (g + 10.0 / f).log() + (c * 0.1).tanh() - (a / b).exp()


def compare_expressions():
    for start in ((-4.0, 2.0), (0.5, -1.5), (3.0, 0.25)):
        ours = [Number(v) for v in start]
        y = expression(*ours)
        y.backward()
        tensors = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in start]
        z = expression(*tensors)
        z.backward()
        same = abs(y.value - z.item()) < 1e-12 and all(
            math.isclose(u.grad, t.grad.item(), rel_tol=1e-9, abs_tol=1e-12)
            for u, t in zip(ours, tensors, strict=True)
        )
        print(f"{start}: {y}, slopes {ours[0].grad:.6f} {ours[1].grad:.6f}, as tensors: {same}")
        print("  ", z, z.grad_fn.next_functions[0][0].name())


# ------------------------------------------------------------------------------ a network


class Neuron:
    def __init__(self, inputs, chance, active=True):
        self.w = [Number(chance.uniform(-1, 1)) for _ in range(inputs)]
        self.b, self.active = Number(0.0), active

    def __call__(self, x):
        total = sum((wi * xi for wi, xi in zip(self.w, x, strict=True)), self.b)
        return total.tanh() if self.active else total


class Network:
    def __init__(self, widths, chance):
        last = len(widths) - 2
        self.layers = [
            [Neuron(n, chance, active=k < last) for _ in range(m)]
            for k, (n, m) in enumerate(pairwise(widths))
        ]

    def __call__(self, x):
        for layer in self.layers:
            x = [neuron(x) for neuron in layer]
        return x[0]

    def parameters(self):
        return [p for layer in self.layers for neuron in layer for p in (*neuron.w, neuron.b)]


def as_module(network):
    """Return the same network of tensors."""
    parts = []
    for layer in network.layers:
        linear = torch.nn.Linear(len(layer[0].w), len(layer)).double()
        weight = [[w.value for w in neuron.w] for neuron in layer]
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(weight, dtype=torch.float64))
            linear.bias.zero_()
        parts += [linear, torch.nn.Tanh()]
    return torch.nn.Sequential(*parts[:-1])


def rings(chance, count=20):
    """Return points inside a ring, and on it, and -1 or 1 for each."""
    points, signs = [], []
    for k in range(count):
        angle, inside = chance.uniform(0, 2 * math.pi), k % 2 == 0
        radius = chance.uniform(0, 0.4) if inside else chance.uniform(0.8, 1.2)
        points.append((radius * math.cos(angle), radius * math.sin(angle)))
        signs.append(-1.0 if inside else 1.0)
    return points, signs


def train_both(steps=81, rate=0.2):
    chance = random.Random(7)
    points, signs = rings(chance)
    ours = Network((2, 8, 1), chance)
    theirs = as_module(ours)
    X, y = torch.tensor(points, dtype=torch.float64), torch.tensor(signs, dtype=torch.float64)
    optimizer = torch.optim.SGD(theirs.parameters(), lr=rate)
    print(len(ours.parameters()), "numbers,", sum(p.numel() for p in theirs.parameters()), "there")
    furthest = 0.0
    for step in range(steps):
        errors = (ours(x) - sign for x, sign in zip(points, signs, strict=True))
        loss = sum(error**2 for error in errors) / len(points)
        for p in ours.parameters():
            p.grad = 0.0
        loss.backward()
        for p in ours.parameters():
            p.value -= rate * p.grad

        optimizer.zero_grad()
        their_loss = (theirs(X).squeeze(1) - y).square().mean()
        their_loss.backward()
        optimizer.step()
        furthest = max(furthest, abs(loss.value - their_loss.item()))
        if step % 10 == 0:
            right = ((theirs(X).squeeze(1) > 0) == (y > 0)).sum().item()
            print(f"step {step:2}: loss {loss.value:.6f} and {their_loss:.6f}, {right} of 20 right")
    print("never further apart than 1e-9:", furthest < 1e-9)
    x = (0.2, -0.1)
    print(f"at {x}: {ours(x).value:.4f}", theirs(torch.tensor(x, dtype=torch.float64)).detach())


def main():
    compare_expressions()
    train_both()


if __name__ == "__main__":
    main()
