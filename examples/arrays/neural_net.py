"""A neural net tells three species of penguins apart by four measures.

The net is a function of a list of weights and biases, the gradient is such a list, too, and Adam
goes downhill on small batches, as in every such program.
"""

import csv
from itertools import pairwise
from pathlib import Path

import autograd.numpy as np
from autograd import grad
from autograd.misc.optimizers import adam

TABLE = Path(__file__).resolve().parents[1] / "data" / "penguins.csv"
MEASURES = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
BATCH, HELD_OUT = 32, 82


def read():
    """Return the measures, in standard deviations from their mean, and the species as 0, 1, 2."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["bill_length_mm"] != "NA"]
    x = np.array([[float(row[name]) for name in MEASURES] for row in rows])
    species = sorted({row["species"] for row in rows})
    y = np.array([species.index(row["species"]) for row in rows])
    order = np.random.RandomState(0).permutation(len(rows))
    return ((x - x.mean(axis=0)) / x.std(axis=0))[order], y[order], species


def start(widths, rng):
    """Return a weight matrix and a bias for each layer."""
    return [(rng.randn(m, n) / np.sqrt(m), np.zeros(n)) for m, n in pairwise(widths)]


def scores(layers, x):
    """Return a score for every row and species: the logarithm of its probability."""
    for weights, bias in layers[:-1]:
        x = np.tanh(x @ weights + bias)
    weights, bias = layers[-1]
    x = x @ weights + bias
    return x - np.log(np.sum(np.exp(x - 8), axis=1, keepdims=True)) - 8


def loss(layers, x, y):
    penalty = sum(np.sum(weights**2) for weights, _ in layers)
    return -np.mean(scores(layers, x)[np.arange(len(y)), y]) + 1e-3 * penalty


def accuracy(layers, x, y):
    return np.mean(np.argmax(scores(layers, x), axis=1) == y)


def main():
    x, y, species = read()
    learn, test = slice(HELD_OUT, None), slice(HELD_OUT)
    x_learn, y_learn = x[learn], y[learn]
    batches = len(y_learn) // BATCH

    def loss_of_batch(layers, step):
        at = step % batches * BATCH
        return loss(layers, x_learn[at : at + BATCH], y_learn[at : at + BATCH])

    def tell(layers, step, g):
        if step % 100 == 0:
            print(f"step {step:3}   loss {loss(layers, x_learn, y_learn):.4f}")

    print(f"{len(y_learn)} penguins to learn from, {HELD_OUT} held out: {', '.join(species)}")
    layers = start([4, 16, 16, 3], np.random.RandomState(1))
    layers = adam(grad(loss_of_batch), layers, callback=tell, num_iters=401, step_size=0.01)
    print(f"right of those held out: {accuracy(layers, x[test], y[test]):.3f}")


if __name__ == "__main__":
    main()
