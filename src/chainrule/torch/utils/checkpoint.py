"""Memory for time: what a part of a model saves is computed anew when the backward pass comes."""

from __future__ import annotations

import contextlib
import itertools
import warnings
from collections.abc import Callable, Generator, Iterable
from typing import Any

from .._missing import lookup
from .._tape.walk import restricted
from .._tensor import Tensor
from ..autograd import backward
from ..autograd._modes import enable_grad, is_grad_enabled, no_grad
from ..autograd._saving import saved_tensors_hooks
from ..autograd.function import Function
from ..random import default_generator

__all__ = ["CheckpointError", "CheckpointFunction", "checkpoint", "checkpoint_sequential",
           "noop_context_fn"]  # fmt: skip

Func = Callable[..., Any]
SAY_WHICH = (
    "torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. Starting in "
    "PyTorch 2.9, calling checkpoint without use_reentrant will raise an exception. "
    "use_reentrant=False is recommended, but if you need to preserve the current default behavior, "
    "you can pass use_reentrant=True. Refer to docs for more details on the differences between "
    "the two variants."
)
SAY_WHICH_IN_SEQUENCE = (
    "torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be passed "
    "explicitly. In version 2.9 we will raise an exception if use_reentrant is not passed. "
    "use_reentrant=False is recommended, but if you need to preserve the current default behavior, "
    "you can pass use_reentrant=True. Refer to docs for more details on the differences between "
    "the two variants."
)
OTHERWISE = (
    "torch.utils.checkpoint: Recomputed values for the following tensors have different metadata "
    "than during the forward pass.\n"
)
FEWER = """\
torch.utils.checkpoint: A different number of tensors was saved during the original forward and \
recomputation.
Number of tensors saved during forward: {}
Number of tensors saved during recomputation: {}."""  # PyTorch goes on with advice on its compiler
INCOMPATIBLE = (
    "When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing an "
    "`inputs` parameter to .backward(). To resolve this error, you can either set "
    "use_reentrant=False, or call .backward() without passing the `inputs` argument."
)


class CheckpointError(RuntimeError):
    """A function that did not do the same when it was computed anew."""


class Enough(Exception):
    """All that was saved is there again: the rest need not be computed."""


def noop_context_fn() -> tuple[Any, Any]:
    """Return two contexts that do nothing."""
    return contextlib.nullcontext(), contextlib.nullcontext()


def checkpoint(
    function: Func,
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: Callable[[], tuple[Any, Any]] = noop_context_fn,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    **kwargs: Any,
) -> Any:
    """Return what `function` returns; what its operations save is not kept, but computed anew.

    The function runs again in the backward pass, with the state of the random stream that it
    first had (unless `preserve_rng_state=False`), and must do the same again. With
    `use_reentrant=False` the graph is that of the function; with True, the older way, all of it
    is one node, and `torch.autograd.grad` cannot pass through it. The idea of trading time for
    memory so is Griewank's (1992); Chen, Xu, Zhang and Guestrin (2016) brought it to networks.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> y = checkpoint(lambda x: (x * x).sum(), x, use_reentrant=False)
    >>> y.backward()
    >>> x.grad
    tensor([2., 4.])
    """
    if use_reentrant is None:
        warnings.warn(SAY_WHICH, UserWarning, stacklevel=2)
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if kwargs and use_reentrant:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    if use_reentrant:
        if context_fn is not noop_context_fn or debug:
            raise ValueError(
                "Passing `context_fn` or `debug` is only supported when use_reentrant=False."
            )
        if is_grad_enabled() and not any(isinstance(v, Tensor) and v.requires_grad for v in args):
            warnings.warn(
                "None of the inputs have requires_grad=True. Gradients will be None",
                UserWarning,
                stacklevel=2,
            )
        return CheckpointFunction.apply(function, preserve, *args)
    if determinism_check not in ("default", "none"):
        raise ValueError(
            f"determinism_check should be one of ['default', 'none'], but got {determinism_check}"
        )
    first, again = context_fn()
    run = Run(function, args, kwargs, again, preserve, early_stop)
    run.compares = determinism_check == "default"
    with saved_tensors_hooks(run.pack, run.unpack), first:
        return function(*args, **kwargs)


class Run:
    """One call of a function, whose saved tensors are numbers until they are asked for."""

    def __init__(
        self, function: Func, args: Any, kwargs: Any, context: Any, preserve: bool, stop: bool
    ) -> None:
        self.function, self.args, self.kwargs = function, args, kwargs
        self.context, self.stop = context, stop
        self.state = place() if preserve else None
        self.kinds: list[dict[str, Any]] = []  # of what was saved
        self.compares = True
        self.found: dict[int, Tensor] = {}

    def pack(self, t: Tensor) -> int:
        """Return the number of what is saved next."""
        self.kinds.append(kind_of(t))
        return len(self.kinds) - 1

    def unpack(self, k: int) -> Tensor:
        """Return what was saved as number `k`; each once for each time the function is run."""
        if k not in self.found:
            self.again()
        return self.found.pop(k)

    def again(self) -> None:
        """Run the function again, and keep what it saves."""
        self.found = {}
        seen = 0

        def keep(t: Tensor) -> None:
            nonlocal seen
            self.found[seen] = t.detach()  # type: ignore[attr-defined]
            seen += 1
            if self.stop and seen == len(self.kinds):
                raise Enough

        hooks = saved_tensors_hooks(keep, gone)
        with stream(self.state), enable_grad(), hooks, self.context, contextlib.suppress(Enough):
            self.function(*self.args, **self.kwargs)
        if seen != len(self.kinds):
            raise CheckpointError(FEWER.format(len(self.kinds), seen))
        if self.compares:
            self.compare()

    def compare(self) -> None:
        """Raise, in PyTorch's words, if what was saved now is of other shapes or dtypes."""
        pairs = enumerate(zip(self.kinds, map(kind_of, self.found.values()), strict=True))
        if other := [(k, *pair) for k, pair in pairs if pair[0] != pair[1]]:
            raise CheckpointError(OTHERWISE + "".join(
                f"tensor at position {k}:\nsaved metadata: {then}\nrecomputed metadata: {now}\n"
                for k, then, now in other
            ) + ".")  # fmt: skip


def kind_of(t: Any) -> dict[str, Any]:
    return {"shape": t.shape, "dtype": t.dtype, "device": t.device}


def gone(_: Any) -> Any:
    raise CheckpointError(
        "torch.utils.checkpoint: Unpack is being triggered for a tensor that was already "
        "unpacked once. If you are calling ctx.saved_tensors in backward, make sure to do so "
        "only once. Otherwise please open an issue with details on your use case."
    )


def place() -> Any:
    """Return where the stream of random numbers is."""
    g = default_generator
    return g._seed, g._kept, None if g._engine is None else g._engine.state


def go_to(state: Any) -> None:
    g = default_generator
    seed, kept, engine = state
    g._restart(seed)
    g._kept = kept
    if engine is not None:
        g._words(0)  # makes the engine
        g._engine.state = engine  # type: ignore[union-attr]


@contextlib.contextmanager
def stream(state: Any) -> Generator[None]:
    """Return a context in which random numbers are those after `state`."""
    if state is None:
        yield
        return
    before = place()
    go_to(state)
    try:
        yield
    finally:
        go_to(before)


class CheckpointFunction(Function):
    """The older way: one node, whose backward runs the function, and a backward pass of its own."""

    @staticmethod
    def forward(ctx: Any, run_function: Func, preserve: bool, *args: Any) -> Any:
        """Compute without recording."""
        ctx.run_function = run_function
        ctx.state = place() if preserve else None
        ctx.args = [None if isinstance(v, Tensor) else v for v in args]
        ctx.places = [k for k, v in enumerate(args) if isinstance(v, Tensor)]
        ctx.save_for_backward(*(args[k] for k in ctx.places))
        with no_grad():
            return run_function(*args)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Compute again, recording, and pass back from there."""
        if restricted.get():
            raise RuntimeError(INCOMPATIBLE)
        args = list(ctx.args)
        for k, t in zip(ctx.places, ctx.saved_tensors, strict=True):
            args[k] = t.detach()
            args[k].requires_grad = t.requires_grad
        with stream(ctx.state), enable_grad():
            outputs = ctx.run_function(*args)
        if isinstance(outputs, Tensor):
            outputs = (outputs,)
        pairs = [
            (y, g)
            for y, g in zip(outputs, gradients, strict=True)
            if isinstance(y, Tensor) and y.requires_grad
        ]
        if not pairs:
            raise RuntimeError(
                "none of output has requires_grad=True, this checkpoint() is not necessary"
            )
        backward([y for y, _ in pairs], [g for _, g in pairs])
        return (None, None, *(v.grad if isinstance(v, Tensor) else None for v in args))


def checkpoint_sequential(
    functions: Iterable[Func],
    segments: int,
    input: Any,
    use_reentrant: bool | None = None,
    **kwargs: Any,
) -> Any:
    """Return what a chain of functions returns; all parts of it but the last are checkpoints.

    The chain, a list or a Sequential, is cut into `segments` parts of equal length.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([0.0, 1.0], requires_grad=True)
    >>> checkpoint_sequential([torch.exp, torch.neg, torch.exp], 3, x, use_reentrant=False)
    tensor([0.3679, 0.0660], grad_fn=<ExpBackward0>)
    """
    if use_reentrant is None:
        warnings.warn(SAY_WHICH_IN_SEQUENCE, UserWarning, stacklevel=2)
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    chain = list(functions)
    size = len(chain) // segments
    cuts = [k * size for k in range(segments)]
    for start, end in itertools.pairwise(cuts):
        input = checkpoint(
            chained(chain[start:end]), input,
            use_reentrant=use_reentrant, preserve_rng_state=preserve,
        )  # fmt: skip
    return chained(chain[cuts[-1] :])(input)


def chained(functions: list[Func]) -> Func:
    def run(v: Any) -> Any:
        for f in functions:
            v = f(v)
        return v

    return run


for _one in (CheckpointError, CheckpointFunction, checkpoint, checkpoint_sequential,
             noop_context_fn):  # fmt: skip
    _one.__module__ = "torch.utils.checkpoint"
__test__ = {one.__name__: one for one in (checkpoint, checkpoint_sequential)}
__getattr__ = lookup(globals(), "torch.utils.checkpoint", {})
