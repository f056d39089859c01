"""The MT19937 behind a stream, seeded as PyTorch seeds it.

A file of its own, imported at the first draw: numpy.random is no part of `import numpy`.
"""

from __future__ import annotations

from typing import Any, cast

from numpy.random import MT19937, RandomState
from numpy.random.bit_generator import ISeedSequence

__all__ = ["mersenne"]


class _Nothing(ISeedSequence):
    """A seed of no thought: NumPy's own takes thirty times as long, and is then overwritten."""

    def generate_state(self, n_words: int, dtype: Any = None) -> Any:
        return [0] * n_words


def mersenne(seed: int) -> MT19937:
    """Return the engine that the classic initialisation of 2002 makes of the low 32 bits of `seed`.

    >>> mersenne(5489).random_raw(2)  # the seed and the first words of the published program
    array([3499211612,  581869302], dtype=uint64)
    """
    engine = MT19937(cast(Any, _Nothing()))
    RandomState(engine).seed(seed % 2**32)
    return engine
