"""Three regressions side by side: linear, log-linear, and log-odds, which is called logistic.

All three have the same straight line in them, W x + b. They differ in what is set equal to it:

    linear       y           = W x + b    y is any number
    log-linear   ln y        = W x + b    y is positive, and grows by a factor
    log-odds     ln(p/(1-p)) = W x + b    p is the probability of class 1
"""

import matplotlib.pyplot as plt
import torch
import torch.nn as nn

from pictures import ACCENT, CLASS_0, CLASS_1, GREY, dots, save

torch.manual_seed(10)
x = torch.rand(80, 1) * 4

# The data: each is drawn from a regression of its kind.
y = 2 * x + 1 + 0.7 * torch.randn(80, 1)
grown = torch.exp(0.8 * x - 0.5 + 0.25 * torch.randn(80, 1))
classes = (torch.rand(80, 1) < torch.sigmoid(2.5 * x - 5)).float()


def train(target, loss_fn):
    """Find the W and b of the line that suits the target best."""
    line = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(line.parameters(), lr=0.05, momentum=0.9)
    for _ in range(1500):
        loss = loss_fn(line(x), target)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return line.weight.item(), line.bias.item()


W, b = torch.tensor(
    [
        train(y, nn.MSELoss()),
        train(torch.log(grown), nn.MSELoss()),
        train(classes, nn.BCEWithLogitsLoss()),  # the sigmoid is in this loss
    ]
).T

print("--- The same line, set equal to three things")
print(f"linear:      y           = {W[0]:.3f} x + {b[0]:.3f}")
print(f"log-linear:  ln y        = {W[1]:.3f} x - {-b[1]:.3f}")
print(f"log-odds:    ln(p/(1-p)) = {W[2]:.3f} x - {-b[2]:.3f}")

print("--- What they say at x = 3")
z = W * 3 + b
print(f"linear:      y = {z[0]:.3f}")
print(f"log-linear:  y = exp({z[1]:.3f}) = {torch.exp(z[1]):.3f}")
print(f"log-odds:    p = 1/(1 + exp({-z[2]:.3f})) = {torch.sigmoid(z[2]):.3f}")

print("--- What happens when x grows by 1")
print(f"linear:      y grows by W = {W[0]:.3f}")
print(f"log-linear:  y is multiplied by exp(W) = {torch.exp(W[1]):.3f}")
print(f"log-odds:    the odds p/(1-p) are multiplied by exp(W) = {torch.exp(W[2]):.3f}")

figure, (seen, straight) = plt.subplots(2, 3, figsize=(11, 6.6), sharex=True)
line_x = torch.linspace(0, 4, 100)
lines = [W[n] * line_x + b[n] for n in range(3)]
curves = [lines[0], torch.exp(lines[1]), torch.sigmoid(lines[2])]

for axes, curve in zip(seen, curves, strict=True):
    axes.plot(line_x, curve, color=ACCENT)
dots(seen[0], x, y, CLASS_0)
dots(seen[1], x, grown, CLASS_0)
for label, colour in ((0, CLASS_0), (1, CLASS_1)):
    points = x[classes == label]
    dots(seen[2], points, torch.full_like(points, label), colour, f"class {label}")
seen[2].legend(loc="center right")
titles = ["linear: y is the line", "log-linear: y = exp(line)", "log-odds: p = sigmoid(line)"]
for axes, title, label in zip(seen, titles, ["y", "y", "p"], strict=True):
    axes.set(title=title, ylabel=label)

for axes, line, label in zip(straight, lines, ["y", "ln y", "ln(p/(1-p))"], strict=True):
    axes.plot(line_x, line, color=ACCENT)
    axes.axhline(0, color=GREY, linewidth=0.5)
    axes.set(title="and this is straight", xlabel="x", ylabel=label)
dots(straight[0], x, y, CLASS_0)
dots(straight[1], x, torch.log(grown), CLASS_0)
straight[2].text(0.1, 0.4, "0 is where p = 0.5", color=GREY)
save(figure, "three_regressions.png")
