"""The benchmarks compare like with like: every way of a piece of work returns the same numbers."""

from __future__ import annotations

import gc
import math
from typing import Any

import numpy as np
import pytest

import chainrule
import chainrule.numpy
from benchmarks import array_work, batch_work, compiled, compiled_by_hand, compiled_work, tape_work
from benchmarks import compiled_programs as programs
from benchmarks.memory import PLAIN, peak, sines
from benchmarks.timing import Times, in_turns, load
from benchmarks.work import BY_HAND, CHAINS, OURS, pieces, repeated

TAPE_WORK = [work.name for work in tape_work.pieces() if BY_HAND in work.ways]
WORK = {work.name: work for work in pieces() if work.count <= 4000}


@pytest.mark.parametrize("name", list(WORK))
def test_ours_agrees_with_the_work_by_hand(name: str) -> None:
    ways = WORK[name].ways
    np.testing.assert_allclose(ways[OURS](), ways[BY_HAND](), rtol=1e-12)


@pytest.mark.peers
@pytest.mark.parametrize("peer", ["autograd", "torch"])
@pytest.mark.parametrize("name", list(WORK))
def test_ours_agrees_with_the_peers(name: str, peer: str) -> None:
    pytest.importorskip(peer)
    if peer == "autograd" and name.startswith("100,000"):
        pytest.skip("it takes seconds")
    ways = WORK[name].ways
    if peer not in ways:
        pytest.skip("the peer has no way of its own")
    np.testing.assert_allclose(ways[OURS](), ways[peer](), rtol=1e-12)


ARRAY_WORK = {work.name: work.ways for work in array_work.pieces()}


def same(found: Any, wanted: Any, rtol: float) -> None:
    """Compare numbers and arrays, whatever they stand in."""
    if isinstance(wanted, (list, tuple)):
        for a, b in zip(found, wanted, strict=True):
            same(a, b, rtol)
    else:
        np.testing.assert_allclose(found, wanted, rtol=rtol)


@pytest.mark.parametrize("name", list(ARRAY_WORK))
def test_programs_of_arrays_agree_with_the_work_by_hand(name: str) -> None:
    ways = ARRAY_WORK[name]
    same(ways[OURS](), ways[BY_HAND](), 1e-7)


@pytest.mark.peers
@pytest.mark.parametrize("name", [name for name in ARRAY_WORK if "list" not in name])
def test_programs_of_arrays_agree_with_autograd(name: str) -> None:
    pytest.importorskip("autograd")
    ways = ARRAY_WORK[name]
    same(ways[OURS](), ways["autograd"](), 1e-9)


BATCH_WORK = {work.name: work.ways for work in batch_work.pieces() if BY_HAND in work.ways}


@pytest.mark.parametrize("name", list(BATCH_WORK))
def test_batches_agree_with_the_work_by_hand(name: str) -> None:
    ways = BATCH_WORK[name]
    np.testing.assert_allclose(ways[OURS](), ways[BY_HAND](), rtol=1e-9, atol=1e-12)


@pytest.mark.peers
@pytest.mark.parametrize("peer", ["autograd", "jax"])
@pytest.mark.parametrize("name", list(BATCH_WORK))
def test_batches_agree_with_the_peers(name: str, peer: str) -> None:
    pytest.importorskip(peer)
    ways = BATCH_WORK[name]
    if peer not in ways:
        pytest.skip("the peer has no way of its own")
    np.testing.assert_allclose(ways[OURS](), ways[peer](), rtol=1e-9, atol=1e-12)


def test_batches_agree_with_loops() -> None:
    pytest.importorskip("scipy")
    for ways in (batch_work.views_of_points(100, 5, 20).ways,):
        np.testing.assert_allclose(ways[OURS](), ways[batch_work.LOOP](), rtol=1e-9)


def test_the_slope_of_a_likelihood_agrees_with_the_work_by_hand() -> None:
    _, ways = batch_work.gaussian(20)
    slope = ways[OURS]()  # of the lower triangle, which the factor reads, and so symmetric as well
    wanted = ways[BY_HAND]()
    np.testing.assert_allclose(slope + slope.T, wanted + wanted.T, rtol=1e-9)


def test_the_recurrent_net_agrees_with_the_work_by_hand() -> None:
    loss_with, weights, slope = array_work.rnn(wide=120, steps=5, rows=8)
    found = chainrule.grad(loss_with(chainrule.numpy))(weights)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, slope(weights), rtol=1e-4, atol=1e-7)


def test_sines_in_segments_take_a_part_of_the_memory() -> None:
    ways = sines(20_000)
    for way in ways.values():
        np.testing.assert_allclose(way(), ways[PLAIN](), rtol=1e-12)
    assert 20_000 * 8 * 20 < peak(ways[OURS]) < 0.3 * peak(ways[PLAIN])
    assert peak(ways[PLAIN]) > 20_000 * 8 * 100


@pytest.mark.parametrize("name", list(CHAINS))
def test_a_chain_s_change_by_hand_is_the_derivative(name: str) -> None:
    make, back = CHAINS[name]
    x = np.array([0.9, 1.1, -1.0])  # where the chains are taken to be by hand
    found = chainrule.elementwise_grad(repeated(make(np), 1))(x)
    np.testing.assert_allclose(found, back(np.ones(3)), rtol=1e-14)


# What makes a case of the table of compiled functions small enough for a test.
SMALL: dict[str, tuple[int, ...]] = {
    "lesson": (),
    "training": (20,),
    "csr": (300, 200, 5),
    "lstm": (7, 4, 3),
}


def small(name: str, monkeypatch: pytest.MonkeyPatch, backend: str = "python") -> Any:
    if name == "csr":
        pytest.importorskip("scipy")
    monkeypatch.setattr(compiled_work, "BACKEND", backend)
    return compiled_work.CASES[name](*SMALL.get(name, (257,)))


def flat(v: Any) -> list[Any]:
    """The arrays in nested tuples, lists and tensors."""
    if isinstance(v, (tuple, list)):
        return [each for part in v for each in flat(part)]
    return [numbers(v)]


def equal(found: Any, wanted: Any) -> None:
    for a, b in zip(flat(found), flat(wanted), strict=True):
        np.testing.assert_allclose(a.reshape(np.shape(b)), b, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("name", list(compiled_work.CASES))
def test_compiled_functions_agree_with_the_work_by_hand(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = small(name, monkeypatch).work.ways
    equal(ways[OURS](), ways[BY_HAND]())


@pytest.mark.slow
@pytest.mark.parametrize("name", list(compiled_work.CASES))
def test_machine_code_agrees_with_the_work_by_hand(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    ways = small(name, monkeypatch, "numba").work.ways
    equal(ways[OURS](), ways[BY_HAND]())


@pytest.mark.peers
@pytest.mark.parametrize("peer", compiled.PEERS)
@pytest.mark.parametrize("name", list(compiled_work.CASES))
def test_the_peers_of_compiled_functions_agree_with_the_work_by_hand(
    name: str, peer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(peer)
    ways = small(name, monkeypatch).work.ways
    if peer not in ways:
        pytest.skip("the peer has no way of its own")
    equal(ways[peer](), ways[BY_HAND]())


@pytest.mark.parametrize("name", ["logistic", "poisson", "softmax", "network", "lesson"])
def test_what_is_compiled_runs_as_it_stands(name: str) -> None:
    rng = np.random.default_rng(1)
    X, y, w = rng.normal(size=(9, 4)), (rng.random(9) < 0.5).astype(float), rng.normal(size=4)
    if name == "softmax":
        y, w = rng.integers(0, 3, 9), rng.normal(size=(3, 4))
    elif name == "network":
        w = tuple(np.asarray(rng.normal(size=shape)) for shape in ((5, 4), 5, 5, ()))
    loss, by_hand = getattr(programs, name)(np), getattr(compiled_by_hand, name)
    take = chainrule.grad if name == "lesson" else chainrule.value_and_grad
    equal(take(loss)(w, X, y), by_hand(w, X, y))


def test_a_row_tells_what_was_reached() -> None:
    work = compiled_work.Work("work", {}, {"jax": 2.0, "torch": 3.0})
    case = compiled_work.Case(work, data=np.ones(3), reads=1.6, most=1e3)
    times = {
        name: Times(seconds, seconds)
        for name, seconds in ((OURS, 1e-3), ("jax", 3e-3), ("torch", 2e-3), (compiled.READ, 5e-4))
    }
    told = compiled.case_row(case, times)
    assert len(told) == len(compiled.COLUMNS)
    assert told[1:3] == ["1,000 (1,000)", "2.00 of 500 (500)"]
    assert "3.0x (3.0x)" in told
    assert told[-2] == "2x jax, 3x torch, at most 1000 µs, at most 1.6 reads"
    assert told[-1] == "no: 2.00 reads, 2.00x torch"
    better = times | {OURS: Times(5e-4, 5e-4)}
    assert compiled.case_row(case, better)[-1] == "yes"
    del times[OURS]
    assert compiled.case_row(case, times)[1] == compiled.FAILED
    assert compiled.reading(np.arange(12.0).reshape(3, 4))() == 11.0


def test_each_way_has_its_turn_and_the_clock_counts_calls() -> None:
    calls: list[str] = []
    times = in_turns({"a": lambda: calls.append("a"), "b": lambda: math.sqrt(2.0)}, rounds=3)
    assert set(times) == {"a", "b"}
    assert 0 < times["a"].least <= times["a"].median < 1e-3
    assert len(calls) > 3


def test_ratios_and_the_load_in_words() -> None:
    assert Times(1.0, 2.0).ratio(Times(3.0, 4.0)) == (3.0, 2.0)
    assert "load" in load()


def test_the_clock_leaves_the_collector_as_it_was() -> None:
    was = gc.isenabled()
    with pytest.raises(ZeroDivisionError):
        in_turns({"fails": lambda: 1 / 0}, rounds=1)
    in_turns({"a": lambda: None}, rounds=1)
    assert gc.isenabled() is was


def numbers(v: Any) -> Any:
    return v.detach().numpy() if hasattr(v, "detach") else np.asarray(v)


@pytest.mark.parametrize("name", TAPE_WORK)
def test_the_tape_agrees_with_the_work_by_hand(name: str) -> None:
    ways = {work.name: work for work in tape_work.pieces()}[name].ways
    for _ in range(2):  # a training step is another one each time
        ours, by_hand = numbers(ways[OURS]()), numbers(ways[BY_HAND]())
        np.testing.assert_allclose(ours, by_hand.reshape(ours.shape), rtol=1e-5)


@pytest.mark.peers
@pytest.mark.parametrize("name", [work.name for work in tape_work.pieces()])
def test_the_tape_agrees_with_pytorch(name: str) -> None:
    pytest.importorskip("torch")
    ways = {work.name: work for work in tape_work.pieces()}[name].ways
    np.testing.assert_allclose(numbers(ways[OURS]()), numbers(ways["torch"]()), rtol=1e-5)


@pytest.mark.peers
def test_derivations_are_those_of_sympy() -> None:
    sympy = pytest.importorskip("sympy")
    from benchmarks.derivation import FORMULAS
    from chainrule.derivation import derive

    for text, wrt in FORMULAS:
        result = derive(text, wrt).as_dict()["steps"][-1]["python"]
        names = sympy.sympify(text).free_symbols
        own = sympy.sympify(result.replace("y", f"({text})"))
        true = sympy.diff(sympy.sympify(text), sympy.Symbol(wrt))
        at = {name: 0.3 + 0.2 * k for k, name in enumerate(sorted(names, key=str))}
        assert float(own.subs(at)) == pytest.approx(float(true.subs(at)), rel=1e-10), text
