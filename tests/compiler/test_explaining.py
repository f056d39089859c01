"""What `explain` tells, in lines that can be read."""

from __future__ import annotations

import numpy as np

from chainrule import compile, value_and_grad

rng = np.random.default_rng(2)
W, X, Y = rng.normal(size=3), rng.normal(size=(40, 3)), (rng.random(40) < 0.5) * 1.0


def loss(w, X, y):
    p = 1 / (1 + np.exp(-(X @ w) * 1.0))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + 0.5 * np.sum(w**2)


def labelled(said, label):
    return [line for line in said.splitlines() if line.split()[0] == label]


def test_a_line_for_each_thing():
    f = compile(value_and_grad(loss), backend="python")
    f(W, X, Y)
    said = f.explain()
    assert labelled(said, "rows") == [
        "  rows       n of X, y; this program serves any number of them"
    ]
    assert len(labelled(said, "simpler")) > 2
    assert all(len(line) <= 100 for line in labelled(said, "simpler"))
    assert any(line.endswith("…") for line in labelled(said, "simpler"))  # program.notes has all
    assert labelled(said, "memory") == ["  memory     read: X once, y once"]
    assert not labelled(said, "measured")


def test_the_time_of_a_call():
    f = compile(value_and_grad(loss), backend="python")
    (line,) = labelled(f.explain(W, X, Y), "measured")
    assert "times as long as NumPy's sum of the 0.00096 MB of its largest argument" in line
