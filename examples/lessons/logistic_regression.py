"""Logistic regression in five steps: data, model, loss, optimiser, training.

Two clouds of points in the plane, and a straight line that learns to tell them apart.
"""

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn as nn

from pictures import ACCENT, CLASS_0, CLASS_1, dots, save


# Step 1, the data: 100 points around (mean, mean), 100 around (-mean, -mean), all moved by bias.
def two_clouds(mean_value=1.7, bias=1, sample_nums=100):
    n_data = torch.ones(sample_nums, 2)
    x0 = torch.normal(mean_value * n_data, 1) + bias  # class 0
    x1 = torch.normal(-mean_value * n_data, 1) + bias  # class 1
    train_x = torch.cat((x0, x1), 0)
    train_y = torch.cat((torch.zeros(sample_nums), torch.ones(sample_nums)), 0)
    return train_x, train_y


# Step 2, the model: W x + b, squeezed into a probability of class 1.
class LogisticRegression(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Linear(2, 1)
        self.sigmoid = nn.Sigmoid()

    def forward(self, x):
        return self.sigmoid(self.features(x))


def training(net, train_x, train_y, iterations=1000, clear=True, lr=0.01):
    """Train the model; after each iteration, hand out how it went."""
    loss_fn = nn.BCELoss()  # step 3, the loss: small when the right class is probable
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)  # step 4, the optimiser
    for iteration in range(iterations):  # step 5, the training
        y_pred = net(train_x)  # forward
        loss = loss_fn(y_pred.squeeze(), train_y)
        loss.backward()  # backward: the slope of the loss for each weight
        optimizer.step()  # a step downhill
        if clear:
            optimizer.zero_grad()  # or the next slopes would be added to these
        yield iteration, loss, accuracy(y_pred, train_y)


def accuracy(y_pred, train_y):
    """The part of the points that are put in their class: 1 if its probability is at least 0.5."""
    mask = y_pred.ge(0.5).float().squeeze()
    return (mask == train_y).sum().item() / train_y.size(0)


def weights(net):
    w0, w1 = net.features.weight[0]
    return float(w0.item()), float(w1.item()), float(net.features.bias[0].item())


def draw(axes, net, train_x, train_y, limits=None):
    """The points, and the line where both classes are equally probable: w0 * x + w1 * y + b = 0."""
    for label, colour in ((0, CLASS_0), (1, CLASS_1)):
        points = train_x[train_y == label].data.numpy()
        dots(axes, points[:, 0], points[:, 1], colour, f"class {label}")
    low, high = limits or (train_x.min().item() - 0.5, train_x.max().item() + 0.5)
    w0, w1, b = weights(net)
    line_x = np.array([low, high])
    line_y = -(w0 * line_x + b) / w1
    axes.plot(line_x, line_y, color=ACCENT)
    # Each side of the line in the colour of its class; class 1 is below it if w1 < 0.
    below, above = (CLASS_1, CLASS_0) if w1 < 0 else (CLASS_0, CLASS_1)
    axes.fill_between(line_x, line_y, low - 99, color=below, alpha=0.08, linewidth=0)
    axes.fill_between(line_x, line_y, high + 99, color=above, alpha=0.08, linewidth=0)
    axes.set(xlim=(low, high), ylim=(low, high), aspect="equal")


def main():
    torch.manual_seed(10)
    train_x, train_y = two_clouds()
    net = LogisticRegression()
    print("data:", train_x.shape, train_y.shape)
    print("model:", net)

    figure, panels = plt.subplots(1, 2, figsize=(9, 4.8))
    for iteration, loss, acc in training(net, train_x, train_y):
        if iteration % 990 == 0:
            w0, w1, b = weights(net)
            said = f"w0: {w0:.2f}  w1: {w1:.2f}  b: {b:.2f}"
            loss_said = "Loss=%.4f" % loss.data.numpy()
            print(f"Iteration: {iteration:3}  {said}  accuracy: {acc:.2%}  {loss_said}")
            axes = panels[iteration // 990]
            draw(axes, net, train_x, train_y)
            axes.set_title(f"Iteration: {iteration}   accuracy: {acc:.2%}\n{said}")
            axes.text(0.97, 0.04, loss_said, ha="right", transform=axes.transAxes)
            if acc > 0.99:
                break
    panels[0].legend(loc="upper left")
    save(figure, "logistic_regression.png")


if __name__ == "__main__":
    main()
