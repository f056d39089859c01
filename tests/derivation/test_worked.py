"""Worked algebra: what follows is shown, what does not is refused."""

from __future__ import annotations

import pytest

from chainrule.derivation.errors import DerivationError
from chainrule.derivation.worked import Line, Worked

LOG_ODDS: list[Line] = [
    ("log(p/(1-p))", "=", "z", ""),
    ("p/(1-p)", "=", "exp(z)", "exponential"),
    ("p", "=", "exp(z)*(1-p)", ""),
    ("p*(1+exp(z))", "=", "exp(z)", ""),
    ("p", "=", "exp(z)/(1+exp(z))", ""),
    (None, "=", "1/(1+exp(-z))", ""),
    (None, "=", "1/(1+exp(-(w*x+b)))", ""),
]
GIVEN: list[Line] = [("z", "=", "w*x+b", "")]


def test_the_log_odds_are_worked_out() -> None:
    shown = Worked("The log-odds", LOG_ODDS, GIVEN).text(width=60).splitlines()
    assert shown == [
        "The log-odds",
        "",
        "z = w·x + b",
        "",
        "ln(p/(1 − p)) = z",
        "    p/(1 − p) = e^z   exponential",
        "            p = e^z·(1 − p)",
        "  p·(1 + e^z) = e^z",
        "            p = e^z/(1 + e^z)",
        "              = 1/(1 + e^(−z))",
        "              = 1/(1 + e^(−(w·x + b)))",
    ]


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        (1, ("p/(1-p)", "=", "exp(-z)", "")),
        (2, ("p", "=", "exp(z)*(1+p)", "")),
        (4, ("p", "=", "exp(z)/(1-exp(z))", "")),
        (5, (None, "=", "1/(1+exp(z))", "")),
        (6, (None, "=", "1/(1+exp(-(w*x-b)))", "")),
        (5, (None, "≈", "1.1/(1+exp(-z))", "")),
    ],
)
def test_a_line_that_does_not_follow_is_refused(number: int, wrong: Line) -> None:
    lines = [*LOG_ODDS]
    lines[number] = wrong
    # The relation that is given is a line before the others.
    with pytest.raises(DerivationError, match=f"line {number + 2} does not follow: .* as at w = "):
        Worked("", lines, GIVEN)


def test_about_equal_is_said_with_its_sign() -> None:
    Worked("", [("u", "=", "2/3", ""), (None, "≈", "0.6667", "")])
    with pytest.raises(DerivationError, match=r"line 2 does not follow: u = 0\.6667"):
        Worked("", [("u", "=", "2/3", ""), (None, "=", "0.6667", "")])


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([("u", "=", "2*z", ""), ("v", "=", "u", "")], "v stands in a line, but neither in"),
        ([("u", "=", "2*z", ""), ("u", "<", "z", "")], "the sign < of line 2 is neither = nor ≈"),
        ([("log(-exp(u))", "=", "z", "")], "solved at too few of the points"),
        ([("u +", "=", "z", "")], "ends where a number or a name should follow"),
        ([(None, "=", "z", "")], "the first line has no left side"),
    ],
)
def test_what_cannot_be_checked_is_refused(lines: list[Line], says: str) -> None:
    with pytest.raises(DerivationError, match=says):
        Worked("", lines)
