"""Where the rules of SciPy's special functions are checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special as special

from chainrule._core.table import known
from chainrule.checking import Call

from .arrays import PROBABLE, B, M, P, Q, U, away

known(special.expit)

from chainrule._rules.error_functions import excess, hazard  # noqa: E402
from chainrule._rules.incomplete import beta_moment, gamma_moment  # noqa: E402

BETWEEN = away((3, 4), 1.1, 3.0)
LEFT = np.array([-0.4, -1.3, -2.7])

UNARY: dict[Any, list[Any]] = {
    special.expit: [M, 30.0, -30.0],
    special.logit: [away((3, 4), 0.1, 0.9)],
    special.log_expit: [M, -800.0],
    special.expm1: [M],
    special.log1p: [P],
    special.exp2: [M],
    special.exp10: [U],
    special.cbrt: [M],
    special.cosm1: [M],
    special.exprel: [M, 0.0],
    special.expi: [P],
    special.exp1: [P],
    special.entr: [P],
    special.erf: [M],
    special.erfc: [M],
    special.erfcx: [M, 5.0],
    special.erfi: [U],
    special.erfinv: [U],
    special.erfcinv: [PROBABLE],
    special.ndtr: [M],
    special.log_ndtr: [M, -9.0],
    special.ndtri: [PROBABLE],
    hazard: [M, -9.0],
    excess: [M, -9.0],
    special.gamma: [P, LEFT],
    special.gammaln: [P],
    special.loggamma: [P],
    special.rgamma: [P, LEFT, 0.0, np.array([-1.0, -2.0])],
    special.psi: [P, LEFT],
    special.j0: [M],
    special.j1: [M],
    special.i0: [M],
    special.i1: [M],
    special.y0: [P],
    special.y1: [P],
    special.k0: [P],
    special.k1: [P],
    special.i0e: [M],
    special.i1e: [M],
    special.k0e: [P],
    special.k1e: [P],
}

BINARY: dict[Any, list[Any]] = {
    special.xlogy: [(M, P)],
    special.xlog1py: [(M, P)],
    special.rel_entr: [(P, P[::-1] * 1.1)],
    special.kl_div: [(P, P[::-1] * 1.1)],
    special.huber: [(P, M * 3)],
    special.pseudo_huber: [(P, M * 3)],
    special.boxcox: [(P, U), (P, 0.0)],
    special.boxcox1p: [(P, U), (P, 0.0)],
    special.inv_boxcox: [(U, P)],
    special.inv_boxcox1p: [(U, P)],
    special.beta: [(P, Q)],
    special.betaln: [(P, Q)],
    special.poch: [(P, Q)],
    special.binom: [(P + 2, Q)],
    special.chdtr: [(P, Q)],
    special.chdtrc: [(P, Q)],
    special.stdtr: [(P, M), (2.5, -40.0)],
    special.gammainc: [(P, Q), (BETWEEN * 9, Q * 12)],
    special.gammaincc: [(P, Q)],
    special.gammaincinv: [(P, PROBABLE)],
    special.gammainccinv: [(P, PROBABLE)],
}

OTHERS: dict[Any, list[Any]] = {
    special.hyp1f1: [(2, 3, M), (1, 4, P)],
    special.jv: [(0, P), (2, P), (-1, P)],
    special.yv: [(0, P), (2, P)],
    special.yn: [(0, P), (2, P)],
    special.iv: [(0, P), (2, P)],
    special.kv: [(0, P), (2, P)],
    special.kn: [(0, P), (2, P)],
    special.ive: [(0, M), (2, M)],
    special.kve: [(0, P), (2, P)],
    special.polygamma: [(0, P), (1, P), (2, LEFT), ([1, 2, 3, 1], Q)],
    special.zeta: [(2, P), (3, Q)],
    special.multigammaln: [(P + 1.5, 1), Call(P + 1.5, d=3), (2.5, 4)],
    special.betainc: [(P, Q, PROBABLE), (P * 9, Q * 12, PROBABLE[0]), (2.5, 0.7, 0.9)],
    special.gdtr: [(P, Q, P)],
    special.gdtrc: [(P, Q, P)],
    special.fdtr: [(P, Q, P)],
    special.fdtrc: [(P, Q, P)],
    gamma_moment: [Call(P, Q, k=1), Call(BETWEEN, 1.5, k=1)],
    beta_moment: [Call(P, Q, PROBABLE, j=1, k=0), Call(P, Q, PROBABLE, j=0, k=1)],
    special.logsumexp: [
        M,
        Call(M, axis=0),
        Call(M, axis=(0, 1)),
        Call(M, axis=1, keepdims=True),
        Call(M, b=P),
        Call(M, axis=1, b=B),
        Call(M, return_sign=False),
        np.array([0.0, -np.inf, 800.0]),
    ],
    special.softmax: [M, Call(M, axis=0), Call(M, axis=(0, 1))],
    special.log_softmax: [M, Call(M, axis=0), Call(M, axis=(0, 1))],
}
if hasattr(special, "betaincc"):
    OTHERS[special.betaincc] = [(P, Q, PROBABLE)]

CONSTANT: dict[Any, list[Any]] = {special.gammasgn: [P, LEFT]}
