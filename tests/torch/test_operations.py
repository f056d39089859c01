"""Functions of each number, powers, bounds, choices, remainders: as PyTorch has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.torch.against import differences

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

rng = np.random.default_rng(3)
POSITIVE = rng.uniform(0.3, 2.0, (2, 3))
SIGNED = np.array([[-1.7, 0.4, 2.2], [0.9, -0.6, 1.3]])
WITHIN = rng.uniform(-0.9, 0.9, (2, 3))
SHARES = rng.uniform(0.1, 0.9, (2, 3))

EVERYWHERE = ["exp", "exp2", "expm1", "sigmoid", "tanh", "relu", "erf", "erfc", "abs", "neg"]
EVERYWHERE += ["square", "sign", "sin", "cos", "tan", "atan", "sinh", "cosh", "asinh", "floor"]
EVERYWHERE += ["ceil", "trunc", "frac", "round", "reciprocal", "deg2rad", "rad2deg", "absolute"]
EVERYWHERE += ["sinc", "negative", "fix", "arctan", "arcsinh"]
DOMAINS = dict.fromkeys(EVERYWHERE, SIGNED)
DOMAINS |= dict.fromkeys(("log", "log2", "log10", "log1p", "sqrt", "rsqrt"), POSITIVE)
DOMAINS |= dict.fromkeys(("asin", "acos", "atanh", "arcsin", "arccos", "arctanh"), WITHIN)
DOMAINS |= {"acosh": POSITIVE + 1, "arccosh": POSITIVE + 1, "logit": SHARES}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", sorted(DOMAINS))
def test_of_one(name: str, dtype: str) -> None:
    x = DOMAINS[name].astype(dtype)
    for arrays in ({"x": x}, {"x": x[0, 0]}, {"x": x[:0]}, {"x": x.T}):
        assert differences(f"torch.{name}(x)", arrays) == []
    assert differences(f"x.{name}()", {"x": x}) == []


@pytest.mark.parametrize("name", sorted(DOMAINS))
def test_of_whole_numbers(name: str) -> None:
    for x in ([1, 2, -3], [True, False], np.array([3, 200], "u1"), np.array([1, 2], "i4")):
        if name == "relu" and np.array(x).dtype == bool:
            x = [True]  # the message is one; that there is another for neg is enough
        assert differences(f"torch.{name}(x)", {"x": x}, order=0) == []


EDGES = [-np.inf, -100.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.5, 20.0, 100.0, np.inf, np.nan]


@pytest.mark.parametrize("name", sorted(set(DOMAINS)))
def test_at_the_edges(name: str) -> None:
    x = np.array(EDGES, "f4")
    if name in ("abs", "absolute"):
        x = x[:-1]  # its slope is 0 in PyTorch where it is not a number
    if name in ("acosh", "arccosh"):
        x = x[5:]
    if name == "logit":
        x = np.array([0.0, 0.5, 1.0, np.nan], "f4")
    assert differences(f"torch.{name}(x)", {"x": x}, order=1) == []


X = SIGNED.astype("f4")
Y = (rng.permutation(SIGNED.ravel()).reshape(2, 3) + 0.05).astype("f4")
P, Q = POSITIVE.astype("f4"), rng.uniform(0.3, 2.0, (2, 3)).astype("f4")
V = Q[0]
POWERS = [
    "p**2", "p**3", "x**2", "x**3", "x**4", "x**0", "x**1", "x**-1", "x**-2", "p**0.5", "p**-0.5",
    "p**2.5", "2**x", "2.5**x", "p**x", "p**v", "v**p", "p**p", "x**p.round()", "p.pow(2)",
    "torch.pow(p, 2)", "torch.pow(2, x)", "torch.pow(p, x)", "p.pow(exponent=3)", "p**True",
    "x.square()", "x**2.0", "p**torch.tensor(2)", "p**torch.tensor(2.0)",
]  # fmt: skip
BOUNDS = [
    "x.clamp(0, 1)", "x.clamp(-0.5, 1.3)", "x.clamp(min=0)", "x.clamp(max=1)", "x.clamp(0)",
    "x.clamp(2, 1)", "x.clip(0, 1)", "torch.clamp(x, 0.0, 1)", "x.clamp(y, p)", "x.clamp(y)",
    "x.clamp(max=y)", "x.clamp(min=-v, max=v)", "x.clamp_min(0.4)", "x.clamp_max(0.4)",
    "x.clamp_min(y)", "x.clamp_max(y)", "torch.maximum(x, y)", "torch.minimum(x, y)",
    "torch.maximum(x, x)", "torch.maximum(x, v)", "torch.minimum(v, x)",
]  # fmt: skip
CHOICES = [
    "torch.where(x > 0, x, y)", "torch.where(x > 0, x, 0.0)", "torch.where(x > 0, 1, y)",
    "torch.where(x > 0, 1.0, 2)", "torch.where(x > 0, 1, 2)", "torch.where(x > 0, v, x)",
    "x.where(x > 0, y)", "x.where(x > 0, 0)", "torch.where(x > 0)",
    "torch.where(x > 0, x.sqrt(), 0)", "torch.where(v > 1, x, y.double())",
]  # fmt: skip
REMAINDERS = [
    "x % 2", "x % -2", "x % p", "torch.remainder(x, p)", "torch.remainder(x, 0.7)", "x % v",
    "torch.fmod(x, 2)", "torch.fmod(x, p)", "x // 0.7", "x // p", "2 % p", "2 // p",
    "torch.floor_divide(x, 0.7)", "torch.div(x, 0.7, rounding_mode='floor')", "x % 0", "x // 0",
    "torch.div(x, p, rounding_mode='trunc')", "torch.div(x, p, rounding_mode='floor')",
]  # fmt: skip
MIXTURES = [
    "torch.lerp(x, y, 0.3)", "torch.lerp(x, y, 0.8)", "torch.lerp(x, y, p)", "x.lerp(y, 0.5)",
    "torch.addcmul(x, y, p)", "torch.addcmul(x, y, v, value=2)", "torch.addcdiv(x, y, p)",
    "torch.addcdiv(x, y, p, value=-0.5)", "torch.atan2(x, y)", "torch.atan2(x, v)",
    "torch.hypot(x, y)", "torch.logaddexp(x, y)", "torch.logaddexp(x, v)", "torch.xlogy(x, p)",
    "torch.xlogy(x, 2)", "torch.xlogy(2, p)", "torch.arctan2(x, y)", "p.logit(0.4)",
    "torch.round(x, decimals=1)", "+x", "-x", "abs(x)", "x.positive()",
]  # fmt: skip


@pytest.mark.parametrize("text", POWERS + BOUNDS + CHOICES + REMAINDERS + MIXTURES)
def test_of_several(text: str) -> None:
    order = 1 if text in REMAINDERS else 2  # the second ones are 0, and PyTorch records them
    arrays = {"x": X, "y": Y, "p": P, "v": V}
    assert differences(text, arrays, order) == []
    assert differences(text, {name: a.astype("f8") for name, a in arrays.items()}, order) == []
    assert differences(text, {name: a.ravel()[1] for name, a in arrays.items()}, order) == []


KINKS = [
    "x**0", "x**1", "x**2", "x**3", "x**-1", "x**0.5", "x.clamp(0, 1)", "x.clamp(min=0)",
    "x.clamp(-inf, 1)", "torch.maximum(x, -x)", "torch.xlogy(x, x)", "torch.atan2(x, x)",
    "torch.hypot(x, x)", "torch.logaddexp(x, x)", "0**x", "x**x", "x % 1", "torch.fmod(x, 1)",
    "torch.where(x > 0, x.sqrt(), 0.0)", "torch.lerp(x, x, 0.5)", "x // 1", "x.clamp(nan, 1)",
]  # fmt: skip


@pytest.mark.parametrize("text", KINKS)
def test_at_kinks(text: str) -> None:
    x = np.array(EDGES, "f4")
    if text in ("x**0.5", "torch.hypot(x, x)"):
        x = x[6:]  # a root of -inf and of -0 is computed by another power; hypot has slope 0 at 0
    assert differences(text, {"x": x}, order=1) == []


WHOLE = [
    "i**2", "i**3", "i**0", "i**2.0", "i**0.5", "2**i", "2.0**i", "i**i", "i**-1", "i**j", "2**j",
    "b**2", "b**b", "b**i", "i**f", "f**i", "i % 2", "-i % 2", "i % f", "i // 2", "-i // 2",
    "7 // i", "i // f", "i % 0", "i // 0", "i % j", "i.clamp(2, 3)", "i.clamp(0.5, 2)",
    "i.clamp(min=2)", "i.clamp(max=2)", "b.clamp(0, 1)", "torch.maximum(i, j)",
    "torch.maximum(i, f)", "torch.maximum(b, b)", "torch.where(b, 1, 2)",
    "torch.where(b, i[:2], 2.5)", "torch.where(i > 1, i, f)", "torch.where(i > 1)",
    "torch.fmod(-i, 2)", "torch.fmod(i, 0)", "torch.fmod(b, b)", "torch.remainder(i, 2)",
    "torch.div(-i, 2, rounding_mode='trunc')", "torch.div(-i, 2, rounding_mode='floor')",
    "torch.atan2(i, j)", "torch.hypot(i, i)", "torch.logaddexp(i, i)", "torch.xlogy(i, 2)",
    "torch.addcmul(i, i, i, value=2)", "u - 1", "u**2", "torch.round(i, decimals=1)", "+b", "-b",
    "i.float() ** i", "torch.lerp(f, i, 0.5)", "f.half() ** 2", "f.half().exp()",
    "f.half().clamp(0, 1)", "f.half().sigmoid()", "i.where(i > 1, 0)",
]  # fmt: skip


@pytest.mark.parametrize("text", WHOLE)
def test_number_types(text: str) -> None:
    arrays: dict[str, Any] = {
        "i": [1, 2, 3], "j": [-1, 1, -2], "b": [True, False], "f": np.array([0.5, 1.5, 2.0], "f4"),
        "u": np.array([3, 200], "u1"),
    }  # fmt: skip
    assert differences(text, arrays, order=0 if "half" in text else 1) == []


MISTAKES = [
    "torch.exp(1.0)", "torch.exp(None)", "torch.exp([1.0])", "torch.relu(2)", "torch.neg('a')",
    "torch.maximum(x, 2)", "torch.maximum(x, x.T)", "torch.pow(x, 'a')", "torch.pow(2, 3)",
    "x**'a'", "x**None", "'a'**x", "x**w", "x.clamp()", "torch.clamp(x, 'a')", "torch.clamp(x, w)",
    "torch.where(x, x, x)", "torch.where(x > 1, w, x)", "torch.where(x > 1, x)", "x % 'a'",
    "x // 'a'", "torch.fmod(x, 'a')", "x % w", "x // w", "torch.div(x, 2, rounding_mode='up')",
    "torch.lerp(x, 1, 0.5)", "torch.lerp(x, x.double(), 0.5)", "torch.lerp(x, w, 0.5)",
    "torch.addcmul(x, x, 3)", "torch.addcmul(x, w, x)", "torch.atan2(x, 1)", "torch.xlogy('a', x)",
    "torch.xlogy(1, 2)", "torch.exp(x, x)", "torch.exp(x, foo=1)", "c.floor()", "c.sign()",
    "c.relu()", "c.clamp(0, 1)", "torch.logit('a')", "torch.round(2.5)", "torch.hypot(x, 2)",
    "(x // 2).sum().backward()", "(2 % x).sum().backward()",
]  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes(text: str) -> None:
    arrays = {"x": X, "w": np.ones(2, "f4"), "c": np.array([1 + 2j], "c8")}
    assert differences(text, arrays, order=1) == []
