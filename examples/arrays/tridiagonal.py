"""Linear systems with three diagonals, solved by SciPy, with derivatives for `autograd`.

A module as packages for `autograd` have them: a compiled function that nothing can record is made a
primitive, and both its derivatives are stated by `autograd.extend`.
"""

import autograd.numpy as np
from autograd.extend import defjvp, defvjp_argnums, primitive
from scipy.linalg import solve_banded


@primitive
def solve_tridiagonal(lower, diagonal, upper, b):
    """Return the x with A x = b, for the matrix A with these three diagonals.

    In row i stand lower[i - 1], diagonal[i] and upper[i].
    """
    bands = np.zeros((3, len(diagonal)))
    bands[0, 1:] = upper
    bands[1] = diagonal
    bands[2, :-1] = lower
    return solve_banded((1, 1), bands, b)


def pull_back(argnums, ans, args, kwargs):
    """With A^T y = g: y for b, and -y[i] x[j] for the number in row i and column j.

    One system serves all arguments.
    """
    lower, diagonal, upper, _ = args

    def pull(g):
        y = solve_tridiagonal(upper, diagonal, lower, g)
        changes = (-y[1:] * ans[:-1], -y * ans, -y[:-1] * ans[1:], y)
        return [changes[i] for i in argnums]

    return pull


def push_lower(t, ans, lower, diagonal, upper, b):
    moved = np.concatenate([np.zeros(1), t * ans[:-1]])
    return -solve_tridiagonal(lower, diagonal, upper, moved)


def push_diagonal(t, ans, lower, diagonal, upper, b):
    return -solve_tridiagonal(lower, diagonal, upper, t * ans)


def push_upper(t, ans, lower, diagonal, upper, b):
    moved = np.concatenate([t * ans[1:], np.zeros(1)])
    return -solve_tridiagonal(lower, diagonal, upper, moved)


def push_right_side(t, ans, lower, diagonal, upper, b):
    return solve_tridiagonal(lower, diagonal, upper, t)


defvjp_argnums(solve_tridiagonal, pull_back)
defjvp(solve_tridiagonal, push_lower, push_diagonal, push_upper, push_right_side)
