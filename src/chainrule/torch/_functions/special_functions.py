"""Gamma and Bessel functions, and others that have names of their own.

Those of SciPy are loaded with it, by the first call of one (`of_scipy.py`).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from chainrule._rules.normal import erfinv as erfinv_rule

from .real_numbers import real_only
from .unary import unary

# fmt: off
__all__ = ["digamma", "erfinv", "i0", "igamma", "igammac", "lgamma", "mvlgamma", "polygamma"]
# fmt: on


erfinv = unary("erfinv", erfinv_rule, "self", "Return the number whose `erf` each number is.",
               ("0.0, 0.5", "0.0000, 0.4769"), other=real_only("erfinv_vml_cpu"))  # fmt: skip


def late(name: str, said: str, example: str = "", result: str = "") -> Callable[..., Any]:
    """Return the function `name` of `of_scipy.py`, which is loaded when it is first called."""
    found: Any = None

    def function(*inputs: Any, **options: Any) -> Any:
        nonlocal found
        if found is None:
            try:
                module = importlib.import_module(".of_scipy", __package__)
            except ModuleNotFoundError as error:
                if (error.name or "").partition(".")[0] != "scipy":
                    raise
                raise ModuleNotFoundError(
                    f"torch.{name} is computed by SciPy, which is not installed: "
                    "pip install 'chainrule[scipy]'.",
                    name="scipy",
                ) from error
            found = getattr(module, name)
        return found(*inputs, **options)

    function.__name__ = function.__qualname__ = name
    lines = [f"{said}\n\n    It needs SciPy."]
    if example:
        lines.append("\n    >>> import chainrule.torch as torch")
        lines.append(f"    >>> {example}\n    {result}\n    ")
    function.__doc__ = "\n".join(lines)
    return function


lgamma = late(
    "lgamma",
    "Return the logarithm of the size of the gamma function.",
    "torch.lgamma(torch.tensor([1.0, 5.0]))",
    "tensor([0.0000, 3.1781])",
)
digamma = late(
    "digamma",
    "Return the slope of `lgamma`.",
    "torch.digamma(torch.tensor([1.0, 5.0]))",
    "tensor([-0.5772,  1.5061])",
)
polygamma = late(
    "polygamma",
    "Return the `n`-th derivative of `digamma`: `polygamma(n, input)`, or `input.polygamma(n)`.",
    "torch.polygamma(1, torch.tensor([1.0, 5.0]))",
    "tensor([1.6449, 0.2213])",
)
mvlgamma = late(
    "mvlgamma",
    "Return the logarithm of the gamma function of `p` dimensions.",
    "torch.mvlgamma(torch.tensor([3.0]), 2)",
    "tensor([1.5502])",
)
igamma = late(
    "igamma",
    "Return the part of the integral of the gamma function of `input` that lies below `other`.",
    "torch.igamma(torch.tensor([1.0]), torch.tensor([1.0]))",
    "tensor([0.6321])",
)
igammac = late(
    "igammac",
    "Return the part of the integral of the gamma function of `input` that lies above `other`.",
    "torch.igammac(torch.tensor([1.0]), torch.tensor([1.0]))",
    "tensor([0.3679])",
)
i0 = late(
    "i0",
    "Return the modified Bessel function of the first kind and of order 0.",
    "torch.i0(torch.tensor([0.0, 1.0]))",
    "tensor([1.0000, 1.2661])",
)


def polygamma_method(self: Any, n: int) -> Any:
    """Return the `n`-th derivative of `digamma`."""
    return polygamma(n, self)


METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__} | {
    "polygamma": polygamma_method
}
