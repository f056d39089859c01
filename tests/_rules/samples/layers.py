"""Where the rules of a network's layers are checked: normalising, looking up rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._rules.embedding import looked_up, put_down
from chainrule._rules.normalizing import Known, in_own_units, normalized, standardized
from chainrule.checking import Call

from .arrays import CUBE, M, V

ROWS = np.array([[2, 0], [2, 2]])
IN_UNITS, MEAN, _, PER = in_own_units(M, (0,), 1)
KNOWN = Known(M, MEAN, PER, IN_UNITS)
GIVEN = Known(None, V / 2, V * V + 1)
CHANNELS = V[:3].reshape(1, 3, 1) ** 2 + 0.5

OTHERS: dict[Any, list[Any]] = {
    normalized: [
        Call(M, V, 2 * V, (1,), (4,), 1, (3, 4)),
        Call(M, None, None, axes=(0,), laid=(4,), eps=1, parted=(3, 4), known=KNOWN),
        Call(CUBE, V[:3], V[1:], (0, 2), (3, 1), 2, CUBE.shape),
        Call(M, V, None, (1,), (2, 2), 1, (3, 2, 2)),
    ],
    standardized: [
        Call(M, V, 2 * V, laid=(4,), known=GIVEN),
        Call(CUBE, V[:3], V[1:], (3, 1), Known(None, CHANNELS, CHANNELS**2)),
        Call(M, None, None, laid=(4,), known=GIVEN),
    ],
    # where the row that gets no gradient is not named, and no row is named twice
    looked_up: [
        Call(M, ROWS),
        Call(M, ROWS, padding_idx=1),
        Call(M, np.array([2, 0]), -1, by_frequency=True),
    ],
    put_down: [Call(CUBE[:, :2], ROWS, shape=(5, 4))],
}
