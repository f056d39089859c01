"""Whether operations are recorded: as a context, a decorator, at once; and where that holds."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from chainrule.torch._tape.inference import SAVED, WRITTEN
from tests.torch.autograd.saying import leaf, raises, warns

MODES = ["no_grad", "enable_grad", "set_grad_enabled", "inference_mode"]

# ---------------------------------------------------------------- as a context


def test_one_inside_the_other(torch: Any) -> None:
    seen = [torch.is_grad_enabled()]
    with torch.no_grad():
        seen.append(torch.is_grad_enabled())
        with torch.enable_grad():
            seen.append(torch.is_grad_enabled())
            with torch.set_grad_enabled(False):
                seen.append(torch.is_grad_enabled())
            seen.append(torch.is_grad_enabled())
        seen.append(torch.is_grad_enabled())
    assert [*seen, torch.is_grad_enabled()] == [True, False, True, False, True, False, True]


def test_what_is_recorded(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with torch.no_grad():
        made_inside = torch.ones(1, requires_grad=True)
        y, view = x * 2, x.view(2)
        with torch.enable_grad():
            z = x * 2
    assert made_inside.requires_grad
    assert (y.requires_grad, y.grad_fn, y.is_leaf) == (False, None, True)
    assert not y.requires_grad_().requires_grad_(False).requires_grad
    assert view.is_leaf
    assert z.grad_fn.name() == "MulBackward0"


def test_a_pass_runs_in_any_mode(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = (x * x).sum()
    with torch.no_grad():
        y.backward()
    assert x.grad.tolist() == [2, 4]


def test_an_error_ends_it(torch: Any) -> None:
    with pytest.raises(KeyError), torch.no_grad():
        raise KeyError
    assert torch.is_grad_enabled()


def test_what_entering_returns(torch: Any) -> None:
    with torch.no_grad() as entered:
        assert entered is None


def test_set_at_once(torch: Any) -> None:
    torch.set_grad_enabled(False)
    assert not torch.is_grad_enabled()
    torch.set_grad_enabled(mode=True)
    assert torch.is_grad_enabled()


def test_set_at_once_and_back_at_the_end(torch: Any) -> None:
    mode = torch.set_grad_enabled(False)
    assert not torch.is_grad_enabled()
    with mode:
        assert not torch.is_grad_enabled()
    assert torch.is_grad_enabled()


def test_set_and_entered_later(torch: Any) -> None:
    mode = torch.set_grad_enabled(False)
    torch.set_grad_enabled(True)
    with mode:
        assert not torch.is_grad_enabled()
    assert torch.is_grad_enabled()


@pytest.mark.parametrize(
    ("value", "name"), [(1, "int"), (0, "int"), (None, "NoneType"), ("a", "str"), (len, None)]
)
def test_set_to_true_or_false(torch: Any, value: Any, name: str | None) -> None:
    name = name or type(value).__name__
    with raises(
        TypeError, f"set_grad_enabled(): argument 'enabled' (position 1) must be bool, not {name}"
    ):
        torch.set_grad_enabled(value)
    assert torch.is_grad_enabled()
    with raises(
        TypeError, "set_grad_enabled.__init__() missing 1 required positional argument: 'mode'"
    ):
        torch.set_grad_enabled()


def test_a_context_within_itself() -> None:
    import chainrule.torch as torch

    mode = torch.no_grad()  # PyTorch forgets the outer one, and stays off
    with mode, mode:
        assert not torch.is_grad_enabled()
    assert torch.is_grad_enabled()


def test_what_they_are_called(torch: Any) -> None:
    assert repr(torch.set_grad_enabled(True)) == (
        "torch.autograd.grad_mode.set_grad_enabled(mode=True)"
    )
    assert repr(torch.no_grad()).startswith("<torch.autograd.grad_mode.no_grad object at 0x")
    for name in MODES:
        assert getattr(torch.autograd, name) is getattr(torch, name)
        assert getattr(torch, name).__name__ == name


# ---------------------------------------------------------------- as a decorator


def test_decorators(torch: Any) -> None:
    @torch.no_grad
    def bare(x: Any, times: int = 1) -> Any:
        """Multiply."""
        return x * times, torch.is_grad_enabled()

    @torch.no_grad()
    def called(x: Any, times: int = 1) -> Any:
        return x * times, torch.is_grad_enabled()

    @torch.set_grad_enabled(False)
    def was_set() -> Any:
        return torch.is_grad_enabled()

    @torch.enable_grad()
    def on() -> Any:
        return torch.is_grad_enabled()

    x = leaf(torch, 1, 2)
    assert torch.is_grad_enabled()
    for f in (bare, called):
        y, mode = f(x, times=2)
        assert (y.requires_grad, mode) == (False, False)
    assert (bare.__name__, bare.__doc__) == ("bare", "Multiply.")
    assert not was_set()
    with torch.no_grad():
        assert on()
        assert not torch.is_grad_enabled()
    assert torch.is_grad_enabled()


def test_a_decorated_method(torch: Any) -> None:
    class Model:
        @torch.no_grad()
        def predict(self, x: Any) -> Any:
            return x * 2

    assert not Model().predict(leaf(torch, 1)).requires_grad


def test_a_decorated_function_that_fails_or_calls_itself(torch: Any) -> None:
    @torch.no_grad()
    def down(n: int) -> Any:
        if n:
            return down(n - 1)
        raise KeyError(torch.is_grad_enabled())

    with pytest.raises(KeyError, match="False"):
        down(3)
    assert torch.is_grad_enabled()


def test_a_decorated_generator(torch: Any) -> None:
    seen = []

    @torch.no_grad()
    def steps() -> Any:
        seen.append(torch.is_grad_enabled())
        sent = yield 1
        seen.append((sent, torch.is_grad_enabled()))
        try:
            yield 2
        except ValueError:
            seen.append(("caught", torch.is_grad_enabled()))
        yield 3
        return 9

    it = steps()
    assert (next(it), torch.is_grad_enabled()) == (1, True)
    assert (it.send("a"), torch.is_grad_enabled()) == (2, True)
    assert (it.throw(ValueError()), torch.is_grad_enabled()) == (3, True)
    with pytest.raises(StopIteration) as done:
        next(it)
    assert done.value.value == 9
    assert seen == [False, ("a", False), ("caught", False)]


def test_a_decorated_generator_that_is_closed(torch: Any) -> None:
    seen = []

    @torch.no_grad()
    def steps() -> Iterator[int]:
        try:
            yield 1
        finally:
            seen.append(torch.is_grad_enabled())

    it: Any = steps()
    next(it)
    it.close()
    assert seen == [False]
    assert torch.is_grad_enabled()


def test_a_decorated_class(torch: Any) -> None:
    with warns(
        FutureWarning,
        "Decorating classes is deprecated and will be disabled in future versions. You should only "
        "decorate functions or methods. To preserve the current behavior of class decoration, you "
        "can directly decorate the `__init__` method and nothing else.",
    ):

        @torch.no_grad()
        class Model:
            def __init__(self) -> None:
                self.mode = torch.is_grad_enabled()

    assert not Model().mode


# ---------------------------------------------------------------- where it holds


def test_a_mode_is_the_threads_own(torch: Any) -> None:
    seen = []

    def ask() -> None:
        seen.append(torch.is_grad_enabled())
        torch.set_grad_enabled(False)
        seen.append(torch.is_grad_enabled())

    with torch.no_grad():
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert seen == [True, False]
    assert torch.is_grad_enabled()


def test_a_mode_is_the_tasks_own() -> None:
    import chainrule.torch as torch  # PyTorch's leaks into the tasks that run meanwhile

    async def without() -> bool:
        with torch.no_grad():
            await asyncio.sleep(0)
            return bool(torch.is_grad_enabled())

    async def beside() -> bool:
        return bool(torch.is_grad_enabled())

    async def both() -> list[bool]:
        return await asyncio.gather(without(), beside())

    assert asyncio.run(both()) == [False, True]


def test_threads_record_and_walk_at_the_same_time(torch: Any) -> None:
    x = leaf(torch, *range(10))
    found: dict[int, Any] = {}
    start = threading.Barrier(4)

    def work(k: int) -> None:
        start.wait()
        for _ in range(50):
            (found[k],) = torch.autograd.grad(((k + 1) * x * x).sum(), x)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(4):
        assert found[k].tolist() == [2.0 * (k + 1) * n for n in range(10)]


# ---------------------------------------------------------------- inference_mode


def test_inference_records_nothing(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with torch.inference_mode():
        assert torch.is_inference_mode_enabled()
        assert not torch.is_grad_enabled()
        y = x * 2
        assert torch.ones(1, requires_grad=True).requires_grad
    assert not y.requires_grad
    assert not torch.is_inference_mode_enabled()
    assert torch.is_grad_enabled()


def test_inference_as_a_decorator(torch: Any) -> None:
    def modes() -> tuple[bool, bool]:
        return torch.is_grad_enabled(), torch.is_inference_mode_enabled()

    assert torch.inference_mode(modes)() == (False, True)
    assert torch.inference_mode()(modes)() == (False, True)
    assert torch.inference_mode(mode=False)(modes)() == (True, False)
    with torch.no_grad():
        assert torch.inference_mode(False)(modes)() == (True, False)
    with torch.inference_mode():
        assert torch.inference_mode(False)(modes)() == (True, False)
        assert modes() == (False, True)
    assert modes() == (True, False)


def test_tensors_of_inference_mode(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with torch.inference_mode():
        y, part, same = x * 2, x[:1], torch.ones(2)
        same.add_(1)
        inside = [v.is_inference() for v in (y, part, same, x, x.detach())]
        with torch.enable_grad():
            assert not (x * 2).requires_grad
    assert inside == [True, False, True, False, False]
    later = [v.is_inference() for v in (y * 2, y[:1], y.clone(), y.detach(), y.view(2, 1))]
    assert later == [False, True, False, True, True]
    assert (y + x).requires_grad  # nothing is saved
    with raises(RuntimeError, SAVED):
        y * x
    with raises(RuntimeError, "Inference tensors do not track version counter."):
        _ = y._version
    wanted = "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed."
    with raises(RuntimeError, wanted):
        y.requires_grad_()
    assert (y.clone() * x).requires_grad


def test_tensors_of_inference_mode_are_not_written_to_outside(torch: Any) -> None:
    with torch.inference_mode():
        y = torch.ones(2)
    for write in (
        lambda: y.add_(1), lambda: y.zero_(), lambda: y[:1].mul_(2), lambda: y.copy_(torch.ones(2)),
        lambda: y.__setitem__(0, 5.0), lambda: torch.add(torch.ones(2), 1, out=y),
    ):  # fmt: skip
        with raises(RuntimeError, WRITTEN), torch.no_grad():
            write()


def test_threads_of_backward_passes(torch: Any) -> None:
    with torch.autograd.set_multithreading_enabled(False):
        assert not torch.autograd.is_multithreading_enabled()
    assert torch.autograd.is_multithreading_enabled()
    text = "set_multithreading_enabled(): argument 'enabled' (position 1) must be bool, not int"
    with raises(TypeError, text):
        torch.autograd.set_multithreading_enabled(3)
