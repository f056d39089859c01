"""Automatic differentiation, quickly: one layer, its loss, and the slopes of all its weights.

z = x @ w + b, and the loss compares sigmoid(z) with y: x has 5 numbers, z and y have 3.
"""

import torch
import torch.nn.functional as F

torch.manual_seed(10)
x = torch.ones(5)  # input
y = torch.zeros(3)  # what should come out
w = torch.randn(5, 3, requires_grad=True)  # asked for when made ...
b = torch.randn(3)
b.requires_grad_(True)  # ... or later, which is the same
z = torch.matmul(x, w) + b
loss = F.binary_cross_entropy_with_logits(z, y)
print("w and b want slopes:", w.requires_grad, b.requires_grad)
print("loss:", loss)

print("--- The graph, from the loss back to the leaves")
print(z.grad_fn)
print(loss.grad_fn)


def walk(node, depth=0):
    """Print a step of the computation, and below it the steps that it came from."""
    print("    " * depth + type(node).__name__)
    for before, _ in node.next_functions:
        if before is not None:  # x has no node: it wants no slope
            walk(before, depth + 1)


walk(loss.grad_fn)

print("--- The slopes")
loss.backward()
print(w.grad)
print(b.grad)
with torch.no_grad():
    by_hand = (torch.sigmoid(z) - y) / 3
print("by hand, for b:", torch.allclose(b.grad, by_hand))
print("by hand, for w:", torch.allclose(w.grad, x.reshape(5, 1) * by_hand))

print("--- When no slopes are wanted, nothing is noted down")
with torch.no_grad():
    z = torch.matmul(x, w) + b
print("inside no_grad:", z.requires_grad, z.grad_fn)
z = torch.matmul(x, w) + b
print("outside:       ", z.requires_grad, type(z.grad_fn).__name__)
print("detached:      ", z.detach().requires_grad, z.detach().grad_fn)

print("--- Many results: the slopes of their sum")
inp = torch.eye(4, 5, requires_grad=True)
out = (inp + 1).pow(2).t()
out.backward(torch.ones_like(out), retain_graph=True)
print("once", inp.grad, sep="\n")
out.backward(torch.ones_like(out), retain_graph=True)
print("twice: they add up", inp.grad, sep="\n")
inp.grad.zero_()
out.backward(torch.ones_like(out), retain_graph=True)
print("once more, after zero_()", inp.grad, sep="\n")

print("--- A function of your own, with its derivative")


class Cube(torch.autograd.Function):
    """x ** 3, whose slope is 3 * x ** 2."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x**2


x = torch.tensor(2.0, requires_grad=True)
y = Cube.apply(x)
(first,) = torch.autograd.grad(y, x, create_graph=True)
(second,) = torch.autograd.grad(first, x)
print("2 ** 3 =", y.item(), " slope", first.item(), " slope of the slope", second.item())
