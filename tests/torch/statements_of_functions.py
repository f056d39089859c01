"""Statements that call functions met less often: of numbers, along dimensions, of matrices."""

from __future__ import annotations

from typing import Any

from tests.torch.writer import Writer, call, floating, repeats

OF_NUMBERS = ["acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cosh", "erf", "erfc"]
OF_NUMBERS += ["exp2", "expm1", "floor", "frac", "log10", "log1p", "log2", "reciprocal", "round"]
OF_NUMBERS += ["rsqrt", "sgn", "sign", "sinc", "sinh", "tan", "trunc", "isnan", "isinf", "isfinite"]
OF_NUMBERS += ["nan_to_num", "deg2rad", "rad2deg", "logit", "lgamma", "digamma", "signbit"]
OF_PAIRS = ["maximum", "minimum", "fmax", "fmin", "fmod", "remainder", "atan2", "hypot", "copysign"]
OF_PAIRS += ["floor_divide", "logaddexp", "xlogy", "logical_and", "logical_or", "logical_xor"]
OF_PAIRS += ["isclose", "heaviside"]
ALONG = ["cumsum", "cumprod", "logsumexp", "softmax", "log_softmax", "flip", "sort", "argsort"]
ALONG += ["amax", "amin", "cummax", "cummin", "median", "nansum", "std", "var", "logcumsumexp"]
OVERALL = ["var", "std", "norm", "median", "any", "all", "amax", "amin", "nansum", "count_nonzero"]
OVERALL += ["isnan", "ravel", "numel", "nanmean"]
OF_MATRICES = ["tril", "triu", "trace", "diag", "fliplr", "flipud", "diagonal", "adjoint", "mT"]


def hardly(x: Any) -> bool:
    """Whether some of the numbers may be zeros but for rounding."""
    return bool(((x != 0) & (x.abs() < 1e-6)).any()) if x.dtype.is_floating_point else False


def number_function(w: Writer) -> str | None:
    a = w.pick()
    if a is None:
        return None
    x = w.names[a]
    if w.chance(0.5):
        name = w.one_of(OF_NUMBERS)
        if name == "digamma" and bool(((x <= 0) & (x == x.round())).any()):
            name = "lgamma"  # at the poles PyTorch's slope is a large number, not infinite
        if name == "acosh" and bool((x == -1).any()):
            name = "asinh"  # outside of where it is real: -inf here, inf in PyTorch
        if name == "signbit" and bool(x.isnan().any()):
            name = "sign"  # which sign a nan has depends on the processor
        return f"{w.new()} = {call(w, name, a)}"
    b = w.partner(a)
    if b is None:
        return None
    name = w.one_of(OF_PAIRS)
    if name == "hypot" and bool((x == 0).any()):
        name = "atan2"  # at (0, 0) PyTorch's slope is nan
    if name == "copysign" and (not x.numel() or bool(w.names[b].isnan().any())):
        name = "maximum"  # of none, its second derivative frees it in PyTorch
    if name.startswith("logical_") and any(map(hardly, (x, w.names[b]))):
        name = "maximum"  # whether it is 0 depends on rounding
    if name == "logaddexp" and not (floating(x) and floating(w.names[b])):
        name = "minimum"  # PyTorch subtracts truth values on its way back, and raises
    return f"{w.new()} = {call(w, name, a, b)}"


def largest(w: Writer, a: str, axis: int) -> str:
    """topk where no number is there twice: which of equals PyTorch's sorting finds has no rule."""
    numbers = w.names[a].detach().reshape(-1)
    once = len(numbers.unique()) == len(numbers)
    return call(w, "topk", a, "1", str(axis)) + "[0]" if once else call(w, "amax", a, str(axis))


def along(w: Writer) -> str | None:
    a = w.pick(floating)
    if a is None:
        return None
    x = w.names[a]
    if w.chance(0.3):
        name = w.one_of(OVERALL)
        if name == "norm" and not bool((x != 0).any()):
            name = "std"  # a norm's second derivatives at 0 are nan in PyTorch
        return f"{w.new()} = {call(w, name, a)}"
    axis = w.axis(x)
    name = w.one_of(ALONG)
    given = f"({axis},)" if name == "flip" else str(axis)
    how = [call(w, name, a, given)] * 4
    how += [call(w, "movedim", a, str(axis), str(w.axis(x))), call(w, "unbind", a, str(axis))]
    how += [call(w, "chunk", a, "2", str(axis)), call(w, "roll", a, "1", str(axis))]
    how += [call(w, "split", a, "1", str(axis)), call(w, "repeat_interleave", a, "2", str(axis))]
    how += [call(w, "index_select", a, str(axis), "torch.tensor([0])"), call(w, "tile", a, "(2,)")]
    how += [largest(w, a, axis), call(w, "narrow", a, str(axis), "0", "1")]
    how += [call(w, "select", a, str(axis), "0")]
    how += [call(w, "diff", a, f"dim={axis}")] if x.numel() else []  # a view of nothing in PyTorch
    how += [
        f"{a}.expand(2, *{a}.shape)",
        f"{a}.repeat(2, *[1] * {a}.dim())",
        f"{a}.unfold({axis}, 1, 1)",
    ]
    how += [call(w, "take_along_dim", a, f"{a}.argsort({axis})", str(axis))]
    how += [call(w, "gather", a, str(axis), f"{a}.argsort({axis})")]
    return f"{w.new()} = {w.one_of(how)}"


def matrix_function(w: Writer) -> str | None:
    a = w.pick(floating, lambda x: x.ndim == 2)
    if a is None:
        return None
    x = w.names[a]
    name = w.one_of(OF_MATRICES)
    how = [f"{a}.mT" if name == "mT" else call(w, name, a)] * 4
    how += [f"torch.einsum('ij,ij->i', {a}, {a})", f"torch.einsum('ij->ji', {a})"]
    # PyTorch does not see that what kron saved was written to since.
    how += [f"torch.outer({a}[0], {a}[0])", f"torch.kron({a} * 2, {a} + 1)"]
    how += [f"torch.cdist({a}.detach(), {a}.detach())"]
    if bool((x != 0).any()):
        norms = ["norm({})", "vector_norm({}, 1)", "vector_norm({}, 2)", "vector_norm({}, 3)"]
        how += [f"torch.linalg.{w.one_of(norms).format(a)}"] * 2
    if x.ndim and x.shape[0] and bool(x.isfinite().all()):
        square = f"({a} @ {a}.mT + 2 * torch.eye({x.shape[0]}, dtype={a}.dtype))"
        names = ["inv", "det", "slogdet", "cholesky", "matrix_norm"]
        how += [f"torch.linalg.{w.one_of(names)}({square})"] * 2
        how += [f"torch.linalg.solve({square}, {a})"]
    return f"{w.new()} = {w.one_of(how)}"


def masked(w: Writer) -> str | None:
    a = w.pick(floating)
    if a is None:
        return None
    x, v = w.names[a], w.number()
    how = [f"{a}.masked_fill({a} > {v}, {v})", f"torch.masked_select({a}, {a} > {v})"]
    how += [f"torch.lerp({a}, {a} * 2, 0.5)", f"torch.addcmul({a}, {a}, {a}, value=0.5)"]
    how += [f"torch.addcdiv({a}, {a}, {a} * {a} + 1)", f"torch.nonzero({a} > {v})"]
    how += [
        f"torch.where({a} > {v}, {a}, {v})",
        f"torch.bucketize({a}.detach(), torch.tensor([0.0, 1.0]))",
    ]
    how += [
        f"torch.unique({a}.detach())",
        f"torch.meshgrid({a}.flatten(), {a}.flatten(), indexing='ij')",
    ]
    if x.ndim:
        how += [f"{a}.index_add(0, torch.tensor([0]), {a}[:1])", f"torch.vstack([{a}, {a}])"]
        how += [f"{a}.scatter(0, torch.zeros_like({a}, dtype=torch.int64), 1.0)"]
        how += [f"torch.hstack([{a}, {a}])"]
        how += [] if repeats(x) else [f"{a}.masked_fill_({a} > {v}, 1.0)"]
    return f"{w.new()} = {w.one_of(how)}"
