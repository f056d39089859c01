"""Where the rules of padding are checked: every mode, narrower and wider than the array."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.checking import Call

from .arrays import CUBE, C, M, V

WIDE = ((2, 3), (9, 0))
WIDTHS = [((1, 2), (0, 3)), WIDE]
OTHERS: dict[Any, list[Any]] = {
    np.pad: [
        Call(M, 2),
        Call(V, (1, 2)),
        Call(M, [[1], [2]]),
        Call(CUBE, pad_width=((0, 1), (2, 0), (1, 1)), mode="constant"),
        Call(M, WIDE, constant_values=2.5),
        Call(M, WIDE, "constant", constant_values=np.array([[1.5, 2.0], [0.5, -1.0]])),
        Call(M, 1, constant_values=np.array([0.5, 1.5])),
        Call(M, WIDE, mode="linear_ramp"),
        Call(M, WIDE, mode="linear_ramp", end_values=np.array([0.5, 1.5])),
        Call(C, 2, mode="linear_ramp", end_values=0.5),
        *(Call(M, width, mode=mode) for mode in ("edge", "wrap") for width in WIDTHS),
        *(
            Call(M, width, mode=mode, reflect_type=how)
            for mode in ("reflect", "symmetric")
            for how in ("even", "odd")
            for width in WIDTHS
        ),
        Call(M[:1], 3, mode="reflect", reflect_type="odd"),
        Call(M[:1], 3, mode="symmetric", reflect_type="odd"),
        *(
            Call(M, WIDE, mode=mode, stat_length=length)
            for mode in ("maximum", "mean", "median", "minimum")
            for length in (None, 2, ((1, 2), (3, 9)))
        ),
    ],
}
