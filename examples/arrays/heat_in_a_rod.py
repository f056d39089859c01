"""What is a rod made of? Its conductivity, found from temperatures that were measured along it.

A rod of four materials is heated evenly and held at 0 degrees at both ends. In its steady state
-(k u')' = q: the temperatures u solve a system with three diagonals, which come from the
conductivities k. `tridiagonal.py` solves it by SciPy and says how its solution changes. So the
misfit to the measurements has a gradient, and the logarithms of the four conductivities are
fitted by it.
"""

import autograd.numpy as np
import autograd.numpy.random as npr
from autograd import grad, hessian, jacobian, make_jvp, value_and_grad
from autograd.test_util import check_grads
from scipy.optimize import minimize
from tridiagonal import solve_tridiagonal

CELLS = 60
TRUE = np.array([1.0, 0.3, 2.5, 0.8])
NOISE = 0.002


def temperatures(log_k):
    """Temperatures between the cells, of a rod whose quarters have these conductivities."""
    k = np.repeat(np.exp(log_k), CELLS // len(log_k)) * CELLS**2
    heating = np.ones(CELLS - 1)
    return solve_tridiagonal(-k[1:-1], k[:-1] + k[1:], -k[1:-1], heating)


def misfit(log_k, measured):
    return 0.5 * np.sum(((temperatures(log_k) - measured) / NOISE) ** 2)


def main():
    npr.seed(0)
    measured = temperatures(np.log(TRUE)) + NOISE * npr.randn(CELLS - 1)
    start = np.zeros(len(TRUE))

    check_grads(temperatures, modes=["fwd", "rev"], order=2)(start)
    print("derivatives of the temperatures agree with differences, in both modes and orders")

    slope = grad(misfit)(start, measured)
    print("gradient of the misfit at the start: ", np.array2string(slope, precision=3))

    rows = jacobian(temperatures)(start)  # row by row, backward
    ahead = make_jvp(temperatures)(start)(TRUE)[1]  # in one direction, forward
    print("forward and backward agree:          ", np.allclose(rows @ TRUE, ahead))

    fit = minimize(value_and_grad(misfit), start, args=(measured,), jac=True, method="BFGS")
    error = np.sqrt(np.diag(np.linalg.inv(hessian(misfit)(fit.x, measured))))
    print(f"misfit: {misfit(start, measured):.1f} at the start, {fit.fun:.2f} at the end")
    print("conductivity     true    found   standard error")
    for i, k in enumerate(TRUE):
        found = np.exp(fit.x[i])
        print(f"  quarter {i + 1}    {k:7.3f}  {found:7.3f}  {found * error[i]:7.3f}")


if __name__ == "__main__":
    main()
