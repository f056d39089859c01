"""Pages of equations: aligned, within a width, in LaTeX that compiles and MathML that parses."""

from __future__ import annotations

import logging
import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from chainrule._text import width as columns
from chainrule.derivation import Derivation, DerivationError, derive
from chainrule.derivation.expressions import Expr, Name
from chainrule.derivation.writing import (
    UNICODE,
    Equation,
    Page,
    as_html,
    as_latex,
    as_mathml,
    as_text,
    data_of,
    write,
)
from chainrule.derivation.writing.breaking import broken
from chainrule.formulas import parse

from ..random_formulas import formulas

LOSS = "z = w*x + b; p = 1/(1+exp(-z)); L = sum(-t*log(p) - (1-t)*log(1-p))"
x, w = Expr(Name("x")), Expr(Name("w"))
LONG = np.sin(x) * np.exp(-w * x) * (x + w + 1) ** 2 + np.cos(x * w) * np.log(1 + x**2) - x * w / 2


def examples() -> list[Derivation]:
    at = {"w": 0.5, "b": 0.0, "x": [1.0, 2.0], "t": [0.0, 1.0]}
    return [
        derive("(x+w)*(w+1)", "w", {"x": 2, "w": 1}),
        derive("(1-exp(-2*x))/(1+exp(-2*x))", at=1.0),
        derive("log(1+exp(-u*v))*u**2", "u"),
        derive(LOSS, "w", at),
        derive(LOSS, "w", {**at, "x": [float(k) for k in range(9)], "t": [0.0] * 9}),
        derive("sin(x)**2*exp(x)", order=2),
        derive("maximum(x, 0)*abs(x - 1)", at=0.5),
        derive("where(x > 1, x**2, 2*x - 1) + sqrt(x)", at=1.0),
        derive("sum(log(sum(exp(w*x))) - w*x)", "w", {"x": [1.0, 2.0], "w": 0.5}),
        derive("log(x)*w", "x", {"x": 0, "w": 1}),
    ]


EXAMPLES = examples()


@pytest.mark.parametrize("width", [50, 80])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_line_is_wider_than_the_terminal(width: int, lang: str) -> None:
    for d in EXAMPLES:
        for alphabet in ("unicode", "ascii"):
            lines = d.text(lang, alphabet=alphabet, width=width).splitlines()
            assert [line for line in lines if columns(line) > width] == []
            assert all(line == line.rstrip() for line in lines)


def test_equations_are_aligned_at_their_signs() -> None:
    group = [Equation(x + w, "=", x), Equation(None, "≈", w, "why"), Equation(w, "=", LONG)]
    lines = as_text(Page([group]), UNICODE, 60).splitlines()
    assert lines[:2] == ["x + w = x", "      ≈ w   why"]
    assert lines[2].startswith("    w = sin(x)")
    # What goes on stands further in, and begins with its sign.
    assert len(lines) > 3
    assert all(re.match(r" {10}[+−·]", line) for line in lines[3:])


def test_a_line_is_broken_before_a_sum_s_sign_rather_than_a_product_s() -> None:
    def lines(room: int) -> list[tuple[int, str]]:
        found = broken(write(LONG, UNICODE).pieces, len, room)
        assert "".join(text for _, text in found) == write(LONG, UNICODE).text
        assert all(further + len(text) <= room for further, text in found)
        return [(further, text.strip()) for further, text in found]

    assert len(lines(70)) == 1
    assert lines(46) == [
        (0, "sin(x)·e^(−w·x)·(x + w + 1)²"),
        (2, "+ cos(x·w)·ln(1 + x²) − x·w/2"),
    ]
    assert lines(20)[:3] == [(0, "sin(x)·e^(−w·x)"), (2, "·(x + w + 1)²"), (2, "+ cos(x·w)")]


def test_a_factor_that_is_too_long_for_a_line_goes_on_where_it_stands() -> None:
    pieces = write(w * (np.sin(x) * np.exp(x) + np.cos(x) + np.log(x)), UNICODE).pieces
    assert [(further, text.strip()) for further, text in broken(pieces, len, 18)] == [
        (0, "w·(sin(x)·e^x"),
        (4, "+ cos(x)"),
        (4, "+ ln(x))"),
    ]


def test_a_caption_that_does_not_fit_beside_its_line_stands_under_it() -> None:
    page = Page([[Equation(x, "=", w, "short"), Equation(None, "=", LONG, "a long reason")]])
    lines = as_text(page, UNICODE, 70).splitlines()
    assert lines[0] == "x = w" + " " * 37 + "short" or lines[0].startswith("x = w   ")
    assert any(line.endswith("a long reason") for line in lines)
    assert max(map(columns, lines)) <= 70


def test_an_index_is_no_name_that_the_user_has() -> None:
    i, rows = Expr(Name("i")), Expr(Name("x", row=True))
    page = Page([[Equation(w, "=", Expr(np.sum, (i * rows,)))]])
    assert as_text(page, UNICODE) == "w = Σⱼ i·xⱼ"


def test_captions_are_in_the_language_that_is_asked_for() -> None:
    d = EXAMPLES[0]
    assert "chain rule" in d.text()
    for shown in (d.text("zh"), d.latex("zh"), d.mathml("zh"), d.html("zh")):
        assert "链式法则" in shown
        assert "chain rule" not in shown


def test_higher_orders_are_said_to_be() -> None:
    d = derive("x**3", at=2.0, order=2)
    assert "d²y/dx² = dy′/dx = " in d.text()
    assert "d^2y/dx^2 = dy'/dx = " in d.text(alphabet="ascii")
    assert r"\frac{d^{2} y}{dx^{2}} = \frac{dy'}{dx} &=" in d.latex()


def test_ascii_is_ascii() -> None:
    for d in EXAMPLES:
        assert d.text(alphabet="ascii").isascii()


def test_an_unknown_alphabet_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no alphabet 'klingon'; choose one of unicode,"):
        EXAMPLES[0].text(alphabet="klingon")


def test_notebooks_are_given_what_they_show() -> None:
    d = EXAMPLES[0]
    assert d._repr_latex_() == d.latex()
    assert not hasattr(d, "_repr_html_")
    assert str(d) == d.text()


# ---- LaTeX


def cells(latex: str) -> list[str]:
    """The cells of an align*, as mathtext reads them: it knows no environments."""
    begin, *rows, end = latex.splitlines()
    assert (begin, end) == (r"\begin{align*}", r"\end{align*}")
    assert all(row.endswith((r"\\", r"\\[1ex]")) for row in rows[:-1])
    found = []
    for row in rows:
        row = re.sub(r" \\\\(\[1ex\])?$", "", row)
        row = row.replace(r", & \text", r",\;\text").replace(r" \\ ", r";\;")
        row = row.replace(r"\begin{cases}", r"\left\{").replace(r"\end{cases}", r"\right.")
        found += [cell.strip() for cell in re.split("&&?", row) if cell.strip()]
    return found


def check_compiles(latex: str) -> int:
    mathtext = pytest.importorskip("matplotlib.mathtext", exc_type=ImportError)
    parser = mathtext.MathTextParser("path")
    for cell in cells(latex):
        parser.parse(f"${cell}$")
    return len(cells(latex))


def test_latex_compiles_line_by_line() -> None:
    assert sum(check_compiles(d.latex()) for d in EXAMPLES) > 100


@pytest.mark.slow
def test_derivations_of_random_formulas_are_written_in_every_alphabet() -> None:
    refused = 0
    for text in formulas(300, 4, seed=11):
        try:
            d = derive(text, "x", dict.fromkeys(parse(text).names, 0.7))
        except DerivationError:  # x − x, or a logarithm of what is always negative
            refused += 1
            continue
        check_compiles(d.latex())
        ElementTree.fromstring(d.mathml("zh"))
        ElementTree.fromstring(f"<main>{d.html('zh')}</main>")
        assert all(columns(line) <= 80 for line in d.text().splitlines())
    assert refused < 15


def test_text_of_others_is_no_command_in_latex() -> None:
    page = Page([[Equation(x, "=", w, r"\input{secret} & 50% $x$ #_^~")]], [r"\\ \end{align*}"])
    latex = as_latex(page)
    assert r"\textbackslash input\{secret\} \& 50\% \$x\$ \#\_" in latex
    assert r"\input" not in latex
    assert latex.count(r"\end{align*}") == 1


def test_a_row_that_is_broken_in_parentheses_is_whole_for_itself() -> None:
    wide = w * (LONG / x + LONG + np.sqrt(LONG) + 1)
    latex = as_latex(Page([[Equation(x, "=", wide)]]))
    assert latex.count(r"\\") >= 2
    for row in latex.splitlines():
        assert row.count(r"\left") == row.count(r"\right")
    check_compiles(latex)


# ---- MathML


def test_mathml_is_well_formed_and_one_table() -> None:
    for d in EXAMPLES:
        math = ElementTree.fromstring(d.mathml("zh"))
        assert math.tag == "{http://www.w3.org/1998/Math/MathML}math"
        (table,) = math
        rows = [len(row) for row in table]
        assert set(rows) <= {1, 4}  # sentences across, and side, sign, side, caption


def test_text_of_others_is_no_element_in_html() -> None:
    evil = '<script>alert("&")</script>'
    page = Page([[Equation(Expr(Name(evil)), "=", w, evil)]], [evil], evil)
    for shown in (as_mathml(page), as_html(page)):
        assert "<script" not in shown
        found = ElementTree.fromstring(f"<main>{shown}</main>")
        assert evil in "".join(found.itertext())


def test_a_row_that_is_broken_is_still_well_formed() -> None:
    wide = w * (LONG / x + LONG + np.sqrt(LONG) + 1)
    math = ElementTree.fromstring(as_mathml(Page([[Equation(x, "=", wide)]])))
    assert len(math[0]) > 1


logging.getLogger("matplotlib.mathtext").setLevel(logging.ERROR)  # of glyphs that a font lacks


def test_programs_are_given_expressions_in_three_alphabets() -> None:
    data = data_of(derive("p = x/sum(x); sum(p*p*w)", "w", {"x": [1.0, 2.0], "w": 3.0}))
    assert {"name": "pᵢ", "text": "xᵢ/a", "latex": r"\frac{x_{i}}{a}", "python": "x/a"} in data[
        "definitions"
    ]
    assert data["definitions"][0]["python"] == "sum(x)"
    assert data["slope"]["text"] == "∂y/∂w"
    assert data["value"] == pytest.approx(5 / 9)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("log2(x)*log10(theta)*sqrt(cbrt(x))*abs(x)*exp(x)", {"x": 1, "theta": 2}),
        ("log(theta**12-x)", {"x": 5000, "theta": 2}),
        ("sum(log(x*theta))", {"x": [1, -1], "theta": 1}),
        ("1/(theta-1e20)", {"theta": 1e20}),
    ],
)
def test_captions_and_notes_are_ascii_too(text: str, at: dict[str, Any]) -> None:
    assert derive(text, "theta", at).text(alphabet="ascii").isascii()
