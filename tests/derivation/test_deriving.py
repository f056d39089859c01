"""Derivations as a course writes them, step by step."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from chainrule.derivation import derive
from chainrule.derivation.deriving import text_of


def lines(text: str) -> list[tuple[str, str]]:
    """Return the shown lines without captions, each with its left side."""
    return [tuple(part.strip() for part in line.split("=", 1)) for line in text.splitlines()]  # type: ignore[misc]


def steps(*asked: object, **options: object) -> list[str]:
    """Return the steps as text, an approximate one with its sign."""
    d = derive(*asked, **options)  # type: ignore[arg-type]
    return [("≈ " if step.about else "") + text_of(step.expr) for step in d.steps]


def definitions(*asked: object) -> list[str]:
    d = derive(*asked)  # type: ignore[arg-type]
    return [f"{text_of(n)} = {text_of(e)}" for n, e in d.definitions.items()]


def test_the_line_of_the_course() -> None:
    assert definitions("(x+w)*(w+1)", "w") == ["a = x + w", "b = w + 1", "y = a·b"]
    assert steps("(x+w)*(w+1)", "w", {"x": 2, "w": 1}) == [
        "∂y/∂a·∂a/∂w + ∂y/∂b·∂b/∂w",
        "b·1 + a·1",
        "b + a",
        "(w + 1) + (x + w)",
        "2w + x + 1",
        "2·1 + 2 + 1",
        "5",
    ]


def test_the_logistic_curve() -> None:
    assert steps("1/(1+exp(-(w*x+b)))", "w", {"w": 0.5, "x": 2, "b": 0}) == [
        "∂y/∂f·∂f/∂c·∂c/∂a·∂a/∂w",
        "(−1/f²)·1·(−c)·x",
        "x·c/f²",
        "x·e^(−(w·x + b))/(1 + e^(−(w·x + b)))²",
        "y·(1 − y)·x",
        "≈ 0.7311·(1 − 0.7311)·2",
        "≈ 0.3932",
    ]


def test_tanh_from_exponentials() -> None:
    assert steps("(1-exp(-2*x))/(1+exp(-2*x))", at=1) == [
        "(∂y/∂b·db/da + ∂y/∂c·dc/da)·da/dx",
        "((1/c)·(−1) + (−b/c²)·1)·(−2a)",
        "2a·(b + c)/c²",
        "2e^(−2x)·((1 − e^(−2x)) + (1 + e^(−2x)))/(1 + e^(−2x))²",
        "4e^(−2x)/(1 + e^(−2x))²",
        "1 − y²",
        "≈ 1 − 0.7616²",
        "≈ 0.42",
    ]


POINTS = {"w": 0.5, "b": 0, "x": [1, 2], "t": [0, 1]}
LOSS = [
    "Σᵢ ∂L/∂pᵢ·∂pᵢ/∂zᵢ·∂zᵢ/∂w",
    "Σᵢ (−tᵢ/pᵢ + (1 − tᵢ)/(1 − pᵢ))·pᵢ·(1 − pᵢ)·xᵢ",
    "Σᵢ (pᵢ − tᵢ)·xᵢ",
    "(p₁ − t₁)·x₁ + (p₂ − t₂)·x₂",
    "≈ (0.6225 − 0)·1 + (0.7311 − 1)·2",
    "≈ 0.08458",
]


@pytest.mark.parametrize(
    "text",
    [
        "z = w*x + b; p = 1/(1+exp(-z)); L = sum(-t*log(p) - (1-t)*log(1-p))",
        "p = sigmoid(w*x + b); L = sum(-t*log(p) - (1-t)*log(1-p))",
        "sum(-t*log(1/(1+exp(-(w*x+b)))) - (1-t)*log(1-1/(1+exp(-(w*x+b)))))",
        "sum(-t*log(sigmoid(w*x+b)) - (1-t)*log(1-sigmoid(w*x+b)))",
    ],
)
def test_the_logistic_loss_of_two_points_named_or_not(text: str) -> None:
    found = steps(text, "w", POINTS)
    assert found[-4:] == LOSS[-4:]
    assert found == LOSS


def test_one_data_point_needs_no_sum() -> None:
    text = "-t*log(sigmoid(w*x+b)) - (1-t)*log(1-sigmoid(w*x+b))"
    assert steps(text, "w")[-1] == "x·(p − t)"
    assert steps(text, "b")[-1] == "p − t"


def test_many_data_points_are_not_written_out() -> None:
    found = steps("sum((w*x-t)**2)/2", "w", {"w": 1, "x": [1, 2, 3, 4, 5], "t": [0, 0, 0, 0, 1]})
    assert found[-2:] == ["Σᵢ (w·xᵢ − tᵢ)·xᵢ", "50"]


def test_a_number_before_a_sum_is_kept_before_what_is_written_out() -> None:
    found = steps("2*sum(w*x**2)+w", "w", {"w": 3, "x": [1, 2]})
    assert found[-3:] == ["2·(x₁² + x₂²) + 1", "2·(1² + 2²) + 1", "11"]


def test_sums_within_sums_have_an_index_of_their_own() -> None:
    text = "sum((x*w - sum(x*w))**2)"
    assert definitions(text, "w", {"x": [1, 2]}) == [
        "a = Σᵢ xᵢ·w",
        "bᵢ = xᵢ·w − a",
        "y = Σᵢ bᵢ²",
    ]
    assert "Σᵢ 2bᵢ·(xᵢ + (−1)·Σⱼ xⱼ)" in steps(text, "w", {"x": [1, 2]})
    assert steps(text, "w", {"x": [1, 2], "w": 2})[-1] == "20"


def test_where_each_row_depends_on_all_the_derivative_is_shown_by_its_parts() -> None:
    d = derive("sum((x-mean(x))**2)", "x", {"x": [1, 2, 4]})
    assert [f"{text_of(a)} = {text_of(b)}" for a, b in d.parts] == [
        "∂y/∂bᵢ = 2bᵢ",
        "dy/da = Σᵢ (−∂y/∂bᵢ/n)",
    ]
    assert text_of(d.result) == "2xᵢ − (2/n)·Σⱼ xⱼ"
    assert d.value == pytest.approx([-8 / 3, -2 / 3, 10 / 3])
    assert "in order it is −2.667, −0.6667, 3.333" in d.text()


@pytest.mark.parametrize(
    ("text", "order", "result"),
    [
        ("1/(1+exp(-x))", 2, "y·(1 − y)·(1 − 2y)"),
        ("sigmoid(x)", 2, "y·(1 − y)·(1 − 2y)"),
        ("(x+1)/(x-1)", 2, "4/(x − 1)³"),
        ("tanh(x)", 2, "−2y·(1 − y²)"),
        ("x**2", 2, "2"),
        ("x**9", 4, "3024x⁵"),
        ("exp(2*x)", 3, "8e^(2x)"),
        ("sin(x)", 4, "sin(x)"),
        ("log(x)", 2, "−1/x²"),
        ("x**2", 3, "0"),
        ("x*w", 2, "0"),
        ("3*x + w**2", 2, "0"),
        ("x**2", 6, "0"),
    ],
)
def test_higher_orders_come_back_to_y(text: str, order: int, result: str) -> None:
    d = derive(text, "x", {"x": 0.5, "w": 2} if "w" in text else 0.5, order)
    assert text_of(d.result) == result
    assert d.order == order


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("tanh(x)", "1 − y²"),
        ("tan(x)", "1 + y²"),
        ("max(x**2, 3)", "{2x, if x² > 3; 0, otherwise}"),
        ("relu(x)", "{1, if x > 0; 0, otherwise}"),
        ("min(x, 1)", "{1, if x < 1; 0, otherwise}"),
        ("max(0, x)", "{1, if x ≥ 0; 0, otherwise}"),
        ("min(1, x)", "{1, if x ≤ 1; 0, otherwise}"),
        ("where(x > 1, x**2, sin(x))", "{2x, if x > 1; cos(x), otherwise}"),
        ("abs(x**2 - 1)", "2x·sign(x² − 1)"),
        ("abs(x)**2", "2x"),
        ("sign(x)*x", "sign(x)"),
        ("floor(x)", "0"),
        ("x**x", "x^x·(1 + ln(x))"),
        ("2**x", "2^x·ln(2)"),
        ("log2(x)", "1/(x·ln(2))"),
        ("softplus(x)", "e^x/(1 + e^x)"),
        ("sqrt(x)", "1/(2√x)"),
        ("1/sqrt(x)", "−1/(2x·√x)"),
        ("asin(x)", "1/√(1 − x²)"),
        ("atan(x)", "1/(x² + 1)"),
        ("sin(x)/cos(x)", "1 + y²"),
        ("x**0", "0"),
        ("x**1", "1"),
        ("pi*x", "π"),
        ("e**x", "e^x"),
        ("0.1*x", "0.1"),
        ("x/3", "1/3"),
        ("x*sigmoid(x)", "p·(1 + x·(1 − p))"),
        ("log(x*exp(x))", "1/x + 1"),
        ("1/(1+1/(1+x))", "1/(x + 2)²"),
    ],
)
def test_results_read_as_a_textbook_has_them(text: str, result: str) -> None:
    assert text_of(derive(text).result) == result


def test_one_one_is_not_written_but_a_single_one_is() -> None:
    assert steps("exp(1+(2+(3+x)**2))")[1] == "y·1·2a" or "1·1" not in steps("exp(1+(x**2+1))")[1]
    assert "·1·1" not in " ".join(steps("log(1+exp(1+sin(1+x)))"))


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("(x+w)*(w+1)", "local derivatives: product rule"),
        ("1/(1+exp(-w))", "local derivatives: quotient rule, (eˣ)′"),
        ("w**3", "power rule"),
        ("3*w", "constant factor"),
        ("w+1", "sum rule"),
        ("x**w", "exponential rule"),
        ("max(w, 1)", "case by case"),
        ("sin(w)", "sin′"),
    ],
)
def test_captions_say_which_rule_was_used(text: str, caption: str) -> None:
    found = [step.caption for step in derive(text, "w").steps]
    assert caption in found


def test_captions_in_chinese() -> None:
    shown = derive("(x+w)*(w+1)", "w", {"x": 2, "w": 1}).text("zh")
    assert "链式法则" in shown
    assert "局部导数：乘积法则" in shown
    assert "rule" not in shown


def test_a_long_derivative_is_said_to_be_long_and_shown_by_its_parts() -> None:
    text = "*".join(f"sin({k}*x + exp(x/{k}))" for k in range(2, 12))
    d = derive(text, at=0.3)
    assert d.notes[0].text.startswith("The derivative is long")
    assert len(d.parts) > 10
    assert max(len(line) for line in d.text().splitlines()) < 100
    assert d.value is not None


def test_a_single_long_sum_has_no_parts_and_does_not_speak_of_them() -> None:
    d = derive("+".join(f"x**{k}*w**{30 - k}" for k in range(1, 30)), "x")
    assert d.parts == []
    assert d.notes == []
    assert [step.why for step in d.steps] == ["rule"]


def test_paths_that_fork_and_never_meet_are_not_walked_one_by_one() -> None:
    values = [f"a{k} = a{k - 1}*a{k - 2}" for k in range(3, 24)]
    d = derive("; ".join(["a1 = x*w", "a2 = a1*x", *values]), "x", {"x": 1, "w": 1})
    assert len(d.parts) == 22
    assert d.value == 46368  # the exponents of x are the numbers of Fibonacci


def test_the_letters_do_not_run_out() -> None:
    text = " + ".join(f"sin(x**{k})*cos(x + {k})" for k in range(2, 9))
    names = [n.head.text for n in derive(text).definitions]
    assert len(names) == len(set(names))
    assert not {"d", "e", "i", "l", "o"} & set(names)


def test_no_name_is_given_twice() -> None:
    parts = "+".join(f"sin(x**{k})" for k in range(2, 12))
    d = derive(f"({parts})*(1 + sigmoid(x*x))**2", "x", 0.5)
    names = [text_of(n) for n in d.definitions]
    assert {"z", "p"} <= set(names)
    assert d.value is not None


def test_names_of_the_user_are_never_taken() -> None:
    names = [n.head.text for n in derive("(a+y)*(b+c)*exp(a)", "a").definitions]
    assert not {"a", "b", "c", "y"} & set(names)


def test_how_many_data_points_there_are_has_a_letter_that_is_free() -> None:
    d = derive("n*mean(n*x)", "n", {"n": 3, "x": [1, 2]})
    assert "N is the number of data points." in d.text()
    assert d.value == 9


def test_as_data_for_programs() -> None:
    found = derive("1/(1+exp(-(w*x+b)))", "w", {"w": 0.5, "x": 2, "b": 0}).as_dict()
    assert json.loads(json.dumps(found)) == found
    assert [step["why"] for step in found["steps"]] == [
        *("chain", "local", "tidy", "back", "own", "numbers", "value"),
    ]
    assert [step["exact"] for step in found["steps"]] == [True] * 5 + [False] * 2
    assert found["value"] == pytest.approx(0.3932238664829637)
    assert found["steps"][0]["text"] == "∂y/∂f·∂f/∂c·∂c/∂a·∂a/∂w"


@pytest.mark.parametrize(
    ("text", "wrt", "result"),
    [
        ("(x+1)/(x-1)", "x", "−2/(x − 1)²"),
        ("(x+1)/(1-x)", "x", "2/(1 − x)²"),
        ("(x**2+1)/(x**2-1)", "x", "−4x/(x² − 1)²"),
        ("(a-x)**2", "x", "−2·(a − x)"),
        ("(x-1)**3*(x-2)**2", "x", "(x − 1)²·(x − 2)·(5x − 8)"),
        ("log(1-x)", "x", "−1/(1 − x)"),
        (
            "exp(-(x-m)**2/(2*s**2))/(s*sqrt(2*pi))",
            "x",
            "−(x − m)·e^(−(x − m)²/(2s²))/(s³·√(2π))",
        ),
        (
            "exp(-(x-m)**2/(2*s**2))/(s*sqrt(2*pi))",
            "s",
            "((x − m)² − s²)·e^(−(x − m)²/(2s²))/(s⁴·√(2π))",
        ),
        ("1/(1+exp(-w*x))", "w", "y·(1 − y)·x"),
        ("exp(-x)/(1-exp(-x))", "x", "−y·(1 + y)"),
        ("exp(exp(exp(x)))", "x", "e^(x + e^x + e^(e^x))"),
        ("sqrt(x)/x", "x", "−1/(2x·√x)"),
        ("exp(log(x))", "x", "1"),
        ("exp(-log(x))", "x", "−1/x²"),
        ("x*log(exp(x))", "x", "2x"),
        ("x/(1+x**2)", "x", "(1 − x²)/(1 + x²)²"),
        ("1/(x**2+a**2)", "x", "−2x/(x² + a²)²"),
        ("log(abs(x))", "x", "1/x"),
        ("x*abs(x)", "x", "2·|x|"),
    ],
)
def test_sums_and_signs_are_as_they_were_written(text: str, wrt: str, result: str) -> None:
    assert text_of(derive(text, wrt).result) == result


def test_what_is_written_is_not_put_together_where_it_would_be_huge() -> None:
    steps = "; ".join(f"{b} = {a}*{a} - {a}" for a, b in pairwise("xabcdfghkmpqrsuvwz"))
    assert derive(steps, "x").parts


def test_a_case_does_not_ask_again() -> None:
    assert text_of(derive("maximum(x,0)**2").result) == "{2x, if x > 0; 0, otherwise}"
    twice = derive("where(x>1, where(x>1, x**2, 3), where(x>1, 5, x))")
    assert text_of(twice.result) == "{2x, if x > 1; 1, otherwise}"
    assert text_of(derive("minimum(x**2, x)*2").result) == "{4x, if x² < x; 2, otherwise}"


def test_where_cases_meet_a_second_derivative_is_not_said_to_be_that_of_grad() -> None:
    d = derive("maximum(x*w, x**2)", "x", {"x": 1, "w": 1}, order=2)
    assert "may give a third" in " ".join(d.text().split())
    assert "convention" not in d.text()
    assert d.value == 2


def test_large_and_small_numbers_are_written_with_powers_of_ten() -> None:
    assert steps("1e300*x**2", at=2) == ["2·10³⁰⁰·x", "2·10³⁰⁰·2", "4·10³⁰⁰"]
    assert steps("2.5e20*x") == ["2.5·10²⁰"]
    assert steps("x**2*2500000", at=1)[-1] == "5000000"
    assert steps("exp(x)", at=25)[-1] == "≈ 7.2·10¹⁰"  # no fraction, though some are near
    assert steps("exp(x)", at=40)[-1] == "≈ 2.354·10¹⁷"  # a float as large is a whole number
    assert steps("exp(x)", at=8)[-1] == "≈ 2981"
    assert steps("x**3/3", at=100000)[-1] == "10¹⁰"
    assert steps("1e-300*x**2", at=1)[-1] == "≈ 2·10⁻³⁰⁰"  # and not 0
    assert steps("sin(x)", at=1.5707963267948966)[-1] == "≈ 0"
    assert steps("x*2**64") == ["18446744073709551616"]


def test_what_only_a_condition_asks_for_is_no_path() -> None:
    d = derive("a = x**2; b = sin(x); where(a > 1, b, 2*b)")
    assert text_of(d.steps[0].expr) == "∂y/∂b·db/dx"
    assert text_of(d.result) == "cos(x)·{1, if x² > 1; 2, otherwise}"
    assert steps("where(w > 0, x, 0)", "w") == ["0"]
