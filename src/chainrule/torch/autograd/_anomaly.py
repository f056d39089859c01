"""Looking for NaN in a backward pass: `detect_anomaly`, `set_detect_anomaly`."""

from __future__ import annotations

import traceback
import warnings
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import numpy as np

from chainrule._core.pieces import output_pull

from .._tape.edges import changes_of, handed_on, slots_of
from .._tape.nodes import EXTRA, PARENT, PLAN, PULL
from .._tape.observing import observe, unobserve
from .._tape.plans import LIST_PLAN
from .._tape.saved import watched
from .._tape.values import Taped
from .._tape.walk import Visit, inspector
from ._leaves import extra_of

__all__ = [
    "detect_anomaly",
    "is_anomaly_check_nan_enabled",
    "is_anomaly_enabled",
    "set_detect_anomaly",
]

HERE = str(Path(__file__).parents[2])  # chainrule's own files
PRINTED = "<printed by chainrule>"  # functions that are compiled from text
tokens: ContextVar[Any] = ContextVar("tokens")
state: ContextVar[tuple[bool, bool]] = ContextVar("anomaly", default=(False, True))


def is_anomaly_enabled() -> bool:
    """Say whether backward passes are watched now, in this thread or task."""
    return state.get()[0]


def is_anomaly_check_nan_enabled() -> bool:
    """Say whether a watched backward pass looks for NaN."""
    return state.get()[1]


def turn(on: bool, check_nan: bool) -> None:
    before = state.get()[0]
    state.set((on, check_nan))
    inspector.set(watching if on else None)
    watched.set(on)
    if on and not before:
        tokens.set(observe(remember_call))
    elif before and not on:
        unobserve(tokens.get())


def remember_call(t: Any, node: Any) -> None:
    """Keep with a new node where the user's program was when it was recorded."""
    if node is None or node[PULL] is None:
        return
    if node[PULL] is output_pull:
        node = node[PARENT]
    extra = extra_of(node)
    if extra.metadata is None:
        frames = traceback.extract_stack()
        own = [one for one in frames if not one.filename.startswith((HERE, PRINTED))]
        extra.metadata = {"traceback_": traceback.format_list(own)}


def warn_of(node: Any) -> None:
    """Warn that a backward pass fails at a node, and say where that was recorded."""
    metadata = None if node[EXTRA] is None else node[EXTRA].metadata
    if metadata and "traceback_" in metadata:
        told = (
            f"Traceback of forward call that caused the error:\n{''.join(metadata['traceback_'])}"
        )
    else:
        told = (
            "No forward pass information available. Enable detect anomaly during forward pass for "
            "more information."
        )
    text = f"Error detected in {node[PLAN].name}. {told}"
    warnings.warn(text, UserWarning, stacklevel=2)


class set_detect_anomaly:
    """Let backward passes raise at the first NaN: from now on, or in a `with`.

    The error names the operation whose gradient it is, and a warning before it says where that was
    recorded. Slow, and for debugging only.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([0.0, 1.0], requires_grad=True)
    >>> y = (0 * x.sqrt()).sum()
    >>> import warnings
    >>> with set_detect_anomaly(True), warnings.catch_warnings(action="ignore"):
    ...     y.backward()
    Traceback (most recent call last):
    RuntimeError: Function 'SqrtBackward0' returned nan values in its 0th output.
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self.prev, self.prev_check_nan = state.get()
        turn(mode, check_nan)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        turn(self.prev, self.prev_check_nan)


class detect_anomaly:
    """A context in which backward passes raise at the first NaN, as after `set_detect_anomaly`."""

    def __init__(self, check_nan: bool = True) -> None:
        self.prev, self.prev_check_nan = state.get()
        self.check_nan = check_nan
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should "
            "only be enabled for debugging.",
            UserWarning,
            stacklevel=2,
        )

    def __enter__(self) -> None:
        turn(True, self.check_nan)

    def __exit__(self, *_: object) -> None:
        turn(self.prev, self.prev_check_nan)


def plain(h: Any) -> Any:
    return h.value if isinstance(h, Taped) else h


def watching(visit: Visit) -> Visit:
    """Return a visit that looks at what its node passes on."""

    def watch(node: Any, g: Any) -> Any:
        listing = node[PLAN] is LIST_PLAN
        try:
            step = visit(node, g)
            changes = None if step is None or listing else changes_of(step)
        except Exception:
            if not listing:
                warn_of(node)
            raise
        if changes is None:
            return step
        places = {id(slot): k for k, slot in reversed([*enumerate(slots_of(node))])}
        for parent, h in changes if state.get()[1] else ():
            if h is not None and np.isnan(np.asarray(plain(h))).any():
                warn_of(node)
                raise RuntimeError(
                    f"Function '{node[PLAN].name}' returned nan values in its "
                    f"{places.get(id(parent), 0)}th output."
                )
        return handed_on(changes)

    return watch


for _mode in (detect_anomaly, set_detect_anomaly):
    _mode.__module__ = "torch.autograd.anomaly_mode"
__test__ = {"set_detect_anomaly": set_detect_anomaly}
