"""Where the densities of distributions are checked."""

from __future__ import annotations

from typing import Any

from chainrule._rules.probabilities import (
    beta_logpdf,
    beta_pdf,
    dirichlet_logpdf,
    gamma_logpdf,
    gamma_pdf,
    normal_logpdf,
    poisson_logpmf,
    poisson_pmf,
    precision,
    t_logpdf,
    t_pdf,
)

from .arrays import PROBABLE, M, P, Q

BINARY: dict[Any, list[Any]] = {
    gamma_pdf: [(P, Q), (M, 2.5)],
    gamma_logpdf: [(P, Q)],
    t_pdf: [(M, P)],
    t_logpdf: [(M, P)],
}
OTHERS: dict[Any, list[Any]] = {
    beta_pdf: [(PROBABLE, P, Q), (0.5, 2.5, 1.5)],
    beta_logpdf: [(PROBABLE, P, Q), (0.5, 2.5, 1.5)],
    poisson_pmf: [(3, P), ([0, 1, 2, 5], Q)],
    poisson_logpmf: [(3, P), ([0, 1, 2, 5], Q)],
}
ELSEWHERE: dict[Any, str] = {
    dirichlet_logpdf: "shares that sum to 1: tests/scipy/test_stats.py",
    precision: "symmetric matrices: tests/scipy/test_stats.py",
    normal_logpdf: "symmetric matrices: tests/scipy/test_stats.py",
}
