"""What is written means what was to be written: read back by another reader, at random points."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.derivation.expressions import EULER, PI, Expr, Name, Slope, Typed, num
from chainrule.derivation.writing import ASCII, PYTHON, UNICODE, write
from chainrule.derivation.writing.latex import LATEX
from chainrule.derivation.writing.mathml import MATHML
from chainrule.formulas import parse_statements

from .reading_back import from_latex, from_mathml, value_of

x, w, x1, theta = (Expr(Name(text)) for text in ("x", "w", "x1", "theta"))
r, s2 = Expr(Name("r", row=True)), Expr(Name("s2", row=True))

UNARY = [
    np.negative, np.exp, np.log, np.sqrt, np.cbrt, np.sin, np.tanh, np.arctan, np.log2, np.log10,
    np.log1p, np.expm1, np.exp2, np.square, np.reciprocal, np.floor, np.ceil, np.sign, np.positive,
    np.sum,
]  # fmt: skip
BINARY = [np.add, np.subtract, np.multiply, np.divide, np.power, np.maximum, np.minimum]
RELATIONS = [np.less, np.greater, np.less_equal, np.greater_equal, np.equal, np.not_equal]

numbers = st.one_of(
    st.integers(-3, 12).map(num),
    st.fractions(-3, 3, max_denominator=8).map(Expr),
    st.sampled_from(["0.5", "0.25", "-1.5", "0.001", "12.75"]).map(lambda t: Expr(Typed(t))),
)
leaves = st.one_of(st.sampled_from([x, w, x1, theta, r, s2, EULER, PI]), numbers)


def deeper(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        st.builds(lambda f, a: Expr(f, (a,)), st.sampled_from(UNARY), inner),
        st.builds(lambda f, a, b: Expr(f, (a, b)), st.sampled_from(BINARY), inner, inner),
        st.builds(lambda a, n: Expr(np.power, (a, num(n))), inner, st.integers(-2, 3)),
        st.builds(
            lambda f, a, b, c, d: Expr(np.where, (Expr(f, (a, b)), c, d)),
            st.sampled_from(RELATIONS), inner, inner, inner, inner,
        ),
        # Bars within bars cannot be told apart by a machine; people see it by their heights.
        st.builds(lambda a: Expr(np.absolute, (a,)), st.sampled_from([x, x - w, -w, r * x])),
    )  # fmt: skip


expressions = st.recursive(leaves, deeper, max_leaves=14)


def points(seed: int) -> dict[Expr, Any]:
    rng = np.random.default_rng(seed)
    values: dict[Expr, Any] = {n: np.float64(rng.uniform(-2, 2)) for n in (x, w, x1, theta)}
    return {**values, **{n: rng.uniform(0, 2, 3) for n in (r, s2)}, Expr("n"): 3.0}


def sums_agree(e: Expr) -> bool:
    """The other reader adds what it sees: a sum of what has no rows, it does not repeat."""
    from chainrule.derivation.expressions import rowed

    if e.head is np.sum and not rowed(e.args[0]):
        return False
    return all(sums_agree(arg) for arg in e.args)


def read_back(e: Expr, values: dict[Expr, Any]) -> dict[str, Any]:
    names = {n.head.text: v for n, v in values.items() if isinstance(n.head, Name)}
    in_unicode = {"x₁": names["x1"], "θ": names["theta"], "s₂": names["s2"]}
    return {
        "unicode": value_of(write(e, UNICODE).text, names | in_unicode),
        "ascii": value_of(write(e, ASCII).text, names),
        "latex": value_of(from_latex(write(e, LATEX).text), names),
        "mathml": value_of(from_mathml(write(e, MATHML).text), names),
    }


@settings(max_examples=400, deadline=None)
@given(expressions.filter(sums_agree), st.integers(0, 2**32 - 1))
def test_what_is_written_is_read_back(e: Expr, seed: int) -> None:
    values = points(seed)
    with np.errstate(all="ignore"):
        true = np.asarray(e.at(values), float)
        if not np.all(np.isfinite(true)) or np.any(np.abs(true) > 1e9):
            return
        for alphabet, found in read_back(e, values).items():
            close = np.allclose(found, true, rtol=1e-6, atol=1e-6)
            assert close or _steep(e, values), f"{alphabet}: {write(e, UNICODE).text}"


def _steep(e: Expr, values: dict[Expr, Any]) -> bool:
    """Whether the value jumps or rises steeply here, so that the last digits decide."""
    beside = [
        e.at({n: v * (1 + h) if n != Expr("n") else v for n, v in values.items()})
        for h in (-1e-9, 1e-9)
    ]
    return not np.allclose(beside[0], beside[1], rtol=1e-5, atol=1e-5)


@settings(max_examples=300, deadline=None)
@given(expressions.filter(sums_agree), st.integers(0, 2**32 - 1))
def test_python_is_read_by_the_grammar_of_formulas(e: Expr, seed: int) -> None:
    values = points(seed)
    text = write(e, PYTHON).text
    (only,) = parse_statements(text, rows=["r", "s2"])
    names = {n.head.text: v for n, v in values.items() if isinstance(n.head, Name)}
    with np.errstate(all="ignore"):
        true = np.asarray(e.at(values), float)
        if not np.all(np.isfinite(true)) or np.any(np.abs(true) > 1e9):
            return
        found = only.formula(*[names[name] for name in only.formula.names])
        assert np.allclose(found, true, rtol=1e-6, atol=1e-6) or _steep(e, values), text


# ---- how it looks


def c(f: Any, *args: Any) -> Expr:
    return Expr(f, tuple(map(num, args)))


LOGISTIC = c(np.sum, -r * np.log(s2) - (1 - r) * np.log(1 - s2))


@pytest.mark.parametrize(
    ("e", "in_unicode", "in_ascii", "in_latex", "in_python"),
    [
        (2 * w + x + 1, "2w + x + 1", "2w + x + 1", "2w + x + 1", "2*w + x + 1"),
        (2 * np.exp(-2 * x), "2e^(−2x)", "2e^(-2x)", "2e^{-2x}", "2*exp(-2*x)"),
        (c(np.multiply, w, 1), "w·1", "w*1", r"w \cdot 1", "w*1"),
        (c(np.multiply, 2, 1), "2·1", "2*1", r"2 \cdot 1", "2*1"),
        (-x / w**2, "−x/w²", "-x/w^2", r"-\frac{x}{w^{2}}", "-x/w**2"),
        (c(np.divide, 1, 2 * w), "1/(2w)", "1/(2w)", r"\frac{1}{2w}", "1/(2*w)"),
        (c(np.divide, -1, w), "(−1)/w", "(-1)/w", r"\frac{-1}{w}", "(-1)/w"),
        ((x + w) * -x, "−(x + w)·x", "-(x + w)*x", r"-(x + w) \cdot x", "-(x + w)*x"),
        (c(np.multiply, x, -w), "x·(−w)", "x*(-w)", r"x \cdot (-w)", "x*(-w)"),
        ((-x) ** 2, "(−x)²", "(-x)^2", "(-x)^{2}", "(-x)**2"),
        (np.sin(x) ** 2, "sin²(x)", "sin(x)^2", r"\sin^{2}(x)", "sin(x)**2"),
        (np.sin(x) ** -1, "sin(x)⁻¹", "sin(x)^(-1)", r"\sin(x)^{-1}", "sin(x)**(-1)"),
        (x**w**2, "x^(w²)", "x^(w^2)", "x^{w^{2}}", "x**(w**2)"),
        (np.sqrt(x + 1), "√(x + 1)", "sqrt(x + 1)", r"\sqrt{x + 1}", "sqrt(x + 1)"),
        (2 * np.sqrt(x1), "2√x₁", "2sqrt(x1)", r"2\sqrt{x_{1}}", "2*sqrt(x1)"),
        (2 * PI * theta, "2π·θ", "2pi*theta", r"2\pi \cdot \theta", "2*pi*theta"),
        (np.abs(x / w), "|x/w|", "|x/w|", r"\left|\frac{x}{w}\right|", "abs(x/w)"),
        (np.maximum(x, 0), "max(x, 0)", "max(x, 0)", r"\max(x, 0)", "maximum(x, 0)"),
        (np.log(x / w), "ln(x/w)", "ln(x/w)", r"\ln\left(\frac{x}{w}\right)", "log(x/w)"),
        (np.cbrt(x) ** 2, "(∛x)²", "cbrt(x)^2", r"\sqrt[3]{x}^{2}", "cbrt(x)**2"),
        (
            np.where(x > 0, x, np.where(x < -1, -1, c(np.divide, x, 2))),
            "{x, if x > 0; −1, if x < −1; x/2, otherwise}",
            "{x, if x > 0; -1, if x < -1; x/2, otherwise}",
            r"\begin{cases}x, & \text{if }x > 0 \\ -1, & \text{if }x < -1 \\ \frac{x}{2}, & "
            r"\text{otherwise}\end{cases}",
            "where(x > 0, x, where(x < -1, -1, x/2))",
        ),
        (
            LOGISTIC,
            "Σᵢ (−rᵢ·ln(s₂ᵢ) − (1 − rᵢ)·ln(1 − s₂ᵢ))",
            "sum_i (-r_i*ln(s2_i) - (1 - r_i)*ln(1 - s2_i))",
            r"\sum_{i} (-r_{i} \cdot \ln(s_{2,i}) - (1 - r_{i}) \cdot \ln(1 - s_{2,i}))",
            "sum(-r*log(s2) - (1 - r)*log(1 - s2))",
        ),
        (
            c(np.sum, r - np.log(c(np.sum, np.exp(r)))),
            "Σᵢ (rᵢ − ln(Σⱼ e^rⱼ))",
            "sum_i (r_i - ln(sum_j e^r_j))",
            r"\sum_{i} \left(r_{i} - \ln\left(\sum_{j} e^{r_{j}}\right)\right)",
            "sum(r - log(sum(exp(r))))",
        ),
        (
            c(np.add, c(np.sum, r), w * c(np.sum, r)),
            "(Σᵢ rᵢ) + w·Σᵢ rᵢ",
            "(sum_i r_i) + w*sum_i r_i",
            r"\left(\sum_{i} r_{i}\right) + w \cdot \sum_{i} r_{i}",
            "sum(r) + w*sum(r)",
        ),
        (
            Expr(Fraction(3, 2)) * x - Expr(Typed("0.25")) + Expr(Typed("1e-9")),
            "(3/2)·x − 0.25 + 10⁻⁹",
            "(3/2)*x - 0.25 + 10^(-9)",
            r"\frac{3}{2} \cdot x - 0.25 + 10^{-9}",
            "(3/2)*x - 0.25 + 1e-09",
        ),
    ],
)  # fmt: skip
def test_expressions_look_as_in_a_book(
    e: Expr, in_unicode: str, in_ascii: str, in_latex: str, in_python: str
) -> None:
    assert write(e, UNICODE).text == in_unicode
    assert write(e, ASCII).text == in_ascii
    assert write(e, LATEX).text == in_latex
    assert write(e, PYTHON).text == in_python
    assert in_ascii.isascii()


def test_slopes_are_written_with_the_d_that_fits_and_what_is_held() -> None:
    y, b = Name("y"), Name("b1")
    total = Expr(Slope(y, x1.head, (), False))
    held = Expr(Slope(y, x1.head, (b,), True))
    assert write(total * held, UNICODE).text == "dy/dx₁·∂y/∂x₁|b₁"
    assert write(total, ASCII).text == "dy/dx1"
    assert write(held**2, UNICODE).text == "(∂y/∂x₁|b₁)²"
    assert write(held, LATEX).text == (r"\left.\frac{\partial y}{\partial x_{1}}\right|_{b_{1}}")


def test_in_a_line_of_rows_a_sum_takes_the_next_index() -> None:
    shown = write(np.exp(r) / c(np.sum, np.exp(r)), UNICODE).text
    assert shown == "e^rᵢ/(Σⱼ e^rⱼ)"
    assert write(c(np.sum, r), UNICODE, in_row=True).text == "Σⱼ rⱼ"
    assert write(c(np.sum, r), UNICODE, indices="jk").text == "Σⱼ rⱼ"


@pytest.mark.parametrize(
    ("name", "in_unicode", "in_latex", "in_mathml"),
    [
        ("w_out", "w_out", r"w_{\mathrm{out}}", "<msub><mi>w</mi><mrow><mi>out</mi></mrow></msub>"),
        ("a_b_c", "a_b_c", r"\mathrm{a\_b\_c}", "<mi>a_b_c</mi>"),
        ("loss", "loss", r"\mathrm{loss}", "<mi>loss</mi>"),
        ("x_12", "x₁₂", "x_{12}", "<msub><mi>x</mi><mrow><mn>12</mn></mrow></msub>"),
        ("斜率", "斜率", r"\text{斜率}", "<mi>斜率</mi>"),
        ("θ", "θ", r"\theta", "<mi>θ</mi>"),
        ("lam", "λ", r"\lambda", "<mi>λ</mi>"),
        ("y′′", "y′′", "y''", "<msup><mi>y</mi><mo>′′</mo></msup>"),
        ("_", "_", r"\_", "<mi>_</mi>"),
    ],
)
def test_names_are_written_as_they_are_meant(
    name: str, in_unicode: str, in_latex: str, in_mathml: str
) -> None:
    e = Expr(Name(name))
    assert write(e, UNICODE).text == in_unicode
    assert write(e, LATEX).text == in_latex
    assert write(e, MATHML).text == in_mathml


def test_very_small_and_long_numbers_are_written_as_people_write_them() -> None:
    assert write(num(math.pi / 1e9), UNICODE).text == "3.14159265359·10⁻⁹"
    assert write(num(10**20), UNICODE).text == "10²⁰"
    assert write(-2 * Expr(Typed("1.5e-7")), UNICODE).text == "−3·10⁻⁷"
