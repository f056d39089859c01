"""Splits keep the classes' shares, lose no row, and are the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.linear_model.splitting import stratified_split


@given(
    counts=st.lists(st.integers(1, 40), min_size=2, max_size=5),
    fraction=st.floats(0, 0.95),
    seed=st.integers(0, 100),
)
@settings(deadline=None)
def test_every_class_gives_its_share(counts: list[int], fraction: float, seed: int) -> None:
    codes = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))
    training, held_out = stratified_split(codes, fraction, seed)
    assert sorted([*training, *held_out]) == list(range(len(codes)))
    for k, count in enumerate(counts):
        taken = int((codes[held_out] == k).sum())
        assert abs(taken - fraction * count) < 1 or taken == count - 1
        assert taken < count
    again = stratified_split(codes, fraction, seed)
    np.testing.assert_array_equal(again[1], held_out)


def test_another_seed_is_another_split() -> None:
    codes = np.arange(100) % 2
    assert (stratified_split(codes, 0.25, 0)[1] != stratified_split(codes, 0.25, 1)[1]).any()


def test_the_whole_is_as_large_as_was_asked() -> None:
    codes = np.repeat([0, 1, 2], [10, 11, 12])
    assert len(stratified_split(codes, 0.25, 0)[1]) == 8
    assert len(stratified_split(codes, 0.0, 0)[1]) == 0


@pytest.mark.parametrize("seed", range(5))
def test_a_lone_row_trains(seed: int) -> None:
    codes = np.array([0] * 9 + [1])
    assert 9 in stratified_split(codes, 0.9, seed)[0]
