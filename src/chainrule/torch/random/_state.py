"""The state of a generator as bytes, in PyTorch's own layout: one can read what the other wrote.

8 bytes of seed; how many words are left before the engine turns, and which comes next; its 624
words of 8 bytes each; the second normal of a pair that waits for the next call.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from .._calls import title_of
from .._tensor import Tensor, made

__all__ = ["SIZE", "bytes_of", "checked_state", "engine_of"]

SIZE = 5056
WORDS = 624
HEAD, TAIL = "<QiiQ", "<dddiifi"


def bytes_of(seed: int, engine: Any, kept: float | None) -> Tensor:
    """Return a state: `engine` is that of NumPy, `kept` the normal that waits, if one does."""
    inner = engine.state["state"]
    place = int(inner["pos"])
    following = 0 if place == WORDS and inner["key"][0] == seed % 2**32 else place
    head = struct.pack(HEAD, seed, WORDS + 1 - place, 1, following)
    words = inner["key"].astype("<u8").tobytes()
    tail = struct.pack(TAIL, 0.0, 0.0 if kept is None else kept, 0.0, kept is not None, 0, 0.0, 0)
    return made(np.frombuffer(head + words + tail, np.uint8).copy())  # type: ignore[no-any-return]


def checked_state(state: Any) -> bytes:
    """Return the bytes of a state, or raise in PyTorch's words that it is none."""
    if not isinstance(state, Tensor):
        raise TypeError(f"expected a torch.ByteTensor, but got {title_of(state)}")
    array = state._array
    if array.dtype != np.uint8:
        raise TypeError("RNG state must be a torch.ByteTensor")
    if array.size != SIZE:
        raise RuntimeError(
            f"Expected a CPUGeneratorImplState of size {SIZE} but found the input RNG state size "
            f"to be {array.size}"
        )
    found: bytes = np.ascontiguousarray(array).tobytes()
    _, left, seeded, following = struct.unpack_from(HEAD, found)
    if not seeded or not 0 < left <= WORDS or following > WORDS:
        raise RuntimeError("Invalid mt19937 state")
    return found


def engine_of(state: bytes) -> tuple[int, Any, float | None]:
    """Return the seed, the engine and the waiting normal of a state that was checked."""
    from ._mersenne import mersenne

    seed, left, _, _ = struct.unpack_from(HEAD, state)
    start = struct.calcsize(HEAD)
    key = np.frombuffer(state, "<u8", WORDS, start).astype(np.uint32)
    _, kept, _, waits, *_ = struct.unpack_from(TAIL, state, start + 8 * WORDS)
    engine: Any = mersenne(0)
    engine.state = {
        "bit_generator": "MT19937", "state": {"key": key, "pos": WORDS + 1 - left}
    }  # fmt: skip
    return seed, engine, kept if waits else None
