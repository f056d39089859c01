"""The lesson about three regressions: the log-odds algebra, and what the three have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule._languages import mark, tr

from .lesson import Lesson, Step
from .page import Heading, Paragraph, Program, Table, Written

if TYPE_CHECKING:
    from chainrule.derivation.worked import Worked

__all__ = ["REGRESSIONS", "log_odds"]


def _regressions() -> Iterator[Step]:
    yield Paragraph(
        tr(
            "A straight line, Wx + b, can be any number, large or small, of both signs. What is to "
            "be predicted often cannot: a price is positive, a probability lies between 0 and 1. "
            "So one does not set the line equal to the thing itself but to something made of it "
            "that can be any number too. The third of these regressions is the logistic one."
        )
    )
    yield _three()
    yield Heading(tr("From the log-odds to the sigmoid"))
    yield Paragraph(
        tr(
            "Of 100 days with p = 0.8 of rain, some 80 are wet and 20 dry: the odds p/(1 - p) are "
            "4 to 1. Odds are positive; their logarithm is any number. Set it equal to the line "
            "and solve for p, one thing at a time:"
        )
    )
    yield Written(log_odds())
    yield Heading(tr("All three, trained on data drawn at random"))
    yield Program(
        "three_regressions",
        seen=(
            (
                "three_regressions.png",
                tr(
                    "Above, points and what was learnt from them: a straight line, a curve that "
                    "grows ever steeper, and a sigmoid between the classes at 0 and 1. Below, what "
                    "is set equal to the line, y, ln y and ln(p/(1-p)): all three are straight."
                ),
            ),
        ),
    )
    yield Heading(tr("What to notice"))
    yield Paragraph(
        tr(
            "Apart from a factor of 2, all three slopes have one form: the error, times what went "
            "in. And W always says what one more unit of x does: it adds W to y; it multiplies y "
            "by e^W; it multiplies the odds by e^W."
        )
    )


def log_odds() -> Worked:
    """Return the algebra from ln(p/(1 - p)) = Wx + b to p, each line checked by numbers."""
    from chainrule.derivation.worked import Worked

    return Worked(
        "",
        [
            ("log(p/(1 - p))", "=", "W*x + b", mark("the log-odds are the line")),
            ("p/(1 - p)", "=", "exp(W*x + b)", mark("exponentiate both sides")),
            ("p", "=", "exp(W*x + b)*(1 - p)", mark("times 1 − p")),
            (None, "=", "exp(W*x + b) - exp(W*x + b)*p", mark("multiply out")),
            ("p + exp(W*x + b)*p", "=", "exp(W*x + b)", mark("every p to the left")),
            ("p*(1 + exp(W*x + b))", "=", "exp(W*x + b)", mark("factor out p")),
            ("p", "=", "exp(W*x + b)/(1 + exp(W*x + b))", mark("divide by the sum")),
            (None, "=", "1/(1 + exp(-(W*x + b)))", mark("cancel: the sigmoid")),
        ],
    )


def _three() -> Table:
    return Table(
        tr("The three regressions"),
        [
            tr("regression"),
            tr("equal to Wx+b"),
            tr("so y or p is"),
            tr("when one uses it"),
            tr("slope of a point's loss by W"),
        ],
        [
            [
                tr("linear"),
                "y",
                "Wx+b",
                tr("y is any number, such as a temperature"),
                "2(Wx+b−y)·x",
            ],
            [
                tr("log-linear"),
                "ln y",
                "e^(Wx+b)",
                tr("y is positive and grows by a factor, such as a price or bacteria"),
                "2(Wx+b−ln(y))·x",
            ],
            [
                tr("log-odds"),
                "ln(p/(1−p))",
                "1/(1+e^−(Wx+b))",
                tr("p is the probability of one of two classes, such as ill or healthy"),
                "(p−t)·x",
            ],
        ],
    )


REGRESSIONS = Lesson(
    "regressions",
    mark("Three regressions"),
    mark("linear, log-linear and log-odds side by side, and the algebra behind the sigmoid"),
    _regressions,
)
