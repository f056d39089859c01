"""Bayesian regression: how much heavier is a penguin whose flipper is longer, and how sure is that?

The posterior of the coefficients is approached by a Gaussian: its mean and its spreads climb the
evidence lower bound, which random draws estimate, with Adam. For this model the posterior is
known, so it can be seen how good the approximation is. Method: Kingma and Welling (2014),
Auto-encoding variational Bayes, section 2.4.
"""

import csv
from pathlib import Path

import autograd.numpy as np
from autograd import grad
from autograd.misc.optimizers import adam

TABLE = Path(__file__).resolve().parents[1] / "data" / "penguins.csv"
MEASURES = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]
PRIOR, DRAWS = 10.0, 20  # standard deviation of the prior, in those of the mass; draws a step


def read():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["bill_length_mm"] != "NA"]
    x = np.array([[float(row[name]) for name in MEASURES] for row in rows])
    mass = np.array([float(row["body_mass_g"]) for row in rows])
    x, mass = (x - x.mean(axis=0)) / x.std(axis=0), (mass - mass.mean()) / mass.std()
    return np.concatenate([np.ones((len(x), 1)), x], axis=1), mass


def exactly(x, y, noise):
    """Return the mean and the standard deviations of the posterior, by algebra."""
    precision = x.T @ x / noise**2 + np.eye(x.shape[1]) / PRIOR**2
    return np.linalg.solve(precision, x.T @ y) / noise**2, 1 / np.sqrt(np.diag(precision))


def main():
    x, y = read()
    least_squares = np.linalg.lstsq(x, y, rcond=None)[0]
    noise = np.std(y - x @ least_squares)
    rng = np.random.RandomState(2)

    def minus_bound(parameters, step):
        mean, log_spread = parameters
        w = mean + np.exp(log_spread) * rng.randn(DRAWS, len(mean))
        misfit = np.sum((y - w @ x.T) ** 2, axis=1) / (2 * noise**2)
        prior = np.sum(w**2, axis=1) / (2 * PRIOR**2)
        return np.mean(misfit + prior) - np.sum(log_spread)

    start = (np.zeros(4), np.full(4, -3.0))
    mean, log_spread = adam(grad(minus_bound), start, num_iters=1500, step_size=0.01)
    known_mean, known_spread = exactly(x, y, noise)
    print("standard deviations of mass for one of      found            known")
    for k, name in enumerate(["(nothing)", *MEASURES]):
        print(
            f"{name:36}{mean[k]:8.2f} +- {np.exp(log_spread[k]):.2f}"
            f"{known_mean[k]:8.2f} +- {known_spread[k]:.2f}"
        )


if __name__ == "__main__":
    main()
