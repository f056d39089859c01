"""Where convolutions along any axes are checked, and what else SciPy's modules have rules for."""

from __future__ import annotations

from typing import Any

import scipy.signal as signal

from chainrule._core.table import known
from chainrule.checking import Call

from .arrays import CUBE, M, N, V, mixed

known(signal.convolve)

from chainrule._rules.signal import convolve_stacks  # noqa: E402
from chainrule.scipy.flow import solution  # noqa: E402

KERNEL, EVEN = mixed(2, 3), mixed(2, 4)
IMAGES, KERNELS, ROWS = mixed(2, 2, 4, 3), mixed(3, 2, 2, 3), mixed(3, 2, 2, 2)

OTHERS: dict[Any, list[Any]] = {
    signal.convolve: [
        (M, KERNEL),
        (KERNEL, M),
        (V, N[0]),
        (M, KERNEL, "valid"),
        (KERNEL, M, "valid"),
        (M, KERNEL, "same"),
        (KERNEL, M, "same"),
        (M, EVEN, "same"),
        (CUBE, CUBE[:1, :2, :3], "same"),
        (0.5, 2.0),
        (M + 0.5j, KERNEL - 0.2j),
        Call(M, KERNEL, mode="full", method="direct"),
        Call(M, KERNEL, mode="same", method="fft"),
    ],
    signal.correlate: [
        (M, KERNEL),
        (M, KERNEL, "valid"),
        (KERNEL, M, "valid"),
        (M, EVEN, "same"),
        (M + 0.5j, KERNEL - 0.2j),
        Call(M, KERNEL, mode="same", method="direct"),
    ],
    signal.fftconvolve: [(M, KERNEL), (KERNEL, M, "valid"), Call(M, EVEN, mode="same")],
    convolve_stacks: [
        (IMAGES, KERNELS, "full"),
        (IMAGES, KERNELS, "valid"),
        (KERNELS, IMAGES, "valid"),
        (IMAGES, KERNELS, "same"),
        (KERNELS, IMAGES, "same"),
        (IMAGES, ROWS, "same"),
        (mixed(2, 3), mixed(4, 3), "full"),
        Call(IMAGES, ROWS, mode="full"),
    ],
}
ELSEWHERE: dict[Any, str] = {solution: "differential equations: tests/scipy/test_integrate.py"}
