"""Automatic differentiation, step by step: one curve fitted six ways, each doing less by hand.

The curve is exp(x) cos(3x) on [-1, 1], fitted by a polynomial of degree 5: in NumPy with slopes
worked out on paper, with tensors, with autograd, with a Function of our own, with modules, and by
a solver that uses second derivatives.
"""

import math

import numpy as np
import torch
from torch.autograd import Function, gradcheck, gradgradcheck
from torch.autograd.functional import hessian, jacobian, jvp, vjp

DEGREE = 5


def by_numpy(steps=400, rate=0.1):
    """The slope of the mean of squares, worked out on paper."""
    x = np.linspace(-1, 1, 200)
    y = np.exp(x) * np.cos(3 * x)
    powers = x[:, None] ** np.arange(DEGREE + 1)
    w = np.zeros(DEGREE + 1)
    for _ in range(steps):
        error = powers @ w - y
        w -= rate * 2 * powers.T @ error / len(x)
    return w, (error**2).mean()


def curve():
    x = torch.linspace(-1, 1, 200, dtype=torch.float64)
    return x, torch.exp(x) * torch.cos(3 * x)


def by_tensors(steps=400, rate=0.1):
    """The same lines on tensors."""
    x, y = curve()
    powers = x.unsqueeze(-1).pow(torch.arange(DEGREE + 1))
    w = torch.zeros(DEGREE + 1, dtype=torch.float64)
    for _ in range(steps):
        error = powers.mv(w) - y
        w -= rate * 2 * powers.t().mv(error) / len(x)
    return w, error.square().mean().item()


def by_autograd(steps=400, rate=0.1):
    """Nothing is worked out on paper: `backward` finds the slope."""
    x, y = curve()
    powers = x.unsqueeze(-1).pow(torch.arange(DEGREE + 1))
    w = torch.zeros(DEGREE + 1, dtype=torch.float64, requires_grad=True)
    for _ in range(steps):
        loss = (powers @ w - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= rate * w.grad
        w.grad = None
    return w.detach(), loss.item()


class Chebyshev4(Function):
    """T4(x) = 8 x^4 - 8 x^2 + 1, with a slope that is written here."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 8 * x**4 - 8 * x**2 + 1

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * (32 * x**3 - 16 * x)


class Clipped(Function):
    """x cut at `limit`, with a gradient that lets through what was not cut, and no more."""

    @staticmethod
    def forward(x, limit):
        return x.clamp(-limit, limit)

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, ctx.limit = inputs
        ctx.save_for_backward(x)

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * (x.abs() <= ctx.limit), None


def with_own_function(steps=1000, rate=0.02):
    """a + b T4(c + d x): four numbers, by way of our own Function."""
    x, y = curve()
    p = torch.tensor([-1.0, 2.0, 0.1, 0.4], dtype=torch.float64, requires_grad=True)
    for _ in range(steps):
        a, b, c, d = p
        wave = Chebyshev4.apply(Clipped.apply(c + d * x, 1.0))
        loss = (a + b * wave - y).square().mean()
        (slope,) = torch.autograd.grad(loss, p)
        with torch.no_grad():
            p -= rate * slope
    return p.detach(), loss.item()


class Polynomial(torch.nn.Module):
    """A polynomial whose coefficients are parameters."""

    def __init__(self, degree):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(degree + 1, dtype=torch.float64))
        self.register_buffer("powers", torch.arange(degree + 1))

    def forward(self, x):
        return (x.unsqueeze(-1) ** self.powers) @ self.weight

    def string(self):
        terms = (f"{v:.3f} x^{k}" for k, v in enumerate(self.weight.tolist()))
        return " + ".join(terms)


def with_modules(steps=200):
    x, y = curve()
    model = Polynomial(DEGREE)
    loss_fn = torch.nn.MSELoss(reduction="mean")
    optimizer = torch.optim.RMSprop(model.parameters(), lr=0.02)
    for _ in range(steps):
        loss = loss_fn(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model, loss.item()


def by_curvature():
    """One step of Newton's: the loss is quadratic in the coefficients."""
    x, y = curve()
    powers = x.unsqueeze(-1) ** torch.arange(DEGREE + 1)

    def loss(w):
        return (powers @ w - y).square().mean()

    w = torch.zeros(DEGREE + 1, dtype=torch.float64)
    H, g = hessian(loss, w), jacobian(loss, w)
    w = w - torch.linalg.solve(H, g)
    return w, loss(w).item(), torch.linalg.eigvalsh(H)


def graph(node, depth=0, deepest=3):
    """Print the operations that made a result, the last first."""
    print("  " * depth + (node.name() if node is not None else "no gradient wanted"))
    if node is not None and depth < deepest:
        for before, _ in node.next_functions:
            graph(before, depth + 1, deepest)


def rules():
    """What a reader of the graph should have seen once."""
    a = torch.tensor([2.0, 3.0], requires_grad=True)
    b = torch.tensor([6.0, 4.0], requires_grad=True)
    q = 3 * a**3 - b**2
    graph(q.grad_fn)
    q.backward(gradient=torch.tensor([1.0, 1.0]), retain_graph=True)
    print(9 * a**2 == a.grad, -2 * b == b.grad)
    q.sum().backward()
    print("a second pass is added:", a.grad)
    try:
        q.sum().backward()
    except RuntimeError as error:
        print("a third:", str(error).split(" (")[0])
    print("saved:", (a**3).grad_fn._saved_self is a, (a**3).grad_fn._saved_exponent)
    frozen = torch.rand(2, 2)
    print(frozen.requires_grad, (frozen @ a).requires_grad, (frozen @ a).detach().requires_grad)
    with torch.no_grad():
        print("no graph:", (a * b).grad_fn)
    seen = []
    handle = a.register_hook(lambda g: seen.append(g.tolist()))
    (a * b).sum().backward()
    handle.remove()
    print("a hook saw", seen)
    try:
        a += 1
    except RuntimeError as error:
        print(error)
    x = torch.linspace(0.0, 1.0, 3, requires_grad=True)
    y = x.exp()
    y.mul_(2)
    try:
        y.sum().backward()
    except RuntimeError as error:
        print(str(error).split(";")[0])


def products():
    """Products with Jacobians, both ways, and a derivative of a derivative of a derivative."""

    def f(x):
        return torch.stack([x[0] * x[1], torch.sin(x[2]), x.prod()])

    x = torch.tensor([1.0, 2.0, 3.0])
    print(jacobian(f, x))
    print("v J:", vjp(f, x, torch.tensor([1.0, 0.0, 1.0]))[1])
    print("J v:", jvp(f, x, torch.tensor([0.0, 1.0, 0.0]))[1])
    t = torch.tensor(0.5, requires_grad=True)
    y = torch.tanh(t)
    for order in (1, 2, 3):
        (y,) = torch.autograd.grad(y, t, create_graph=True)
        print(f"derivative {order} of tanh at 0.5: {y.item():.4f}")


def main():
    torch.manual_seed(0)
    w, loss = by_numpy()
    print("by NumPy:   ", np.round(w, 3), f"{loss:.6f}")
    for name, fit in (("by tensors: ", by_tensors), ("by autograd:", by_autograd)):
        w, loss = fit()
        print(name, [round(v, 3) for v in w.tolist()], f"{loss:.6f}")
    p, loss = with_own_function()
    print("with T4:    ", p, f"{loss:.5f}")
    x = torch.randn(7, dtype=torch.float64, requires_grad=True)
    print("its slope is right:", gradcheck(Chebyshev4.apply, (x,)))
    print("and that one's:", gradgradcheck(Chebyshev4.apply, (x,)))
    model, loss = with_modules()
    print("with modules:", model.string(), f"{loss:.4f}")
    w, loss, curvatures = by_curvature()
    print("by curvature:", w, f"{loss:.6f}")
    print("curvatures from", f"{curvatures[0]:.1e} to {curvatures[-1]:.3f}:", end=" ")
    print(f"of {math.log10(curvatures[-1] / curvatures[0]):.1f} orders of magnitude")
    rules()
    products()


if __name__ == "__main__":
    main()
