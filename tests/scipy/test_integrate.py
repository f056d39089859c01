"""chainrule.scipy.integrate.odeint: against closed forms, differences and autograd."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import deriv, grad, hessian, jacobian, jvp, vjp
from chainrule.checking import check_grads

scipys = pytest.importorskip("scipy.integrate")
odeint = pytest.importorskip("chainrule.scipy.integrate").odeint
FINE = {"rtol": 1e-11, "atol": 1e-11}
TIMES = np.array([0.0, 0.4, 0.7, 1.5])
START = np.array([1.0, 0.5])


def prey(y: Any, t: Any, rates: Any, season: Any) -> Any:
    """Lotka and Volterra's animals, who eat more in summer: depends on the time, too."""
    hares, foxes = y
    eaten = rates[1] * (1 + season * np.sin(t)) * hares * foxes
    return [rates[0] * hares - eaten, eaten - rates[2] * foxes]


RATES, SEASON = np.array([1.1, 0.9, 0.6]), 0.3


def run(y0: Any, t: Any, rates: Any, season: Any) -> Any:
    return odeint(prey, y0, t, (rates, season), **FINE)


def test_values_are_scipys() -> None:
    own = scipys.odeint(prey, START, TIMES, (RATES, SEASON), **FINE)
    np.testing.assert_array_equal(run(START, TIMES, RATES, SEASON), own)
    np.testing.assert_array_equal(vjp(run, START, TIMES, RATES, SEASON)[0], own)
    np.testing.assert_array_equal(
        jvp(run, (START, TIMES, RATES, SEASON), (START, TIMES, RATES, 1.0))[0], own
    )


def test_growth_in_closed_form() -> None:
    """Y = y0 exp(r (t - t0)): all first and second derivatives are known."""

    def end(y0: Any, t0: Any, t1: Any, r: Any) -> Any:
        times = cnp.array([t0, t1])
        return odeint(lambda y, t, r: r * y, y0, times, (r,), **FINE)[-1, 0]

    def closed(y0: Any, t0: Any, t1: Any, r: Any) -> Any:
        return y0 * np.exp(r * (t1 - t0))

    point = (0.7, 0.2, 1.3, -0.8)
    for k in range(4):
        expected = grad(closed, k)(*point)
        assert grad(end, k)(*point) == pytest.approx(expected, rel=1e-8)
        assert deriv(end, k)(*point) == pytest.approx(expected, rel=1e-8)
        for j in range(4):
            expected = grad(grad(closed, k), j)(*point)
            assert grad(grad(end, k), j)(*point) == pytest.approx(expected, rel=1e-6, abs=1e-7)
    assert hessian(end, 3)(*point) == pytest.approx(hessian(closed, 3)(*point), rel=1e-6)


def test_a_swing_in_closed_form() -> None:
    """At all times and in both directions of time."""

    def closed(y0: Any, t: Any, k: Any) -> Any:
        w, s = np.sqrt(k), t - t[0]
        x = y0[0] * np.cos(w * s) + y0[1] * np.sin(w * s) / w
        return np.stack([x, y0[1] * np.cos(w * s) - y0[0] * w * np.sin(w * s)], -1)

    def swing(y: Any, t: Any, k: Any) -> Any:
        return np.stack([y[1], -k * y[0]])

    for times in (TIMES, TIMES[::-1].copy()):
        for i, args in enumerate([(START, times, 2.5)] * 3):
            found = jacobian(lambda *a: odeint(swing, a[0], a[1], (a[2],), **FINE), i)(*args)
            np.testing.assert_allclose(found, jacobian(closed, i)(*args), atol=1e-8)


def test_both_directions_against_differences() -> None:
    check_grads(run, START, TIMES, RATES, SEASON, order=1, tolerance=1e-5)


def test_second_order_against_differences_of_the_gradient() -> None:
    def loss(rates: Any) -> Any:
        return np.sum(run(START, TIMES, rates, SEASON) ** 2)

    h = 1e-5
    step = np.array([0.3, -0.5, 1.0])
    expected = (grad(loss)(RATES + h * step) - grad(loss)(RATES - h * step)) / (2 * h)
    found = jvp(grad(loss), (RATES,), (step,))[1]
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    np.testing.assert_allclose(hessian(loss)(RATES) @ step, expected, rtol=1e-5)


@pytest.mark.peers
def test_as_autograd_has_it() -> None:
    autograd = pytest.importorskip("autograd")
    anp = pytest.importorskip("autograd.numpy")
    theirs = pytest.importorskip("autograd.scipy.integrate").odeint

    def their_prey(y: Any, t: Any, rates: Any, season: Any) -> Any:
        eaten = rates[1] * (1 + season * anp.sin(t)) * y[0] * y[1]
        return anp.array([rates[0] * y[0] - eaten, eaten - rates[2] * y[1]])

    g = np.random.default_rng(3).normal(size=(4, 2))
    from autograd.builtins import tuple as boxed

    for k, found in enumerate(vjp(run, START, TIMES, RATES, SEASON)[1](g)):
        pull = autograd.make_vjp(
            lambda *a: theirs(their_prey, a[0], a[1], boxed((a[2], a[3])), **FINE), k
        )(START, TIMES, RATES, SEASON)[0]
        np.testing.assert_allclose(found, pull(g), rtol=1e-6, err_msg=str(k))


def test_parameters_may_be_anything() -> None:
    """Containers, constants among them, one that is no tuple; time first; a list as the start."""

    def fall(t: Any, y: Any, p: Any, sign: str) -> Any:
        assert sign == "-"
        return -p["rate"] * y + p["shift"][0]

    def end(p: Any) -> Any:
        return odeint(fall, [1.0], np.array([0.0, 1.0]), (p, "-"), tfirst=True, **FINE)[-1, 0]

    found = grad(end)({"rate": 2.0, "shift": [0.0]})
    assert found["rate"] == pytest.approx(-np.exp(-2.0), rel=1e-8)
    assert found["shift"][0] == pytest.approx((1 - np.exp(-2.0)) / 2, rel=1e-8)
    alone = grad(
        lambda r: odeint(lambda y, t, r: r * y, 1.0, np.array([0.0, 1.0]), r, **FINE)[1, 0]
    )
    assert alone(0.5) == pytest.approx(np.exp(0.5), rel=1e-8)
    start = grad(lambda s: odeint(lambda y, t, r: r * y, [s, 1.0], [0.0, 1.0], 0.5)[1, 0])
    assert start(2.0) == pytest.approx(np.exp(0.5), rel=1e-6)
    tight = {"rtol": 1e-11, "atol": np.array([1e-11, 1e-10]), "hmax": 0.1}
    limited = grad(lambda r: odeint(prey, START, TIMES, (r, SEASON), **tight)[-1, 0])
    np.testing.assert_allclose(
        limited(RATES), grad(lambda r: run(START, TIMES, r, SEASON)[-1, 0])(RATES), rtol=1e-7
    )


@pytest.mark.parametrize(
    "make",
    [cnp.array, cnp.stack, list, tuple, lambda parts: [cnp.array(part) for part in parts]],
    ids=["array", "stack", "list", "tuple", "arrays"],
)
def test_the_slope_may_be_put_together_in_any_way(make: Any) -> None:
    def swing(y: Any, t: Any, k: Any) -> Any:
        return make([y[1], -k * y[0]])

    def filled(y: Any, t: Any, k: Any) -> Any:
        slope = cnp.zeros(2)
        slope[0], slope[1] = y[1], -k * y[0]
        return slope

    for func in (swing, filled):
        end = lambda k: odeint(func, START, TIMES, (k,), **FINE)[-1, 0]  # noqa: B023
        w, t = 1.5, TIMES[-1]
        closed = START[0] * -np.sin(w * t) * t + START[1] * (
            np.cos(w * t) * t / w - np.sin(w * t) / w**2
        )
        assert grad(end)(w**2) == pytest.approx(closed / (2 * w), rel=1e-8)
        apart = grad(lambda y: np.sum(odeint(func, START, TIMES, (2.0,)) * y))  # noqa: B023
        assert apart(1.0) == pytest.approx(np.sum(scipys.odeint(swing, START, TIMES, (2.0,))))


def test_one_time_is_the_start() -> None:
    only = jacobian(lambda y: odeint(prey, y, np.array([0.3]), (RATES, SEASON))[0])
    np.testing.assert_array_equal(only(START), np.eye(2))


def test_what_is_read_from_around_is_refused() -> None:
    with pytest.raises(TypeError, match="hand it over by args"):
        grad(lambda r: odeint(lambda y, t: r * y, r, np.array([0.0, 1.0]))[1, 0])(0.5)
    with pytest.raises(TypeError, match="hand it over by args"):
        grad(lambda r: odeint(lambda y, t: [r * y[0]], 1.0, np.array([0.0, 1.0]))[1, 0])(0.5)
    with pytest.raises(TypeError, match="full_output has no derivative"):
        grad(lambda s: odeint(lambda y, t: y, s, [0.0, 1.0], full_output=True)[0][1, 0])(0.5)
    with pytest.raises(ValueError, match="one-dimensional"):
        grad(lambda s: np.sum(odeint(lambda y, t: y, s, [0.0, 1.0])))(np.ones((2, 2)))
