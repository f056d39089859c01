"""The lessons about finding slopes: the tape, the derivation, functions of arrays."""

from __future__ import annotations

from collections.abc import Iterator

from chainrule._languages import mark, tr

from .lesson import Lesson, Step
from .page import Command, Graph, Heading, Paragraph, Program, Written

__all__ = ["DERIVATION", "FUNCTIONS", "QUICKSTART", "TAPE"]

# The course's example: w reaches y on two ways.
TWO_WAYS, AT = "a = x + w; b = w + 1; y = a*b", {"x": 2, "w": 1}


def _tape() -> Iterator[Step]:
    import chainrule.torch as torch
    from chainrule.derivation import derive
    from chainrule.drawing import draw_graph

    yield Paragraph(
        tr(
            "How does y change when w does? Between the two stand other numbers, each computed "
            "from those before. The tape notes down every step while it is computed. Afterwards "
            "it reads its notes backwards, and multiplies and adds the slopes of the steps."
        )
    )
    yield Paragraph(
        tr(
            "In this program w = 1 and x = 2, and then a = x + w, b = w + 1 and y = a·b. Work out "
            "the slope of y by w before you read on."
        )
    )
    yield Program("tape")
    yield Heading(tr("What to notice"))
    yield Paragraph(
        tr(
            "w reaches y along two paths, by a and by b. What comes back along the one is added to "
            "what comes back along the other: 2 + 3 = 5. Calling backward again adds in just the "
            "same way, which is why slopes grow from 5 to 20 until somebody clears them."
        )
    )
    yield Paragraph(
        tr(
            "Notes that have been read are thrown away, to free their memory: a second reading is "
            "refused unless retain_graph=True was said. And only leaves, the numbers that you "
            "chose, keep their slope in .grad."
        )
    )
    yield Heading(tr("What the tape has noted down, as a picture"))
    w = torch.tensor([1.0], requires_grad=True)
    x = torch.tensor([2.0], requires_grad=True)
    a, b = torch.add(x, w), torch.add(w, 1)
    y = torch.mul(a, b)
    y.backward()
    yield Graph(
        draw_graph(y, names={"w": w, "x": x, "a": a, "b": b, "y": y}),
        tr(
            "Above, each value as it was computed; below it, what came back to it. At w two arrows "
            "begin, so two slopes come back and are added."
        ),
    )
    yield Heading(tr("The same slope, by hand"))
    yield Written(derive(TWO_WAYS, "w", at=AT))


def _quickstart() -> Iterator[Step]:
    from chainrule.derivation import derive

    yield Paragraph(
        tr(
            "One layer of a network is a table of weights w, a row of offsets b, and z = x·w + b. "
            "A loss says how far the result is from what it should be. One call of backward gives "
            "the slope of that loss by every single weight."
        )
    )
    yield Program("quickstart")
    yield Heading(tr("What to notice"))
    yield Paragraph(
        tr(
            "The graph is printed from the loss back to the leaves: that is the direction in which "
            "backward walks. The slopes by b are (sigmoid(z) - y) / 3, where 3 is how many results "
            "there are. The formula is short because the loss and the sigmoid were made for each "
            "other, as the derivation shows."
        )
    )
    yield Paragraph(
        tr(
            "Inside no_grad nothing is noted down: use it when a trained model is only used. And "
            "where a result is a whole table, the slopes are those of the sum of its entries."
        )
    )
    yield Heading(tr("The loss of one result z that should be t"))
    loss = "p = 1/(1+exp(-z)); L = -t*log(p) - (1-t)*log(1-p)"
    yield Written(derive(loss, "z", at={"z": 0.5, "t": 0}))


def _derivation() -> Iterator[Step]:
    from chainrule.derivation import derive
    from chainrule.drawing import draw_graph

    yield Paragraph(
        tr(
            "The chain rule says: along every path from w to y multiply the slopes of its steps, "
            "and then add up the paths. Here are two paths, by a and by b. Read each line as the "
            "one above it, with one thing done; what was done stands beside it."
        )
    )
    derivation = derive(TWO_WAYS, "w", at=AT)
    yield Written(derivation)
    yield Heading(tr("The graph that it came from"))
    yield Graph(
        draw_graph(derivation, AT),
        tr(
            "The graph: w = 1 and x = 2 go into a = x + w = 3, w goes into b = w + 1 = 2 as well, "
            "and both go into y = a·b = 6. Backwards, 2 comes to a and 3 to b; at w the two meet: "
            "2 + 3 = 5."
        ),
    )
    yield Heading(tr("What to notice"))
    yield Paragraph(
        tr(
            "Every product in the first line is a path through the graph, and every plus a place "
            "where two paths meet. The line ends in a formula, 2w + x + 1, which holds for all w "
            "and x; the tape knows no formula, only the number at this point. Both say 5."
        )
    )
    yield Paragraph(tr("Walk through the graph in a browser, to and fro:"))
    yield Command('chainrule derive "(x+w)*(w+1)" --wrt w --at x=2,w=1 --graph steps.html')
    yield Paragraph(tr("Ask for a derivation of your own, or for one that is a little harder:"))
    yield Command('chainrule derive "x**2 * sin(x)" --wrt x')


def _functions() -> Iterator[Step]:
    from chainrule.derivation import derive

    yield Paragraph(
        tr(
            "The slope of a function is a function again. You write one with NumPy, as always; "
            "grad returns the other. A pupil can check it by walking a little and seeing how much "
            "the curve has risen."
        )
    )
    yield Program(
        "functions_of_arrays",
        seen=(
            (
                "tanh.png",
                tr(
                    "tanh rises from -1 to 1, steepest at 0, where its slope is 1; the slope of "
                    "the slope is positive on the left and negative on the right."
                ),
            ),
            (
                "loss_over_steps.png",
                tr(
                    "Four curves of the loss over 100 steps: with a step of 0.001 it hardly "
                    "falls; with 0.3 it falls and flattens; with 10 it jumps to and fro; with the "
                    "wrong loss it only grows."
                ),
            ),
        ),
    )
    yield Heading(tr("What to notice"))
    yield Paragraph(
        tr(
            "Training is nothing but this: find the slope of the loss, walk a step downhill, and "
            "again. How long the step is has to be chosen. Too short wastes time, too long jumps "
            "across the valley; and a loss with the wrong sign makes the model worse with every "
            "step, however good the slopes are."
        )
    )
    yield Heading(tr("The slope of tanh, by hand"))
    yield Written(derive("(1 - exp(-2*x)) / (1 + exp(-2*x))", "x", at={"x": 1}))


TAPE = Lesson(
    "tape",
    mark("The tape"),
    mark("how slopes are found by noting down what is computed, and reading it backwards"),
    _tape,
)
QUICKSTART = Lesson(
    "quickstart",
    mark("Automatic differentiation, quickly"),
    mark("one layer, its loss, and the slopes of all its weights"),
    _quickstart,
)
DERIVATION = Lesson(
    "derivation",
    mark("The derivation and its graph"),
    mark("the chain rule, written line by line beside the graph that it came from"),
    _derivation,
)
FUNCTIONS = Lesson(
    "functions",
    mark("Slopes of functions"),
    mark("slopes of curves, logistic regression from nothing, steps too short and too long"),
    _functions,
)
