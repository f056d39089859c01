"""The same expression in PyTorch and here: values, number types, gradients, names, errors.

An expression reads the tensors `x`, `y`, … and the module `torch`. It is evaluated twice, on equal
numbers; what differs is said by the name of the fact.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

import chainrule.torch as mine

Arrays = dict[str, Any]


def tensors(module: Any, arrays: Arrays, wanted: bool) -> Arrays:
    """Return the arrays as tensors; floating ones want a gradient if `wanted`."""
    found = {}
    for name, array in arrays.items():
        array = np.array(array)
        if module is mine:
            from chainrule.torch._tensor import made

            t = made(array)
        else:
            t = module.from_numpy(array) if array.ndim else module.tensor(array)
        if wanted and array.dtype.kind in "fc":
            t.requires_grad_()
        found[name] = t
    return found


def run(module: Any, text: str, arrays: Arrays, order: int) -> dict[str, Any]:
    """Return what can be seen of the result: its facts, by their names."""
    found = tensors(module, arrays, order > 0)
    names = {"torch": module, "math": math, "inf": math.inf, "nan": math.nan}
    facts: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = eval(text, names | found)  # noqa: S307  (the tests' own texts)
        except Exception as error:
            return {"error": (type(error).__name__, str(error))}
        outputs = result if isinstance(result, tuple) else (result,)
        for k, out in enumerate(outputs):
            facts |= seen(f"output {k}", out)
        first = outputs[0] if outputs else None
        if not order or not getattr(first, "requires_grad", False):
            return facts
        facts["name"] = [out.grad_fn.name() for out in outputs if out.requires_grad and out.grad_fn]
        gradients(module, outputs, list(found.values()), order, facts)
    return facts


def seen(where: str, out: Any) -> dict[str, Any]:
    if not hasattr(out, "dtype"):
        return {where: out}
    return {
        f"{where}, dtype": str(out.dtype),
        f"{where}, shape": tuple(out.shape),
        f"{where}, requires_grad": out.requires_grad,
        where: array_of(out),
    }


def array_of(t: Any) -> Any:
    return np.array(t._array) if isinstance(t, mine.Tensor) else t.detach().numpy(force=True).copy()


def gradients(module: Any, outputs: Any, leaves: Any, order: int, facts: dict[str, Any]) -> None:
    """Add the gradients of a weighted sum, and of their weighted sum in turn."""
    leaves = [t for t in leaves if t.requires_grad]
    outs = [out for out in outputs if out.requires_grad]
    try:
        found = module.autograd.grad(
            outs,
            leaves,
            [weights(module, out, 1) for out in outs],
            create_graph=order > 1,
            allow_unused=True,
        )
    except RuntimeError as error:
        facts["backward"] = str(error)
        return
    for k, g in enumerate(found):
        facts[f"gradient {k}"] = None if g is None else array_of(g)
        facts[f"gradient {k}, dtype"] = None if g is None else str(g.dtype)
    again = [g for g in found if g is not None and g.requires_grad]
    if order < 2:
        return
    facts["gradients that want one"] = len(again)
    if not again:
        return
    second = module.autograd.grad(
        again, leaves, [weights(module, g, 2) for g in again], allow_unused=True
    )
    for k, g in enumerate(second):
        facts[f"second gradient {k}"] = (
            np.zeros(tuple(leaves[k].shape)) if g is None else array_of(g)
        )


def weights(module: Any, t: Any, start: int) -> Any:
    array = array_of(t)
    w = np.cos(start + np.arange(array.size)).reshape(array.shape).astype(array.dtype)
    return tensors(module, {"w": w}, False)["w"]


def differences(text: str, arrays: Arrays, order: int = 2, rtol: float = 2e-6) -> list[str]:
    """Return the facts in which PyTorch and the face differ, with both."""
    import torch

    theirs, ours = run(torch, text, arrays, order), run(mine, text, arrays, order)
    said = []
    for name in {**theirs, **ours}:
        a, b = theirs.get(name, "nothing"), ours.get(name, "nothing")
        if not alike(a, b, rtol):
            said.append(f"{text}: {name}: {told(a, b, rtol)}")
    return said


def told(a: Any, b: Any, rtol: float) -> str:
    """Say how two facts differ; of arrays, at how many places, and the first of them."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.shape == b.shape:
        places = [i for i in np.ndindex(a.shape) if not alike(a[i][None], b[i][None], rtol)]
        if places:
            i = places[0]
            return f"PyTorch {a[i]}, here {b[i]} at {i} ({len(places)} of {a.size})"
    return f"PyTorch {a}, here {b}"


def alike(a: Any, b: Any, rtol: float) -> bool:
    if not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)):
        return type(a) is type(b) and bool(a == b)
    if a.shape != b.shape:
        return False
    if a.dtype.kind not in "fc":
        return bool(np.array_equal(a, b))
    rtol = rtol if a.dtype.itemsize == 4 else 2e-3 if a.dtype.itemsize == 2 else 1e-11
    with np.errstate(all="ignore"):
        size = np.max(np.abs(a[np.isfinite(a)]), initial=1)
    return bool(np.allclose(a, b, rtol=rtol * 4, atol=rtol * size, equal_nan=True))
