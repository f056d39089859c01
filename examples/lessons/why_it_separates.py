"""Homework: why can logistic regression tell two classes apart?

The model adds up z = w0 * x[0] + w1 * x[1] + b. Where z = 0 is a straight line in the plane: z is
positive on one side of it, negative on the other, and grows with the distance from it. The
sigmoid turns any such number into one between 0 and 1, which is read as the probability p of
class 1; and p is at least 0.5 exactly where z is at least 0. So the cut at 0.5 is the line, and
training moves the line until the points are on their sides.
"""

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.colors import LinearSegmentedColormap

from logistic_regression import LogisticRegression, training, two_clouds, weights
from pictures import ACCENT, CLASS_0, CLASS_1, GREY, dots, save

torch.manual_seed(10)
train_x, train_y = two_clouds()
net = LogisticRegression()
for _, _, acc in training(net, train_x, train_y):
    if acc > 0.99:
        break

with torch.no_grad():
    z = net.features(train_x).squeeze()
    p = net(train_x).squeeze()

print("--- One point, followed through the model")
w0, w1, b = weights(net)
x0, x1 = train_x[0].tolist()
print(f"the point:   ({x0:.4f}, {x1:.4f}), class {int(train_y[0])}")
print(f"added up:    z = {w0:.4f} * {x0:.4f} + {w1:.4f} * {x1:.4f} + {b:.4f} = {z[0]:.4f}")
print(f"squeezed:    p = 1 / (1 + exp({-z[0]:.4f})) = {p[0]:.4f}")
print(f"cut at 0.5:  class {int(p[0] >= 0.5)}")

print("--- All points")
print("p lies between 0 and 1:          ", bool((p > 0).all() and (p < 1).all()))
print("p = 1 / (1 + exp(-z)):           ", torch.allclose(p, 1 / (1 + torch.exp(-z))))
print("ln(p / (1 - p)) = z:             ", torch.allclose(torch.log(p / (1 - p)), z, atol=1e-3))
print("p >= 0.5 exactly where z >= 0:   ", torch.equal(p >= 0.5, z >= 0))
print("on the right side of the line:   ", int(((p >= 0.5) == train_y.bool()).sum()), "of", len(p))

figure, (plane, curve) = plt.subplots(1, 2, figsize=(11, 5))
classes = [(train_y == label, colour) for label, colour in ((0, CLASS_0), (1, CLASS_1))]

# The plane, coloured by the p of each of its points.
low, high = train_x.min().item() - 0.5, train_x.max().item() + 0.5
side = np.linspace(low, high, 200)
x, y = np.meshgrid(side, side)
probability = 1 / (1 + np.exp(-(w0 * x + w1 * y + b)))
colours = LinearSegmentedColormap.from_list("p", [CLASS_0, "white", CLASS_1])
plane.pcolormesh(x, y, probability, cmap=colours, alpha=0.35, rasterized=True)
lines = plane.contour(x, y, probability, [0.1, 0.5, 0.9], colors=ACCENT, linewidths=[1, 2.5, 1])
plane.clabel(lines, fmt="p = %.1f")
for chosen, colour in classes:
    points = train_x[chosen].numpy()
    dots(plane, points[:, 0], points[:, 1], colour)
plane.set(title="p is 0.5 on a straight line: there z = 0", aspect="equal")

# The same points again, each by its z and its p: all of them lie on the sigmoid.
curve_z = np.linspace(-12, 12, 200)
curve.plot(curve_z, 1 / (1 + np.exp(-curve_z)), color=GREY, linewidth=1)
for label, (chosen, colour) in enumerate(classes):
    dots(curve, z[chosen].numpy(), p[chosen].numpy(), colour, f"class {label}")
curve.axhline(0.5, color=ACCENT, linewidth=1)
curve.axvline(0, color=ACCENT, linewidth=1)
curve.axhspan(0.5, 1.05, color=CLASS_1, alpha=0.06, linewidth=0)
curve.axhspan(-0.05, 0.5, color=CLASS_0, alpha=0.06, linewidth=0)
curve.set(title="the sigmoid squeezes any z between 0 and 1", ylim=(-0.05, 1.05))
curve.set(xlabel="z = w0 * x[0] + w1 * x[1] + b", ylabel="p, the probability of class 1")
curve.text(11.8, 0.52, "cut at p = 0.5, so at z = 0", color=ACCENT, ha="right")
curve.legend()
save(figure, "why_it_separates.png")
