"""What PyTorch says when shapes, number types or dimensions do not fit.

Its words are kept, so that a message can be looked up where every message of PyTorch's is explained.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["broadcast_error"]


def broadcast_error(a: Sequence[int], b: Sequence[int]) -> RuntimeError:
    """Return the error for two shapes that cannot be broadcast together.

    >>> broadcast_error((2, 3), (2,))
    RuntimeError('The size of tensor a (3) must match the size of tensor b (2) at non-singleton \
dimension 1')
    """
    rank = max(len(a), len(b))
    for i in range(rank - 1, -1, -1):
        m = a[i - rank + len(a)] if i - rank + len(a) >= 0 else 1
        n = b[i - rank + len(b)] if i - rank + len(b) >= 0 else 1
        if m != n and m != 1 and n != 1:
            return RuntimeError(
                f"The size of tensor a ({m}) must match the size of tensor b ({n}) at "
                f"non-singleton dimension {i}"
            )
    return RuntimeError(f"Shapes {list(a)} and {list(b)} can be broadcast.")


def expand_error(into: Sequence[int], own: Sequence[int]) -> RuntimeError:
    """Return the error for a tensor of shape `own` that cannot be expanded to `into`."""
    if len(own) > len(into):
        return RuntimeError(
            f"The expanded size of the tensor ({len(into)}) must be greater or equal to the "
            f"number of dimensions in the tensor ({len(own)})"
        )
    extra = len(into) - len(own)
    for k in range(len(into) - 1, extra - 1, -1):
        if own[k - extra] not in (1, into[k]):
            return RuntimeError(
                f"The expanded size of the tensor ({into[k]}) must match the existing size "
                f"({own[k - extra]}) at non-singleton dimension {k}.  Target sizes: "
                f"{list(into)}.  Tensor sizes: {list(own)}"
            )
    raise ValueError(f"a tensor of shape {list(own)} expands to {list(into)}: no error to tell.")
