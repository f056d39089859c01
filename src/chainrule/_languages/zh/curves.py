"""In Chinese: pictures of curves, slopes and fitted models."""

from __future__ import annotations

__all__ = ["MESSAGES"]

PICTURES = {
    "{path} does not say which kind of picture it is; end it in .png, .svg or .pdf": (
        "无法从 {path} 的扩展名判断图片格式；请以 .png、.svg 或 .pdf 结尾"
    ),
    "No font on this computer has all characters of the picture, which shows boxes instead; "
    "install one such as Noto Sans CJK.": (
        "本机没有一种字体包含图中的全部字符，缺少的字符显示为方框；"
        "请安装 Noto Sans CJK 之类的字体。"
    ),
    "No font on this computer has Chinese characters; the labels are in English. "
    "Install one such as Noto Sans CJK.": (
        "本机没有中文字体，图中文字改用英文；请安装 Noto Sans CJK 之类的字体。"
    ),
}

# Of a curve at a point.
SLOPES = {
    "the slope of {text}": "{text} 的斜率",
    "the derivative of order {order} of {text}": "{text} 的 {order} 阶导数",
    "{text} has no value here, and so no slope": "{text} 在此处没有值，因而没有斜率",
    "{text} is not finite here, and so has no slope": "{text} 在此处不是有限值，因而没有斜率",
    "{text} has no value on either side, and so no slope": "{text} 在两侧都没有值，因而没有斜率",
    "{text} goes on to the right only, so the slope is that of one side": (
        "{text} 只在右侧有定义，因此这是单侧（右侧）的斜率"
    ),
    "{text} goes on to the left only, so the slope is that of one side": (
        "{text} 只在左侧有定义，因此这是单侧（左侧）的斜率"
    ),
    "{text} goes on to the right only, with slopes near {slope}": (
        "{text} 只在右侧有定义，右侧的斜率接近 {slope}"
    ),
    "{text} goes on to the left only, with slopes near {slope}": (
        "{text} 只在左侧有定义，左侧的斜率接近 {slope}"
    ),
    "; {slope} is a convention": "；{slope} 只是约定的取值",
    "{text} grows without end on the way here, and so has no slope": (
        "趋近此处时，{text} 无限增大，因而没有斜率"
    ),
    "{text} jumps here, from {left} to {right}, and has no slope": (
        "{text} 在此处从 {left} 跳到 {right}，没有斜率"
    ),
    "the slope of {text} grows without end on the way here": "趋近此处时，{text} 的斜率无限增大",
    "{text} has a kink here, and no slope: it is {left} to the left and {right} to the right": (
        "{text} 在此处有角点，没有斜率：左侧斜率为 {left}，右侧斜率为 {right}"
    ),
    "the slope of {text} is not finite here: the tangent is upright": (
        "{text} 在此处的斜率为无穷大：切线是竖直的"
    ),
    "the rules give no slope here (0 times infinity); on both sides it is near {middle}": (
        "求导法则在此处给不出斜率（0 乘以无穷大）；两侧的斜率都接近 {middle}"
    ),
    "{text} cannot be drawn; at {name} = {at} it raised {kind}: {message}": (
        "无法画出 {text}：在 {name} = {at} 处抛出了 {kind}：{message}"
    ),
    "{text} has the variables {names}; a curve is drawn of one alone": (
        "{text} 含有变量 {names}；曲线只能有一个变量"
    ),
    "a curve is drawn of a function, or of a formula such as {example}, but this is of type "
    "{kind}": "曲线要由函数或公式（例如 {example}）画出，而这里的类型是 {kind}",
}

CURVES = {
    "{text} and its tangent at {here}": "{text} 及其在 {here} 处的切线",
    "{text} at {here}": "{text} 在 {here} 处",
    "{text} has no value from {low} to {high}": "{text} 从 {low} 到 {high} 处处没有值",
    "tangent: slope {slope}": "切线：斜率 {slope}",
    "tangent, upright": "切线：竖直",
    "secant, h = {h}: slope {slope}": "割线，h = {h}：斜率 {slope}",
    "secants, h = ±{h}: slopes {right} and {left}": "割线，h = ±{h}：斜率 {right} 与 {left}",
    "its slope": "斜率",
    "its slope: {slope} at {here}": "{here} 处的斜率：{slope}",
    "its slopes of the orders 1 to {orders}": "1 至 {orders} 阶导数",
    "; none at {places}": "；{places} 处不存在",
    "none": "不存在",
    "{here}: {remark}": "{here}：{remark}",
}

# What cannot be drawn.
REFUSALS = {
    "an interval is two numbers, from where to where, such as (-3, 5), but this is {given}": (
        "区间由起点和终点两个数组成，例如 (-3, 5)，而这里是 {given}"
    ),
    "the interval from {low} to {high} is not finite; give two finite ends": (
        "从 {low} 到 {high} 的区间不是有限的；请给出两个有限的端点"
    ),
    "the interval from {low} to {high} runs backwards; give the lower end first": (
        "从 {low} 到 {high} 的区间方向反了；请先写较小的端点"
    ),
    "the interval from {low} to {high} is too narrow to be drawn; widen it": (
        "从 {low} 到 {high} 的区间太窄，无法作图；请放宽"
    ),
    "a point is a number such as 1.0, but this is {given}": (
        "点是一个数，例如 1.0，而这里是 {given}"
    ),
    "the point {at} lies outside of the interval from {low} to {high}": (
        "点 {at} 不在从 {low} 到 {high} 的区间内"
    ),
    "the orders of slopes that can be told go from 1 to {most}, but this is {given}": (
        "导数的阶数可以是 1 到 {most}，而这里是 {given}"
    ),
    "up to {most} secants can be told apart, but {count} are asked for": (
        "最多能分辨 {most} 条割线，而这里要求 {count} 条"
    ),
    "secants are asked for by how many, or by their steps, finite numbers other than 0, but this "
    "is {given}": "割线可以按条数给出，也可以按步长给出（非零的有限数），而这里是 {given}",
}

COMMAND = {
    "find the slope of a formula at a point": "求公式在一点处的斜率",
    "Print the value and the slope of a formula of one variable at a point, and say so where there "
    "is none. A formula has numbers, a variable such as x, + - * / **, parentheses, pi, e, and "
    "functions such as exp, log, sqrt, sin, tanh, sigmoid, abs, maximum(a, b), "
    "where(x > 0, a, b).": (
        "输出一元公式在一点处的值和斜率；没有斜率时会说明原因。公式由数、一个变量（例如 x）、"
        "+ - * / **、括号、pi、e 以及 exp、log、sqrt、sin、tanh、sigmoid、abs、maximum(a, b)、"
        "where(x > 0, a, b) 等函数组成。"
    ),
    'such as "tanh(x)"': '例如 "tanh(x)"',
    "a number, or a formula of one such as pi/2": "一个数，或者表示一个数的公式，例如 pi/2",
    "also the slopes of the slope, up to this order (default: 1; at most 4)": (
        "同时求高阶导数，直到这一阶（默认 1，最多 4）"
    ),
    "also so many secants that close in on the tangent, or those of these steps h": (
        "同时给出这么多条逐渐逼近切线的割线，或者给出各割线的步长 h"
    ),
    "draw the curve, its tangent and its slope": "画出曲线、切线和斜率",
    "what the picture shows, such as -3,5 (default: chosen around the point)": (
        "图中显示的区间，例如 -3,5（默认在该点周围自动选取）"
    ),
    "{text} at {name} = {at}": "{text} 在 {name} = {at} 处",
    "value": "值",
    "slope": "斜率",
    "order {order}": "{order} 阶导数",
    "note: {remark}": "注意：{remark}",
    "point": "点",
    "slope of the secant": "割线斜率",
    "{option}: {text} is {number}; give a finite number": (
        "{option}：{text} 等于 {number}；请给出一个有限的数"
    ),
    "Wrote the picture to {path}.": "图片已写入 {path}。",
}

# Of fitted models.
FITS = {
    "{target} in {table}": "{table} 中的 {target}",
    "Training: {steps} steps of {method}": "训练：{method}，{steps} 步",
    "step": "步数",
    "loss and penalty, a row": "每行的损失与惩罚项",
    "knowing only how common each class is": "只知道各类别的比例时",
    "log-odds of {name}, for one standard deviation": "{name} 的对数几率（每个标准差）",
    "score, for one standard deviation": "得分（每个标准差）",
    "The weights": "权重",
    "The {shown} largest of {all} weights": "{all} 个权重中最大的 {shown} 个",
    " ({shown} of {all} classes)": "（{all} 个类别中的 {shown} 个）",
    "the {count} rows held out": "留出的 {count} 行",
    "the {count} rows that trained": "参与训练的 {count} 行",
    "share of the others taken for a class": "其他类别被误判为该类的比例",
    "share of a class found": "该类被正确找出的比例",
    "ROC on {rows}": "ROC 曲线，{rows}",
    "{title}: AUC {area}": "{title}：AUC {area}",
    "share of the others taken for {name}": "其他类别被误判为 {name} 的比例",
    "share of {name} found": "{name} 被正确找出的比例",
    "guessing": "随机猜测",
    "truly {name}": "真实类别为 {name}",
    "Probabilities on {rows}": "预测概率，{rows}",
    "probability of {name}": "{name} 的概率",
    "rows": "行数",
    "predicted": "预测类别",
    "true": "真实类别",
    "The most probable class, and {rows}": "最可能的类别，以及{rows}",
}

MESSAGES = PICTURES | SLOPES | CURVES | REFUSALS | COMMAND | FITS
