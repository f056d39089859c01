"""PyTorch's random numbers on the CPU, bit for bit: the same seed gives the same draws.

All come from the 32-bit words of one MT19937. Each kind of draw takes a number of words of its
own, so that a generator is in step with PyTorch's after any mixture of draws. What is drawn are
arrays; the tape face makes tensors of them.
"""

from __future__ import annotations

import functools
import math
import os
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from chainrule._core.values import BATCHES

from .._kinds.device import device as Device
from .._tape.quiet import QUIET, hush, unhush
from ._draw_checks import (
    check_bernoulli,
    check_integers,
    check_kind,
    check_normal,
    check_uniform,
    cpu,
    unsigned,
)
from ._examples import MAPPED, drawn_for_all
from ._fused import fused
from ._normals import FromBits, from_uniforms, in_blocks

if TYPE_CHECKING:
    from numpy.random import MT19937

__all__ = ["Generator"]

_Array = NDArray[Any]
_Shape = int | Sequence[int]
_Draw = TypeVar("_Draw", bound=Callable[..., Any])

_CHUNK = 16384  # words that stay in cache between being drawn and being used
_SMALL = 16  # fewer normals than this are drawn one by one
# `random` draws below these; more than 32 bits take two words.
_BELOW = {
    "bool": 2, "uint8": 2**8, "int8": 2**7, "int16": 2**15, "int32": 2**31, "int64": 2**63,
    "float16": 2**11 + 1, "float32": 2**24 + 1, "float64": 2**53 + 1,
}  # fmt: skip


def one_at_a_time(draw: _Draw) -> _Draw:
    """Let threads draw one after the other, so that no two are given the same numbers."""

    def alone(self: Generator, *inputs: Any, **options: Any) -> Any:
        token = MAPPED.set(())
        try:
            with self._lock:
                return draw(self, *inputs, **options)
        finally:
            MAPPED.reset(token)

    alone.__name__ = draw.__name__

    @functools.wraps(draw)
    def drawn(self: Generator, *inputs: Any, **options: Any) -> Any:
        if BATCHES and MAPPED.get():
            return drawn_for_all(alone, [self, *inputs], options)
        with self._lock:
            return draw(self, *inputs, **options)

    return drawn  # type: ignore[return-value]


class Generator:
    """A stream of random numbers, PyTorch's own: `torch.Generator(device="cpu")`.

    >>> g = Generator().manual_seed(0)
    >>> g.normal((2, 2))
    array([[ 1.5409961 , -0.2934289 ],
           [-2.1787894 ,  0.56843126]], dtype=float32)
    >>> g.randperm(4), g.randint(-3, 3, 5)
    (array([1, 0, 3, 2]), array([-1, -3,  0,  1, -1]))
    """

    __slots__ = ("_engine", "_kept", "_lock", "_seed", "device")

    device: Device

    def __init__(self, device: Any = "cpu") -> None:
        self.device = cpu(device)
        self._lock = threading.RLock()
        self._restart(67280421310721)

    def __repr__(self) -> str:
        return f"<torch._C.Generator object at {id(self):#x}>"

    def _restart(self, seed: int) -> None:
        self._seed = seed
        self._engine: MT19937 | None = None  # begins at the first draw
        self._kept: float | None = None  # the second normal of a pair, for the next call

    @one_at_a_time
    def manual_seed(self, seed: int, /) -> Generator:
        """Return this generator, begun anew from `seed`: -2**63 to 2**64 - 1.

        The stream depends on the low 32 bits alone, as PyTorch's does.
        """
        self._restart(unsigned(seed))
        return self

    @one_at_a_time
    def seed(self) -> int:
        """Return a seed that the operating system has thrown, from which the stream begins anew."""
        self._restart(int.from_bytes(os.urandom(8), "little"))
        return self._seed

    def initial_seed(self) -> int:
        """Return the seed that the stream began from."""
        return self._seed

    @one_at_a_time
    def get_state(self) -> Any:
        """Return the state as a tensor of bytes, from which `set_state` goes on.

        >>> g = Generator().manual_seed(0)
        >>> state = g.get_state()
        >>> before = g.uniform(3)
        >>> bool((g.set_state(state).uniform(3) == before).all())
        True
        """
        from ._state import bytes_of

        return bytes_of(self._seed, self._begun(), self._kept)

    @one_at_a_time
    def set_state(self, new_state: Any, /) -> Generator:
        """Go on from a state that `get_state` returned, here or in PyTorch; return the generator.

        Raises TypeError or RuntimeError, in PyTorch's words, if it is none.
        """
        from ._state import checked_state, engine_of

        self._seed, self._engine, self._kept = engine_of(checked_state(new_state))
        return self

    def clone_state(self) -> Generator:
        """Return another generator that goes on from the same state."""
        return Generator(self.device).set_state(self.get_state())

    def get_offset(self) -> int:
        """Raise a RuntimeError: a stream on the CPU has no offset."""
        raise RuntimeError("CPU Generator does not use offset")

    def set_offset(self, offset: int, /) -> Generator:
        """Raise a RuntimeError: a stream on the CPU has no offset."""
        raise RuntimeError("CPU Generator does not use offset")

    # --- words ------------------------------------------------------------------------------

    def _begun(self) -> Any:
        if self._engine is None:
            from ._mersenne import mersenne

            self._engine = mersenne(self._seed)
        return self._engine

    def _words(self, count: int) -> Any:
        return (self._engine or self._begun()).random_raw(count)

    def _bits64(self, count: int) -> Any:
        words = self._words(2 * count)
        pairs = words[::2] << 32
        pairs |= words[1::2]
        return pairs

    def _bits53(self, count: int) -> Any:
        bits = self._bits64(count)
        bits &= 2**53 - 1
        return bits.view(np.int64)

    def _bits24(self, count: int) -> Any:
        bits = self._words(count).astype(np.int32)
        bits &= 2**24 - 1
        return bits

    # --- real numbers -----------------------------------------------------------------------

    def _uniform(self, count: int, kind: np.dtype[Any]) -> _Array:
        out = np.empty(count, kind)
        for start in range(0, count, _CHUNK):
            n = min(_CHUNK, count - start)
            out[start : start + n] = self._bits24(n) if kind == np.float32 else self._bits53(n)
        out *= 2.0**-24 if kind == np.float32 else 2.0**-53
        return out

    @one_at_a_time
    def uniform(
        self,
        shape: _Shape,
        dtype: DTypeLike = np.float32,
        low: float = 0.0,
        high: float = 1.0,
    ) -> _Array:
        """Return numbers evenly spread over [low, high), float32 or float64: `rand`, `uniform_`.

        >>> Generator().manual_seed(1).uniform((1, 3), np.float64, -1, 1)
        array([[-0.87789345, -0.55089099, -0.53149497]])
        """
        kind = np.dtype(dtype)
        check_kind(kind, "check_uniform_bounds")
        check_uniform(kind, low, high)
        out = self._uniform(_size(shape), kind)
        if low != 0 or high != 1:
            one: Any = kind.type
            bottom, top = one(low), one(high)
            out = fused(out, top - bottom, bottom)
            lifted = out == top  # by rounding
            if lifted.any():
                out[lifted] = bottom
        return out.reshape(shape)

    @one_at_a_time
    def normal(
        self,
        shape: _Shape,
        dtype: DTypeLike = np.float32,
        mean: float | _Array = 0.0,
        std: float | _Array = 1.0,
        *,
        contiguous: bool = True,
    ) -> _Array:
        """Return normally distributed numbers: `randn`, `normal`, `normal_`.

        They are float32 or float64; `mean` and `std` may be arrays, of that type, that broadcast
        to `shape`. With contiguous=False the draws are those with which PyTorch fills a tensor
        that is not contiguous, in the order in which its numbers lie in memory.

        >>> Generator().manual_seed(1).normal(2, mean=np.float32([0, 100]), std=2.0)
        array([  1.3227043, 100.53385  ], dtype=float32)
        """
        kind = np.dtype(dtype)
        check_kind(kind, "normal_kernel_cpu")
        check_normal(std)
        count = _size(shape)
        token = hush(QUIET)
        try:
            if isinstance(std, np.ndarray):  # rounded twice, as by PyTorch
                moved: _Array = self._normal(count, kind, contiguous).reshape(shape) * std + mean
            elif isinstance(mean, np.ndarray):
                moved = self._normal(count, kind, contiguous, 0.0, std).reshape(shape) + mean
            else:
                moved = self._normal(count, kind, contiguous, mean, std).reshape(shape)
            return moved
        finally:
            unhush(token)

    def _normal(
        self,
        count: int,
        kind: np.dtype[Any],
        contiguous: bool,
        mean: float = 0.0,
        std: float = 1.0,
    ) -> _Array:
        if count < _SMALL or not contiguous:
            out = np.array(self._one_by_one(count), np.float64)
        elif kind == np.float32:
            out = in_blocks(count, self._bits24, FromBits(count), kind)
        else:
            out = in_blocks(count, lambda n: self._uniform(n, kind), from_uniforms, kind)
        if mean != 0 or std != 1:
            out = fused(out, std, mean)
        return out.astype(kind, copy=False)

    def _one_by_one(self, count: int) -> list[float]:
        """Normals in pairs, always in float64; the odd one waits for the next call."""
        out = []
        if count and self._kept is not None:
            out.append(self._kept)
            self._kept = None
        uniforms = iter((self._bits53((count - len(out) + 1) // 2 * 2) * 2.0**-53).tolist())
        for u, v in zip(uniforms, uniforms, strict=True):
            angle, radius = 2 * math.pi * u, math.sqrt(-2 * math.log1p(-v))
            out += radius * math.cos(angle), radius * math.sin(angle)
        if len(out) > count:
            self._kept = out.pop()
        return out

    # --- whole numbers ----------------------------------------------------------------------

    @one_at_a_time
    def randint(self, low: int, high: int, shape: _Shape) -> NDArray[np.int64]:
        """Return whole numbers of [low, high), as int64.

        >>> Generator().manual_seed(1).randint(0, 10, (2, 3))
        array([[5, 9, 4],
               [8, 3, 3]])
        """
        low, high = int(low), int(high)
        check_integers(low, high)
        width = high - low
        count = _size(shape)
        drawn = self._words(count) if width < 2**28 else self._bits64(count)
        drawn %= np.uint64(width)
        drawn += np.uint64(low % 2**64)  # modulo 2**64, where -1 is 2**64 - 1
        whole: NDArray[np.int64] = drawn.view(np.int64).reshape(shape)
        return whole

    @one_at_a_time
    def random(self, shape: _Shape, dtype: DTypeLike = np.int64) -> _Array:
        """Return whole numbers from 0 to the last that the type can hold exactly: `random_`."""
        kind = np.dtype(dtype)
        count, below = _size(shape), _BELOW[kind.name]
        drawn = self._bits64(count) if below > 2**32 else self._words(count)
        drawn %= np.uint64(below)
        whole: _Array = drawn.astype(kind).reshape(shape)
        return whole

    @one_at_a_time
    def random_int64(self) -> int:
        """Return a whole number from 0 to 2**63 - 1: what seeds another generator."""
        return int(self._bits64(1)[0]) & 2**63 - 1

    @one_at_a_time
    def randperm(self, n: int) -> NDArray[np.int64]:
        """Return the numbers 0 to n - 1 in random order, as int64.

        >>> Generator().manual_seed(1).randperm(5)
        array([0, 4, 2, 3, 1])
        """
        if n < 0:
            raise RuntimeError(f"Trying to create tensor with negative dimension {n}: [{n}]")
        left = np.arange(n, 1, -1, dtype=np.uint64)
        order = list(range(n))
        for i, ahead in enumerate((self._words(len(left)) % left).tolist()):
            j = i + ahead
            order[i], order[j] = order[j], order[i]
        return np.array(order, np.int64)

    @one_at_a_time
    def bernoulli(self, p: float | _Array, shape: _Shape | None = None) -> NDArray[np.bool_]:
        """Return True with probability p: `bernoulli_(p)`, and `bernoulli` of an array of them.

        One p is compared with uniforms of 53 bits; an array's with uniforms of its own type. Of
        two streams that are known for one p this is the one that does not need Intel's library.

        >>> Generator().manual_seed(1).bernoulli(0.5, 3)
        array([ True,  True,  True])
        """
        check_bernoulli(p)
        if isinstance(p, np.ndarray):
            double = p.dtype == np.float64
            return self.uniform(p.shape, np.float64 if double else np.float32) < p
        return self.uniform(() if shape is None else shape, np.float64) < p


def _size(shape: _Shape) -> int:
    return shape if isinstance(shape, int) else math.prod(shape)
