"""In Chinese: pictures of graphs, and walking through them."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {
    # Reading and stepping through graphs.
    "{path} does not say what to write; end it in .svg, .png, .dot or .html": (
        "{path} 没有说明要写什么；文件名请以 .svg、.png、.dot 或 .html 结尾"
    ),
}
