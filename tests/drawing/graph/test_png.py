"""The picture of a graph in pixels, drawn by the optional library."""

from __future__ import annotations

import importlib
import io
import re
import struct
import sys
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

from chainrule._optional import MissingLibraryError
from chainrule.drawing.graph import Graph, GraphError, Node

from .graphs import PRODUCT

png_module = importlib.import_module("chainrule.drawing.graph.png")


def _size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_it_has_the_pixels_asked_for(scale: float) -> None:
    pytest.importorskip("resvg_py")
    picture = ElementTree.fromstring(PRODUCT.svg())
    width, height = (float(str(picture.get(side))) * scale for side in ("width", "height"))
    found = _size(PRODUCT.png(scale))
    assert abs(found[0] - width) <= 1 and abs(found[1] - height) <= 1


def _pixels(png: bytes) -> np.ndarray:
    image = pytest.importorskip("PIL.Image")
    return np.asarray(image.open(io.BytesIO(png)).convert("RGB"))


def test_texts_arrows_and_colours_are_drawn() -> None:
    pytest.importorskip("resvg_py")
    pixels = _pixels(PRODUCT.png(2)).astype(int)
    assert tuple(pixels[pixels.shape[0] // 2, 4]) == (255, 255, 255)  # the paper
    for colour in ((0x00, 0x56, 0x8A), (0xA6, 0x46, 0x00), (0x8A, 0x8F, 0x98)):
        near = (abs(pixels - colour).sum(axis=2) < 30).sum()
        assert near > 50, colour


def test_chinese_is_drawn_where_a_font_has_it() -> None:
    pytest.importorskip("resvg_py")
    one, other = (
        _pixels(Graph((Node("x", label, "leaf"),), "").png(2)) for label in ("梯度", "损失")
    )
    if np.array_equal(one, other):
        pytest.skip("no font of this computer has Chinese")
    box = _pixels(Graph((Node("x", "\ue000\ue001", "leaf"),), "").png(2))  # no font has these
    assert not np.array_equal(one, box)


def test_where_no_font_has_chinese_it_is_in_english_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resvg = pytest.importorskip("resvg_py")
    drawn = []

    def without_fonts(svg_string: str, zoom: float) -> bytes:
        drawn.append(svg_string)
        return resvg.svg_to_bytes(svg_string=svg_string, zoom=zoom, skip_system_fonts=True)

    monkeypatch.setitem(sys.modules, "resvg_py", SimpleNamespace(svg_to_bytes=without_fonts))
    png_module._has_chinese.cache_clear()
    try:
        Graph(PRODUCT.nodes, "y 的计算图", "说明", "zh").png()
    finally:
        png_module._has_chinese.cache_clear()
    assert "No font on this computer has Chinese characters" in drawn[-1]
    assert "differentiated by" in drawn[-1]
    assert not re.search("[\u4e00-\u9fff]", drawn[-1])


@pytest.mark.parametrize("scale", [0.0, -1.0, 1e6, float("nan"), float("inf")])
def test_a_scale_that_makes_no_picture_is_named(scale: float) -> None:
    pytest.importorskip("resvg_py")
    with pytest.raises(GraphError, match=f"cannot have {scale} pixels"):
        PRODUCT.png(scale)


def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingLibraryError, match=r'resvg_py.*install "chainrule\[png\]"'):
        PRODUCT.png()
