"""The lessons about models: logistic regression, what can go wrong with it, linear regression."""

from __future__ import annotations

from collections.abc import Iterator

from chainrule._languages import mark, tr

from .lesson import Lesson, Step
from .page import Command, Heading, Paragraph, Program, Written

__all__ = ["FORGOTTEN", "HOMEWORK", "LINEAR", "LOGISTIC", "WHY"]

# The logistic loss, its steps named as the lesson names them.
TWO_POINTS = "z = w*x + b; p = 1/(1+exp(-z)); L = sum(-t*log(p) - (1-t)*log(1-p))"


def _logistic() -> Iterator[Step]:
    from chainrule.derivation import derive

    yield Paragraph(
        tr(
            "Two clouds of points in the plane, a hundred in each. A straight line is to tell them "
            "apart, and nobody says where it should lie: it starts at random and learns. Five "
            "steps do it: data, model, loss, optimiser, training."
        )
    )
    yield Program(
        "logistic_regression",
        seen=(
            (
                "logistic_regression.png",
                tr(
                    "The two clouds and the line, twice: after the first step it lies almost "
                    "level and a few points are on the wrong side; at iteration 990 it runs "
                    "slantwise between the clouds."
                ),
            ),
        ),
    )
    yield Heading(tr("What to notice"))
    yield Paragraph(
        tr(
            "The model adds up z = w0·x0 + w1·x1 + b for a point and turns z into a probability p. "
            "The loss is small where the right class is probable. Its slopes are as simple as can "
            "be: for every point the error p - t, where t is its class, 0 or 1, times what went "
            "in. A point that is right and sure moves the line no more; a point that is wrong "
            "moves it most."
        )
    )
    yield Heading(tr("Where p - t comes from, with two points"))
    yield Written(derive(TWO_POINTS, "w", at={"w": 0.5, "b": 0, "x": [1, 2], "t": [0, 1]}))


def _forgotten() -> Iterator[Step]:
    yield Paragraph(
        tr(
            "backward adds to the slopes that are there already. A training loop that forgets "
            "zero_grad() therefore walks down the sum of all slopes so far, like a ball that rolls "
            "without friction. What do you expect: will it be faster, slower, or wrong?"
        )
    )
    yield Program(
        "forgotten_zero_grad",
        seen=(
            (
                "forgotten_zero_grad.png",
                tr(
                    "The loss over 300 iterations, twice. With zero_grad() it falls and flattens. "
                    "Without, it swings: where the clouds lie apart down to the bottom and out "
                    "again, where they overlap far above its start."
                ),
            ),
        ),
    )
    yield Heading(tr("What to notice"))
    yield Paragraph(
        tr(
            "The first step is the same, and for some iterations the mistake even looks like an "
            "improvement. A falling loss is no proof that a program is right: look at it for long "
            "enough, and on data that are not easy."
        )
    )


def _homework() -> Iterator[Step]:
    from chainrule.derivation import derive

    yield Paragraph(
        tr(
            "The lesson's clouds lie at 1.7 and -1.7, both moved by a bias of 1. What changes if "
            "they lie closer, or farther apart, or if both are moved far away? Guess for each of "
            "the five settings before you look."
        )
    )
    yield Program(
        "homework_settings",
        seen=(
            (
                "homework_settings.png",
                tr(
                    "Five settings on the same scale, each with its line after 990 iterations, and "
                    "the five curves of the loss. With mean 1 the clouds overlap; with mean 5 they "
                    "lie far apart; with bias 5 the line still cuts off some points."
                ),
            ),
        ),
    )
    yield Heading(tr("What to notice"))
    yield Paragraph(
        tr(
            "Overlap cannot be learnt away: with mean 1 no straight line is right for all points. "
            "With mean 5 even the random start is right, while the loss still falls, as the model "
            "becomes surer. And a large bias slows the start: the line begins near the origin and "
            "has far to travel."
        )
    )
    yield Heading(tr("Why a large bias slows it: the slope by b, with two points"))
    yield Paragraph(
        tr(
            "Moving the line is b's work. But its slope is the plain sum of the errors, while in "
            "that of w every error is multiplied by x. With points at 7 and 3, and weights of 0, "
            "the errors are 0.5 and -0.5: they cancel in the slope by b, and leave 0.5·7 - 0.5·3 = "
            "2 in that by w. So w moves first, and b follows slowly."
        )
    )
    yield Written(
        derive(TWO_POINTS, "b", at={"w": 0, "b": 0, "x": [7, 3], "t": [0, 1]}),
    )
    yield Paragraph(
        tr(
            "One seed is one story. Of 50 seeds, a mean of 1 brings none above 99%. A mean of 1.7 "
            "brings 27, 29 and 21, with a bias of -1, 1 and 5. A mean of 5 brings all: with a bias "
            "of -1 or 1 a third before the first step and half within 4 steps, with a bias of 5 "
            "half within 90. Try other data, and other seeds:"
        )
    )
    yield Command("chainrule lesson logistic --sweep mean-value=1,1.7,5 bias=-1,1,5")


def _why() -> Iterator[Step]:
    from chainrule.derivation import derive

    yield Paragraph(
        tr(
            "Why can logistic regression tell two classes apart at all? Follow one point. The "
            "model adds up z = w0·x0 + w1·x1 + b. Where z = 0 there is a straight line; on one "
            "side of it z is positive, on the other negative, and the farther away, the larger in "
            "size."
        )
    )
    yield Paragraph(
        tr(
            "The sigmoid p = 1/(1 + e^(-z)) then squeezes every z, however large, between 0 and 1. "
            "That is why p can be read as a probability: the probability of class 1."
        )
    )
    yield Program(
        "why_it_separates",
        seen=(
            (
                "why_it_separates.png",
                tr(
                    "Left: the plane, coloured by p; p = 0.5 is a straight line, p = 0.1 and "
                    "p = 0.9 run beside it. Right: the same points on the sigmoid, class 0 low on "
                    "the left, class 1 high on the right, cut at p = 0.5, which is z = 0."
                ),
            ),
        ),
    )
    yield Heading(tr("What to notice"))
    yield Paragraph(
        tr(
            "p is at least 0.5 exactly where z is at least 0, because the sigmoid only rises. So "
            "cutting at 0.5 cuts the plane along the line z = 0: one class on each side. Training "
            "moves this line until the points lie on their sides, and makes the weights larger the "
            "surer it becomes, so that p changes more sharply across the line."
        )
    )
    yield Paragraph(
        tr(
            "It also says when it cannot: two classes that no straight line parts, such as a ring "
            "around a disc, need other inputs, for example the squares of the coordinates."
        )
    )
    yield Heading(tr("The sigmoid only rises: its slope is p·(1 - p), which is never negative"))
    yield Written(derive("p = 1/(1+exp(-z))", "z", at={"z": 0}))


def _linear() -> Iterator[Step]:
    from chainrule.derivation import derive

    yield Paragraph(
        tr(
            "The same five steps, for a number instead of a class. Twenty points lie around the "
            "line y = 2x + 5, moved up or down by noise. The model is w·x + b without a sigmoid, "
            "because y may be any number; the loss is the mean of the squared distances."
        )
    )
    yield Program(
        "linear_regression",
        seen=(
            (
                "linear_regression.png",
                tr(
                    "Left: twenty points and the line at iterations 0, 50 and 500; it starts level "
                    "and ends among the points. Right: the loss falls from 280 to 0.93 and stays."
                ),
            ),
        ),
    )
    yield Heading(tr("What to notice"))
    yield Paragraph(
        tr(
            "The loss does not fall to 0: what is left is the noise, which no line can follow. "
            "Here one could do without training, since a formula gives the best line at once; that "
            "both agree is a good test. For logistic regression there is no such formula."
        )
    )
    yield Heading(tr("The slope of the squared distances, with two points"))
    yield Written(
        derive(
            "r = w*x + b - y; L = sum(r**2)",
            "w",
            at={"w": 1, "b": 0, "x": [1, 2], "y": [7, 9]},
        )
    )


LOGISTIC = Lesson(
    "logistic",
    mark("Logistic regression in five steps"),
    mark("a line learns to tell two clouds of points apart"),
    _logistic,
)
FORGOTTEN = Lesson(
    "forgotten-zero-grad",
    mark("A forgotten zero_grad()"),
    mark("what happens when slopes are never cleared"),
    _forgotten,
)
HOMEWORK = Lesson(
    "homework",
    mark("Homework: other data"),
    mark("clouds that overlap, lie far apart, or lie far from the origin"),
    _homework,
)
WHY = Lesson(
    "why",
    mark("Homework: why can it tell two classes apart?"),
    mark("one point followed through the model, then all of them"),
    _why,
)
LINEAR = Lesson(
    "linear",
    mark("Linear regression in five steps"),
    mark("the same for a number instead of a class, and against the formula"),
    _linear,
)
