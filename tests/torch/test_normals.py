"""Box-Muller on every one of the 2**24 float32 uniforms, against checksums of PyTorch 2.13.0's."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from chainrule.torch.random._normals import FromBits, from_uniforms, in_blocks

CHUNK = 16384


def blocks(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.stack((first.reshape(-1, 8), second.reshape(-1, 8)), 1).astype(np.int32).ravel()


def test_every_radius_cosine_and_sine_of_float32() -> None:
    """PyTorch's came from generators whose words were set: the angle 0, and a radius of 1."""
    turn = FromBits(CHUNK)
    radii = cosines = sines = 0
    one = np.full(CHUNK // 2, 6601320)
    for start in range(0, 2**24, CHUNK // 2):
        k = np.arange(start, start + CHUNK // 2)
        a, zero = turn(blocks(k, 0 * k)).reshape(-1, 2, 8).swapaxes(0, 1)
        c, s = turn(blocks(one, k)).reshape(-1, 2, 8).swapaxes(0, 1)
        assert not zero.any()
        radii = zlib.crc32(a.tobytes(), radii)
        cosines, sines = zlib.crc32(c.tobytes(), cosines), zlib.crc32(s.tobytes(), sines)
    assert (radii, cosines, sines) == (2663439967, 2802837158, 1594617072)


@pytest.mark.parametrize("n", [16, 17, 31, 32, 33, 16384, 16399, 16400, 32768, 40001])
def test_a_tail_is_drawn_anew_over_the_last_sixteen(n: int) -> None:
    drawn: list[int] = []

    def draw(count: int) -> np.ndarray:
        drawn.append(count)
        return np.arange(sum(drawn) - count, sum(drawn))

    out = in_blocks(n, draw, lambda x: x, np.int64)
    expected = np.arange(n)
    if n % 16:
        expected[-16:] = np.arange(n, n + 16)
    assert out.tolist() == expected.tolist()
    assert sum(drawn) == n + 16 * (n % 16 > 0)


def test_float64_agrees_with_complex_exponentials() -> None:
    uniforms = np.random.default_rng(0).random(160)
    halves = uniforms.reshape(-1, 2, 8)
    points = np.sqrt(-2 * np.log(1 - halves[:, 0])) * np.exp(2j * np.pi * halves[:, 1])
    expected = np.stack((points.real, points.imag), 1).ravel()
    np.testing.assert_allclose(from_uniforms(uniforms), expected, rtol=1e-13, atol=1e-15)
