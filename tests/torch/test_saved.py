"""What each operation saves: which writes a backward pass notices, and which graphs it can redo."""

from __future__ import annotations

import numpy as np
import pytest

from tests.torch.against import differences

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

rng = np.random.default_rng(17)
ARRAYS = {
    "x": rng.uniform(0.3, 0.9, (3, 3)).astype("f4"),
    "o": rng.uniform(0.3, 0.9, (3, 3)).astype("f4"),
    "b": rng.uniform(0.3, 0.9, (2, 3, 3)).astype("f4"),
}
NAMES = ["exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sigmoid", "tanh", "relu", "erf"]
NAMES += [
    "erfc",
    "sqrt",
    "rsqrt",
    "square",
    "reciprocal",
    "abs",
    "neg",
    "sign",
    "sin",
    "cos",
    "tan",
]
NAMES += ["asin", "acos", "atan", "sinh", "cosh", "asinh", "atanh", "floor", "round", "frac"]
NAMES += ["logit", "deg2rad", "sum", "mean", "prod", "std", "var", "norm", "max", "min", "amax"]
NAMES += ["median", "trace", "sinc"]
CALLS = [f"z.{name}()" for name in NAMES]
CALLS += [
    "z**2", "z**w", "2**z", "z**0.5", "z.clamp(0, 1)", "z.clamp(w, w + 1)", "z.clamp_min(0.5)",
    "torch.maximum(z, w)", "torch.where(w > 0.5, z, w)", "torch.where(w > 0.5, z, 0.0)", "z % 0.2",
    "z % w", "torch.fmod(z, 0.2)", "torch.lerp(z, w, 0.3)", "torch.lerp(z, w, w)", "z.sum(0)",
    "torch.addcmul(z, w, z)", "torch.addcdiv(z, w, z)", "torch.atan2(z, w)", "torch.hypot(z, w)",
    "torch.logaddexp(z, w)", "torch.xlogy(z, w)", "torch.xlogy(z, 2)", "z.mean(0)", "z.prod(0)",
    "z.cumsum(0)", "z.cumprod(0)", "z.max(0)[0]", "z.softmax(0)", "z.log_softmax(0)", "z.sort()[0]",
    "z.logsumexp(0)", "z @ w", "w @ z", "z @ w[0]", "w[0] @ z[0]", "z.mv(w[0])", "z.topk(1)[0]",
    "torch.addmm(z, w, w)", "torch.addmm(w, z, w)", "torch.outer(z[0], w[0])", "z.median(0)[0]",
    "b.bmm(b * z)", "torch.div(z, w, rounding_mode='floor')", "z.std(0)", "z.norm(1)",
    "torch.linalg.inv(z)", "torch.linalg.det(z)", "torch.linalg.solve(z, w)",
]  # fmt: skip
START, END = "([z := x * 1, w := o * 1, y := {}, ", "], (x.grad, o.grad))[1]"
WRITES = {
    "input": "z.add_(1), y.sum().backward()",
    "other": "w.add_(1), y.sum().backward()",
    "result": "y.add_(1), y.sum().backward()",
    "twice": "y.sum().backward(retain_graph=True), y.sum().backward()",
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("call", CALLS)
def test_writes(call: str, write: str) -> None:
    text = (START + WRITES[write] + END).format(call)
    assert differences(text, ARRAYS, order=1, rtol=1e-5) == []


@pytest.mark.parametrize("call", CALLS)
def test_a_second_time(call: str) -> None:
    text = "([z := x + 0, w := o + 0, y := {}, y.sum().backward(), y.sum().backward()], x.grad)[1]"
    assert differences(text.format(call), ARRAYS, order=1, rtol=1e-5) == []
