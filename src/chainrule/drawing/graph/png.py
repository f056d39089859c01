"""A graph as PNG, drawn from its SVG by the optional library resvg_py."""

from __future__ import annotations

from xml.etree import ElementTree

from chainrule._languages import tr
from chainrule._optional import library

from .model import Graph, GraphError
from .svg import svg

__all__ = ["png"]

MOST_PIXELS = 100_000_000  # a picture of 400 MB in memory


def png(graph: Graph, scale: float = 2.0) -> bytes:
    """Return the picture of `graph` as PNG, `scale` pixels for each of the SVG's.

    Raises `MissingLibraryError` if resvg_py is not installed, `GraphError` for a scale that is not
    above 0, or gives a picture of more than a hundred million pixels.
    """
    resvg = library("resvg_py", extra="png")
    picture = svg(graph)
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
    rendered: bytes = resvg.svg_to_bytes(svg_string=picture, zoom=scale)
    return rendered
