"""Slopes of functions of numbers and arrays, and logistic regression from nothing.

You write a function with `np` as always; `grad` returns another function, which is its slope.
"""

import autograd.numpy as np
import matplotlib.pyplot as plt
from autograd import elementwise_grad, grad

from pictures import ACCENT, CLASS_0, CLASS_1, GREY, save

print("--- The slope at a point")


def half(x):
    return x / 2


def tanh(x):
    y = np.exp(-2.0 * x)
    return (1.0 - y) / (1.0 + y)


print("x / 2 at 3:  ", grad(half)(3.0))
print("tanh x at 1: ", grad(tanh)(1.0))
# A slope can be checked without any calculus: walk a little, and see how much you rise.
step = 0.0001
print("by walking:  ", round((tanh(1.0 + step / 2) - tanh(1.0 - step / 2)) / step, 6))

print("--- The slopes of a whole curve")
x = np.linspace(-7, 7, 200)
slope = elementwise_grad(tanh)
bend = elementwise_grad(slope)
print("slopes:", slope(x).shape, " the steepest:", round(max(slope(x)), 3))

figure, axes = plt.subplots(figsize=(7, 4.2))
axes.plot(x, tanh(x), color=CLASS_0, label="tanh")
axes.plot(x, slope(x), color=ACCENT, label="its slope")
axes.plot(x, bend(x), color=CLASS_1, label="the slope of its slope")
axes.set(xlabel="x", xlim=(-7, 7))
axes.legend()
save(figure, "tanh.png")

print("--- Logistic regression from nothing: 4 examples, 3 inputs each")
inputs = np.array(
    [[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.30], [0.74, -2.49, 1.39]]
)
targets = np.array([True, True, False, True])


def sigmoid(x):
    return 0.5 * (np.tanh(x / 2.0) + 1)


def predictions(weights, inputs):
    """The probability that each target is True."""
    return sigmoid(np.dot(inputs, weights))


def training_loss(weights, inputs, targets):
    """How surprised the model is by the targets: minus the log of what it thought of them."""
    p = predictions(weights, inputs)
    return -np.sum(np.log(p * targets + (1 - p) * (1 - targets)))


def train(step, inputs, targets, loss=training_loss):
    """Walk downhill on `loss`, a hundred steps; return the training loss before and after each."""
    slopes = grad(loss)  # for the first argument: the weights
    weights = np.array([0.0, 0.0, 0.0])
    losses = [training_loss(weights, inputs, targets)]
    for _ in range(100):
        weights = weights - step * slopes(weights, inputs, targets)
        losses.append(training_loss(weights, inputs, targets))
    return losses


losses = train(0.01, inputs, targets)
print("Initial loss:", losses[0])
print("Trained loss:", losses[-1])

print("--- Steps too small, right, too large, and a wrong loss")


def wrong_loss(weights, inputs, targets):
    return -training_loss(weights, inputs, targets)  # the sign was forgotten


# Of four examples that a plane can separate, any large step only makes the model surer. A fifth,
# which contradicts the first, makes it a task in which one can do too much.
inputs = np.vstack([inputs, inputs[:1]])
targets = np.append(targets, False)
runs = [
    ("step 0.001, too small: it hardly learns", train(0.001, inputs, targets)),
    ("step 0.3, right: it falls, then flattens", train(0.3, inputs, targets)),
    ("step 10, too large: it jumps to and fro", train(10.0, inputs, targets)),
    ("a wrong loss: each step makes it worse", train(0.01, inputs, targets, loss=wrong_loss)),
]
figure, panels = plt.subplots(2, 2, figsize=(9, 6), sharex=True)
for axes, (name, losses) in zip(panels.flat, runs, strict=True):
    print(f"{name:42} from {losses[0]:.4f} to {losses[-1]:.4f}")
    axes.plot(losses, color=CLASS_0 if "right" in name else CLASS_1)
    axes.axhline(losses[0], color=GREY, linewidth=0.8, linestyle=":")
    axes.text(100, losses[0], "start", color=GREY, ha="right", va="top")
    axes.set(title=name, ylim=(0, None))
for axes in panels[1]:
    axes.set_xlabel("step")
for axes in panels[:, 0]:
    axes.set_ylabel("loss")
save(figure, "loss_over_steps.png")
