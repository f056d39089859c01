"""A mixture of three Gaussians, fitted to penguins whose species nobody tells it.

The likelihood of a mixture is climbed by its gradient alone, with SciPy's BFGS. Weights and
covariances are free to move because they are written in numbers without bounds: scores, and the
lower triangle L of a covariance's inverse L L'.
"""

import csv
from pathlib import Path

import autograd.numpy as np
from autograd import value_and_grad
from autograd.misc import flatten
from autograd.scipy.special import logsumexp
from scipy.optimize import minimize

TABLE = Path(__file__).resolve().parents[1] / "data" / "penguins.csv"
MEASURES = ["bill_length_mm", "flipper_length_mm"]
GROUPS = 3


def read():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["bill_length_mm"] != "NA"]
    x = np.array([[float(row[name]) for name in MEASURES] for row in rows])
    return (x - x.mean(axis=0)) / x.std(axis=0), [row["species"] for row in rows]


def log_densities(mixture, x):
    """Return, for every row and group, the logarithm of the group's weight and density there."""
    weights = mixture["scores"] - logsumexp(mixture["scores"])
    columns = []
    for k in range(GROUPS):
        a, b, c = mixture["inverse roots"][k]
        away = x - mixture["means"][k]
        u = np.exp(a) * away[:, 0] + b * away[:, 1]
        v = np.exp(c) * away[:, 1]
        columns.append(weights[k] + a + c - np.log(2 * np.pi) - (u**2 + v**2) / 2)
    return np.stack(columns, axis=1)


def main():
    x, species = read()
    start = {
        "scores": np.zeros(GROUPS),
        "means": np.array([[-1.0, -1.0], [1.0, 0.0], [0.5, 1.5]]),
        "inverse roots": np.zeros((GROUPS, 3)),
    }
    flat, put_back = flatten(start)

    def loss(flat):
        return -np.mean(logsumexp(log_densities(put_back(flat), x), axis=1))

    print(f"{len(x)} penguins; log-likelihood a penguin at the start {-loss(flat):.4f}")
    found = minimize(value_and_grad(loss), flat, jac=True, method="BFGS", options={"gtol": 1e-6})
    mixture = put_back(found.x)
    print(f"at the end {-found.fun:.4f}")
    weights = np.exp(mixture["scores"] - logsumexp(mixture["scores"]))
    group = np.argmax(log_densities(mixture, x), axis=1)
    for k in range(GROUPS):
        mine = [name for name, of in zip(species, group, strict=True) if of == k]
        most = max(sorted(set(mine)), key=mine.count)
        print(
            f"group {k}: weight {weights[k]:.3f}, mean {mixture['means'][k].round(3)}, "
            f"{mine.count(most)} of its {len(mine)} are {most}"
        )


if __name__ == "__main__":
    main()
