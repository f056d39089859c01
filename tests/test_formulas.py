"""Formulas: what is read means what it says; what is not in the grammar is refused."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule import grad
from chainrule._languages import speaking
from chainrule.formulas import CONSTANTS, FUNCTIONS, FormulaError, parse, parse_statements
from tests.chinese import english

# A formula written at random, beside its meaning in Python's own floats and `math`.
Written = tuple[str, Callable[[float], float]]

UNARY: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "cbrt": math.cbrt,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "atan": math.atan,
    "arcsinh": math.asinh,
    "tanh": math.tanh,
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
}
BINARY: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: math.pow(a, b),
}


def _number(value: float) -> Written:
    return repr(value), lambda x: value


def _of_one(name: str, inner: Written) -> Written:
    text, f = inner
    return f"{name}({text})", lambda x: UNARY[name](f(x))


def _of_two(a: Written, operator: str, b: Written) -> Written:
    return f"({a[0]}) {operator}({b[0]})", lambda x: BINARY[operator](a[1](x), b[1](x))


def _negative(inner: Written) -> Written:
    return f"-({inner[0]})", lambda x: -inner[1](x)


def _larger(a: Written, b: Written) -> Written:
    return f"maximum({a[0]}, {b[0]})", lambda x: max(a[1](x), b[1](x))


def _chosen(a: Written, b: Written, c: Written) -> Written:
    return (
        f"where({a[0]} < {b[0]}, {c[0]}, {a[0]})",
        lambda x: c[1](x) if a[1](x) < b[1](x) else a[1](x),
    )


def _deeper(inner: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    return st.one_of(
        st.builds(_of_one, st.sampled_from(sorted(UNARY)), inner),
        st.builds(_of_two, inner, st.sampled_from(sorted(BINARY)), inner),
        st.builds(_negative, inner),
        st.builds(_larger, inner, inner),
        st.builds(_chosen, inner, inner, inner),
    )


leaves = st.one_of(
    st.just(("x", lambda x: x)),
    st.just(("pi", lambda x: math.pi)),
    st.floats(0, 1e3).map(_number),
    st.integers(0, 9).map(_number),
)
written = st.recursive(leaves, _deeper, max_leaves=12).filter(lambda w: len(w[0]) <= 1000)


@given(written, st.floats(-4, 4))
def test_what_is_read_means_what_is_written(formula: Written, at: float) -> None:
    text, meaning = formula
    try:
        expected = float(meaning(at))
    except (ValueError, ZeroDivisionError, OverflowError):
        expected = math.nan  # Python's numbers raise where NumPy's are inf or nan
    f = parse(text)
    with np.errstate(all="ignore"):
        found = f(at) if f.names else f()
    if math.isfinite(expected) and abs(expected) < 1e6:
        # The last digits of the two libraries may differ, and steep formulas enlarge that.
        slack = 1e-9 * max(1.0, abs(expected))
        with np.errstate(all="ignore"):
            beside = [f(at * (1 + s)) if f.names else found for s in (-1e-12, 1e-12)]
        steepness = max((abs(b - found) for b in beside if math.isfinite(b)), default=0.0)
        assert abs(found - expected) <= slack + 100 * steepness, text


@pytest.mark.parametrize(
    ("text", "at", "value"),
    [
        ("2 + 3*x", 4.0, 14.0),
        ("2**3**x", 2.0, 512.0),  # powers bind to the right
        ("-x**2", 3.0, -9.0),  # and before a minus
        ("2**-x", 1.0, 0.5),
        ("1 - 2 - x", 3.0, -4.0),
        ("8/4/x", 2.0, 1.0),
        ("  x\n\t+ 1 ", 1.0, 2.0),
        ("1_000 * x + 0x10", 1.0, 1016.0),
        (".5*x + 5.", 2.0, 6.0),
        ("e**x", 1.0, math.e),
        ("π*x", 2.0, 2 * math.pi),
        ("ln(x)", math.e, 1.0),
        ("where(x >= 1, 10, 20)", 1.0, 10.0),
        ("where(x != 1, 10, 20)", 1.0, 20.0),
        ("sigmoid(x)", -800.0, 0.0),
        ("softplus(x)", 800.0, 800.0),
        ("relu(x) + min(x, 2) + max(x, 2)", 3.0, 8.0),
    ],
)
def test_values(text: str, at: float, value: float) -> None:
    found = parse(text)(at)
    assert type(found) is float
    assert found == pytest.approx(value, rel=1e-15)


def test_sigmoid_keeps_its_digits_far_to_the_left() -> None:
    assert parse("sigmoid(x)")(-600.0) == pytest.approx(math.exp(-600.0), rel=1e-12)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_has_the_slope_that_differences_find(name: str) -> None:
    _, count = FUNCTIONS[name]
    arguments = {1: "x", 2: "x, 2*x", 3: "x < 0.2, x**2, x"}[count]
    shift = 1 if name in ("arccosh", "acosh") else 0
    f = parse(f"{name}({arguments})")
    at, h = 0.4 + shift, 1e-6
    assert grad(f)(at) == pytest.approx((f(at + h) - f(at - h)) / (2 * h), abs=1e-7)


def test_names_are_in_the_order_in_which_they_stand() -> None:
    f = parse("(x + w) * (w + 1) / scale")
    assert f.names == ("x", "w", "scale")
    assert f(2.0, 1.0, 2.0) == 3.0
    assert grad(f, (0, 1))(2.0, 1.0, 1.0) == (2.0, 5.0)


def test_arrays_broadcast_and_float32_stays() -> None:
    f = parse("where(x > 2*3, x / (1 + 1), 0)")
    x = np.array([4, 8], np.float32)
    np.testing.assert_array_equal(f(x), [0, 4])
    assert parse("x * (2 + 1)")(x).dtype == np.float32


def test_the_branch_not_taken_sends_no_nan() -> None:
    f = parse("where(x > 0, x*log(x), 0)")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        assert grad(f)(0.0) == 0.0


def test_a_wrong_number_of_values_is_named() -> None:
    with pytest.raises(TypeError, match=r"x \+ w is a function of x, w, but was given 1 values"):
        parse("x + w")(1.0)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the formula is empty; write one such as tanh(x)"),
        ("   ", "the formula is empty; write one such as tanh(x)"),
        ("2 ^ x", '"^" at position 3 is not in the grammar of formulas; write **'),
        ("3 × x", '"×" at position 3 is not in the grammar of formulas; write *'),
        ("x²", '"²" at position 2 is not in the grammar of formulas; write **2'),
        ("tanh（x）", '"（" at position 5 is not in the grammar of formulas; write ('),
        ("|x|", '"|" at position 1 is not in the grammar of formulas; write abs( )'),
        ("x % 2", '"%" at position 3 is not in the grammar of formulas'),
        ("tanhh(x)", '"tanhh" at position 1 is not a function known here; did you mean tanh?'),
        ("1 + Exp(x)", '"Exp" at position 5 is not a function known here; did you mean exp?'),
        ("x(2)", '"x" at position 1 is not a function; write x*( ) to multiply'),
        ("pi(2)", '"pi" at position 1 is not a function; write pi*( ) to multiply'),
        ("2(x)", '"2(x)" at position 1 lacks an operator; write * to multiply'),
        ("2x + 1", '"2x" at position 1 lacks an operator; write 2*x'),
        ("sin x", '"sin x" at position 1 lacks an operator; write sin(x)'),
        ("a b", '"a b" at position 1 lacks an operator; write a*b'),
        ("sin", '"sin" at position 1 is a function; write sin( ) around its argument'),
        ("x + pie", '"pie" at position 5 is a variable beside x; no more than 1 can stand here '
            "(did you mean pi?)"),
        ("w + x", '"w" at position 1 is a variable beside x; no more than 1 can stand here'),
        ("y = x", '"=" at position 3 is not in the grammar of formulas; '
            "write only what stands on its right"),
        ("(x + 1", '"(" at position 1 is never closed; write a ")"'),
        ("x + 1)", '")" at position 6 closes nothing; take it out, or write a "("'),
        ("x +", '"x +" ends where a number or a name should follow'),
        ("x + * 2", '"* 2" at position 5 cannot stand there'),
        ("tanh()", '"tanh()" at position 1 has 0 values inside; tanh takes 1'),
        ("max(x)", '"max(x)" at position 1 has 1 value inside; max takes 2'),
        ("tanh(x=1)", '"tanh(x=1)" at position 1 names an argument; write the values alone'),
        ("np.tanh(x)", '"np.tanh(x)" at position 1 has a dot; write tanh without what stands '
            "before it"),
        ("x < 1", '"x < 1" at position 1 is a comparison; it can only be the condition of '
            "where( )"),
        ("where(x, 1, 2)", '"x" at position 7 is not a condition; write a comparison such '
            "as x > 0"),
        ("where(0 < x < 1, 1, 2)", '"0 < x < 1" at position 7 compares more than two; '
            "use one where( ) for each"),
        ("1e999", '"1e999" at position 1 is too large; numbers go up to 1.8e308'),
        ("é + ab(x)", '"ab" at position 5 is not a function known here; did you mean abs?'),
        ("x" * 1001, "the formula has 1001 characters; 1000 are the most that are read"),
    ],
)  # fmt: skip
def test_the_sentence_says_what_and_where(text: str, says: str) -> None:
    with pytest.raises(FormulaError) as refused:
        parse(text, variables=1)
    assert str(refused.value) == says
    with speaking("zh"), pytest.raises(FormulaError) as refused:
        parse(text, variables=1)
    assert english(str(refused.value), text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "__import__(x)",
        "().__class__.__bases__",
        "x.__class__",
        "(lambda: x)()",
        "[x for x in x]",
        "exp.__globals__",
        "exec(x)",
        "eval(x)",
        "open(x)",
        "getattr(x, x)",
        "f'{x}'",
        "x if x else 1",
        "x and 1",
        "not x",
        "x in x",
        "await x",
        "(x := 1)",
        "tanh(*x)",
        "tanh(**x)",
        "x[0]",
        "x, 1",
        "1j",
        "True",
        "None",
        "...",
        '"text"',
        "x; x",
        "x # remark",
        "x\\\n",
        "x\0",
        "x\udc80",
        "x @ x",
        "x // 2",
        "x << 999999999",
        "~x",
        "`x`",
        "9" * 999,
    ],
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 499 + "x" + ")" * 499,
        "-" * 999 + "x",
        "x" + "**x" * 333,
        "9**" * 333 + "9",
        "x+" * 499 + "x",
        "exp(" * 199 + "x" + ")" * 199,
        "x<" * 499 + "x",
        "not " * 249 + "x",
        "where(x>" * 100 + "1" + ",1,1)" * 100,
    ],
)
def test_no_formula_hangs_or_overflows(text: str) -> None:
    try:
        f = parse(text)
    except FormulaError:
        return
    with np.errstate(all="ignore"):
        float(f(0.5) if f.names else f())
        grad(f)(0.5) if f.names else None


@given(st.text(alphabet="x0123456789.+-*/() <>=,^eπtanhpi_'\"[]", max_size=40))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        f = parse(text)
    except FormulaError as refused:
        assert "\n" not in str(refused)
        assert len(str(refused)) < 400
    else:
        assert all(name not in CONSTANTS and name not in FUNCTIONS for name in f.names)


# -- several formulas that build on one another


LOSS = "z = w*x + b; p = 1/(1+exp(-z)); L = sum(-t*log(p) - (1-t)*log(1-p))"


@pytest.mark.parametrize("text", [LOSS, LOSS.replace("; ", "\n"), "\n" + LOSS.replace(";", ";\n;")])
def test_statements_build_on_one_another(text: str) -> None:
    statements = parse_statements(text, rows=["x", "t"])
    assert [(each.name, each.rows) for each in statements] == [
        ("z", True),
        ("p", True),
        ("L", False),
    ]
    values: dict[str | None, object] = {
        "w": 0.5,
        "b": 0.25,
        "x": np.array([1.0, 2.0]),
        "t": np.array([0.0, 1.0]),
    }
    for each in statements:
        values[each.name] = each.formula(*[values[name] for name in each.formula.names])
    p = [1 / (1 + math.exp(-z)) for z in (0.75, 1.25)]
    assert values["L"] == pytest.approx(-math.log(1 - p[0]) - math.log(p[1]))


def test_one_formula_is_a_statement_without_a_name() -> None:
    (only,) = parse_statements("  x * mean(u) ", rows=["u"])
    assert (only.name, only.formula.names, only.rows) == (None, ("x", "u"), False)
    assert only.formula(2.0, np.array([1.0, 2.0])) == 3.0
    assert only.formula.text == "x * mean(u)"


def test_sums_within_sums_and_conditions_are_read() -> None:
    text = "L = sum(where(x >= 0, x, -x) - log(sum(exp(x))))"
    (only,) = parse_statements(text, rows=["x"])
    x = np.array([1.0, -2.0])
    assert only.formula(x) == pytest.approx(3 - 2 * np.logaddexp(*x))


def test_a_number_chosen_instead_of_rows_counts_once_a_row() -> None:
    (only,) = parse_statements("L = sum(where(w > 0, x, w))", rows=["x"])
    assert only.formula.names == ("w", "x")
    assert only.formula(-2.0, np.array([1.0, 3.0, 5.0])) == -6.0
    assert only.formula(2.0, np.array([1.0, 3.0, 5.0])) == 9.0
    assert grad(only.formula)(-2.0, np.array([1.0, 3.0, 5.0])) == 3.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = tanhh(x); a*x", '"tanhh" at position 5 is not a function known here; did you mean'),
        ("a = x; b = a + 2^x", '"^" at position 17 is not in the grammar of formulas; write **'),
        ("a = x\nb = a + 2^x", 'line 2: "^" at position 10 is not in the grammar'),
        ("a = b; b = x", '"b" at position 5 is used before it is given; put the statement b = …'),
        ("a = 2*a", '"a" at position 7 stands in its own formula; give the result another name'),
        ("a = x; b = a*b; b", '"b" at position 14 stands in its own formula'),
        ("a = x; a = a + 1; a", '"a" at position 8 is given a second time'),
        ("a = x; a = 2*x; a", '"a" at position 8 is given a second time; choose another name'),
        ("x + 1; x", '"x + 1" at position 1 has no name, so nothing can use it; write a name'),
        ("a = x; x", "a is given and never used; take its statement out"),
        ("2*x = y", '"2*x" at position 1 cannot be a name; write one such as z before the ='),
        ("lambda = 2; lambda*x", '"lambda" at position 1 cannot be a name'),
        ("3*lambda + x", '"lambda" at position 3 cannot be a name here; choose another'),
        ("e = x; e", '"e" at position 1 has a meaning in formulas already; choose another name'),
        ("sum = x; sum", '"sum" at position 1 has a meaning in formulas already'),
        ("r = x; r", '"r" at position 1 is given here and has values already'),
        ("w*sum(x)", "w*sum(x) adds over rows, and nothing inside has rows; give a variable"),
        ("a = sum(r); mean(a)", "mean(a) adds over rows, and nothing inside has rows"),
        ("a = (x; a", '"(" at position 5 is never closed; write a ")"'),
        ("a = x y; a", '"x y" at position 5 lacks an operator; write x*y'),
        ("a = ; a", "the formula is empty; write one such as tanh(x)"),
        ("", "the formula is empty; write one such as tanh(x)"),
        (" ;\n; ", "the formula is empty"),
        ("a = x；a", '"；" at position 6 is not in the grammar of formulas; write ;'),
        ("sum(r, axis=0)", "names an argument; write the values alone"),
        (";".join(f"a{k} = x" for k in range(41)), "there are 41 statements; 40 are the most"),
    ],
)
def test_statements_that_cannot_be_read_are_told_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(FormulaError) as refused:
        parse_statements(text, rows=["r"])
    assert says in str(refused.value)
    with speaking("zh"), pytest.raises(FormulaError):
        parse_statements(text, rows=["r"])


def test_a_formula_alone_has_no_sums() -> None:
    with pytest.raises(FormulaError, match='"sum" at position 1 is not a function known here'):
        parse("sum(x)")


@given(st.text(alphabet="abx01+-*/()=;\n sumen", max_size=40))
def test_any_statements_are_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        statements = parse_statements(text, rows=["x"])
    except FormulaError as refused:
        assert "\n" not in str(refused)
        assert len(str(refused)) < 400
    else:
        assert all(each.name is not None for each in statements[:-1])
