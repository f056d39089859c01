"""Linear algebra. The pairing is Re(sum(g * t)).

Transposes, no conjugates, until a decomposition brings its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule._core.batching import aligned
from chainrule._core.stating import pulled


def eigh_pull(g: Any, y: Any, UPLO: str = "L") -> Any:
    """Magnus (1985), "On differentiating eigenvalues and eigenvectors".

    Equal eigenvalues turn freely: no change through them. That is right at first order for what
    does not depend on the basis; a second derivative there lacks the part of their turning.

    What is pulled to the matrix is Hermitian, as if both triangles had been read.
    """
    w, v = y
    gaps = w[..., None, :] - w[..., :, None]
    turning = np.where(gaps == 0, 0, 1 / np.where(gaps == 0, 1, gaps))
    inner = (v.mT @ g.eigenvectors) * turning + g.eigenvalues[..., None, :] * np.eye(
        np.shape(w)[-1], dtype=w.dtype
    )
    h = np.conj(v) @ inner @ v.mT
    return (h + np.conj(h.mT)) / 2


pulled(np.linalg.eigh, eigh_pull, batched=aligned, several=True)
