"""A graph as PNG, drawn from its SVG by the optional library resvg_py."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

from chainrule._languages import language, speaking, tr
from chainrule._optional import library

from .model import Graph, GraphError
from .svg import svg
from .texts import CHINESE_FIRST, is_chinese

__all__ = ["png"]

MOST_PIXELS = 100_000_000  # a picture of 400 MB in memory


def png(graph: Graph, scale: float = 2.0) -> bytes:
    """Return the picture of `graph` as PNG, `scale` pixels for each of the SVG's.

    Where no font on the computer has Chinese, it is in English, and says so. Raises
    `MissingLibraryError` if resvg_py is not installed, `GraphError` for a scale that is not above
    0, or gives a picture of more than a hundred million pixels.
    """
    library("resvg_py", extra="png")
    if language() == "zh" and not _has_chinese():
        graph = _without_chinese(graph)
        with speaking("en"):
            picture = svg(graph)
    else:
        picture = svg(graph)
    _check(picture, scale)
    return _drawn(picture, scale)


def _check(picture: str, scale: float) -> None:
    size = ElementTree.fromstring(picture)
    pixels = float(size.get("width", "0")) * float(size.get("height", "0")) * scale**2
    if not (scale > 0 and 1 <= pixels <= MOST_PIXELS):
        raise GraphError(
            tr(
                "the picture cannot have {scale} pixels for each of its units: that makes "
                "{pixels:.3g} pixels in all; choose a scale above 0, and not too large",
                scale=scale,
                pixels=pixels,
            )
        )


def _drawn(picture: str, scale: float) -> bytes:
    texts = re.sub("<text ([^>]*>[^<]*)", _in_chinese_fonts, picture)
    found: bytes = library("resvg_py", extra="png").svg_to_bytes(svg_string=texts, zoom=scale)
    return found


def _in_chinese_fonts(text: re.Match[str]) -> str:
    """Give a text with Chinese the fonts that have it."""
    if not any(map(is_chinese, text[1])):
        return text[0]
    return f'<text font-family="{CHINESE_FIRST}" {text[1]}'


@cache
def _has_chinese() -> bool:
    """Whether two Chinese characters differ: without a font, both are the same box, or nothing."""
    size = 'xmlns="http://www.w3.org/2000/svg" width="20" height="20"'
    one, other = (
        _drawn(f'<svg {size}><text x="2" y="16">{character}</text></svg>', 1)
        for character in "梯度"
    )
    return one != other


def _without_chinese(graph: Graph) -> Graph:
    """What can be read of `graph` where Chinese cannot: names of the user's own may be Chinese."""
    with speaking("en"):
        said = tr(
            "No font on this computer has Chinese characters; the labels are in English. "
            "Install one such as Noto Sans CJK."
        )
    title = "" if any(map(is_chinese, graph.title)) else graph.title
    return replace(graph, title=title, note=said)
