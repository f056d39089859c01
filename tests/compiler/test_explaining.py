"""What became of a function, in lines that a user can read."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from chainrule import compile, value_and_grad
from chainrule.compiler import backends

rng = np.random.default_rng(2)
X, y, w = rng.normal(size=(50, 4)), (rng.random(50) < 0.5) * 1.0, rng.normal(size=4)


def loss(w, X, y):
    z = X @ w
    return np.mean(np.logaddexp(0.0, z) - y * z) + np.sum(w * w)


def said(f, *args, backend="python"):
    compiled = compile(f, backend=backend)
    compiled(*args)
    return compiled.explain().splitlines()


def test_a_pass_says_what_it_reads_and_gives():
    lines = said(value_and_grad(loss), w, X, y)
    assert lines[0].startswith("value_and_grad_of_loss: ")
    assert lines[0].endswith("back end python")
    assert "  arguments  w: float64[4], X: float64[n, 4], y: float64[n]" in lines
    assert "  rows       n of X, y; this program serves any number of them" in lines
    assert sum("one pass over the rows of X, y: " in line for line in lines) == 1
    assert "  memory     read: X once, y once" in lines
    assert any(line.startswith("  simpler    stable forms: ") for line in lines)


def test_what_is_simpler_stands_in_lines_of_a_hundred_letters():
    def by_hand(w, X, y):
        p = 1 / (1 + np.exp(-(X @ w) * 1.0))
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + 0.5 * np.sum(w**2)

    compiled = compile(value_and_grad(by_hand), backend="python")
    compiled(w, X, y)
    lines = [v for v in compiled.explain().splitlines() if v.startswith("  simpler ")]
    assert max(map(len, lines)) <= 100 < max(map(len, compiled.program.notes))
    assert any(line.endswith(" …") for line in lines)


def test_arguments_are_measured():
    compiled = compile(value_and_grad(loss), backend="python")
    last = compiled.explain(w, X, y).splitlines()[-1]
    assert last.startswith("  measured   ")
    assert "times as long as NumPy's sum of the 0.0016 MB of its largest argument" in last


def test_memory_that_is_read_twice_says_so():
    def standardised(w, X):
        return np.sum(((X - np.mean(X, axis=0)) @ w) ** 2)

    lines = said(value_and_grad(standardised), w, X)
    assert "  memory     read: X 2 times" in lines
    assert sum("one pass over the rows" in line for line in lines) == 2


def test_library_calls_say_why():
    lines = said(lambda X, w: np.sort(X @ w), X, w)
    assert any("numpy.sort gives" in v and "it needs all rows at once" in v for v in lines)
    pytest.importorskip("numba")
    lines = said(lambda x: np.linalg.solve(np.diag(x), x), np.ones(3), backend="numba")
    assert any("numpy.linalg.solve gives" in v and "no loops for it" in v for v in lines)
    lines = said(lambda x: np.fft.fft(x), np.ones(3), backend="numba")
    assert any("printed for real numbers, and it has complex128" in v for v in lines)


def test_fixed_sizes_say_why():
    assert any("none: all sizes are fixed (no argument has two axes" in v for v in said(np.sin, w))
    lines = said(lambda X: np.linalg.det(X.T @ X + X[:4]), X)
    assert any("with other numbers of rows the function raises" in v for v in lines)


def test_the_automatic_back_end_says_its_rule(monkeypatch):
    pytest.importorskip("numba")
    compiled = compile(loss)
    compiled(w, X, y)
    assert "python, and numba when its calls have taken 2 s" in compiled.explain()
    monkeypatch.setattr(backends, "REPAID", 0.0)
    compiled._last.runnable.enough = 0.0
    wanted = compiled(w, X, y)
    assert "back end numba (NumPy had taken" in compiled.explain()
    assert compiled(w, X, y) == pytest.approx(wanted, rel=1e-14)
    assert "njit" in compiled.source


def test_what_numba_cannot_compile_goes_on_by_numpy(monkeypatch):
    pytest.importorskip("numba")
    monkeypatch.setattr(backends, "REPAID", 0.0)
    monkeypatch.setattr(backends, "KEPT", 0.0)

    def refused(self):
        raise ValueError("no such loop")

    monkeypatch.setattr(backends.Runnable, "use_numba", refused)
    compiled = compile(loss)
    with pytest.warns(UserWarning, match="loss goes on by NumPy, .* compile it: no such loop"):
        first = compiled(w, X, y)
    assert compiled(w, X, y) == first
    assert "back end python, as Numba could not compile it" in compiled.explain()


def test_without_numba_everything_works_and_says_so_once(monkeypatch):
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    monkeypatch.setattr(backends, "REPAID", 0.0)
    monkeypatch.setattr(backends, "KEPT", 0.0)
    monkeypatch.setattr(backends, "TOLD", [])
    compiled, another = compile(loss), compile(loss)
    with pytest.warns(UserWarning, match=r"loss has run for 0 s by NumPy; with Numba \(pip"):
        compiled(w, X, y)
    assert "Numba is not installed: pip install 'chainrule[fast]'" in compiled.explain()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiled(w, X, y) == another(w, X, y)
    with pytest.raises(ImportError, match="backend='numba' needs Numba, which is not installed"):
        compile(loss, backend="numba")(w, X, y)
