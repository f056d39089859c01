"""The tape: PyTorch notes down what you compute, and reads its notes backwards for the slopes.

    w = 1, x = 2      the leaves: numbers that you chose
    a = x + w = 3
    b = w + 1 = 2
    y = a * b = 6     the root: what you want to know about

By hand: dy/dw = b * 1 + a * 1 = 2 + 3 = 5, and dy/dx = b * 1 = 2. The tape must say the same.
All slopes of y together, one for each leaf, are its gradient; PyTorch keeps them in .grad.
"""

import warnings

import torch


def new_graph():
    """Compute y from w and x, while the tape watches."""
    w = torch.tensor([1.0], requires_grad=True)
    x = torch.tensor([2.0], requires_grad=True)
    a = torch.add(x, w)
    b = torch.add(w, 1)
    y = torch.mul(a, b)
    return w, x, a, b, y


print("--- What the tape has noted down")
w, x, a, b, y = new_graph()
print("leaf? w, x, a, b, y:", w.is_leaf, x.is_leaf, a.is_leaf, b.is_leaf, y.is_leaf)
for name, value in {"w": w, "x": x, "a": a, "b": b, "y": y}.items():
    print(name, "comes from", value.grad_fn)
# Whatever is made from a leaf that wants its slope has one, too.
print("a, b, y want slopes:", a.requires_grad, b.requires_grad, y.requires_grad)

print("--- Backwards, from y to the leaves")
y.backward()
print("dy/dw =", w.grad)
print("dy/dx =", x.grad)

# Only leaves keep their slopes. Elsewhere there is None, and a warning tells what to do.
with warnings.catch_warnings(record=True) as warned:
    warnings.simplefilter("always")
    print("kept at a, b, y:", a.grad, b.grad, y.grad)
print("warnings that name retain_grad:", sum("retain_grad" in str(w.message) for w in warned))

print("--- Backwards a second time")
try:
    y.backward()
except RuntimeError as error:  # what the tape had kept for the way back is gone
    print("RuntimeError:", error)

w, x, a, b, y = new_graph()
y.backward(retain_graph=True)  # this time it is kept
y.backward()
print("twice, with retain_graph: dy/dw =", w.grad)

print("--- Slopes add up ...")
w = torch.tensor([1.0], requires_grad=True)
x = torch.tensor([2.0], requires_grad=True)
for _ in range(4):
    y = (x + w) * (w + 1)
    y.backward()
    print(w.grad)

print("--- ... until they are cleared")
w.grad.zero_()
for _ in range(4):
    y = (x + w) * (w + 1)
    y.backward()
    print(w.grad)
    w.grad.zero_()

print("--- Two results at once: each is given a weight")
w, x, a, b, y = new_graph()
loss = torch.cat([a * b, a + b])  # their slopes are 5 and 2
loss.backward(gradient=torch.tensor([1.0, 2.0]))
print("1 * 5 + 2 * 2 =", w.grad)

print("--- The slope of a slope")
x = torch.tensor([3.0], requires_grad=True)
y = torch.pow(x, 2)
first = torch.autograd.grad(y, x, create_graph=True)  # the tape watches this, too: 2 * x
print("first: ", first)
second = torch.autograd.grad(first[0], x)
print("second:", second)

print("--- The same, asked for by name: backward adds to .grad, grad hands over")
w, x, a, b, y = new_graph()
torch.autograd.backward([y, a], grad_tensors=[torch.tensor([1.0]), torch.tensor([10.0])])
print("dy/dw + 10 * da/dw =", w.grad)
w, x, a, b, y = new_graph()
print("of one:     ", torch.autograd.grad(y, [w, x], retain_graph=True))
weights = [torch.tensor([1.0]), torch.tensor([10.0])]
print("of several: ", torch.autograd.grad([y, a], [w, x], grad_outputs=weights))
print("left behind:", w.grad, x.grad)

print("--- A leaf that wants its slope may not be overwritten")
w, x, a, b, y = new_graph()
try:
    w.add_(1)
except RuntimeError as error:
    print("w.add_(1):", error)
try:
    w += 1
except RuntimeError as error:
    print("w += 1:   ", error)
with torch.no_grad():  # unless the tape looks away: this is how training changes weights
    w += 1
print("unwatched:", w)
