"""A classifier of handwritten digits: a data set, a loader, a network, a training, an evaluation.

The table holds 1,797 pictures of 8 by 8 pixels and the digit that somebody wrote.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset, random_split

TABLE = Path(__file__).parents[1] / "data" / "digits.csv.gz"


class Digits(Dataset):
    """The rows of the table: a picture of shape (1, 8, 8), from 0 to 1, and its digit."""

    def __init__(self, path, transform=None):
        table = np.loadtxt(path, delimiter=",", skiprows=1)
        self.pictures = torch.tensor(table[:, :-1] / 16, dtype=torch.float32).reshape(-1, 1, 8, 8)
        self.digits = torch.tensor(table[:, -1], dtype=torch.int64)
        self.transform = transform

    def __len__(self):
        return len(self.digits)

    def __getitem__(self, index):
        picture, digit = self.pictures[index], self.digits[index]
        return (self.transform(picture) if self.transform else picture), digit


class Network(nn.Module):
    """Two hidden layers; what comes out are ten scores, the highest of which is the answer."""

    def __init__(self, hidden=(64, 32), classes=10):
        super().__init__()
        self.flatten = nn.Flatten()
        self.layers = nn.Sequential(
            nn.Linear(8 * 8, hidden[0]),
            nn.ReLU(),
            nn.Linear(hidden[0], hidden[1]),
            nn.ReLU(),
            nn.Linear(hidden[1], classes),
        )

    def forward(self, x):
        return self.layers(self.flatten(x))


def train(loader, model, loss_fn, optimizer):
    """Go once through the data; return the mean loss on the way."""
    model.train()
    total = 0.0
    for pictures, digits in loader:
        loss = loss_fn(model(pictures), digits)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(digits)
    return total / len(loader.dataset)


def evaluate(loader, model, loss_fn):
    """Return the mean loss and the share of right answers."""
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for pictures, digits in loader:
            scores = model(pictures)
            total += loss_fn(scores, digits).item() * len(digits)
            right += (scores.argmax(dim=1) == digits).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)


def confusion(model, data, classes=10):
    """Return a table: how often the digit of the row was taken for that of the column."""
    pictures = torch.stack([picture for picture, _ in data])
    digits = torch.stack([digit for _, digit in data])
    with torch.no_grad():
        answers = model(pictures).argmax(1)
    table = torch.zeros(classes, classes, dtype=torch.int64)
    table.index_put_((digits, answers), torch.ones_like(digits), accumulate=True)
    return table


def drawn(picture):
    """Return a picture as eight lines of text."""
    shades = " .:-=+*#%@"
    rows = (picture.squeeze(0) * (len(shades) - 1)).round().long().tolist()
    return "\n".join("".join(shades[v] * 2 for v in row) for row in rows)


def main():
    torch.manual_seed(0)
    data = Digits(TABLE)
    picture, digit = data[5]
    print(f"{len(data)} pictures of shape {tuple(picture.shape)}; number 5 shows a {digit.item()}:")
    print(drawn(picture))
    learnt, tested = random_split(data, [1500, len(data) - 1500])
    loader = DataLoader(learnt, batch_size=50, shuffle=True)
    test_loader = DataLoader(tested, batch_size=99)
    for pictures, digits in test_loader:
        print("a batch:", pictures.shape, pictures.dtype, digits.shape, digits.dtype)
        print("its first digits:", digits[:12].tolist())
        break

    model, loss_fn = Network(), nn.CrossEntropyLoss()
    print(model)
    numbers = sum(p.numel() for p in model.parameters() if p.requires_grad)
    print(numbers, "parameters;", f"untrained loss {evaluate(test_loader, model, loss_fn)[0]:.3f}")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(8):
        loss = train(loader, model, loss_fn, optimizer)
        test_loss, accuracy = evaluate(test_loader, model, loss_fn)
        print(
            f"epoch {epoch + 1}: loss {loss:.2f}, on the test {test_loss:.2f}, {accuracy:.1%} right"
        )

    model.eval()
    table = confusion(model, tested)
    print("rows: the digit; columns: the answer")
    print(table)
    share = table.diagonal() / table.sum(1)
    print("hardest:", share.argmin().item(), "easiest:", share.argmax().item())
    fours = Subset(data, [k for k in range(200) if data.digits[k] == 4])
    with torch.no_grad():
        scores = model(next(iter(DataLoader(fours, batch_size=5)))[0])
    print("how sure it is of five fours:", F.softmax(scores, dim=1)[:, 4].round(decimals=2))


if __name__ == "__main__":
    main()
