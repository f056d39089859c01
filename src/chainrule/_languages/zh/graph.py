"""In Chinese: pictures of graphs, and walking through them."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {
    # Reading and stepping through graphs.
    "The graph of {what}": "{what} 的计算图",
    "Gradients are those of the sum of all outputs.": "所示梯度是全部输出之和的梯度。",
    "The output is an array: gradients are those of the sum of its elements.": (
        "输出是数组：所示梯度是其各元素之和的梯度。"
    ),
    "wrt names {name}, which is not among what the graph begins with: {leaves}": (
        "wrt 中的 {name} 不是这张图的起点；图的起点有：{leaves}"
    ),
    "what {f} returned": "{f} 的返回值",
    "what {f} returned does not depend on its arguments by any step": (
        "{f} 的返回值没有经过任何一步依赖于它的参数"
    ),
    "{f} was given no numbers to differentiate by; pass it numbers or arrays": (
        "传给 {f} 的参数中没有可以求导的数；请传入数或数组"
    ),
    "draw_graph runs {f} with the arguments given after it, which do not fit: {error}": (
        "draw_graph 用随后给出的参数运行 {f}，但这些参数不合适：{error}"
    ),
    "{path} does not say what to write; end it in .svg, .png, .dot or .html": (
        "{path} 没有说明要写什么；文件名请以 .svg、.png、.dot 或 .html 结尾"
    ),
}
