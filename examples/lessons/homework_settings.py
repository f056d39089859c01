"""Homework: the same five steps on other data. What do mean_value and bias change?"""

import matplotlib.pyplot as plt
import torch

from logistic_regression import LogisticRegression, draw, training, two_clouds
from pictures import GREY, save

SETTINGS = [  # mean_value, bias, and what one sees
    (1.7, 1, "the lesson's own"),
    (1, 1, "the clouds overlap: no line is right for all"),
    (5, 1, "far apart: right even before the first step"),
    (1.7, 5, "far from the origin: a slow start"),
    (1.7, -1, "moved the other way: much like the first"),
]

figure, panels = plt.subplots(2, 3, figsize=(12, 8.6))
*pictures, curves = panels.flat
print("                  --- loss ---   --- accuracy ---   above 99%")
print("mean_value  bias  at 0  at 990   at 0      at 990   at iteration")
for axes, (mean_value, bias, seen) in zip(pictures, SETTINGS, strict=True):
    torch.manual_seed(10)  # the same random numbers each time
    train_x, train_y = two_clouds(mean_value, bias)
    net = LogisticRegression()
    losses, accuracies = [], []
    for _, loss, acc in training(net, train_x, train_y, iterations=991):
        losses.append(loss.item())
        accuracies.append(acc)
    reached = next((n for n, acc in enumerate(accuracies) if acc > 0.99), "never")

    print(f"{mean_value:10}  {bias:4}  {losses[0]:.4f}  {losses[-1]:.4f}", end="")
    print(f"  {accuracies[0]:7.2%}   {accuracies[-1]:7.2%}  {reached:>12}")
    draw(axes, net, train_x, train_y, limits=(-9, 11))  # one scale for all
    axes.axhline(0, color=GREY, linewidth=0.5)
    axes.axvline(0, color=GREY, linewidth=0.5)
    axes.set(xticks=(-5, 0, 5, 10), yticks=(-5, 0, 5, 10))
    axes.set_title(f"mean_value {mean_value}, bias {bias}: accuracy {accuracies[-1]:.1%}\n{seen}")
    curves.plot(losses, label=f"{mean_value}, {bias}")
curves.set(title="the loss", xlabel="iteration", xlim=(0, 990), ylim=(0, 1), box_aspect=1)
curves.legend(title="mean_value, bias")
save(figure, "homework_settings.png")
