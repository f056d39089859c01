"""The homework's grid of settings: its order, its table, and what it says of each training."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from chainrule._languages import speaking
from chainrule._text import width
from chainrule.lessons.findings import finding
from chainrule.lessons.homework import Sweep, settings_of, sweep
from chainrule.lessons.training import SettingsError, Training, record


@pytest.fixture(scope="module")
def homework() -> Sweep:
    began = time.perf_counter()
    swept = sweep({"mean_value": [1, 1.7, 5], "bias": [-1, 1, 5]}, seed=10)
    assert time.perf_counter() - began < 10  # about one second
    return swept


def test_all_combinations_in_order(homework: Sweep) -> None:
    found = [(each.mean_value, each.bias) for each in homework.trainings]
    assert found == [(mean, bias) for mean in (1, 1.7, 5) for bias in (-1, 1, 5)]
    assert {each.lr for each in homework.trainings} == {0.01}
    assert {each.seed for each in homework.trainings} == {10}
    assert homework.values == {"mean_value": [1, 1.7, 5], "bias": [-1, 1, 5], "lr": [0.01]}


def test_each_training_is_the_one_recorded_alone(homework: Sweep) -> None:
    alone = record(1.7, 5, seed=10)
    swept = homework.trainings[5]
    np.testing.assert_array_equal(swept.weights, alone.weights)


def test_the_table_has_a_row_and_a_sentence_for_each(homework: Sweep) -> None:
    text = homework.table()
    lines = text.splitlines()
    assert lines[0].split() == ["mean_value", "bias", "lr", "loss", "accuracy", "above", "99%"]
    for line, training in zip(lines[2:11], homework.trainings, strict=True):
        assert line.split()[:3] == [f"{training.mean_value:g}", f"{training.bias:g}", "0.01"]
        assert f"{training.loss[0]:.4f} → {training.loss[-1]:.4f}" in line
        passed = training.passed_at
        assert line.endswith("never" if passed is None else f"iteration {passed}")
    assert max(map(len, lines)) <= 80
    sentences = text.replace("\n", " ")
    for training in homework.trainings:
        assert f"{homework.name(training)}: {finding(training)}" in sentences


def test_the_table_in_chinese(homework: Sweep) -> None:
    text = homework.table(lang="zh")
    assert "两团点相互重叠" in text
    assert "第 376 次迭代" in text
    assert max(map(width, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"mean_value": 1}, "The clouds overlap: even the line half-way between them is right"),
        ({"mean_value": 0}, "The clouds overlap: even the line half-way"),
        ({"mean_value": 1.7}, "Learns steadily: from 92.0% to above 99% in 376 steps."),
        ({"bias": 5}, "A slow start: the first line, near the origin, has both clouds on one si"),
        ({"seed": 2}, "A slow start: the first line has most points on the wrong side (7.5% right"),
        ({"seed": 3}, "A lucky start: the first line is right for 99.5% of the points, before"),
        ({"mean_value": 5}, "Far apart, by 14 times their spread: right for 100.0% of the points"),
        ({"mean_value": 5, "lr": 1, "bias": 5}, "spread: above 99% after 3 steps."),
        ({"mean_value": 5, "bias": 5}, "far from the origin too, where the first line runs (81.0%"),
        ({"mean_value": 5, "seed": 2, "lr": 0.001}, "A slow start: the first line has most"),
        ({"bias": -1}, "Just misses: the loss hardly falls any more; iteration 999 has 99.0%"),
        ({"lr": 0.0001}, "Too small a step, or too few: the loss is still on its way down;"),
        ({"iterations": 20}, "Too small a step, or too few: the loss is still on its way down;"),
        ({"iterations": 1}, "iteration 0 has 92.0% right"),
        ({"lr": 10}, "Large steps: the loss jumps to and fro, up to 0.39, and yet"),
        ({"lr": 1e4}, "Too large a step: the loss rises, from 0.39 to 7.50, instead of falling."),
        ({"lr": 1e38}, "Too large a step: after iteration 5 the weights are beyond the range"),
    ],
)
def test_what_is_said_of_a_training(setting: dict[str, Any], said: str) -> None:
    training = record(**setting)
    assert said in finding(training)
    with speaking("zh"):
        chinese = finding(training)
    assert not any("a" <= letter <= "z" for letter in chinese.replace("float32", ""))


def _told(training: Training, losses: list[float], part: float) -> str:
    count = len(losses)
    return finding(
        replace(
            training,
            loss=np.array(losses),
            accuracy=np.array([0.92] * (count - 1) + [part]),
            weights=training.weights[: count + 1],
        )
    )


def test_it_is_read_off_the_numbers_and_not_off_the_settings() -> None:
    training = record()
    assert "jumps to and fro, up to 0.90" in _told(training, [0.5, 0.9, 0.3, 0.7, 0.4], 0.92)
    assert "rises, from 0.50 to 0.60" in _told(training, [0.5, 0.55, 0.6], 0.92)
    assert "Learns steadily" in _told(training, [0.5 - n / 100 for n in range(20)], 0.995)
    # The same settings, with other points.
    together = replace(training, points=training.points[::-1] * 0.1 + training.points * 0.1)
    assert "overlap" in _told(together, [0.5, 0.4], 0.92)


def test_words_of_the_command_line() -> None:
    assert settings_of(["mean-value=1,1.7,5", "bias=-1", "lr=1e-2,.1"]) == {
        "mean_value": [1, 1.7, 5],
        "bias": [-1],
        "lr": [0.01, 0.1],
    }
    assert settings_of([]) == {}
    assert len(sweep(settings_of(["mean-value=5"])).trainings) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["mean-value"], "'mean-value' is no setting to sweep; write it as mean-value=1,1.7,5"),
        (["bias=1,x"], "'bias=1,x' is no setting to sweep"),
        (["bias=1,,2"], "'bias=1,,2' is no setting to sweep"),
        (["bias=1", "bias=2"], "bias is given twice; give it once"),
        (["momentum=0.9"], "there is no setting 'momentum' to sweep; there are mean_value, bias"),
        (["bias="], "bias has no values to sweep; give some"),
        (["bias=nan"], "bias is nan; give a number"),
        (["lr=0.01,-1"], r"lr, the learning rate, is -1\.0; give a number above 0"),
        (["bias=" + ",".join(map(str, range(61)))], "these are 61 trainings; sweep at most 60"),
    ],
)
def test_what_cannot_be_swept(words: list[str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        sweep(settings_of(words))


def test_nothing_is_trained_before_all_settings_are_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chainrule.lessons.training._lesson", lambda: pytest.fail("it trains"))
    with pytest.raises(SettingsError, match="lr, the learning rate"):
        sweep({"bias": [1, 2], "lr": [0.01, -1]})
