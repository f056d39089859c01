"""The notebooks run, and show what is recorded in them.

Where a change of ours has changed what they show, look at it, and record it anew:
`python tests/examples/record_notebooks.py`.
"""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import chainrule
from tests.browser import OpenPage

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "notebooks"
RECORD = Path(__file__).with_name("record_notebooks.py")
LARGEST = 400_000  # bytes

# What cells show besides what they print.
DERIVATION = {"text/latex", "text/plain"}
DRAWING = {"image/svg+xml", "text/plain"}
PAGE = {"text/html", "text/plain"}
PICTURE = {"image/png", "text/plain"}
PLAIN = {"text/plain"}
TABLE = {"text/html", "text/plain"}
SHOWN = {
    "logistic_regression": {
        "training-loop": PICTURE,
        "film-shown": PAGE,
        "slope-derive": DERIVATION,
        "why-log-odds": DERIVATION,
        "why-slope": DERIVATION,
        "homework-sweep": TABLE,
        "homework-grid": PICTURE,
    },
    "slopes": {
        "tangent-picture": PICTURE,
        "tangent-slope": PLAIN,
        "derive-product": DERIVATION,
        "orders-picture": PICTURE,
        "orders-algebra": DERIVATION,
        "kinks-picture": PICTURE,
        "kinks-grad": PLAIN,
        "kinks-derive": DERIVATION,
    },
    "tape": {
        "forward-graph": DRAWING,
        "backward-graph": DRAWING,
        "backward-stepping": PAGE,
        "derive-steps": DERIVATION,
        "accumulate-graph": DRAWING,
        "create-graph": DRAWING,
    },
}
NAMES = sorted(SHOWN)

NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:e[+-]?\d+)?")
DATA = re.compile(r"[A-Za-z0-9+/=]{200,}")  # numbers in base64, of which the last bits may differ
PLACE = re.compile(r"/(?:home|opt|root|tmp|usr|var|Users|work)/|\b[A-Z]:\\\\")  # as JSON has it

Cell = dict[str, Any]


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def code_of(notebook: dict[str, Any]) -> list[Cell]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def source_of(cell: Cell) -> str:
    return "".join(cell["source"])


def data_of(cell: Cell) -> dict[str, str]:
    """What a cell shows besides what it prints, by kind."""
    return {
        kind: "".join(text)
        for output in cell["outputs"]
        for kind, text in output.get("data", {}).items()
    }


def texts_of(cell: Cell) -> list[tuple[str, str]]:
    """All texts of a cell's outputs, each with its kind; pictures of pixels are not among them."""
    texts = []
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            texts.append((output["name"], "".join(output["text"])))
        for kind, text in output.get("data", {}).items():
            texts.append((kind, "" if kind == "image/png" else "".join(text)))
    return texts


def differs(shown: str, recorded: str) -> str:
    """Say where two texts differ, but for the last digits of numbers that are not whole."""
    text, other = DATA.sub("…", shown), DATA.sub("…", recorded)
    if NUMBER.split(text) != NUMBER.split(other):
        return f"{text}\n--- is not what is recorded:\n{other}"
    for a, b in zip(NUMBER.findall(text), NUMBER.findall(other), strict=True):
        if a != b and not nearly(a, b):
            return f"{a} is recorded as {b}, in:\n{text}"
    return ""


def nearly(a: str, b: str) -> bool:
    """Whether two numbers of at least four digits are one apart in the last, or in the seventh.

    >>> nearly("0.6931", "0.6932"), nearly("0.6931", "0.6933")
    (True, False)
    >>> nearly("3", "4"), nearly("3.", "4."), nearly("0.5", "0.6"), nearly("1000", "1001")
    (False, False, False, False)
    """
    mantissa, _, exponent = a.partition("e")
    whole, _, digits = mantissa.partition(".")
    if not digits or len((whole + digits).lstrip("-0")) < 4:
        return False
    unit = 10.0 ** (int(exponent or 0) - len(digits))
    return abs(float(a) - float(b)) <= 1.01 * max(unit, 1e-7 * abs(float(b)))


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def recorded(name: str) -> dict[str, Any]:
    return read(FOLDER / f"{name}.ipynb")


def test_all_notebooks_are_tested() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES


def test_it_shows_what_is_recorded(name: str, recorded: dict[str, Any], tmp_path: Path) -> None:
    for needed in ("nbclient", "ipykernel", "matplotlib"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed")
    # Matplotlib's list of fonts, made where it is first needed, which Matplotlib then tells.
    importlib.import_module("matplotlib.font_manager")
    done = subprocess.run(
        [sys.executable, str(RECORD), "--out", str(tmp_path), str(FOLDER / f"{name}.ipynb")],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(chainrule.__file__).parents[1]),
            "PYTHONIOENCODING": "utf-8",
        },
    )
    assert done.returncode == 0, done.stderr
    fresh = read(tmp_path / f"{name}.ipynb")
    assert [source_of(cell) for cell in fresh["cells"]] == [
        source_of(cell) for cell in recorded["cells"]
    ]
    for shown, cell in zip(code_of(fresh), code_of(recorded), strict=True):
        assert [kind for kind, _ in texts_of(shown)] == [kind for kind, _ in texts_of(cell)]
        for (kind, text), (_, other) in zip(texts_of(shown), texts_of(cell), strict=True):
            assert not differs(text, other), f"{cell['id']}, {kind}: {differs(text, other)}"
        if "image/png" in data_of(cell):
            assert_alike(data_of(shown)["image/png"], data_of(cell)["image/png"])


def assert_alike(shown: str, recorded: str) -> None:
    """Both pictures have about one size, and about as much is drawn on them."""
    pictures = [_pixels(each) for each in (shown, recorded)]
    (height, width), (other_height, other_width) = (picture.shape for picture in pictures)
    assert abs(height / other_height - 1) < 0.03
    assert abs(width / other_width - 1) < 0.03
    drawn, other_drawn = ((picture < 250).mean() for picture in pictures)
    assert 0.005 < other_drawn < 0.95
    assert abs(drawn / other_drawn - 1) < 0.1


def _pixels(png: str) -> Any:
    """The darkest of each pixel's colours, from 0 to 255."""
    image = pytest.importorskip("matplotlib.image")
    pixels = image.imread(io.BytesIO(base64.b64decode(png)))
    return (pixels[..., :3] * 255).min(axis=2)


def test_what_cells_show_is_rich(name: str, recorded: dict[str, Any]) -> None:
    shown = {cell["id"]: data for cell in code_of(recorded) if (data := data_of(cell))}
    assert {cell: set(data) for cell, data in shown.items()} == SHOWN[name]
    for data in shown.values():
        kinds = set(data)
        # Where nothing rich can be shown, a text is read: never all fields of an object.
        assert len(data["text/plain"]) < 2500
        if kinds == DERIVATION:
            assert "\n" in data["text/plain"]
            assert "Expr(" not in data["text/plain"]
            assert data["text/latex"].startswith(r"\begin{align*}")
        elif kinds == DRAWING:
            assert ElementTree.fromstring(data["image/svg+xml"]).tag.endswith("svg")
        elif kinds == PICTURE:
            assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
        elif "<table" in data.get("text/html", ""):
            assert len(re.findall("<tr", data["text/html"])) == 10
        elif kinds == PAGE:
            assert re.match('<iframe srcdoc="[^"]+" sandbox="allow-scripts" ', data["text/html"])


def test_the_file_is_small_and_from_no_particular_computer(
    name: str, recorded: dict[str, Any]
) -> None:
    path = FOLDER / f"{name}.ipynb"
    assert path.stat().st_size < LARGEST
    assert recorded["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    ids = [cell["id"] for cell in recorded["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", each) for each in ids)
    code = code_of(recorded)
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert all(cell["metadata"] == {} for cell in recorded["cells"])
    assert not PLACE.findall(DATA.sub("", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("name", "cell", "place"),
    [
        ("logistic_regression", "film-shown", "#n-iteration"),
        ("tape", "backward-stepping", "#place"),
    ],
)
def test_pages_in_a_notebook_can_be_played(
    name: str, cell: str, place: str, open_page: OpenPage, tmp_path: Path
) -> None:
    notebook = read(FOLDER / f"{name}.ipynb")
    (shown,) = (data_of(each) for each in code_of(notebook) if each["id"] == cell)
    page_file = tmp_path / "notebook.html"
    page_file.write_text(
        f"<!doctype html><meta charset=utf-8><title>A notebook</title>{shown['text/html']}",
        encoding="utf-8",
    )
    page = open_page(page_file, viewport={"width": 900, "height": 900})
    inside = page.frame_locator("iframe")
    before = inside.locator(place).inner_text()
    assert (
        inside.locator("#play").bounding_box()["y"]
        < page.locator("iframe").bounding_box()["height"]
    )
    inside.locator("#forward").click()
    after = inside.locator(place).inner_text()
    assert after != before
    page.keyboard.press("ArrowLeft")
    assert inside.locator(place).inner_text() == before
    inside.locator("#play").click()
    inside.locator(place).filter(has_not_text=before).wait_for()


def test_differences_are_found() -> None:
    assert differs("loss 0.5000, step 3", "loss 0.5000, step 4")
    assert differs("tensor(5.)", "tensor(6.)")
    assert differs("loss 0.5000", "loss 0.5002")
    assert differs("loss 0.5000", "cost 0.5000")
    assert not differs("loss 0.5000", "loss 0.5001")
    assert not differs(f"a {'A' * 300} b", f"a {'B' * 300} b")
