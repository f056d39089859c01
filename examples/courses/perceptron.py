"""A multilayer perceptron on a medical table: dropout, normalisation, a schedule, early stopping.

The network is to tell malignant from benign tumours by thirty measurements. What keeps it from
learning the rows by heart is compared: nothing, dropout, weight decay.
"""

import copy
import csv
from pathlib import Path

import torch
import torch.nn as nn
import torch.optim as optim
from torch.optim.lr_scheduler import CosineAnnealingLR, ReduceLROnPlateau, StepLR
from torch.utils.data import DataLoader, TensorDataset

TABLE = Path(__file__).parents[1] / "data" / "breast_cancer.csv"


def read(path):
    """Return the measurements, and 1 for malignant."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name != "diagnosis"]
    X = torch.tensor([[float(row[name]) for name in names] for row in rows], dtype=torch.float64)
    y = torch.tensor([float(row["diagnosis"] == "malignant") for row in rows], dtype=torch.float64)
    return X, y


def split(X, y, part=0.75):
    order = torch.randperm(len(X))
    count = int(part * len(X))
    learnt, tested = order[:count], order[count:]
    mean, std = X[learnt].mean(dim=0), X[learnt].std(dim=0)
    X = (X - mean) / std
    return TensorDataset(X[learnt], y[learnt]), TensorDataset(X[tested], y[tested])


class Perceptron(nn.Module):
    def __init__(self, inputs, hidden, p=0.0, normalised=False):
        super().__init__()
        layers = []
        for width in hidden:
            layers.append(nn.Linear(inputs, width))
            if normalised:
                layers.append(nn.BatchNorm1d(width))
            layers += [nn.ReLU(), nn.Dropout(p)]
            inputs = width
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(inputs, 1)
        self.apply(self.start)

    @staticmethod
    def start(module):
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)

    def forward(self, x):
        return self.head(self.body(x)).squeeze(1)


@torch.no_grad()
def evaluate(net, dataset, loss_fn):
    net.eval()
    X, y = dataset.tensors
    scores = net(X)
    return loss_fn(scores, y).item(), ((scores > 0) == y.bool()).double().mean().item()


def train(net, learnt, tested, optimizer, scheduler=None, epochs=20, patience=6):
    """Train until the loss on the tested rows has not fallen `patience` times; keep the best."""
    loss_fn = nn.BCEWithLogitsLoss()
    loader = DataLoader(learnt, batch_size=32, shuffle=True, drop_last=True)
    best, best_state, waited = float("inf"), None, 0
    for epoch in range(epochs):
        net.train()
        for X, y in loader:
            optimizer.zero_grad()
            loss = loss_fn(net(X), y)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), max_norm=5.0)
            optimizer.step()
        loss, accuracy = evaluate(net, tested, loss_fn)
        if isinstance(scheduler, ReduceLROnPlateau):
            scheduler.step(loss)
        elif scheduler is not None:
            scheduler.step()
        rate = optimizer.param_groups[0]["lr"]
        if epoch % 4 == 0:
            print(
                f"  epoch {epoch:2}: test loss {loss:.4f}, accuracy {accuracy:.4f}, rate {rate:.5f}"
            )
        if loss < best:
            best, best_state, waited = loss, copy.deepcopy(net.state_dict()), 0
        else:
            waited += 1
            if waited == patience:
                print(f"  stopped early, after epoch {epoch}")
                break
    net.load_state_dict(best_state)
    return evaluate(net, learnt, loss_fn), evaluate(net, tested, loss_fn)


def main():
    torch.manual_seed(1)
    torch.set_default_dtype(torch.float64)
    X, y = read(TABLE)
    print(f"{tuple(X.shape)} measurements, {int(y.sum())} malignant of {len(y)}")
    learnt, tested = split(X, y)
    settings = {
        "nothing": ({}, {}),
        "dropout": ({"p": 0.5}, {}),
        "weight decay": ({}, {"weight_decay": 0.05}),
        "normalised, with dropout": ({"p": 0.3, "normalised": True}, {}),
    }
    for name, (of_net, of_optimizer) in settings.items():
        net = Perceptron(X.shape[1], (32, 16), **of_net)
        optimizer = optim.AdamW(net.parameters(), lr=0.01, **of_optimizer)
        print(f"{name}:")
        found = train(net, learnt, tested, optimizer, CosineAnnealingLR(optimizer, T_max=20))
        print("  learnt {:.4f} {:.4f}, tested {:.4f} {:.4f}".format(*found[0], *found[1]))

    print(net)
    print({name: tuple(v.shape) for name, v in net.state_dict().items() if "running" in name})
    for name, scheduled in (
        ("steps", lambda optimizer: StepLR(optimizer, step_size=5, gamma=0.3)),
        ("plateaus", lambda optimizer: ReduceLROnPlateau(optimizer, factor=0.2, patience=1)),
    ):
        net = Perceptron(X.shape[1], (16,), p=0.2)
        groups = [
            {"params": net.body.parameters(), "lr": 0.02},
            {"params": net.head.parameters(), "weight_decay": 0.0},
        ]
        optimizer = optim.SGD(groups, lr=0.05, momentum=0.9, nesterov=True, weight_decay=1e-3)
        print(f"the rate falls by {name}:")
        found = train(net, learnt, tested, optimizer, scheduled(optimizer), epochs=16)
        print("  learnt {:.4f} {:.4f}, tested {:.4f} {:.4f}".format(*found[0], *found[1]))
    net.train()
    outputs = torch.stack([net(X[:1]) for _ in range(200)])
    print(f"dropout left on, an answer spreads: {outputs.std().item() > 0.05}")


if __name__ == "__main__":
    main()
