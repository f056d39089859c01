"""A differential equation, fitted: hares and lynx in Canada, 1900 to 1920.

Pelts that the Hudson's Bay Company took in, in thousands (Howard 2009, from Odum 1953), follow
the equations of Lotka and Volterra: hares multiply and are eaten, lynx eat and die. Runge and
Kutta's method is a loop of NumPy, so the gradient of the misfit goes through all of its steps.
"""

import autograd.numpy as np
from autograd import value_and_grad
from scipy.optimize import minimize

HARES = np.array([
    30.0, 47.2, 70.2, 77.4, 36.3, 20.6, 18.1, 21.4, 22.0, 25.4, 27.1,
    40.3, 57.0, 76.6, 52.3, 19.5, 11.2, 7.6, 14.6, 16.2, 24.7,
])  # fmt: skip
LYNX = np.array([
    4.0, 6.1, 9.8, 35.2, 59.4, 41.7, 19.0, 13.0, 8.3, 9.1, 7.4,
    8.0, 12.3, 19.5, 45.7, 51.1, 29.7, 15.8, 9.7, 10.1, 8.6,
])  # fmt: skip
STEPS = 10  # a year


def change(state, rates):
    hares, lynx = state
    births, eaten, deaths, fed = rates
    return np.array([hares * (births - eaten * lynx), lynx * (fed * hares - deaths)])


def next_year(state, rates):
    h = 1 / STEPS
    for _ in range(STEPS):
        a = change(state, rates)
        b = change(state + h / 2 * a, rates)
        c = change(state + h / 2 * b, rates)
        d = change(state + h * c, rates)
        state = state + h / 6 * (a + 2 * b + 2 * c + d)
    return state


def misfit(logarithms):
    """Return the sum of squares of the logarithms of model over pelts."""
    rates, state = np.exp(logarithms[:4]), np.exp(logarithms[4:])
    total = 0.0
    for year in range(len(HARES)):
        if year:
            state = next_year(state, rates)
        total = total + np.sum(np.log(state / np.array([HARES[year], LYNX[year]])) ** 2)
    return total


def main():
    start = np.log(np.array([0.5, 0.025, 0.8, 0.025, 30.0, 4.0]))
    found = minimize(value_and_grad(misfit), start, jac=True, method="BFGS", options={"gtol": 1e-5})
    births, eaten, deaths, fed, hares, lynx = np.exp(found.x)
    print(f"misfit {misfit(start):.3f} at the start, {found.fun:.3f} at the end")
    print(f"hares: {births:.3f} births a hare, {eaten:.4f} of them eaten by each thousand lynx")
    print(f"lynx: {deaths:.3f} deaths a lynx, {fed:.4f} young for each thousand hares")
    print(f"in 1900: {hares:.1f} thousand hares, {lynx:.1f} thousand lynx")


if __name__ == "__main__":
    main()
