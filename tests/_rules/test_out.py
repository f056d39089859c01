"""An array to write to (`out=`) is refused with one sentence, wherever it stands in the call."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import numpy as np
import pytest

from chainrule import grad, vjp
from chainrule._core.faces import served
from chainrule._core.trees import leaves_of
from chainrule.checking import Call, differentiable
from tests._rules.homes import homes
from tests._rules.samples import SAMPLES
from tests._rules.test_signatures import NOTHING, numpys, told
from tests._rules.test_table import calls_of, name_of


def takes_out(function: Any) -> bool:
    return isinstance(function, np.ufunc) or "out" in numpys(function)


FUNCTIONS = [f for f in SAMPLES if homes(f) and takes_out(f)]


def call_and_places(function: Any) -> tuple[Call, int]:
    """Return a sample, and which of its arguments can be differentiated."""
    for call in calls_of(function):
        for k, v in enumerate(call.args):
            if differentiable(v) and not isinstance(v, list):
                return call, k
    pytest.skip("takes lists alone")


def faces_of(function: Any) -> list[Any]:
    asked = isinstance(function, np.ufunc) or hasattr(function, "__wrapped__")
    return [function, served(function)] if asked else [served(function)]


def buffers(function: Any, call: Call) -> Any:
    """Return arrays like what the call returns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y = function(*call.args, **call.options)
    like = tuple(np.empty(np.shape(v), np.asarray(v).dtype) for v in leaves_of(y))
    return like if len(like) > 1 else like[0]


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_by_name(function: Any) -> None:
    call, k = call_and_places(function)
    out = buffers(function, call)
    for face in faces_of(function):

        def f(x: Any, face: Any = face) -> Any:
            args = [*call.args[:k], x, *call.args[k + 1 :]]
            return face(*args, **call.options, out=out)

        with pytest.raises(TypeError, match=r"cannot write a value .* \(out=\); use the result"):
            vjp(f, call.args[k])


def before_out(function: Any, call: Call) -> list[Any] | None:
    """Return the arguments that stand before `out`; None if some of them cannot be written."""
    if isinstance(function, np.ufunc):
        return list(call.args) if len(call.args) == function.nin and not call.options else None
    known = numpys(function)
    if known["out"].kind is inspect.Parameter.KEYWORD_ONLY:
        return None
    args = list(call.args)
    for p in list(known.values())[len(args) : list(known).index("out")]:
        default = p.default if told(p.default) else NOTHING.get(p.name)
        args.append(call.options.get(p.name, default))
    return args if len(args) == list(known).index("out") else None


@pytest.mark.parametrize(
    "function", [f for f in FUNCTIONS if homes(f)[0][0] == "numpy"], ids=name_of
)
@pytest.mark.filterwarnings("ignore:Passing more than 2 positional arguments")
def test_by_position(function: Any) -> None:
    call, k = call_and_places(function)
    args = before_out(function, call)
    if args is None:
        return
    out = buffers(function, Call(*args))
    for face in faces_of(function):

        def f(x: Any, face: Any = face) -> Any:
            rest = out if isinstance(out, tuple) else (out,)
            return face(*args[:k], x, *args[k + 1 :], *rest)

        with pytest.raises(TypeError, match=r"cannot write a value .* \(out=\); use the result"):
            vjp(f, call.args[k])


METHODS = [
    "cumprod", "cumsum", "max", "mean", "min", "prod", "std", "sum", "trace", "var", "clip",
    "compress", "take", "dot",
]  # fmt: skip
MORE: dict[str, tuple[Any, ...]] = {
    "clip": (0.0, 1.0),
    "compress": ([True, False],),
    "take": ([0, 1],),
    "dot": (np.eye(2),),
}


@pytest.mark.parametrize("method", METHODS)
def test_methods(method: str) -> None:
    x = np.array([[0.5, 2.0], [1.5, 3.0]])
    out = np.empty_like(getattr(x, method)(*MORE.get(method, ())))
    with pytest.raises(TypeError, match=r"cannot write a value .* \(out=\); use the result"):
        vjp(lambda x: getattr(x, method)(*MORE.get(method, ()), out=out), x)


def test_what_does_not_move_is_written() -> None:
    """Positions and truth values are plain, so any array takes them."""
    where, true, steps = np.empty(2, int), np.empty(2, bool), np.empty((2, 2))

    def f(x: Any) -> Any:
        np.argmax(x, 1, out=where)
        np.less(x[0], 1.0, out=true)
        np.floor(x, out=steps)
        np.isfinite(x[0], true)
        return np.sum(x)

    np.testing.assert_array_equal(grad(f)(np.array([[0.5, 2.0], [1.5, 3.0]])), np.ones((2, 2)))
    assert where.tolist() == [1, 1] and true.all() and steps.tolist() == [[0, 2], [1, 3]]
