"""Linear regression from scratch, then with the parts of the library that do the same.

House prices drawn from a known rule: what is learnt can be held against it.
"""

import random

import torch
from torch import nn
from torch.utils import data

TRUE_W = torch.tensor([2.0, -3.4])
TRUE_B = 4.2


def drawn(w, b, count):
    """Return `count` rows of two numbers each, and w x + b with a little noise."""
    X = torch.normal(0, 1, (count, len(w)))
    y = X @ w + b
    y += torch.normal(0, 0.01, y.shape)
    return X, y.reshape(-1, 1)


def batches(batch_size, features, labels):
    """Hand out all rows once, in random order, `batch_size` at a time."""
    indices = list(range(len(features)))
    random.shuffle(indices)
    for start in range(0, len(indices), batch_size):
        chosen = torch.tensor(indices[start : start + batch_size])
        yield features[chosen], labels[chosen]


# ------------------------------------------------------------------------------ from scratch


def line(X, w, b):
    return torch.matmul(X, w) + b


def squared_loss(prediction, y):
    return (prediction - y.reshape(prediction.shape)) ** 2 / 2


def sgd(parameters, lr, batch_size):
    """Take a step against the gradient, and clear it."""
    with torch.no_grad():
        for p in parameters:
            p -= lr * p.grad / batch_size
            p.grad.zero_()


def from_scratch(features, labels, epochs=3, lr=0.03, batch_size=10):
    w = torch.normal(0, 0.01, size=(2, 1), requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for epoch in range(epochs):
        for X, y in batches(batch_size, features, labels):
            squared_loss(line(X, w, b), y).sum().backward()
            sgd([w, b], lr, batch_size)
        with torch.no_grad():
            loss = squared_loss(line(features, w, b), labels).mean()
        print(f"epoch {epoch + 1}, loss {float(loss):f}")
    print("error in w:", (TRUE_W - w.reshape(TRUE_W.shape)).detach().abs().max() < 2e-3)
    print("error in b:", (TRUE_B - b).detach().abs() < 2e-3)
    return w, b


# ------------------------------------------------------------------------------ with the library


def with_the_library(features, labels, epochs=3, batch_size=10):
    dataset = data.TensorDataset(features, labels)
    loader = data.DataLoader(dataset, batch_size, shuffle=True)
    net = nn.Sequential(nn.Linear(2, 1))
    net[0].weight.data.normal_(0, 0.01)
    net[0].bias.data.fill_(0)
    loss_fn = nn.MSELoss()
    trainer = torch.optim.SGD(net.parameters(), lr=0.03)
    print(trainer)
    for epoch in range(epochs):
        for X, y in loader:
            loss = loss_fn(net(X), y)
            trainer.zero_grad()
            loss.backward()
            trainer.step()
        loss = loss_fn(net(features), labels)
        print(f"epoch {epoch + 1}, loss {loss:f}")
    return net


def exactly(features, labels):
    """Return what minimises the squares, by the normal equations."""
    X = torch.cat([features, torch.ones(len(features), 1)], dim=1).double()
    return torch.linalg.solve(X.T @ X, X.T @ labels.double()).squeeze()


def main():
    torch.manual_seed(3)
    random.seed(3)
    features, labels = drawn(TRUE_W, TRUE_B, 1000)
    print("the first row:", features[0], labels[0])
    for X, y in batches(4, features, labels):
        print(X, "\n", y)
        break
    w, b = from_scratch(features, labels)
    net = with_the_library(features, labels)
    best = exactly(features, labels)
    learnt = {
        "from scratch": torch.cat([w.flatten(), b]).detach(),
        "by the library": nn.utils.parameters_to_vector(net.parameters()).detach(),
    }
    for name, values in learnt.items():
        distance = (values.double() - best).abs().max()
        print(f"{name}: {[round(v, 2) for v in values.tolist()]}, {distance < 5e-3} to the exact")
    print("exact:", best)
    # What an outlier does, to the mean of squares and to a loss that counts it for less.
    spoilt = labels.clone()
    spoilt[0] += 1000
    for name, loss_fn in (("squares", nn.MSELoss()), ("Huber", nn.HuberLoss())):
        net = nn.Linear(2, 1)
        trainer = torch.optim.SGD(net.parameters(), lr=0.1)
        for _ in range(300):
            trainer.zero_grad()
            loss_fn(net(features), spoilt).backward()
            trainer.step()
        print(f"{name}: w {net.weight.data.flatten()}, b {net.bias.data}")


if __name__ == "__main__":
    main()
