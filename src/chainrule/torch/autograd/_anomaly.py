"""Looking for NaN in a backward pass: `detect_anomaly`, `set_detect_anomaly`."""

from __future__ import annotations

import warnings
from contextvars import ContextVar
from typing import Any

import numpy as np

from .._tape.edges import changes_of, handed_on, slots_of
from .._tape.nodes import PLAN
from .._tape.plans import LIST_PLAN
from .._tape.values import Taped
from .._tape.walk import Visit, inspector

__all__ = [
    "detect_anomaly",
    "is_anomaly_check_nan_enabled",
    "is_anomaly_enabled",
    "set_detect_anomaly",
]

state: ContextVar[tuple[bool, bool]] = ContextVar("anomaly", default=(False, True))


def is_anomaly_enabled() -> bool:
    """Say whether backward passes are watched now, in this thread or task."""
    return state.get()[0]


def is_anomaly_check_nan_enabled() -> bool:
    """Say whether a watched backward pass looks for NaN."""
    return state.get()[1]


def turn(on: bool, check_nan: bool) -> None:
    state.set((on, check_nan))
    inspector.set(watching if on and check_nan else None)


class set_detect_anomaly:
    """Let backward passes raise at the first NaN: from now on, or in a `with`.

    The error names the operation whose gradient it is. Slow, and for debugging only.

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

    def watched(node: Any, g: Any) -> Any:
        step = visit(node, g)
        if step is None or node[PLAN] is LIST_PLAN:
            return step
        places = {id(slot): k for k, slot in reversed([*enumerate(slots_of(node))])}
        changes = changes_of(step)
        for parent, h in changes:
            if h is not None and np.isnan(np.asarray(plain(h))).any():
                name = node[PLAN].name
                warnings.warn(
                    f"Error detected in {name}. No forward pass information available. Enable "
                    "detect anomaly during forward pass for more information.",
                    UserWarning,
                    stacklevel=2,
                )
                raise RuntimeError(
                    f"Function '{name}' returned nan values in its {places.get(id(parent), 0)}th "
                    "output."
                )
        return handed_on(changes)

    return watched


for _mode in (detect_anomaly, set_detect_anomaly):
    _mode.__module__ = "torch.autograd.anomaly_mode"
__test__ = {"set_detect_anomaly": set_detect_anomaly}
